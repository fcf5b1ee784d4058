/*
 * type_details.c - what enums, composites, ranges and base types have beyond what all types have; domains
 * are in domains.c.
 */
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

static DnStatus check(const DnModel *model, DnErr *err) {
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

/* ---- Enums ----------------------------------------------------------------------- */

enum { LABEL_TYPE, LABEL_OID, LABEL_TEXT };

static const DnSqlPart label_columns[] = {
    [LABEL_TYPE] = {.text = "e.enumtypid"},
    [LABEL_OID] = {.text = "e.oid"},
    [LABEL_TEXT] = {.text = "e.enumlabel"},
};

static const DnSqlPart label_from[] = {
    {.text = "FROM pg_catalog.pg_enum e ORDER BY e.enumtypid, e.enumsortorder"},
};

static DnStatus take_labels(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type = dn_model_type(model, dn_rows_oid(rows, i, LABEL_TYPE));
        if (type) {
            DnEnumLabel label = {dn_rows_oid(rows, i, LABEL_OID), dn_row_shared(model, rows, i, LABEL_TEXT)};
            DN_PUSH(&model->arena, &type->labels, label);
        }
    }
    return check(model, err);
}

const DnFetch dn_fetch_enum_labels = {.what = "reading labels of enums",
                                      .scope = DN_SCOPE_ALL,
                                      .only_with = DN_WITH_ENUM,
                                      DN_COLUMNS(label_columns),
                                      DN_FROM(label_from),
                                      .rows = take_labels};

/* ---- Composites ------------------------------------------------------------------ */

enum {
    ATTRIBUTE_OWNER,
    ATTRIBUTE_NUMBER,
    ATTRIBUTE_NAME,
    ATTRIBUTE_TYPE,
    ATTRIBUTE_TYPE_OID,
    ATTRIBUTE_COLLATION,
    ATTRIBUTE_COMMENT
};

static const DnSqlPart attribute_columns[] = {
    [ATTRIBUTE_OWNER] = {.text = "c.reltype"},
    [ATTRIBUTE_NUMBER] = {.text = "a.attnum"},
    [ATTRIBUTE_NAME] = {.text = "a.attname"},
    [ATTRIBUTE_TYPE] = {.text = "pg_catalog.format_type(a.atttypid, a.atttypmod)"},
    [ATTRIBUTE_TYPE_OID] = {.text = "a.atttypid"},
    [ATTRIBUTE_COLLATION] = {.text = "pg_catalog.quote_ident(cn.nspname) || '.' || "
                                     "pg_catalog.quote_ident(co.collname)"},
    [ATTRIBUTE_COMMENT] = {.text = "d.description"},
};

static const DnSqlPart attribute_from[] = {
    {.text = "FROM pg_catalog.pg_class c"},
    {.text = "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"},
    {.text = "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"},
    {.text = "LEFT JOIN pg_catalog.pg_collation co"
             " ON co.oid = a.attcollation AND a.attcollation <> t.typcollation"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid"
             " AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = a.attnum"},
    {.text = "WHERE c.relkind = 'c' AND c.oid >= " DN_FIRST_OID " ORDER BY c.oid, a.attnum"},
};

/* In the catalogs it is the relation behind a composite type that depends on the attributes' types. */
static void depend_on_type(DnModel *model, DnType *type, uint32_t needed) {
    const DnType *other = dn_model_type(model, needed);
    if (other) {
        dn_depend(model, &type->object, other->object.id);
    }
}

static DnStatus take_attributes(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    const DnType *last = NULL;
    const DnComment **end = NULL;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type = dn_model_type(model, dn_rows_oid(rows, i, ATTRIBUTE_OWNER));
        if (!type) {
            continue;
        }
        DnAttribute attribute = {.name = dn_row_shared(model, rows, i, ATTRIBUTE_NAME),
                                 .number = dn_rows_int(rows, i, ATTRIBUTE_NUMBER),
                                 .type = dn_row_shared(model, rows, i, ATTRIBUTE_TYPE),
                                 .type_oid = dn_rows_oid(rows, i, ATTRIBUTE_TYPE_OID),
                                 .collation = dn_row_shared(model, rows, i, ATTRIBUTE_COLLATION)};
        DN_PUSH(&model->arena, &type->attributes, attribute);
        depend_on_type(model, type, attribute.type_oid);
        end = type == last ? end : &type->attribute_comments;
        last = type;
        const char *text = dn_row_text(model, rows, i, ATTRIBUTE_COMMENT);
        DnComment *comment = text ? DN_NEW(&model->arena, DnComment) : NULL;
        if (comment) {
            *comment = (DnComment){.subid = attribute.number, .text = text};
            *end = comment;
            end = &comment->next;
        }
    }
    return check(model, err);
}

