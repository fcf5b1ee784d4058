#include <string.h>

#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { CLASS, OBJECT, SUBID, PRIVILEGES };

static const DnSqlPart columns[] = {
    [CLASS] = {.text = "p.classoid"},
    [OBJECT] = {.text = "p.objoid"},
    [SUBID] = {.text = "p.objsubid"},
    [PRIVILEGES] = {.text = "p.initprivs"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_init_privs p"},
};

/* An aclitem spells a role name in double quotes unless it is plain. */
static void add_role(DnBuf *buf, const char *name) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (strspn(name, plain) == strlen(name)) {
        dn_buf_str(buf, name);
        return;
    }
    /* Twice over: once for the aclitem, once for the array around it. */
    dn_buf_str(buf, "\\\"");
    for (const char *p = name; *p; p++) {
        dn_buf_str(buf, *p == '"' ? "\\\"\\\"" : *p == '\\' ? "\\\\" : "");
        if (*p != '"' && *p != '\\') {
            dn_buf_char(buf, *p);
        }
    }
    dn_buf_str(buf, "\\\"");
}

/*
 * What initdb noted for public is not what a new database has after its owner was changed: there the base
 * is what every empty database starts with: since 15 {owner=UC/owner,=U/owner}, before that with CREATE
 * for everyone.
 */
static void set_public_base(DnModel *model, DnObject *schema) {
    DnBuf base = {0};
    dn_buf_str(&base, "{\"");
    add_role(&base, schema->owner);
    dn_buf_str(&base, "=UC/");
    add_role(&base, schema->owner);
    dn_buf_str(&base, dn_model_major(model) >= 15 ? "\",\"=U/" : "\",\"=UC/");
    add_role(&base, schema->owner);
    dn_buf_str(&base, "\"}");
    schema->acl.base = dn_model_str(model, dn_buf_text(&base));
    dn_buf_deinit(&base);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
        const char *base = dn_row_text(model, rows, i, PRIVILEGES);
        int subid = dn_rows_int(rows, i, SUBID);
        if (object && subid == 0) {
            object->acl.base = base;
        } else if (object && object->classoid == DN_CLASS_RELATION && object->kind != DN_KIND_INDEX) {
            DnAttribute *column = dn_column((DnRelation *)object, subid);
            if (column) {
                column->acl_base = base;
            }
        }
    }
    /* Until 14 pg_dump took initdb's word. */
    size_t count = catalog->selection.stand_in && dn_model_major(model) < 15 ? 0 : model->objects.count;
    for (size_t i = 0; i < count; i++) {
        DnObject *object = model->objects.items[i];
        if (object->kind == DN_KIND_SCHEMA && strcmp(object->name, "public") == 0) {
            set_public_base(model, object);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_initial_privileges = {.what = "reading initial privileges",
                                             .scope = DN_SCOPE_ALL,
                                             DN_COLUMNS(columns),
                                             DN_FROM(from),
                                             .rows = take_rows};
