#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum {
    OID,
    NAME,
    OWNER,
    ACL,
    ACL_DEFAULT,
    ENCODING,
    PROVIDER,
    COLLATE,
    CTYPE,
    LOCALE,
    ICU_LOCALE,
    ICU_RULES,
    TABLESPACE,
    IS_TEMPLATE,
    CONNECTION_LIMIT,
    COMMENT,
    IN_RECOVERY
};

static const DnSqlPart columns[] = {
    [OID] = {.text = "d.oid"},
    [NAME] = {.text = "d.datname"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(d.datdba)"},
    [ACL] = {.text = "d.datacl"},
    [ACL_DEFAULT] = {.text = "pg_catalog.acldefault('d', d.datdba)"},
    [ENCODING] = {.text = "pg_catalog.pg_encoding_to_char(d.encoding)"},
    [PROVIDER] = {.text = "d.datlocprovider", .since = 150000, .otherwise = "'c'"},
    [COLLATE] = {.text = "d.datcollate"},
    [CTYPE] = {.text = "d.datctype"},
    [LOCALE] = {.text = "d.datlocale", .since = 170000},
    /* Its name until the builtin provider came. */
    [ICU_LOCALE] = {.text = "d.daticulocale", .since = 150000, .before = 170000},
    [ICU_RULES] = {.text = "d.daticurules", .since = 160000},
    [TABLESPACE] = {.text = "t.spcname"},
    [IS_TEMPLATE] = {.text = "d.datistemplate"},
    [CONNECTION_LIMIT] = {.text = "d.datconnlimit"},
    [IN_RECOVERY] = {.text = "pg_catalog.pg_is_in_recovery()"},
    [COMMENT] = {.text = "pg_catalog.shobj_description(d.oid, 'pg_database')"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace "
             "WHERE d.datname = pg_catalog.current_database()"},
};

static DnStatus take_database(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    if (dn_rows_count(rows) && dn_rows_bool(rows, 0, IN_RECOVERY)) {
        catalog->selection.no_unlogged_data = true; /* a standby has not got them */
    }
    if (!dn_rows_count(rows) || !catalog->selection.create_database) {
        return DN_OK;
    }
    DnDatabase *d = DN_ADD(model, DnDatabase, DN_KIND_DATABASE, dn_rows_oid(rows, 0, OID),
                           dn_rows_str(rows, 0, NAME), NULL);
    DnComment *comment = dn_rows_text(rows, 0, COMMENT) ? DN_NEW(&model->arena, DnComment) : NULL;
    if (!d) {
        return dn_err_nomem(err);
    }
    d->object.owner = dn_row_text(model, rows, 0, OWNER);
    d->object.dump = DN_PART_ALL;
    dn_set_acl(model, &d->object, dn_rows_text(rows, 0, ACL), dn_rows_text(rows, 0, ACL_DEFAULT));
    d->encoding = dn_row_text(model, rows, 0, ENCODING);
    d->provider = dn_rows_char(rows, 0, PROVIDER);
    d->collate = dn_row_filled(model, rows, 0, COLLATE);
    d->ctype = dn_row_filled(model, rows, 0, CTYPE);
    d->locale = dn_row_filled(model, rows, 0, dn_rows_text(rows, 0, LOCALE) ? LOCALE : ICU_LOCALE);
    d->icu_rules = dn_row_filled(model, rows, 0, ICU_RULES);
    d->tablespace = dn_row_text(model, rows, 0, TABLESPACE);
    d->is_template = dn_rows_bool(rows, 0, IS_TEMPLATE);
    d->connection_limit = dn_rows_int(rows, 0, CONNECTION_LIMIT);
    if (comment) {
        comment->text = dn_row_text(model, rows, 0, COMMENT);
        d->object.comments = comment;
    }
    model->database_object = d;
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_databases = {.what = "reading the database's properties",
                                    .scope = DN_SCOPE_ALL,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_database};

/* ---- Settings of the database, and of roles in it -------------------------------- */

enum { ROLE, SETTING };

static const DnSqlPart setting_columns[] = {
    [ROLE] = {.text = "r.rolname"},
    [SETTING] = {.text = "c.setting"},
};

static const DnSqlPart setting_from[] = {
    {.text = "FROM pg_catalog.pg_db_role_setting s "
             "JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase "
             "AND d.datname = pg_catalog.current_database() "
             "LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, "
             "pg_catalog.unnest(s.setconfig) WITH ORDINALITY c(setting, n) "
             "WHERE s.setrole = 0 OR r.oid IS NOT NULL ORDER BY r.rolname NULLS FIRST, c.n"},
};

static DnStatus take_settings(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; model->database_object && i < dn_rows_count(rows); i++) {
        DnDatabaseSetting setting = {.role = dn_row_text(model, rows, i, ROLE),
                                     .setting = dn_row_text(model, rows, i, SETTING)};
        DN_PUSH(&model->arena, &model->database_object->settings, setting);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_database_settings = {.what = "reading the database's settings",
                                            .scope = DN_SCOPE_ALL,
                                            DN_COLUMNS(setting_columns),
                                            DN_FROM(setting_from),
                                            .rows = take_settings};
