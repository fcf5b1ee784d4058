#include "catalog/definitions.h"

#include <string.h>

#include "common/err.h"

enum { OID, DEFINITION };

static const char index_sql[] = "SELECT u.oid, pg_catalog.pg_get_indexdef(u.oid) "
                                "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS u (oid)";
static const char constraint_sql[] = "SELECT u.oid, pg_catalog.pg_get_constraintdef(u.oid) "
                                     "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS u (oid)";
static const char default_sql[] =
    "SELECT d.oid, pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
    "WHERE d.oid = ANY ($1::pg_catalog.oid[])";

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

static DnStatus take_constraints(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ((DnCatalog *)ctx)->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, DN_CLASS_CONSTRAINT, dn_rows_oid(rows, i, OID));
        if (object) {
            ((DnConstraint *)object)->definition = dn_row_text(model, rows, i, DEFINITION);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

static DnStatus take_defaults(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ((DnCatalog *)ctx)->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, DN_CLASS_ATTRDEF, dn_rows_oid(rows, i, OID));
        if (object) {
            ((DnDefault *)object)->expression = dn_row_text(model, rows, i, DEFINITION);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

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

static const char *list_indexes(const DnCatalog *catalog, DnArena *arena) {
    DnBuf array = {0};
    for (size_t i = 0; i < catalog->unspelled_indexes.count; i++) {
        add_oid(&array, catalog->unspelled_indexes.items[i]->object.oid);
    }
    return end_array(&array, arena);
}

static const char *list_constraints(const DnCatalog *catalog, DnArena *arena) {
    DnBuf array = {0};
    for (size_t i = 0; i < catalog->unspelled_constraints.count; i++) {
        add_oid(&array, catalog->unspelled_constraints.items[i]->object.oid);
    }
    return end_array(&array, arena);
}

/* The one sequence that the default depends on; NULL when there are more, or when its name needs more than
   quotes as an identifier. */
static const DnRelation *sequence_of(const DnModel *model, const DnDefault *d) {
    const DnRelation *found = NULL;
    for (size_t i = 0; i < d->object.depends_on.count; i++) {
        const DnObject *object = dn_model_by_id(model, d->object.depends_on.items[i]);
        if (object && object->kind == DN_KIND_SEQUENCE) {
            if (found) {
                return NULL;
            }
            found = (const DnRelation *)object;
        }
    }
    bool plain = found && !dn_is_in_pg_catalog(&found->object) && !strpbrk(found->object.name, "'\\") &&
                 !strpbrk(found->object.schema->object.name, "'\\");
    return plain ? found : NULL;
}

static const char *list_defaults(DnCatalog *catalog, DnArena *arena) {
    DnBuf array = {0};
    for (size_t i = 0; i < catalog->unspelled_defaults.count; i++) {
        DnDefault *d = catalog->unspelled_defaults.items[i];
        d->sequence = sequence_of(catalog->model, d);
        if (!d->sequence) {
            add_oid(&array, d->object.oid);
        }
    }
    return end_array(&array, arena);
}

static void add_request(DnRequest *requests, size_t *count, DnRequest request) {
    if (request.param) {
        requests[(*count)++] = request;
    }
}

size_t dn_definition_requests(DnCatalog *catalog, DnArena *arena, DnRequest *requests) {
    size_t count = 0;
    add_request(requests, &count,
                (DnRequest){.what = "reading definitions of indexes",
                            .sql = index_sql,
                            .param = list_indexes(catalog, arena),
                            .rows = take_indexes,
                            .ctx = catalog});
    add_request(requests, &count,
                (DnRequest){.what = "reading definitions of constraints",
                            .sql = constraint_sql,
                            .param = list_constraints(catalog, arena),
                            .rows = take_constraints,
                            .ctx = catalog});
    add_request(requests, &count,
                (DnRequest){.what = "reading column defaults",
                            .sql = default_sql,
                            .param = list_defaults(catalog, arena),
                            .rows = take_defaults,
                            .ctx = catalog});
    return count;
}