const DnFetch dn_fetch_composite_attributes = {.what = "reading attributes of composite types",
                                               .scope = DN_SCOPE_ALL,
                                               DN_COLUMNS(attribute_columns),
                                               DN_FROM(attribute_from),
                                               .rows = take_attributes};

/* ---- Ranges ---------------------------------------------------------------------- */

enum { RANGE_TYPE, RANGE_SUBTYPE, RANGE_OPCLASS, RANGE_COLLATION, RANGE_CANONICAL, RANGE_DIFF, RANGE_MULTI };

static const DnSqlPart range_columns[] = {
    [RANGE_TYPE] = {.text = "r.rngtypid"},
    [RANGE_SUBTYPE] = {.text = "pg_catalog.format_type(r.rngsubtype, NULL)"},
    [RANGE_OPCLASS] = {.text = "CASE WHEN NOT o.opcdefault THEN pg_catalog.quote_ident(n.nspname) || '.' || "
                               "pg_catalog.quote_ident(o.opcname) END"},
    [RANGE_COLLATION] = {.text = "pg_catalog.quote_ident(cn.nspname) || '.' || "
                                 "pg_catalog.quote_ident(co.collname)"},
    [RANGE_CANONICAL] = {.text = "NULLIF(r.rngcanonical::pg_catalog.text, '-')"},
    [RANGE_DIFF] = {.text = "NULLIF(r.rngsubdiff::pg_catalog.text, '-')"},
    [RANGE_MULTI] = {.text = "pg_catalog.format_type(r.rngmultitypid, NULL)", .since = 140000},
};

static const DnSqlPart range_from[] = {
    {.text = "FROM pg_catalog.pg_range r"},
    {.text = "JOIN pg_catalog.pg_type st ON st.oid = r.rngsubtype"},
    {.text = "JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc"},
    {.text = "JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_collation co"
             " ON co.oid = r.rngcollation AND r.rngcollation <> st.typcollation"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"},
    {.text = "WHERE r.rngtypid >= " DN_FIRST_OID},
};

static DnStatus take_ranges(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type = dn_model_type(model, dn_rows_oid(rows, i, RANGE_TYPE));
        if (type) {
            type->subtype = dn_row_text(model, rows, i, RANGE_SUBTYPE);
            type->subtype_opclass = dn_row_text(model, rows, i, RANGE_OPCLASS);
            type->range_collation = dn_row_text(model, rows, i, RANGE_COLLATION);
            type->canonical = dn_row_text(model, rows, i, RANGE_CANONICAL);
            type->subtype_diff = dn_row_text(model, rows, i, RANGE_DIFF);
            type->multirange_name = dn_row_text(model, rows, i, RANGE_MULTI);
        }
    }
    return check(model, err);
}

const DnFetch dn_fetch_ranges = {.what = "reading range types",
                                 .scope = DN_SCOPE_ALL,
                                 DN_COLUMNS(range_columns),
                                 DN_FROM(range_from),
                                 .rows = take_ranges};

/* ---- Base types ------------------------------------------------------------------ */

enum {
    BASE_OID,
    BASE_INPUT,
    BASE_OUTPUT,
    BASE_RECEIVE,
    BASE_SEND,
    BASE_TYPMOD_IN,
    BASE_TYPMOD_OUT,
    BASE_ANALYZE,
    BASE_SUBSCRIPT,
    BASE_LENGTH,
    BASE_BY_VALUE,
    BASE_ALIGN,
    BASE_STORAGE,
    BASE_CATEGORY,
    BASE_PREFERRED,
    BASE_COLLATABLE,
    BASE_DELIMITER,
    BASE_ELEMENT,
    BASE_DEFAULT,
    BASE_DEFAULT_LITERAL
};

