/* collation.h - collations and conversions. */
#ifndef DN_CATALOG_MODEL_COLLATION_H
#define DN_CATALOG_MODEL_COLLATION_H

#include "catalog/model/object.h"

typedef struct DnCollation {
    DnObject object;
    char provider; /* c = libc, i = icu (12), b = builtin (17), d = default */
    bool deterministic;
    int encoding;                /* -1 = any; for ordering */
    const char *locale;          /* of providers that know one locale only, since 15; or NULL */
    const char *collate, *ctype; /* or NULL */
    const char *rules;           /* 16, or NULL */
    const char *version;         /* of the provider when its indexes were built, or NULL */
} DnCollation;

typedef struct DnConversion {
    DnObject object;
    bool is_default;
    const char *source, *target; /* names of encodings */
    const char *function;        /* qualified */
} DnConversion;

#endif
