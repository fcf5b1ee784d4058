#include "dumper/binary_types.h"

/*
 * A type and its array, whose elements tell their type by its OID: those of built-in types are the same
 * everywhere. Left to the text form: types of users (arrays of them, and composite ones, have OIDs in them),
 * reg* (an OID is what they are), money (what it means depends on the locale), xml (it names its encoding),
 * interval (17 has infinities, which older versions take for numbers), and what is rare.
 */
static const struct {
    uint32_t type, array;
} stable[] = {
    {16, 1000},   /* bool */
    {17, 1001},   /* bytea */
    {18, 1002},   /* "char" */
    {19, 1003},   /* name */
    {20, 1016},   /* bigint */
    {21, 1005},   /* smallint */
    {23, 1007},   /* integer */
    {25, 1009},   /* text */
    {114, 199},   /* json */
    {650, 651},   /* cidr */
    {600, 1017},  /* point */
    {601, 1018},  /* lseg */
    {602, 1019},  /* path */
    {603, 1020},  /* box */
    {604, 1027},  /* polygon */
    {628, 629},   /* line */
    {700, 1021},  /* real */
    {701, 1022},  /* double precision */
    {718, 719},   /* circle */
    {774, 775},   /* macaddr8 */
    {829, 1040},  /* macaddr */
    {869, 1041},  /* inet */
    {1042, 1014}, /* character */
    {1043, 1015}, /* character varying */
    {1082, 1182}, /* date */
    {1083, 1183}, /* time */
    {1114, 1115}, /* timestamp */
    {1184, 1185}, /* timestamptz */
    {1266, 1270}, /* timetz */
    {1560, 1561}, /* bit */
    {1562, 1563}, /* bit varying */
    {1700, 1231}, /* numeric */
    {2950, 2951}, /* uuid */
    {3802, 3807}, /* jsonb */
};

static bool is_stable(uint32_t oid) {
    for (size_t i = 0; i < sizeof stable / sizeof *stable; i++) {
        if (stable[i].type == oid || stable[i].array == oid) {
            return true;
        }
    }
    return false;
}

bool dn_binary_types(const DnRelation *table) {
    bool any = false;
    for (size_t i = 0; i < table->attributes.count; i++) {
        const DnAttribute *a = &table->attributes.items[i];
        if (!a->dropped && !a->generated) {
            any = true;
            if (!is_stable(a->type_oid)) {
                return false;
            }
        }
    }
    return any && table->relkind == 'r';
}
