/* language.h - procedural languages, and transforms between their values and SQL's. */
#ifndef DN_CATALOG_MODEL_LANGUAGE_H
#define DN_CATALOG_MODEL_LANGUAGE_H

#include "catalog/model/object.h"

typedef struct DnLanguage {
    DnObject object;
    bool trusted;
    uint32_t handler, inline_, validator; /* functions; the last two may be 0 */
} DnLanguage;

typedef struct DnTransform {
    DnObject object;              /* name = "type language", for ordering */
    const char *type;             /* format_type() */
    const char *language;         /* unquoted */
    const char *from_sql, *to_sql; /* schema.name(argument types), NULL = none */
} DnTransform;

#endif
