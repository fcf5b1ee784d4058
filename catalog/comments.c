#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { CLASS, OBJECT, SUBID, TEXT };

static const DnSqlPart columns[] = {
    [CLASS] = {.text = "d.classoid"},
    [OBJECT] = {.text = "d.objoid"},
    [SUBID] = {.text = "d.objsubid"},
    [TEXT] = {.text = "d.description"},
};

/* Schemas apart, what initdb made and nobody asks for keeps the comments that initdb gave. It makes no large
   objects: whoever creates one may choose any OID. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_description d WHERE d.objoid >= " DN_FIRST_OID " "
             "OR d.classoid IN ('pg_catalog.pg_namespace'::pg_catalog.regclass, "
             "'pg_catalog.pg_largeobject'::pg_catalog.regclass) "
             "ORDER BY d.classoid, d.objoid, d.objsubid DESC"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
        DnComment *comment = object ? DN_NEW(&model->arena, DnComment) : NULL;
        if (comment) {
            /* Rows come by descending subid: each goes to the front. */
            comment->subid = dn_rows_int(rows, i, SUBID);
            comment->text = dn_row_text(model, rows, i, TEXT);
            comment->next = object->comments;
            object->comments = comment;
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_comments = {
    .what = "reading comments", .scope = DN_SCOPE_ALL, DN_COLUMNS(columns), DN_FROM(from), .rows = take_rows};
