#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { CLASS, OBJECT, SUBID, PROVIDER, LABEL };

static const DnSqlPart columns[] = {
    [CLASS] = {.text = "l.classoid"},    [OBJECT] = {.text = "l.objoid"}, [SUBID] = {.text = "l.objsubid"},
    [PROVIDER] = {.text = "l.provider"}, [LABEL] = {.text = "l.label"},
};

/* The view has the labels of shared objects as well: the database and its subscriptions. Labels of several
   providers on one object stand in the order in which they come out of it, as pg_dump has them; but the
   database's it reads apart, in the order of an index. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_seclabels l ORDER BY l.classoid, l.objoid, l.objsubid, "
             "CASE WHEN l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass THEN l.provider END"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    const DnObject *last = NULL;
    const DnLabel **tail = NULL;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
        DnLabel *label = object ? DN_NEW(&model->arena, DnLabel) : NULL;
        if (!label) {
            continue;
        }
        label->subid = dn_rows_int(rows, i, SUBID);
        label->provider = dn_row_text(model, rows, i, PROVIDER);
        label->text = dn_row_text(model, rows, i, LABEL);
        tail = object == last ? tail : &object->labels;
        *tail = label;
        tail = &label->next;
        last = object;
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_labels = {.what = "reading security labels",
                                 .scope = DN_SCOPE_ALL,
                                 DN_COLUMNS(columns),
                                 DN_FROM(from),
                                 .rows = take_rows};
