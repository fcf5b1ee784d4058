#include "catalog/ledger.h"

#include <string.h>

#include "common/err.h"

/* ---- Columns that the ledger does not have ------------------------------------------ */

static const char *const known_catalogs[] = {
#define DN_COLUMN(catalog, column, since, until, how, where) (since) <= DN_NEWEST_MAJOR ? #catalog : "",
#include "catalog/ledger.def"
#undef DN_COLUMN
};

enum { CATALOG, COLUMN, KEY, READABLE };

/* The key tells rows that initdb made from those of users: the catalog's oid, or what it is about. */
static const DnSqlPart column_columns[] = {
    [CATALOG] = {.text = "c.relname"},
    [COLUMN] = {.text = "pg_catalog.quote_ident(a.attname)"},
    [KEY] = {.text = "(SELECT pg_catalog.quote_ident(k.attname) FROM pg_catalog.pg_attribute k "
                     "WHERE k.attrelid = c.oid AND k.attnum > 0 AND k.atttypid IN "
                     "('pg_catalog.oid'::pg_catalog.regtype, 'pg_catalog.regproc'::pg_catalog.regtype) "
                     "ORDER BY k.attnum LIMIT 1)"},
    [READABLE] = {.text = "pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')"},
};

static const DnSqlPart column_from[] = {
    {.text = "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
             "WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind = 'r' "
             "AND c.oid < 16384 AND a.attnum > 0 AND NOT a.attisdropped "
             "AND (c.relname, a.attname) NOT IN (VALUES"},
#define DN_COLUMN(catalog, column, since, until, how, where)                                                 \
    {.text = (since) <= DN_NEWEST_MAJOR ? "('" #catalog "', '" #column "')," : NULL},
#include "catalog/ledger.def"
#undef DN_COLUMN
    {.text = "('', '')) ORDER BY c.relname, a.attnum"},
};

static bool is_known_catalog(const char *name) {
    for (size_t i = 0; i < DN_COUNT(known_catalogs); i++) {
        if (strcmp(known_catalogs[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void omit_newer(DnCatalog *catalog) {
    DnBuf text = {0};
    dn_buf_fmt(&text, "what is new in PostgreSQL %d: the newest version known to this program is %d",
               dn_model_major(catalog->model), DN_NEWEST_MAJOR);
    dn_catalog_omit(catalog, dn_buf_text(&text));
    dn_buf_deinit(&text);
}

static DnStatus take_columns(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    omit_newer(catalog);
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnUnknownColumn column = {.catalog = dn_row_text(model, rows, i, CATALOG),
                                  .name = dn_row_text(model, rows, i, COLUMN),
                                  .key = dn_row_text(model, rows, i, KEY),
                                  .readable = dn_rows_bool(rows, i, READABLE)};
        DN_PUSH(&model->arena, &catalog->unknown, column);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_unknown_columns = {.what = "looking for new catalogs and columns",
                                          .scope = DN_SCOPE_FIRST,
                                          .since = (DN_NEWEST_MAJOR + 1) * 10000,
                                          DN_COLUMNS(column_columns),
                                          DN_FROM(column_from),
                                          .rows = take_columns};

/* ---- What they hold ------------------------------------------------------------------- */

enum { HOLDER, COUNT };

/* Values that say nothing, and those that initdb's own rows have: a default most likely. */
static void write_column(DnBuf *sql, const DnUnknownColumn *column) {
    dn_buf_fmt(sql,
               "SELECT 'column %s.%s', pg_catalog.count(*) FROM pg_catalog.%s x WHERE x.%s IS NOT NULL "
               "AND x.%s::pg_catalog.text NOT IN ('', '0', '-', '-1', 'f', '{}')",
               column->catalog, column->name, column->catalog, column->name, column->name);
    if (column->key) {
        dn_buf_fmt(sql,
                   " AND x.%s >= 16384 AND x.%s::pg_catalog.text NOT IN (SELECT b.%s::pg_catalog.text "
                   "FROM pg_catalog.%s b WHERE b.%s < 16384 AND b.%s IS NOT NULL)",
                   column->key, column->name, column->name, column->catalog, column->key, column->name);
    }
}

static void write_catalog(DnBuf *sql, const DnUnknownColumn *column) {
    dn_buf_fmt(sql, "SELECT 'catalog %s', pg_catalog.count(*) FROM pg_catalog.%s x", column->catalog,
               column->catalog);
    if (column->key) {
        dn_buf_fmt(sql, " WHERE x.%s >= 16384", column->key);
    }
}

static void omit_unreadable(DnCatalog *catalog, const DnUnknownColumn *column) {
    DnBuf text = {0};
    dn_buf_fmt(&text, "the unknown column %s.%s, which may not be read", column->catalog, column->name);
    dn_catalog_omit(catalog, dn_buf_text(&text));
    dn_buf_deinit(&text);
}

/* A new catalog is counted once, by its first column that may be read. */
static void write_counts(DnCatalog *catalog, DnBuf *sql) {
    const char *counted = "";
    for (size_t i = 0; i < catalog->unknown.count; i++) {
        const DnUnknownColumn *column = &catalog->unknown.items[i];
        bool known = is_known_catalog(column->catalog);
        if (!known && strcmp(column->catalog, counted) == 0) {
            continue;
        }
        if (!column->readable) {
            omit_unreadable(catalog, column);
            continue;
        }
        dn_buf_str(sql, sql->size ? " UNION ALL " : "");
        if (known) {
            write_column(sql, column);
        } else {
            counted = column->catalog;
            write_catalog(sql, column);
        }
    }
}

static DnStatus take_counts(void *ctx, const DnRows *rows, DnErr *err) {
    DnCatalog *catalog = ctx;
    (void)err;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        int64_t count = dn_rows_int64(rows, i, COUNT);
        if (count > 0) {
            DnBuf text = {0};
            dn_buf_fmt(&text, "the unknown %s, which holds something in %lld row%s",
                       dn_rows_str(rows, i, HOLDER), (long long)count, count == 1 ? "" : "s");
            dn_catalog_omit(catalog, dn_buf_text(&text));
            dn_buf_deinit(&text);
        }
    }
    return DN_OK;
}

bool dn_ledger_request(DnCatalog *catalog, DnArena *arena, DnRequest *request) {
    DnBuf sql = {0};
    write_counts(catalog, &sql);
    const char *text = sql.size ? dn_arena_str(arena, dn_buf_text(&sql)) : NULL;
    arena->failed = arena->failed || dn_buf_failed(&sql) || (sql.size && !text);
    dn_buf_deinit(&sql);
    *request = (DnRequest){
        .what = "looking into new catalogs and columns", .sql = text, .rows = take_counts, .ctx = catalog};
    return text != NULL;
}

/* ---- Letters that values.def does not have -------------------------------------------- */

enum { WHERE, LETTER, CLASS, OBJECT, HOME_CLASS, HOME, DESCRIPTION };

typedef struct Letters {
    const char *catalog, *column;
    int since;
    const char *class_, *key, *home_class, *home, *known;
} Letters;

static const Letters letters_of[] = {
#define DN_VALUES(catalog, column, since, class_, key, home_class, home, letters)                            \
    {#catalog, #column, since, #class_, #key, #home_class, #home, letters},
#define DN_FREE(catalog, column, reason)
#include "catalog/values.def"
#undef DN_FREE
#undef DN_VALUES
};

/* The rows of one catalog, read once for all its columns: those that hold an unknown letter. Returns where
   the next catalog begins. */
static size_t write_letters(DnBuf *sql, size_t first, int version) {
    const Letters *head = &letters_of[first];
    DnBuf unknown = {0};
    DnBuf values = {0};
    size_t i = first;
    for (; i < DN_COUNT(letters_of) && strcmp(letters_of[i].catalog, head->catalog) == 0; i++) {
        const Letters *l = &letters_of[i];
        if (version >= l->since) {
            dn_buf_fmt(&unknown, "%sx.%s NOT IN (%s)", unknown.size ? " OR " : "", l->column, l->known);
            dn_buf_fmt(&values, "%s('%s.%s', x.%s::pg_catalog.text, x.%s NOT IN (%s))",
                       values.size ? ", " : "", l->catalog, l->column, l->column, l->column, l->known);
        }
    }
    if (unknown.size) {
        dn_buf_fmt(
            sql,
            "%sSELECT l.place, l.letter, 'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid AS class, "
            "x.%s::pg_catalog.oid AS object, "
            "'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid AS home_class, "
            "x.%s::pg_catalog.oid AS home FROM pg_catalog.%s x "
            "CROSS JOIN LATERAL (VALUES %s) l (place, letter, unknown) "
            "WHERE x.%s >= 16384 AND (%s) AND l.unknown",
            sql->size ? " UNION ALL " : "", head->class_, head->key, head->home_class, head->home,
            head->catalog, dn_buf_text(&values), head->key, dn_buf_text(&unknown));
    }
    sql->failed = sql->failed || dn_buf_failed(&unknown) || dn_buf_failed(&values);
    dn_buf_deinit(&unknown);
    dn_buf_deinit(&values);
    return i;
}

/* Would the object be in the dump if we knew the letter? */
static bool is_asked_for(const DnCatalog *catalog, const DnRows *rows, size_t row) {
    const DnModel *model = catalog->model;
    uint32_t class_ = dn_rows_oid(rows, row, CLASS);
    uint32_t oid = dn_rows_oid(rows, row, OBJECT);
    if (dn_map_get(&model->members, dn_map_key(class_, oid))) {
        return false;
    }
    const DnObject *object = dn_model_find(model, class_, oid);
    if (object) {
        return object->dump != DN_PART_NONE;
    }
    uint32_t home_class = dn_rows_oid(rows, row, HOME_CLASS);
    uint32_t home_oid = dn_rows_oid(rows, row, HOME);
    const DnObject *home = dn_model_find(model, home_class, home_oid);
    if (home && home->kind == DN_KIND_SCHEMA) {
        return (((const DnSchema *)home)->contains & DN_PART_DEFINITION) != 0;
    }
    if (home) {
        return (home->dump & DN_PART_DEFINITION) != 0;
    }
    /* What is shared and not in the model belongs to other databases. */
    return catalog->selection.whole_database && class_ != DN_CLASS_DATABASE &&
           class_ != DN_CLASS_SUBSCRIPTION;
}

static DnStatus take_letters(void *ctx, const DnRows *rows, DnErr *err) {
    DnCatalog *catalog = ctx;
    (void)err;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        if (!is_asked_for(catalog, rows, i)) {
            continue;
        }
        DnBuf text = {0};
        dn_buf_fmt(&text, "the unknown value \"%s\" in %s of %s", dn_rows_str(rows, i, LETTER),
                   dn_rows_str(rows, i, WHERE), dn_rows_str(rows, i, DESCRIPTION));
        dn_catalog_omit(catalog, dn_buf_text(&text));
        dn_buf_deinit(&text);
    }
    return DN_OK;
}

void dn_ledger_letters(DnCatalog *catalog, DnArena *arena, DnRequest *request) {
    DnBuf union_ = {0};
    DnBuf sql = {0};
    for (size_t i = 0; i < DN_COUNT(letters_of);) {
        i = write_letters(&union_, i, catalog->model->server_version);
    }
    dn_buf_fmt(&sql,
               "SELECT v.place, v.letter, v.class, v.object, v.home_class, v.home, "
               "COALESCE(pg_catalog.pg_describe_object(v.class, v.object, 0), '?') FROM (%s) v "
               "ORDER BY 1, 2, 3, 4",
               dn_buf_text(&union_));
    const char *text = dn_arena_str(arena, dn_buf_text(&sql));
    arena->failed = arena->failed || dn_buf_failed(&union_) || dn_buf_failed(&sql) || !text;
    dn_buf_deinit(&union_);
    dn_buf_deinit(&sql);
    *request =
        (DnRequest){.what = "looking for unknown values", .sql = text, .rows = take_letters, .ctx = catalog};
}
