#include "catalog/selection.h"

#include <string.h>

#include "common/err.h"
#include "common/pattern.h"

/* In our own face the system's schemas and tables can be excluded, but not chosen: what initdb makes is in
   every database already, and with it pg_dump's -n '*' gives a text that nobody can restore. Each pattern is
   five elements of $1: what it is for, its number, the schema's and the name's regular expression ("" where
   the pattern has no schema part), and whether it matches what is the system's. The session's own search_path
   still holds, since it tells what is visible: so even operators are named with their schema
   (CVE-2018-1058). */
const char dn_selection_sql[] =
    "WITH RECURSIVE p AS (SELECT ($1::pg_catalog.text[])[i] AS use, "
    "($1::pg_catalog.text[])[i OPERATOR(pg_catalog.+) 1] AS number, "
    "($1::pg_catalog.text[])[i OPERATOR(pg_catalog.+) 2] AS schema, "
    "($1::pg_catalog.text[])[i OPERATOR(pg_catalog.+) 3] AS name, "
    "($1::pg_catalog.text[])[i OPERATOR(pg_catalog.+) 4] OPERATOR(pg_catalog.=) 't' AS system "
    "FROM pg_catalog.generate_series(1, pg_catalog.cardinality($1::pg_catalog.text[]), 5) i), m(use, number, "
    "oid) AS ("
    "SELECT p.use, p.number, n.oid FROM p JOIN pg_catalog.pg_namespace n "
    "ON n.nspname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default "
    "WHERE p.use OPERATOR(pg_catalog.=) ANY ('{0,1}'::pg_catalog.text[]) "
    "AND (p.system OR n.nspname OPERATOR(pg_catalog.<>) 'information_schema' "
    "AND n.nspname OPERATOR(pg_catalog.!~~) 'pg\\_%') "
    "UNION ALL "
    "SELECT p.use, p.number, c.oid FROM p JOIN pg_catalog.pg_class c "
    "ON c.relname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "AND CASE WHEN p.schema OPERATOR(pg_catalog.=) '' THEN pg_catalog.pg_table_is_visible(c.oid) "
    "ELSE n.nspname OPERATOR(pg_catalog.~) p.schema COLLATE pg_catalog.default END "
    "WHERE p.use OPERATOR(pg_catalog.<>) ALL ('{0,1,5,6,7}'::pg_catalog.text[]) "
    "AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,S,v,m,f,p}'::pg_catalog.\"char\"[]) "
    "AND (p.system OR c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid) "
    "AND c.relpersistence OPERATOR(pg_catalog.<>) 't' "
    "UNION SELECT m.use, m.number, i.inhrelid FROM m JOIN pg_catalog.pg_inherits i "
    "ON i.inhparent OPERATOR(pg_catalog.=) m.oid "
    "WHERE m.use OPERATOR(pg_catalog.=) ANY ('{8,9,10}'::pg_catalog.text[])) "
    "SELECT use, number, oid FROM m "
    "UNION ALL SELECT p.use, p.number, e.oid FROM p JOIN pg_catalog.pg_extension e "
    "ON e.extname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default "
    "WHERE p.use OPERATOR(pg_catalog.=) ANY ('{5,6}'::pg_catalog.text[]) "
    "UNION ALL SELECT p.use, p.number, s.oid FROM p JOIN pg_catalog.pg_foreign_server s "
    "ON s.srvname OPERATOR(pg_catalog.~) p.name COLLATE pg_catalog.default "
    "WHERE p.use OPERATOR(pg_catalog.=) '7'";

enum { USE, NUMBER, OID };

