#include "catalog/fetch.h"
#include "common/err.h"

enum {
    OID,
    NAME,
    OWNER,
    ACL,
    ACL_DEFAULT,
    TRUSTED,
    HANDLER,
    HANDLER_NAME,
    INLINE,
    INLINE_NAME,
    VALIDATOR,
    VALIDATOR_NAME
};

#define FUNCTION_NAME(column)                                                                                \
    "(SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)"                  \
    " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"                    \
    " WHERE p.oid = " column ")"

static const DnSqlPart columns[] = {
    [OID] = {.text = "l.oid"},
    [NAME] = {.text = "l.lanname"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(l.lanowner)"},
    [ACL] = {.text = "l.lanacl"},
    [ACL_DEFAULT] = {.text = "pg_catalog.acldefault('l', l.lanowner)"},
    [TRUSTED] = {.text = "l.lanpltrusted"},
    [HANDLER] = {.text = "l.lanplcallfoid"},
    [HANDLER_NAME] = {.text = FUNCTION_NAME("l.lanplcallfoid")},
    [INLINE] = {.text = "l.laninline"},
    [INLINE_NAME] = {.text = FUNCTION_NAME("l.laninline")},
    [VALIDATOR] = {.text = "l.lanvalidator"},
    [VALIDATOR_NAME] = {.text = FUNCTION_NAME("l.lanvalidator")},
};

/* internal, c and sql are not procedural. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_language l WHERE l.lanispl ORDER BY l.oid"},
};

/* initdb's own (plpgsql) is in every database already: only its privileges may differ. */
static void select_language(const DnCatalog *catalog, DnObject *language) {
    dn_select_object(catalog, language);
    if (dn_is_builtin(language->oid)) {
        language->dump &= DN_PART_ACL;
    }
}

static DnLanguageFunction take_function(DnModel *model, const DnRows *rows, size_t row, size_t oid) {
    return (DnLanguageFunction){.oid = dn_rows_oid(rows, row, oid),
                                .name = dn_row_text(model, rows, row, oid + 1)};
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnLanguage *language = DN_ADD(model, DnLanguage, DN_KIND_LANGUAGE, dn_rows_oid(rows, i, OID),
                                      dn_rows_str(rows, i, NAME), NULL);
        if (!language) {
            return dn_err_nomem(err);
        }
        language->object.owner = dn_row_text(model, rows, i, OWNER);
        dn_set_acl(model, &language->object, dn_rows_text(rows, i, ACL), dn_rows_text(rows, i, ACL_DEFAULT));
        language->trusted = dn_rows_bool(rows, i, TRUSTED);
        language->handler = take_function(model, rows, i, HANDLER);
        language->inline_ = take_function(model, rows, i, INLINE);
        language->validator = take_function(model, rows, i, VALIDATOR);
        select_language(catalog, &language->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_languages = {.what = "reading procedural languages",
                                    .scope = DN_SCOPE_ALL,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_rows};
