/* type.h - data types. */
#ifndef DN_CATALOG_MODEL_TYPE_H
#define DN_CATALOG_MODEL_TYPE_H

#include "catalog/model/object.h"
#include "catalog/model/relation.h"

typedef struct DnEnumLabel {
    uint32_t oid;
    const char *label;
} DnEnumLabel;

struct DnType {
    DnObject object;
    char typtype; /* b, c, d, e, p, r, m as in pg_type */
    bool defined; /* false = a shell */
    bool is_array;
    uint32_t element;  /* typelem */
    uint32_t relation; /* typrelid of composites */
    char relkind;      /* of that relation, '\0' without one */
    /* format_type() of the server's own; NULL: schema and name, or those of the element */
    const char *full_name;
    uint32_t input_function, output_function;
    uint32_t btree_class; /* its default operator class for B-trees, 0 = none of its own */
    DnObject *shell; /* base and range types: their SHELL_TYPE, whose dump flags are set where a loop of type
                        and function needs it; NULL for others */

    DN_VEC(DnEnumLabel) labels; /* enums, in order */

    /* composites: their attributes, and comments by attnum in object.comments of `relation_comments` */
    DN_VEC(DnAttribute) attributes;
    const DnComment *attribute_comments;

    /* domains */
    uint32_t base_oid;
    const char *base_type; /* with typmod */
    const char *collation; /* qualified, when it differs from the base type's, else NULL */
    bool not_null;
    DnConstraint *not_null_constraint; /* 17: the NOT NULL has a name; NULL before */
    DN_VEC(DnConstraint *) checks;     /* by name */

    /* domains and base types */
    const char *fallback;  /* DEFAULT or NULL */
    bool fallback_literal; /* it is a value to be quoted, not an expression */

    /* ranges */
    const char *subtype;
    const char *subtype_opclass; /* qualified, when it is not the default, else NULL */
    const char *range_collation; /* qualified, when it differs from the subtype's, else NULL */
    const char *canonical;       /* qualified function or NULL */
    const char *subtype_diff;    /* likewise */
    const char *multirange_name; /* 14: qualified, else NULL */

    /* base types */
    const char *input, *output, *receive, *send, *typmod_in, *typmod_out, *analyze, *subscript;
    int length; /* typlen: -1 = variable, -2 = cstring */
    bool by_value;
    char align, storage, category;
    bool preferred, collatable;
    const char *delimiter;
    const char *element_name; /* format_type() of element or NULL */
};

#endif