static const DnSqlPart base_columns[] = {
    [BASE_OID] = {.text = "t.oid"},
    [BASE_INPUT] = {.text = "t.typinput"},
    [BASE_OUTPUT] = {.text = "t.typoutput"},
    [BASE_RECEIVE] = {.text = "NULLIF(t.typreceive::pg_catalog.text, '-')"},
    [BASE_SEND] = {.text = "NULLIF(t.typsend::pg_catalog.text, '-')"},
    [BASE_TYPMOD_IN] = {.text = "NULLIF(t.typmodin::pg_catalog.text, '-')"},
    [BASE_TYPMOD_OUT] = {.text = "NULLIF(t.typmodout::pg_catalog.text, '-')"},
    [BASE_ANALYZE] = {.text = "NULLIF(t.typanalyze::pg_catalog.text, '-')"},
    [BASE_SUBSCRIPT] = {.text = "NULLIF(t.typsubscript::pg_catalog.text, '-')", .since = 140000},
    [BASE_LENGTH] = {.text = "t.typlen"},
    [BASE_BY_VALUE] = {.text = "t.typbyval"},
    [BASE_ALIGN] = {.text = "t.typalign"},
    [BASE_STORAGE] = {.text = "t.typstorage"},
    [BASE_CATEGORY] = {.text = "t.typcategory"},
    [BASE_PREFERRED] = {.text = "t.typispreferred"},
    [BASE_COLLATABLE] = {.text = "t.typcollation <> 0"},
    [BASE_DELIMITER] = {.text = "t.typdelim"},
    [BASE_ELEMENT] = {.text = "CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END"},
    [BASE_DEFAULT] = {.text = "CASE WHEN t.typdefaultbin IS NULL THEN t.typdefault"
                              " ELSE pg_catalog.pg_get_expr(t.typdefaultbin, 0) END"},
    [BASE_DEFAULT_LITERAL] = {.text = "t.typdefaultbin IS NULL"},
};

static const DnSqlPart base_from[] = {
    {.text = "FROM pg_catalog.pg_type t"},
    {.text = "WHERE t.typtype = 'b' AND t.oid >= " DN_FIRST_OID
             " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e"
             " WHERE e.oid = t.typelem AND e.typarray = t.oid)"},
};

static DnStatus take_base_types(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type = dn_model_type(model, dn_rows_oid(rows, i, BASE_OID));
        if (!type) {
            continue;
        }
        type->input = dn_row_text(model, rows, i, BASE_INPUT);
        type->output = dn_row_text(model, rows, i, BASE_OUTPUT);
        type->receive = dn_row_text(model, rows, i, BASE_RECEIVE);
        type->send = dn_row_text(model, rows, i, BASE_SEND);
        type->typmod_in = dn_row_text(model, rows, i, BASE_TYPMOD_IN);
        type->typmod_out = dn_row_text(model, rows, i, BASE_TYPMOD_OUT);
        type->analyze = dn_row_text(model, rows, i, BASE_ANALYZE);
        type->subscript = dn_row_text(model, rows, i, BASE_SUBSCRIPT);
        type->length = dn_rows_int(rows, i, BASE_LENGTH);
        type->by_value = dn_rows_bool(rows, i, BASE_BY_VALUE);
        type->align = dn_rows_char(rows, i, BASE_ALIGN);
        type->storage = dn_rows_char(rows, i, BASE_STORAGE);
        type->category = dn_rows_char(rows, i, BASE_CATEGORY);
        type->preferred = dn_rows_bool(rows, i, BASE_PREFERRED);
        type->collatable = dn_rows_bool(rows, i, BASE_COLLATABLE);
        type->delimiter = dn_row_text(model, rows, i, BASE_DELIMITER);
        type->element_name = dn_row_text(model, rows, i, BASE_ELEMENT);
        type->fallback = dn_row_text(model, rows, i, BASE_DEFAULT);
        type->fallback_literal = dn_rows_bool(rows, i, BASE_DEFAULT_LITERAL);
    }
    return check(model, err);
}

const DnFetch dn_fetch_base_types = {.what = "reading base types",
                                     .scope = DN_SCOPE_ALL,
                                     DN_COLUMNS(base_columns),
                                     DN_FROM(base_from),
                                     .rows = take_base_types};
