/*
 * meta.h - psql's meta-commands as they stand in dumps: \restrict, \unrestrict, \connect.
 */
#ifndef DN_RESTORE_META_H
#define DN_RESTORE_META_H

#include "restore/reader.h"

typedef struct DnMeta {
    char name[64];         /* without the backslash */
    char argument[256];    /* the first one, or "" */
    const char *arguments; /* all of them, to the end of the line; lives in the item */
    size_t arguments_size;
} DnMeta;

DnMeta dn_meta_parse(const DnSqlItem *item);
bool dn_meta_connects(const DnMeta *meta);
/* The database of \connect NAME, \connect "NAME" or \connect -reuse-previous=on "dbname='NAME'". False where
   it is none of these: another user, host or port may be named. */
bool dn_meta_database(const DnMeta *meta, char *database, size_t size);

#endif
