#include <string.h>

#include "catalog/fetch.h"
#include "catalog/inherit.h"
#include "common/err.h"

enum { OID, TABLE, NUMBER, EXPRESSION };

static const DnSqlPart columns[] = {
    [OID] = {.text = "d.oid"},
    [TABLE] = {.text = "d.adrelid"},
    [NUMBER] = {.text = "d.adnum"},
    [EXPRESSION] = {.text = "pg_catalog.pg_get_expr(d.adbin, d.adrelid)"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_attrdef d WHERE d.adrelid = ANY ($1::pg_catalog.oid[]) "
             "ORDER BY d.adrelid, d.adnum"},
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
        d->expression = dn_row_text(model, rows, i, EXPRESSION);
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
