/* foreign.h - foreign-data wrappers, servers and user mappings. */
#ifndef DN_CATALOG_MODEL_FOREIGN_H
#define DN_CATALOG_MODEL_FOREIGN_H

#include "catalog/model/object.h"

typedef struct DnFdw {
    DnObject object;
    const char *handler, *validator; /* qualified functions, "-" = none */
    const char *options;             /* "a 'x',\n    b 'y'" or NULL */
} DnFdw;

typedef struct DnUserMapping {
    const char *user;    /* "public" for everybody */
    const char *options; /* like the server's, or NULL: also where we may not see them */
} DnUserMapping;

struct DnServer {
    DnObject object;
    const char *wrapper; /* name of the foreign-data wrapper */
    uint32_t wrapper_oid;
    const char *type, *version; /* or NULL */
    const char *options;
    DN_VEC(DnUserMapping) mappings; /* by user */
};

#endif
