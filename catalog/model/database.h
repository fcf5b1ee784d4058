/* database.h - the database itself, for CREATE DATABASE (-C). */
#ifndef DN_CATALOG_MODEL_DATABASE_H
#define DN_CATALOG_MODEL_DATABASE_H

#include "catalog/model/object.h"

/* A setting of the database, or of a role in it. */
typedef struct DnDatabaseSetting {
    const char *role;    /* NULL: for all roles */
    const char *setting; /* "name=value" */
} DnDatabaseSetting;

typedef struct DnDatabase {
    DnObject object;
    const char *encoding;
    char provider; /* c = libc, i = ICU (15), b = builtin (17) */
    const char *collate, *ctype;
    const char *locale;    /* of ICU or builtin, else NULL */
    const char *icu_rules; /* 16, or NULL */
    const char *tablespace;
    bool is_template;
    int connection_limit; /* -1 = none */
    DN_VEC(DnDatabaseSetting) settings;
} DnDatabase;

#endif