static const struct {
    const char *option;
    const char *what; /* in "no matching ... were found" */
    bool required;    /* must match something, and with --strict-names each pattern must */
    DnPatternUse as;  /* the use that its matches count as */
    bool each;        /* each pattern must match something in any case */
} uses[DN_USE_COUNT] = {
    [DN_USE_SCHEMA] = {"--schema", "schemas", true, DN_USE_SCHEMA, false},
    [DN_USE_NOT_SCHEMA] = {"--exclude-schema", "schemas", false, DN_USE_NOT_SCHEMA, false},
    [DN_USE_TABLE] = {"--table", "tables", true, DN_USE_TABLE, false},
    [DN_USE_NOT_TABLE] = {"--exclude-table", "tables", false, DN_USE_NOT_TABLE, false},
    [DN_USE_NO_DATA] = {"--exclude-table-data", "tables", false, DN_USE_NO_DATA, false},
    [DN_USE_EXTENSION] = {"--extension", "extensions", true, DN_USE_EXTENSION, false},
    [DN_USE_NOT_EXTENSION] = {"--exclude-extension", "extensions", false, DN_USE_NOT_EXTENSION, false},
    [DN_USE_FOREIGN_DATA] = {"--include-foreign-data", "foreign servers", true, DN_USE_FOREIGN_DATA, true},
    [DN_USE_TABLE_TREE] = {"--table-and-children", "tables", true, DN_USE_TABLE, false},
    [DN_USE_NOT_TABLE_TREE] = {"--exclude-table-and-children", "tables", false, DN_USE_NOT_TABLE, false},
    [DN_USE_NO_DATA_TREE] = {"--exclude-table-data-and-children", "tables", false, DN_USE_NO_DATA, false},
};

static bool is_schema_use(int use) {
    return use == DN_USE_SCHEMA || use == DN_USE_NOT_SCHEMA;
}

/* Names without a schema before them. */
static bool is_plain_use(int use) {
    return use == DN_USE_EXTENSION || use == DN_USE_NOT_EXTENSION || use == DN_USE_FOREIGN_DATA;
}

static bool excludes(int use) {
    return use == DN_USE_NOT_SCHEMA || use == DN_USE_NOT_TABLE || use == DN_USE_NOT_TABLE_TREE;
}

bool dn_selection_has_patterns(const DnSelection *selection) {
    for (int use = 0; use < DN_USE_COUNT; use++) {
        if (selection->patterns[use] && selection->patterns[use][0]) {
            return true;
        }
    }
    return false;
}

static void add_element(DnBuf *array, const char *text) {
    dn_buf_str(array, array->size > 1 ? ",\"" : "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\') {
            dn_buf_char(array, '\\');
        }
        dn_buf_char(array, *p);
    }
    dn_buf_char(array, '"');
}

static DnStatus check(const DnCatalog *catalog, int use, const char *text, const DnPattern *pattern,
                      bool parsed, DnErr *err) {
    if (!parsed || (is_schema_use(use) && pattern->dots > 1) || (is_plain_use(use) && pattern->dots)) {
        bool relation = catalog->selection.stand_in && !is_schema_use(use) && !is_plain_use(use);
        (void)dn_err(err, DN_E_USAGE, "improper %s name (too many dotted names): %s",
                     relation ? "relation" : "qualified", text);
        dn_err_hint(err, "%s takes a pattern of the form %s; quote names that hold dots.", uses[use].option,
                    is_schema_use(use)  ? "SCHEMA"
                    : is_plain_use(use) ? "NAME"
                                        : "SCHEMA.TABLE");
        return DN_E_USAGE;
    }
    const char *database = is_schema_use(use) ? NULL : dn_buf_text(&pattern->database);
    if (pattern->has_database && database && strcmp(database, catalog->model->database) != 0) {
        (void)dn_err(err, DN_E_USAGE, "cross-database references are not implemented: %s", text);
        dn_err_hint(err, "The connection is to database \"%s\".", catalog->model->database);
        return DN_E_USAGE;
    }
    return DN_OK;
}

/* A schema's pattern may name the database before the dot. */
static DnStatus check_schema_database(const DnCatalog *catalog, int use, const char *text,
                                      const DnPattern *pattern, DnErr *err) {
    if (!is_schema_use(use) || pattern->dots != 1) {
        return DN_OK;
    }
    DnBuf own = {0};
    dn_buf_fmt(&own, "^(%s)$", catalog->model->database);
    bool same = strcmp(dn_buf_text(&own), dn_buf_text(&pattern->schema)) == 0;
    dn_buf_deinit(&own);
    if (same) {
        return DN_OK;
    }
    (void)dn_err(err, DN_E_USAGE, "cross-database references are not implemented: %s", text);
    dn_err_hint(err, "%s takes a schema's name; quote names that hold dots.", uses[use].option);
    return DN_E_USAGE;
}

