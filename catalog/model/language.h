/* language.h - procedural languages, and transforms between their values and SQL's. */
#ifndef DN_CATALOG_MODEL_LANGUAGE_H
#define DN_CATALOG_MODEL_LANGUAGE_H

#include "catalog/model/object.h"

/* A function that a language is made of; oid 0 and name NULL = it has none. */
typedef struct DnLanguageFunction {
    uint32_t oid;
    const char *name; /* schema.name */
} DnLanguageFunction;

typedef struct DnLanguage {
    DnObject object;
    bool trusted;
    DnLanguageFunction handler, inline_, validator;
} DnLanguage;

typedef struct DnTransform {
    DnObject object;               /* name = "type language", for ordering */
    const char *type;              /* format_type() */
    const char *language;          /* unquoted */
    const char *from_sql, *to_sql; /* schema.name(argument types), NULL = none */
} DnTransform;

#endif
