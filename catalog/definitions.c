#include "catalog/definitions.h"

#include "common/err.h"

enum { OID, DEFINITION };

static DnStatus take_indexes(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ((DnCatalog *)ctx)->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnIndex *index = dn_model_index(model, dn_rows_oid(rows, i, OID));
        if (index) {
            index->definition = dn_row_text(model, rows, i, DEFINITION);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

static DnStatus take_keys(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ((DnCatalog *)ctx)->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, DN_CLASS_CONSTRAINT, dn_rows_oid(rows, i, OID));
        if (object) {
            ((DnConstraint *)object)->definition = dn_row_text(model, rows, i, DEFINITION);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

static const char index_sql[] = "SELECT u.oid, pg_catalog.pg_get_indexdef(u.oid) "
                                "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS u (oid)";
static const char key_sql[] = "SELECT u.oid, pg_catalog.pg_get_constraintdef(u.oid) "
                              "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS u (oid)";

static void add_oid(DnBuf *array, uint32_t oid) {
    dn_buf_fmt(array, "%c%u", array->size ? ',' : '{', oid);
}

/* Ends the array; NULL when it is empty, or there is no memory. */
static const char *end_array(DnBuf *array, DnArena *arena) {
    bool filled = array->size > 0;
    dn_buf_char(array, '}');
    const char *text = filled && !dn_buf_failed(array) ? dn_arena_str(arena, dn_buf_text(array)) : NULL;
    arena->failed = arena->failed || dn_buf_failed(array);
    dn_buf_deinit(array);
    return text;
}

size_t dn_definition_requests(DnCatalog *catalog, DnArena *arena, DnRequest *requests) {
    size_t count = 0;
    DnBuf indexes = {0};
    for (size_t i = 0; i < catalog->unspelled_indexes.count; i++) {
        add_oid(&indexes, catalog->unspelled_indexes.items[i]->object.oid);
    }
    const char *param = end_array(&indexes, arena);
    if (param) {
        requests[count++] = (DnRequest){.what = "reading definitions of indexes",
                                        .sql = index_sql,
                                        .param = param,
                                        .rows = take_indexes,
                                        .ctx = catalog};
    }
    DnBuf keys = {0};
    for (size_t i = 0; i < catalog->unspelled_keys.count; i++) {
        add_oid(&keys, catalog->unspelled_keys.items[i]->object.oid);
    }
    param = end_array(&keys, arena);
    if (param) {
        requests[count++] = (DnRequest){.what = "reading definitions of foreign keys",
                                        .sql = key_sql,
                                        .param = param,
                                        .rows = take_keys,
                                        .ctx = catalog};
    }
    return count;
}
