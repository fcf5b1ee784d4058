/*
 * subject.h - what a statement is about, as far as the order of work depends on it.
 */
#ifndef DN_RESTORE_SUBJECT_H
#define DN_RESTORE_SUBJECT_H

#include "restore/reader.h"

typedef enum DnSubjectKind {
    DN_SUBJECT_OTHER,
    DN_SUBJECT_SETTING,   /* SET, or SELECT set_config(): `table` is the setting's name */
    DN_SUBJECT_SESSION,   /* SET ROLE, SET SESSION AUTHORIZATION */
    DN_SUBJECT_TABLE,     /* CREATE TABLE */
    DN_SUBJECT_ROWS,      /* COPY FROM stdin, INSERT, or ALTER TABLE ... TRIGGER before them */
    DN_SUBJECT_KEY,       /* CREATE INDEX, or ALTER TABLE ... ADD CONSTRAINT that is no foreign key */
    DN_SUBJECT_REFERENCE, /* a foreign key */
    DN_SUBJECT_COMMENT
} DnSubjectKind;

typedef struct DnSubject {
    DnSubjectKind kind;
    char *table;  /* schema, a line end, name; NULL = none */
    char *other;  /* that a foreign key refers to */
    char *target; /* the table as a COPY without options spells it */
    bool index;   /* CREATE INDEX */
    bool plain;   /* of CREATE TABLE: not partitioned */
} DnSubject;

/* DN_E_NOMEM only. Deinit in any case. */
DN_MUST_USE DnStatus dn_subject_find(DnSubject *subject, const DnSqlItem *item, DnErr *err);
void dn_subject_deinit(DnSubject *subject);

#endif