static DnStatus add_pattern(const DnCatalog *catalog, int use, int number, const char *text, DnBuf *param,
                            DnErr *err) {
    DnPattern pattern;
    bool parsed = dn_pattern_parse(&pattern, text);
    DnStatus status = check(catalog, use, text, &pattern, parsed, err);
    if (status == DN_OK) {
        status = check_schema_database(catalog, use, text, &pattern, err);
    }
    if (status == DN_OK) {
        DnBuf digits = {0};
        DnBuf count = {0};
        dn_buf_fmt(&digits, "%d", use);
        dn_buf_fmt(&count, "%d", number);
        add_element(param, dn_buf_text(&digits));
        add_element(param, dn_buf_text(&count));
        add_element(param, dn_buf_text(&pattern.schema));
        add_element(param, dn_buf_text(&pattern.name));
        add_element(param, catalog->selection.stand_in || excludes(use) ? "t" : "f");
        dn_buf_deinit(&digits);
        dn_buf_deinit(&count);
    }
    dn_pattern_deinit(&pattern);
    return status;
}

DnStatus dn_selection_param(const DnCatalog *catalog, DnBuf *param, DnErr *err) {
    dn_buf_char(param, '{');
    for (int use = 0; use < DN_USE_COUNT; use++) {
        const char *const *patterns = catalog->selection.patterns[use];
        for (int i = 0; patterns && patterns[i]; i++) {
            DnStatus status = add_pattern(catalog, use, i, patterns[i], param, err);
            if (status != DN_OK) {
                return status;
            }
        }
    }
    dn_buf_char(param, '}');
    return dn_buf_failed(param) ? dn_err_nomem(err) : DN_OK;
}

static bool pattern_matched(const DnRows *rows, int use, int number) {
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        if (dn_rows_int(rows, i, USE) == use && (number < 0 || dn_rows_int(rows, i, NUMBER) == number)) {
            return true;
        }
    }
    return false;
}

static DnStatus no_match(int use, const char *pattern, DnErr *err) {
    if (pattern) {
        (void)dn_err(err, DN_E_NO_MATCH, "no matching %s were found for pattern \"%s\"", uses[use].what,
                     pattern);
    } else {
        (void)dn_err(err, DN_E_NO_MATCH, "no matching %s were found", uses[use].what);
    }
    dn_err_hint(err, "Check the spelling of %s; capital letters need double quotes inside the pattern.",
                uses[use].option);
    return DN_E_NO_MATCH;
}

static DnStatus check_matches(const DnSelection *selection, const DnRows *rows, DnErr *err) {
    for (int use = 0; use < DN_USE_COUNT; use++) {
        const char *const *patterns = selection->patterns[use];
        bool each = uses[use].required && (selection->strict_names || uses[use].each);
        for (int i = 0; each && patterns && patterns[i]; i++) {
            if (!pattern_matched(rows, use, i)) {
                return no_match(use, patterns[i], err);
            }
        }
        if (uses[use].required && patterns && patterns[0] && !pattern_matched(rows, use, -1)) {
            return no_match(use, patterns[1] || selection->stand_in ? NULL : patterns[0], err);
        }
    }
    return DN_OK;
}

/* public is initdb's too, but what is in it is not. */
enum { PUBLIC_SCHEMA = 2200 };

static bool chooses_system(int use, uint32_t oid) {
    bool chooses = uses[use].as == DN_USE_SCHEMA || uses[use].as == DN_USE_TABLE;
    return chooses && dn_is_builtin(oid) && !(uses[use].as == DN_USE_SCHEMA && oid == PUBLIC_SCHEMA);
}

DnStatus dn_selection_rows(void *ctx, const DnRows *rows, DnErr *err) {
    DnCatalog *catalog = ctx;
    DnSelection *selection = &catalog->selection;
    static const char yes[] = "";
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        int use = dn_rows_int(rows, i, USE);
        if (use >= 0 && use < DN_USE_COUNT) {
            dn_map_put(&catalog->model->arena, &selection->matched[uses[use].as],
                       dn_map_key(0, dn_rows_oid(rows, i, OID)), (void *)(uintptr_t)yes);
            selection->system = selection->system || chooses_system(use, dn_rows_oid(rows, i, OID));
        }
    }
    return check_matches(selection, rows, err);
}
