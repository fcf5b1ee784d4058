#include <string.h>

#include "catalog/fetch.h"
#include "catalog/inherit.h"
#include "common/err.h"

enum { OID, TABLE, NUMBER, NEXTVAL, EXPRESSION };

static const DnSqlPart columns[] = {
    [OID] = {.text = "d.oid"},
    [TABLE] = {.text = "d.adrelid"},
    [NUMBER] = {.text = "d.adnum"},
    [NEXTVAL] = {.text = "d.nextval"},
    [EXPRESSION] = {.text = "CASE WHEN d.nextval THEN NULL WHEN e.expression IS NOT NULL THEN e.expression "
                            "ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END"},
};

/*
 * To spell an expression costs the server far more than to read it, and a schema has few that differ.
 *
 * nextval() of a constant, as serial makes it, is known by its tree: function 1574 of a regclass, alone or
 * cast without saying so (functions 480 and 714: from bigint to integer and smallint), and nothing else in so
 * few letters. Which sequence it is stands in pg_depend. Equal trees without a column give equal text. A tree
 * that looks otherwise, in whatever version, is spelled for itself.
 */
#define CALL(function, type, format, arguments)                                                              \
    "{FUNCEXPR :funcid " function " :funcresulttype " type " :funcretset false :funcvariadic false "         \
    ":funcformat " format " :funccollid 0 :inputcollid 0 :args (" arguments ") :location %}"
#define NEXTVAL_TREE                                                                                         \
    CALL("1574", "20", "0",                                                                                  \
         "{CONST :consttype 2205 :consttypmod -1 :constcollid 0 :constlen 4 :constbyval true "               \
         ":constisnull false :location % :constvalue 4 [ % ]}")
#define IS_NEXTVAL(tree)                                                                                     \
    "(pg_catalog.length(" tree ") < 600 AND " tree " LIKE ANY (ARRAY['" NEXTVAL_TREE                         \
    "', '" CALL("480", "23", "2", NEXTVAL_TREE) "', '" CALL("714", "21", "2", NEXTVAL_TREE) "']))"
#define OF_TABLES "adrelid = ANY ($1::pg_catalog.oid[])"

static const DnSqlPart from[] = {
    {.text = "FROM (SELECT x.oid, x.adrelid, x.adnum, x.adbin, x.adbin::pg_catalog.text AS tree, " IS_NEXTVAL(
         "x.adbin::pg_catalog.text") " AS nextval FROM pg_catalog.pg_attrdef x WHERE x." OF_TABLES
                                     " OFFSET 0) d"},
    {.text =
         "LEFT JOIN (SELECT g.tree, pg_catalog.pg_get_expr(b.adbin, b.adrelid) AS expression "
         "FROM (SELECT y.adbin::pg_catalog.text AS tree, pg_catalog.min(y.oid) AS oid "
         "FROM pg_catalog.pg_attrdef y WHERE y." OF_TABLES " AND y.adbin::pg_catalog.text NOT LIKE '%{VAR %' "
         "GROUP BY y.adbin::pg_catalog.text HAVING pg_catalog.count(*) > 1) g "
         "JOIN pg_catalog.pg_attrdef b ON b.oid = g.oid OFFSET 0) e ON e.tree = d.tree AND NOT d.nextval"},
    {.text = "ORDER BY d.adrelid, d.adnum"},
};

/*
 * A default goes into CREATE TABLE where it can; a view's, and that of an inherited column, is an ALTER TABLE
 * of its own. The table waits for a default inside it, so that what the expression needs exists by then.
 */
static void place(DnModel *model, DnDefault *d, const DnAttribute *column) {
    if (column->generated) {
        d->separate = false; /* there is no syntax to add a generation expression later */
    } else {
        d->separate = d->table->relkind == 'v' || !dn_column_is_written(d->table, column);
    }
    if (!d->separate) {
        dn_depend(model, &d->table->object, d->object.id);
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, i, TABLE));
        DnAttribute *column = table ? dn_column(table, dn_rows_int(rows, i, NUMBER)) : NULL;
        if (!column || column->dropped) {
            continue;
        }
        DnDefault *d = DN_ADD(model, DnDefault, DN_KIND_DEFAULT, dn_rows_oid(rows, i, OID),
                              table->object.name, table->object.schema);
        if (!d) {
            return dn_err_nomem(err);
        }
        d->object.owner = table->object.owner;
        d->object.dump = table->object.dump;
        d->table = table;
        d->number = column->number;
        d->expression = dn_row_shared(model, rows, i, EXPRESSION);
        if (dn_rows_bool(rows, i, NEXTVAL)) {
            DN_PUSH(&model->arena, &catalog->unspelled_defaults, d);
        }
        column->fallback = d;
        place(model, d, column);
    }
    dn_inherit_columns(model);
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_defaults = {.what = "reading column defaults",
                                   .scope = DN_SCOPE_TABLES,
                                   DN_COLUMNS(columns),
                                   DN_FROM(from),
                                   .rows = take_rows};
