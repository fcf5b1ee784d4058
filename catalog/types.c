#include "catalog/types.h"

#include "common/err.h"

/*
 * Every type of the database gets a row, the server's own too: tags and the order of functions are made
 * of the names of their arguments' types.
 */
enum {
    COL_OID,
    COL_NAME,
    COL_SCHEMA,
    COL_OWNER,
    COL_ACL,
    COL_ACL_DEFAULT,
    COL_TYPTYPE,
    COL_DEFINED,
    COL_ELEMENT,
    COL_RELATION,
    COL_RELKIND,
    COL_IS_ARRAY,
    COL_FULL_NAME,
    COL_INPUT,
    COL_OUTPUT,
    COL_BTREE_CLASS,
    COL_BASE
};

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "t.oid"},
    [COL_NAME] = {.text = "t.typname"},
    [COL_SCHEMA] = {.text = "t.typnamespace"},
    [COL_OWNER] = {.text = "w.name"},
    [COL_ACL] = {.text = "t.typacl"},
    [COL_ACL_DEFAULT] = {.text = "w.acl"},
    [COL_TYPTYPE] = {.text = "t.typtype"},
    [COL_DEFINED] = {.text = "t.typisdefined"},
    [COL_ELEMENT] = {.text = "t.typelem"},
    [COL_RELATION] = {.text = "t.typrelid"},
    [COL_RELKIND] = {.text = "c.relkind"},
    [COL_IS_ARRAY] = {.text = "e.typarray IS NOT NULL"},
    /* that of any other is its schema and name */
    [COL_FULL_NAME] = {.text = "CASE WHEN t.oid < 16384 OR "
                               "t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace "
                               "THEN pg_catalog.format_type(t.oid, NULL) END"},
    [COL_INPUT] = {.text = "t.typinput::pg_catalog.oid"},
    [COL_OUTPUT] = {.text = "t.typoutput::pg_catalog.oid"},
    [COL_BTREE_CLASS] = {.text = "b.oid"},
    [COL_BASE] = {.text = "t.typbasetype"},
};

/* An array type is the one that its element calls its array; others with an element are types like name. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_type t"},
    {.text = DN_OWNERS("pg_type", "typowner", "pg_catalog.acldefault('T', u.oid)::pg_catalog.text AS acl",
                       "t.typowner")},
    {.text = "LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"},
    {.text = "LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"},
    {.text = "LEFT JOIN (SELECT o.opcintype, pg_catalog.min(o.oid) AS oid FROM pg_catalog.pg_opclass o"
             " JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'"
             " WHERE o.opcdefault GROUP BY o.opcintype) b ON b.opcintype = t.oid"},
};

/* Row types come and go with their relation; composites stand for themselves. */
static bool is_row_type(const DnType *type) {
    return type->relation && type->relkind != 'c';
}

static DnKind kind_of(const DnRows *rows, size_t row) {
    char typtype = dn_rows_char(rows, row, COL_TYPTYPE);
    char relkind = dn_rows_char(rows, row, COL_RELKIND);
    bool implicit = dn_rows_bool(rows, row, COL_IS_ARRAY) || typtype == 'm' ||
                    (dn_rows_oid(rows, row, COL_RELATION) && relkind != 'c');
    return implicit ? DN_KIND_IMPLICIT_TYPE : DN_KIND_TYPE;
}

static void select_type(const DnCatalog *catalog, DnType *type) {
    if (is_row_type(type)) {
        const DnRelation *relation = dn_model_relation(catalog->model, type->relation);
        type->object.dump = relation ? relation->object.dump : DN_PART_NONE;
    } else {
        dn_select_object(catalog, &type->object);
    }
}

/* Base types are made of functions that take or return them, and ranges may have such a function: then the
   name of the type must exist first. Whether the shell is written shows when loops are broken. */
static void add_shell(DnModel *model, DnType *type) {
    bool may_loop = (type->typtype == 'b' || type->typtype == 'r') && type->object.kind == DN_KIND_TYPE;
    if (!may_loop || !(type->object.dump & DN_PART_DEFINITION)) {
        return;
    }
    type->shell = DN_ADD(model, DnObject, DN_KIND_SHELL_TYPE, 0, type->object.name, type->object.schema);
    if (type->shell) {
        type->shell->owner = type->object.owner;
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type =
            DN_ADD(model, DnType, kind_of(rows, i), dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), dn_model_schema(model, dn_rows_oid(rows, i, COL_SCHEMA)));
        if (!type) {
            return dn_err_nomem(err);
        }
        type->object.owner = dn_row_shared(model, rows, i, COL_OWNER);
        dn_set_acl(model, &type->object, dn_rows_text(rows, i, COL_ACL),
                   dn_rows_text(rows, i, COL_ACL_DEFAULT));
        type->typtype = dn_rows_char(rows, i, COL_TYPTYPE);
        type->defined = dn_rows_bool(rows, i, COL_DEFINED);
        type->is_array = dn_rows_bool(rows, i, COL_IS_ARRAY);
        type->element = dn_rows_oid(rows, i, COL_ELEMENT);
        type->relation = dn_rows_oid(rows, i, COL_RELATION);
        type->relkind = dn_rows_char(rows, i, COL_RELKIND);
        type->base_oid = dn_rows_oid(rows, i, COL_BASE);
        type->full_name = dn_row_text(model, rows, i, COL_FULL_NAME);
        type->input_function = dn_rows_oid(rows, i, COL_INPUT);
        type->output_function = dn_rows_oid(rows, i, COL_OUTPUT);
        type->btree_class = dn_rows_oid(rows, i, COL_BTREE_CLASS);
        select_type(catalog, type);
        add_shell(model, type);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

/* Is something of it asked for that pg_dump would write, if it knew how? */
static bool is_in_vain(const DnType *type) {
    const DnObject *object = &type->object;
    bool asked = (object->dump & DN_PART_DEFINITION) || ((object->dump & DN_PART_ACL) && object->acl.current);
    return type->typtype == 'p' && type->defined && asked;
}

void dn_types_warn(const DnCatalog *catalog) {
    const DnModel *model = catalog->model;
    for (size_t i = 0; catalog->selection.stand_in && i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        if (object->kind == DN_KIND_TYPE && is_in_vain((const DnType *)object)) {
            DnBuf text = {0};
            dn_buf_fmt(&text, "typtype of data type \"%s\" appears to be invalid", object->name);
            catalog->warn(catalog->ctx, dn_buf_text(&text));
            dn_buf_deinit(&text);
        }
    }
}

const DnFetch dn_fetch_types = {
    .what = "reading types", .scope = DN_SCOPE_ALL, DN_COLUMNS(columns), DN_FROM(from), .rows = take_rows};
