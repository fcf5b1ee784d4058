/*
 * query.h - one set-based catalog query, described as data.
 *
 * A DnFetch lists the result columns and the lines of the FROM clause; each carries the range of server
 * versions in which it holds, and what stands there otherwise. A catalog that changed with a version is
 * thus one row more in a table, never a branch. The number of a column in the table is its number in the
 * result: an enum names both.
 */
#ifndef DN_CATALOG_QUERY_H
#define DN_CATALOG_QUERY_H

#include "catalog/model/model.h"
#include "catalog/presence.h"
#include "common/buf.h"
#include "dumper/pg/conn.h"

/* A piece of SQL for servers with since <= server_version_num < before (0 = no limit); on others
   `otherwise` takes its place (NULL: nothing in a FROM clause, the literal NULL in a select list). */
typedef struct DnSqlPart {
    const char *text;
    int since;
    int before;
    const char *otherwise;
} DnSqlPart;

/* Stands in a query for the first OID that is read: where users' objects begin, or 0 where the selection
   names objects of the system. Not for casts, transforms and access methods: they have no schema that a
   pattern could name, so that those of the system are never asked for. */
#define DN_FIRST_OID "{first_oid}"
enum { DN_FIRST_USER_OID = 16384 }; /* FirstNormalObjectId: those below belong to initdb */

typedef struct DnCatalog DnCatalog;

/* When a query may be sent, and what its $1 is. */
typedef enum DnFetchScope {
    DN_SCOPE_ALL,   /* no parameter; once the relations are known and locked */
    DN_SCOPE_FIRST, /* no parameter; in the first round trip, before tables are locked */
    DN_SCOPE_TABLES /* $1 = oid[] of the interesting relations, as text */
} DnFetchScope;

/* Some columns only superusers may read: the server refuses the whole query to others. */
typedef enum DnFetchReader {
    DN_READER_ANYONE,
    DN_READER_SUPERUSER,
    DN_READER_OTHERS /* asked only where we are no superuser */
} DnFetchReader;

typedef struct DnFetch {
    const char *what; /* "reading triggers" */
    DnFetchScope scope;
    DnFetchReader reader;
    const DnSqlPart *columns;
    size_t column_count;
    const DnSqlPart *from; /* everything after the select list: FROM, WHERE, ORDER BY */
    size_t from_count;
    int since;  /* servers older than this are not asked at all */
    int before; /* 0 = no limit */
    bool slow;  /* each row costs the server much: a second session begins with it */
    DnPresence
        only_with; /* not sent where that catalog has nothing of users, and the system is not asked for */
    /* False: this selection has no need of it. NULL: always asked. */
    bool (*wanted)(const DnCatalog *catalog);
    /* Turns rows into objects. */
    DnStatus (*rows)(DnCatalog *catalog, const DnRows *rows, DnErr *err);
} DnFetch;

/* Generic options (text[]) as they stand between the parentheses of OPTIONS; "" when there are none. */
#define DN_OPTIONS_LIST(column)                                                                              \
    "pg_catalog.array_to_string(ARRAY("                                                                      \
    "SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value) "           \
    "FROM pg_catalog.pg_options_to_table(" column ") ORDER BY option_name), E',\\n    ')"

/* A join that has what depends on an object's owner alone as w.name and `acls`. There are few owners: asked
   row by row, the server would look up and spell the same roles for each object. */
#define DN_OWNERS(catalog, column, acls, on)                                                                 \
    "LEFT JOIN (SELECT u.oid, pg_catalog.pg_get_userbyid(u.oid) AS name, " acls                              \
    " FROM (SELECT DISTINCT " column " AS oid FROM pg_catalog." catalog ") u OFFSET 0) w ON w.oid = " on

#define DN_COUNT(array)   (sizeof(array) / sizeof(array)[0])
#define DN_COLUMNS(array) .columns = (array), .column_count = DN_COUNT(array)
#define DN_FROM(array)    .from = (array), .from_count = DN_COUNT(array)

/* Writes the query for a server of that version; `system`: it reads what initdb made, too. */
void dn_query_build(const DnFetch *fetch, int server_version, bool system, DnBuf *sql);
bool dn_query_applies(const DnFetch *fetch, int server_version);

/* The fetches named in the table of kinds. */
#define DN_KIND(id, class_, priority, section, need, fetch, render) extern const DnFetch dn_fetch_##fetch;
#include "catalog/model/kinds.def"
#undef DN_KIND

#endif
