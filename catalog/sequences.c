#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, TYPE, START, INCREMENT, MINIMUM, MAXIMUM, CACHE, CYCLE };

static const DnSqlPart columns[] = {
    [OID] = {.text = "s.seqrelid"},   [TYPE] = {.text = "pg_catalog.format_type(s.seqtypid, NULL)"},
    [START] = {.text = "s.seqstart"}, [INCREMENT] = {.text = "s.seqincrement"},
    [MINIMUM] = {.text = "s.seqmin"}, [MAXIMUM] = {.text = "s.seqmax"},
    [CACHE] = {.text = "s.seqcache"}, [CYCLE] = {.text = "s.seqcycle"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_sequence s WHERE s.seqrelid >= " DN_FIRST_OID " ORDER BY s.seqrelid"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *relation = dn_model_relation(model, dn_rows_oid(rows, i, OID));
        DnSequence *sequence = relation ? DN_NEW(&model->arena, DnSequence) : NULL;
        if (!sequence) {
            continue;
        }
        sequence->type = dn_row_shared(model, rows, i, TYPE);
        sequence->start = dn_rows_int64(rows, i, START);
        sequence->increment = dn_rows_int64(rows, i, INCREMENT);
        sequence->minimum = dn_rows_int64(rows, i, MINIMUM);
        sequence->maximum = dn_rows_int64(rows, i, MAXIMUM);
        sequence->cache = dn_rows_int64(rows, i, CACHE);
        sequence->cycle = dn_rows_bool(rows, i, CYCLE);
        relation->sequence = sequence;
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_sequences = {.what = "reading sequences",
                                    .scope = DN_SCOPE_ALL,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_rows};
