/* function.h - functions, procedures, aggregates, operators and casts. */
#ifndef DN_CATALOG_MODEL_FUNCTION_H
#define DN_CATALOG_MODEL_FUNCTION_H

#include "catalog/model/object.h"

typedef struct DnFunction {
    DnObject object;
    char prokind;               /* f, p, w; aggregates are DnAggregate */
    DN_VEC(uint32_t) arg_types; /* oids of input arguments, for ordering */
    const char *arguments;      /* pg_get_function_arguments(): with defaults */
    const char *identity;       /* pg_get_function_identity_arguments() */
    const char *result;         /* pg_get_function_result(), NULL for procedures */
    const char *language;
    char volatility; /* i, s, v */
    bool strict, security_definer, leakproof, returns_set;
    char parallel;                        /* s, r, u */
    const char *cost, *rows;              /* as pg_dump compares them: text of the real numbers */
    const char *support;                  /* qualified function or NULL */
    const char *source;                   /* prosrc */
    const char *binary;                   /* probin or NULL */
    const char *sql_body;                 /* 14: pg_get_function_sqlbody() or NULL */
    DN_VEC(const char *) transform_types; /* format_type() of each */
    DN_VEC(const char *) settings;        /* proconfig entries "name=value" */
    uint32_t language_oid;
    bool postponed; /* a function in a loop with a primary key: written post-data */
} DnFunction;

typedef struct DnAggregate {
    DnObject object;
    DN_VEC(uint32_t) arg_types;
    const char *arguments;                           /* pg_get_function_arguments() */
    const char *identity;                            /* pg_get_function_identity_arguments() */
    const char *transition, *transition_type;        /* qualified */
    const char *transition_space;                    /* text of the number */
    const char *final, *combine, *serial, *deserial; /* "-" = none */
    const char *initial;                             /* NULL = none */
    bool final_extra;
    char final_modify; /* r, s, w */
    const char *moving, *moving_inverse, *moving_type, *moving_space, *moving_final, *moving_initial;
    bool moving_final_extra;
    char moving_final_modify;
    const char *sort_operator; /* OPERATOR(schema.name) or NULL */
    char aggkind;              /* n, o, h */
    char parallel;             /* s, r, u */
} DnAggregate;

typedef struct DnOperator {
    DnObject object;
    char oprkind; /* l, b, r */
    uint32_t left_oid, right_oid;
    const char *left, *right;         /* format_type() or NULL */
    const char *function;             /* qualified, no arguments */
    const char *commutator, *negator; /* OPERATOR(schema.name) or NULL */
    const char *restrict_, *join;     /* qualified functions or NULL */
    bool merges, hashes;
    uint32_t function_oid;
} DnOperator;

typedef struct DnCast {
    DnObject object; /* name = "source target" of the type names, for ordering */
    uint32_t source_oid, target_oid, function_oid;
    const char *source, *target; /* format_type() */
    const char *function;        /* schema.name(identity arguments), NULL = none */
    char context;                /* e, a, i */
    char method;                 /* f, i, b */
} DnCast;

#endif
