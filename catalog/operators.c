#include <string.h>

#include "catalog/fetch.h"
#include "common/err.h"

enum {
    COL_OID,
    COL_NAME,
    COL_SCHEMA,
    COL_OWNER,
    COL_OPRKIND,
    COL_LEFT_OID,
    COL_RIGHT_OID,
    COL_LEFT,
    COL_RIGHT,
    COL_FUNCTION,
    COL_FUNCTION_OID,
    COL_COMMUTATOR,
    COL_NEGATOR,
    COL_RESTRICT,
    COL_JOIN,
    COL_MERGES,
    COL_HASHES
};

/* The functions come with their arguments: regproc would add a schema where a name is overloaded, also
   pg_catalog, and pg_dump does not. */
static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "o.oid"},
    [COL_NAME] = {.text = "o.oprname"},
    [COL_SCHEMA] = {.text = "o.oprnamespace"},
    [COL_OWNER] = {.text = "pg_catalog.pg_get_userbyid(o.oprowner)"},
    [COL_OPRKIND] = {.text = "o.oprkind"},
    [COL_LEFT_OID] = {.text = "o.oprleft"},
    [COL_RIGHT_OID] = {.text = "o.oprright"},
    [COL_LEFT] = {.text = "CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END"},
    [COL_RIGHT] = {.text = "CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END"},
    [COL_FUNCTION] = {.text = "o.oprcode::pg_catalog.regprocedure"},
    [COL_FUNCTION_OID] = {.text = "o.oprcode::pg_catalog.oid"},
    [COL_COMMUTATOR] = {.text = "'OPERATOR(' || pg_catalog.quote_ident(cn.nspname) || '.' || c.oprname"
                                " || ')'"},
    [COL_NEGATOR] = {.text = "'OPERATOR(' || pg_catalog.quote_ident(nn.nspname) || '.' || n.oprname"
                             " || ')'"},
    [COL_RESTRICT] = {.text = "o.oprrest::pg_catalog.regprocedure"},
    [COL_JOIN] = {.text = "o.oprjoin::pg_catalog.regprocedure"},
    [COL_MERGES] = {.text = "o.oprcanmerge"},
    [COL_HASHES] = {.text = "o.oprcanhash"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_operator o"},
    {.text = "LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_operator n ON n.oid = o.oprnegate"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace nn ON nn.oid = n.oprnamespace"},
    {.text = "WHERE o.oid >= " DN_FIRST_OID},
};

/* "schema.name(arguments)" without the arguments; NULL for "-", no function. */
static const char *function_name(DnModel *model, const char *signature) {
    bool quoted = false;
    size_t length = 0;
    while (signature[length] && (quoted || signature[length] != '(')) {
        quoted = signature[length] == '"' ? !quoted : quoted;
        length++;
    }
    return strcmp(signature, "-") == 0 ? NULL : dn_arena_strn(&model->arena, signature, length);
}

static void take_row(DnModel *model, DnOperator *op, const DnRows *rows, size_t row) {
    op->object.owner = dn_row_text(model, rows, row, COL_OWNER);
    op->oprkind = dn_rows_char(rows, row, COL_OPRKIND);
    op->left_oid = dn_rows_oid(rows, row, COL_LEFT_OID);
    op->right_oid = dn_rows_oid(rows, row, COL_RIGHT_OID);
    op->left = dn_row_text(model, rows, row, COL_LEFT);
    op->right = dn_row_text(model, rows, row, COL_RIGHT);
    op->function = function_name(model, dn_rows_str(rows, row, COL_FUNCTION));
    op->function_oid = dn_rows_oid(rows, row, COL_FUNCTION_OID);
    op->commutator = dn_row_text(model, rows, row, COL_COMMUTATOR);
    op->negator = dn_row_text(model, rows, row, COL_NEGATOR);
    op->restrict_ = function_name(model, dn_rows_str(rows, row, COL_RESTRICT));
    op->join = function_name(model, dn_rows_str(rows, row, COL_JOIN));
    op->merges = dn_rows_bool(rows, row, COL_MERGES);
    op->hashes = dn_rows_bool(rows, row, COL_HASHES);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnOperator *op =
            DN_ADD(model, DnOperator, DN_KIND_OPERATOR, dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), dn_model_schema(model, dn_rows_oid(rows, i, COL_SCHEMA)));
        if (!op) {
            return dn_err_nomem(err);
        }
        take_row(model, op, rows, i);
        dn_select_object(catalog, &op->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_operators = {.what = "reading operators",
                                    .scope = DN_SCOPE_ALL,
                                    .only_with = DN_WITH_OPERATOR,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_rows};
