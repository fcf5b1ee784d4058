/*
 * presence.h - which catalogs hold anything of a user's.
 *
 * Most databases have no text search configurations, publications or casts of their own. One query of the
 * first round trip finds out, and saves the second as many as are for nothing: a fetch with `only_with` is
 * sent where that catalog has a row with an OID of users' objects. It also tells which catalogs are not all
 * open.
 */
#ifndef DN_CATALOG_PRESENCE_H
#define DN_CATALOG_PRESENCE_H

/* Catalogs of all versions that everybody may read. */
#define DN_PRESENCES(X)                                                                                      \
    X(AM, "pg_am")                                                                                           \
    X(CAST, "pg_cast")                                                                                       \
    X(COLLATION, "pg_collation")                                                                             \
    X(CONVERSION, "pg_conversion")                                                                           \
    X(DEFAULT_ACL, "pg_default_acl")                                                                         \
    X(EVENT_TRIGGER, "pg_event_trigger")                                                                     \
    X(ENUM, "pg_enum")                                                                                       \
    X(FDW, "pg_foreign_data_wrapper")                                                                        \
    X(SERVER, "pg_foreign_server")                                                                           \
    X(OPCLASS, "pg_opclass")                                                                                 \
    X(OPERATOR, "pg_operator")                                                                               \
    X(OPFAMILY, "pg_opfamily")                                                                               \
    X(PUBLICATION, "pg_publication")                                                                         \
    X(REWRITE, "pg_rewrite")                                                                                 \
    X(STATISTIC_EXT, "pg_statistic_ext")                                                                     \
    X(TRANSFORM, "pg_transform")                                                                             \
    X(TS_CONFIG, "pg_ts_config")                                                                             \
    X(TS_DICT, "pg_ts_dict")                                                                                 \
    X(TS_PARSER, "pg_ts_parser")                                                                             \
    X(TS_TEMPLATE, "pg_ts_template")

typedef enum DnPresence {
    DN_WITH_ANYTHING, /* always asked */
#define DN_PRESENCE(id, catalog) DN_WITH_##id,
    DN_PRESENCES(DN_PRESENCE)
#undef DN_PRESENCE
        DN_PRESENCE_COUNT
} DnPresence;

#endif
