#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "catalog/platform.h"
#include "common/err.h"

enum { SCHEMA, OWNER, WHAT, COUNT };

/* By the numbers of the query. Of what stands on a table the owner is the table's. */
static const struct {
    const char *one, *many;
    bool on_table;
} words[] = {
    {.one = "table", .many = "tables"},
    {.one = "view", .many = "views"},
    {.one = "sequence", .many = "sequences"},
    {.one = "function", .many = "functions"},
    {.one = "type", .many = "types"},
    {.one = "policy", .many = "policies", .on_table = true},
    {.one = "trigger", .many = "triggers", .on_table = true},
};
enum { WORDS = DN_COUNT(words) };

static const DnSqlPart columns[] = {
    [SCHEMA] = {.text = "s.schema"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(s.owner)"},
    [WHAT] = {.text = "s.what"},
    [COUNT] = {.text = "pg_catalog.count(*)"},
};

/* What an extension made is its own, and so are policies on its tables, which it can't own: pg_cron makes
   some. Triggers are told apart by their functions, as those in triggers.c are. */
static const DnSqlPart from[] = {
    {.text = "FROM (SELECT c.relnamespace AS schema, c.relowner AS owner, "
             "CASE c.relkind WHEN 'v' THEN 1 WHEN 'm' THEN 1 WHEN 'S' THEN 2 ELSE 0 END AS what, "
             "c.tableoid AS class, c.oid FROM pg_catalog.pg_class c "
             "WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND NOT EXISTS ("
             "SELECT FROM pg_catalog.pg_depend d WHERE c.relkind = 'S' AND d.classid = c.tableoid "
             "AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype IN ('a', 'i'))"},
    {.text = "UNION ALL SELECT p.pronamespace, p.proowner, 3, p.tableoid, p.oid FROM pg_catalog.pg_proc p"},
    {.text = "UNION ALL SELECT t.typnamespace, t.typowner, 4, t.tableoid, t.oid FROM pg_catalog.pg_type t "
             "WHERE t.typtype IN ('d', 'e', 'r') OR EXISTS (SELECT FROM pg_catalog.pg_class c "
             "WHERE c.oid = t.typrelid AND c.relkind = 'c')"},
    {.text = "UNION ALL SELECT c.relnamespace, c.relowner, 5, c.tableoid, c.oid FROM pg_catalog.pg_policy p "
             "JOIN pg_catalog.pg_class c ON c.oid = p.polrelid"},
    {.text = "UNION ALL SELECT c.relnamespace, c.relowner, 6, t.tableoid, t.oid "
             "FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid "
             "JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid "
             "WHERE NOT t.tgisinternal AND p.pronamespace <> c.relnamespace"},
    {.text = ") s JOIN pg_catalog.pg_namespace n ON n.oid = s.schema WHERE s.oid >= 16384 AND NOT EXISTS ("
             "SELECT FROM pg_catalog.pg_depend d WHERE d.classid = s.class AND d.objid = s.oid "
             "AND d.objsubid = 0 AND d.deptype = 'e') "
             "GROUP BY 1, 2, 3, n.nspname ORDER BY n.nspname, 3"},
};

static bool is_wanted(const DnCatalog *catalog) {
    return catalog->selection.platform && catalog->selection.whole_database;
}

/* Guests on the platform's tables are dumped; elsewhere nobody can say whose a policy is. */
static bool is_told(const DnPlatform *platform, const DnSchema *schema, const char *owner, size_t what) {
    bool theirs = dn_platform_lists(platform->roles, owner);
    return schema && schema->left && (!theirs || (words[what].on_table && !schema->has_guests));
}

/* " auth (1 table, 2 policies)" */
static void describe(const DnSchema *schema, const uint64_t counts[WORDS], DnBuf *text) {
    DnBuf list = {0};
    for (size_t i = 0; i < WORDS; i++) {
        if (counts[i]) {
            dn_buf_sep(&list, ", ");
            dn_buf_fmt(&list, "%llu %s", (unsigned long long)counts[i],
                       counts[i] == 1 ? words[i].one : words[i].many);
        }
    }
    if (list.size) {
        dn_buf_sep(text, ", ");
        dn_buf_fmt(text, "%s (%s)", schema->object.name, dn_buf_text(&list));
        text->failed = text->failed || dn_buf_failed(&list);
    }
    dn_buf_deinit(&list);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    DnBuf text = {0};
    const DnSchema *schema = NULL;
    uint64_t counts[WORDS] = {0};
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        const DnSchema *next = dn_model_schema(model, dn_rows_oid(rows, i, SCHEMA));
        size_t what = (size_t)dn_rows_int(rows, i, WHAT);
        if (next != schema) {
            describe(schema, counts, &text);
            memset(counts, 0, sizeof counts);
            schema = next;
        }
        if (what < WORDS && is_told(catalog->selection.platform, schema, dn_rows_str(rows, i, OWNER), what)) {
            counts[what] += (uint64_t)dn_rows_int64(rows, i, COUNT);
        }
    }
    describe(schema, counts, &text);
    bool failed = dn_buf_failed(&text);
    catalog->left_inside = text.size ? dn_model_str(model, dn_buf_text(&text)) : NULL;
    dn_buf_deinit(&text);
    return failed || dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_platform_left = {.what = "reading what is in the platform's schemas",
                                        .scope = DN_SCOPE_ALL,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .wanted = is_wanted,
                                        .rows = take_rows};
