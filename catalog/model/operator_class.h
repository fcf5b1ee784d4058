/* operator_class.h - access methods, and the operator classes and families that tell them how to use
   types. */
#ifndef DN_CATALOG_MODEL_OPERATOR_CLASS_H
#define DN_CATALOG_MODEL_OPERATOR_CLASS_H

#include "catalog/model/object.h"

typedef struct DnAccessMethod {
    DnObject object;
    char amtype;         /* i = index, t = table (12) */
    const char *handler; /* qualified */
} DnAccessMethod;

/* An operator or a support function. One that CREATE OPERATOR CLASS must name is a member of the class;
   others are loose: members of the family alone. */
typedef struct DnOpMember {
    bool is_function;
    const char *number;       /* of the strategy, or of the support function */
    const char *what;         /* qualified, with its argument types */
    const char *left, *right; /* the types that it is for */
    const char *sort_family;  /* operators FOR ORDER BY: a qualified family, or NULL */
} DnOpMember;

typedef DN_VEC(DnOpMember) DnOpMembers;

typedef struct DnOpfamily {
    DnObject object;
    const char *method;  /* name of the access method */
    const char *handler; /* the method's handler, where that is one of the server's own in C, or NULL */
    DnOpMembers members; /* in the order of the dump, operators first */
} DnOpfamily;

typedef struct DnOpclass {
    DnOpfamily as_family; /* what a class has in common with a family: name, method and members */
    bool is_default;
    const char *type;    /* qualified */
    const char *storage; /* NULL = the type itself */
    const char *family;  /* qualified */
    uint32_t family_oid;
} DnOpclass;

#endif
