#include "catalog/changed.h"

#include "common/buf.h"
#include "common/err.h"

/* ---- Locked before --------------------------------------------------------------- */

static DnStatus take_held(void *ctx, const DnRows *rows, DnErr *err) {
    DnCatalog *catalog = ctx;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        dn_map_put(&catalog->model->arena, &catalog->held, dn_map_key(0, dn_rows_oid(rows, i, 0)), catalog);
    }
    return dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err) : DN_OK;
}

DnRequest dn_changed_held(DnCatalog *catalog) {
    return (DnRequest){.what = "looking which tables are locked",
                       .sql = "SELECT l.relation FROM pg_catalog.pg_locks l "
                              "WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' "
                              "AND l.mode = 'AccessShareLock' AND l.granted AND l.relation >= 16384",
                       .rows = take_held,
                       .ctx = catalog};
}

/* ---- Changed since --------------------------------------------------------------- */

/* Where to look for rows that were replaced, and which of them count. */
static const struct {
    uint32_t classoid;
    const char *catalog, *oid, *condition;
} watched[] = {
    /* What only got a new file (REINDEX, REFRESH, ALTER SEQUENCE) and has its name still is what it was, but
       for tables, whose rows lie there. */
    {DN_CLASS_RELATION, "pg_class", "x.oid",
     " AND x.relpersistence <> 't' AND NOT (x.relkind IN ('i', 'I', 'm', 'S') "
     "AND COALESCE(pg_catalog.pg_relation_filenode(x.oid) <> x.relfilenode, false) "
     "AND x.oid::pg_catalog.regclass::pg_catalog.text = "
     "x.relnamespace::pg_catalog.regnamespace::pg_catalog.text || '.' || pg_catalog.quote_ident(x.relname))"},
    {DN_CLASS_RELATION, "pg_attribute", "x.attrelid", " AND x.attnum > 0"},
    {DN_CLASS_PROC, "pg_proc", "x.oid", ""},
    {DN_CLASS_TYPE, "pg_type", "x.oid", ""},
    {DN_CLASS_NAMESPACE, "pg_namespace", "x.oid", ""},
    {DN_CLASS_TRIGGER, "pg_trigger", "x.oid", " AND NOT x.tgisinternal"},
    {DN_CLASS_STATISTIC_EXT, "pg_statistic_ext", "x.oid", ""},
    {DN_CLASS_OPERATOR, "pg_operator", "x.oid", ""},
    {DN_CLASS_OPCLASS, "pg_opclass", "x.oid", ""},
    {DN_CLASS_COLLATION, "pg_collation", "x.oid", ""},
    {DN_CLASS_TS_CONFIG, "pg_ts_config", "x.oid", ""},
};

