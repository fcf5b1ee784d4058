#include "catalog/statistics_data.h"

static const DnSqlPart columns[] = {
    [DN_STATISTICS_PLACE] = {.text = "u.place"},
    [DN_STATISTICS_ATTRIBUTE] = {.text = "s.attname"},
    [DN_STATISTICS_NUMBER] = {.text = "a.attnum"},
    [DN_STATISTICS_INHERITED] = {.text = "s.inherited"},
#define DN_RELATION_STATISTIC(name, type, since_, before_)                                                   \
    [DN_STATISTICS_##name] = {.text = "c." #name, .since = (since_), .otherwise = (before_)},
#define DN_COLUMN_STATISTIC(name, type, since_, before_)                                                     \
    [DN_STATISTICS_##name] = {.text = "s." #name, .since = (since_), .otherwise = (before_)},
#include "catalog/model/statistics_data.def"
#undef DN_RELATION_STATISTIC
#undef DN_COLUMN_STATISTIC
};

/* pg_stats shows what the user may see of pg_statistic; by name, since it has no OIDs. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.unnest($1::pg_catalog.oid[]) WITH ORDINALITY AS u (oid, place) "
             "JOIN pg_catalog.pg_class c ON c.oid = u.oid "
             "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
             "LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname "
             "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname "
             "ORDER BY u.place, s.attname, s.inherited"},
};

const DnFetch dn_fetch_statistics_data = {.what = "reading statistics", DN_COLUMNS(columns), DN_FROM(from)};