/* xmax is no column that a grant could name: who was given single columns of a catalog can't watch it. */
static bool is_shut(const DnCatalog *catalog, const char *name) {
    size_t size = strlen(name);
    for (const char *at = catalog->shut; at && *at; at += strcspn(at, " "), at += *at == ' ') {
        if (strcspn(at, " ") == size && strncmp(at, name, size) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * An xmax of an aborted transaction stays until VACUUM comes by, so its end is looked up; and it has 32 bits,
 * which are completed from the oldest transaction that the snapshot doesn't see.
 */
static const char *changed_sql(const DnCatalog *catalog, DnArena *arena) {
    DnBuf sql = {0};
    dn_buf_str(&sql, "WITH since AS MATERIALIZED (SELECT "
                     "pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()) AS oldest), "
                     "replaced (class, oid, xmax) AS MATERIALIZED (SELECT 0, 0::pg_catalog.oid, "
                     "0::pg_catalog.int8 WHERE false");
    for (size_t i = 0; i < DN_COUNT(watched); i++) {
        if (!is_shut(catalog, watched[i].catalog)) {
            dn_buf_fmt(&sql,
                       " UNION ALL SELECT %u, %s, x.xmax::pg_catalog.text::pg_catalog.int8 "
                       "FROM pg_catalog.%s x WHERE x.xmax <> '0' AND %s >= %d%s",
                       watched[i].classoid, watched[i].oid, watched[i].catalog, watched[i].oid,
                       DN_FIRST_USER_OID, watched[i].condition);
        }
    }
    dn_buf_str(&sql,
               "), dated AS MATERIALIZED (SELECT r.class, r.oid, s.oldest, "
               "(r.xmax - s.oldest) & 4294967295 AS later FROM replaced r, since s) "
               "SELECT DISTINCT d.class, d.oid FROM dated d WHERE CASE WHEN d.later < 2147483648 "
               "THEN pg_catalog.txid_status(d.oldest + d.later) = 'committed' ELSE false END ORDER BY 1, 2");
    const char *text = dn_buf_failed(&sql) ? NULL : dn_arena_str(arena, dn_buf_text(&sql));
    if (!text) {
        arena->failed = true;
    }
    dn_buf_deinit(&sql);
    return text;
}

static DnStatus take_changed(void *ctx, const DnRows *rows, DnErr *err) {
    DnCatalog *catalog = ctx;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(catalog->model, dn_rows_oid(rows, i, 0), dn_rows_oid(rows, i, 1));
        if (object) {
            DN_PUSH(&catalog->model->arena, &catalog->changed, object);
        }
    }
    return dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err) : DN_OK;
}

DnRequest dn_changed_request(DnCatalog *catalog, DnArena *arena) {
    return (DnRequest){.what = "looking for what changed meanwhile",
                       .sql = changed_sql(catalog, arena),
                       .rows = take_changed,
                       .ctx = catalog};
}

/* ---- What it matters for --------------------------------------------------------- */

static const DnRelation *relation_of(const DnModel *model, const DnObject *object) {
    return object->classoid == DN_CLASS_RELATION ? dn_model_relation(model, object->oid) : NULL;
}

static bool is_dumped(const DnModel *model, const DnObject *object) {
    const DnRelation *relation = relation_of(model, object);
    return object->dump || (relation && relation->interesting);
}

/* Whether something dumped may be spelled with the object's name. */
static bool is_needed(const DnModel *model, const DnObject *object) {
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *other = model->objects.items[i];
        for (size_t d = 0; d < other->depends_on.count; d++) {
            if (other->depends_on.items[d] == object->id && other != object && is_dumped(model, other)) {
                return true;
            }
        }
    }
    return false;
}

/* Of tables the rows and columns matter. Views are spelled from the snapshot, indexes from the present. */
static bool relation_matters(const DnCatalog *catalog, const DnObject *object) {
    const DnRelation *r = relation_of(catalog->model, object);
    if (!r) {
        const DnIndex *index = dn_model_index(catalog->model, object->oid);
        return index && is_dumped(catalog->model, &index->table->object);
    }
    if (r->relkind == 'r' || r->relkind == 'p' || r->relkind == 'f') {
        return is_dumped(catalog->model, object) && !dn_map_get(&catalog->held, dn_map_key(0, object->oid));
    }
    return is_dumped(catalog->model, object) || is_needed(catalog->model, object);
}

/* What the server spells from the present matters by itself or for whom it is spelled with. */
static bool matters(const DnCatalog *catalog, const DnObject *object) {
    return object->classoid == DN_CLASS_RELATION
               ? relation_matters(catalog, object)
               : is_dumped(catalog->model, object) || is_needed(catalog->model, object);
}

const DnObject *dn_changed_object(const DnCatalog *catalog) {
    for (size_t i = 0; i < catalog->changed.count; i++) {
        if (matters(catalog, catalog->changed.items[i])) {
            return catalog->changed.items[i];
        }
    }
    return NULL;
}

const char *dn_changed_noun(uint32_t classoid) {
    switch (classoid) {
    case DN_CLASS_RELATION:
        return "relation";
    case DN_CLASS_PROC:
        return "function";
    case DN_CLASS_NAMESPACE:
        return "schema";
    case DN_CLASS_TYPE:
        return "type";
    case DN_CLASS_TRIGGER:
        return "trigger";
    default:
        return "object";
    }
}
