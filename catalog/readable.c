#include "catalog/readable.h"

#include "common/err.h"

/* ---- Notes ----------------------------------------------------------------------- */

static void take_note(DnCatalog *catalog, const DnBuf *what, const char *why) {
    DnBuf text = {0};
    bool skip = catalog->selection.skip_unreadable;
    dn_buf_fmt(&text, skip ? "%s: %s" : "%s can't be read: %s", dn_buf_text(what), why);
    if (dn_buf_failed(&text)) {
        catalog->model->arena.failed = true;
    } else if (skip) {
        dn_catalog_omit(catalog, dn_buf_text(&text));
    } else {
        const char *line = dn_model_str(catalog->model, dn_buf_text(&text));
        DN_PUSH(&catalog->model->arena, &catalog->unreadable, line);
    }
    dn_buf_deinit(&text);
}

/* The extension whose files the foreign table's wrapper would need. */
static const DnExtension *missing_wrapper(const DnCatalog *catalog, const DnRelation *r) {
    const DnServer *server =
        (const DnServer *)dn_model_find(catalog->model, DN_CLASS_SERVER, r->foreign_server_oid);
    const DnObject *wrapper =
        server ? dn_model_find(catalog->model, DN_CLASS_FDW, server->wrapper_oid) : NULL;
    const DnExtension *extension = wrapper ? wrapper->member_of : NULL;
    return extension && extension->missing ? extension : NULL;
}

static bool write_reason(const DnCatalog *catalog, const DnRelation *r, DnBuf *why) {
    const DnExtension *extension = r->relkind == 'f' ? missing_wrapper(catalog, r) : NULL;
    switch (r->unreadable) {
    case DN_UNREADABLE_SCHEMA:
        dn_buf_fmt(why, "no USAGE on schema \"%s\"", r->object.schema->object.name);
        return true;
    case DN_UNREADABLE_TABLE:
        dn_buf_str(why, "no SELECT privilege");
        return true;
    case DN_UNREADABLE_ROWS:
        if (!catalog->selection.row_security) {
            dn_buf_str(why, "row-level security hides rows");
            return true;
        }
        break;
    default:
        break;
    }
    if (extension) {
        dn_buf_fmt(why, "the server lacks the files of extension \"%s\"", extension->object.name);
    }
    return extension;
}

/* Without the rows only the lock counts, which a policy doesn't forbid. */
static bool is_locked(const DnRelation *r) {
    return (r->relkind == 'r' || r->relkind == 'p') && r->unreadable != DN_UNREADABLE_ROWS &&
           (r->object.dump & (DN_PART_DEFINITION | DN_PART_DATA | DN_PART_POLICY));
}

bool dn_readable(DnCatalog *catalog, const DnRelation *relation, bool rows) {
    if (!relation->object.schema || (!relation->unreadable && relation->relkind != 'f') ||
        (!rows && (catalog->selection.skip_unreadable || !is_locked(relation)))) {
        return true;
    }
    DnBuf why = {0};
    bool found = write_reason(catalog, relation, &why);
    if (found) {
        DnBuf what = {0};
        const char *noun = relation->relkind == 'S' ? "sequence" : "table";
        dn_buf_fmt(&what, "%s%s \"%s.%s\"",
                   !catalog->selection.skip_unreadable ? ""
                   : relation->relkind == 'S'          ? "value of "
                                                       : "rows of ",
                   noun, relation->object.schema->object.name, relation->object.name);
        take_note(catalog, &what, dn_buf_text(&why));
        dn_buf_deinit(&what);
    }
    dn_buf_deinit(&why);
    return !found;
}

void dn_readable_large_objects(DnCatalog *catalog, const char *first, size_t count) {
    DnBuf what = {0};
    dn_buf_fmt(&what, "large object %s", first);
    if (count > 1) {
        dn_buf_fmt(&what, " and %zu more", count - 1);
    }
    take_note(catalog, &what, "no SELECT privilege");
    dn_buf_deinit(&what);
}

DnStatus dn_readable_check(DnCatalog *catalog, DnErr *err) {
    size_t count = catalog->unreadable.count;
    if (!count) {
        return DN_OK;
    }
    const char *const *lines = catalog->unreadable.items;
    for (size_t i = 0; count > 1 && i < count; i++) {
        catalog->warn(catalog->ctx, lines[i]);
    }
    if (count == 1) {
        (void)dn_err(err, DN_E_QUERY, "%s", lines[0]);
    } else {
        (void)dn_err(err, DN_E_QUERY, "%zu things can't be read, the first of them: %s", count, lines[0]);
    }
    dn_err_sqlstate(err, "42501"); /* insufficient_privilege */
    dn_err_hint(
        err,
        "Grant USAGE on the schema and SELECT, or let a role with BYPASSRLS dump; leave them out by name "
        "with -T or --exclude-table-data, large objects with -B; or leave out all such rows with "
        "--skip-unreadable.");
    return DN_E_QUERY;
}

/* ---- Extensions without files ---------------------------------------------------- */

enum { OID };

static const DnSqlPart columns[] = {
    [OID] = {.text = "x.oid"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_extension x WHERE x.oid >= " DN_FIRST_OID " AND x.extname NOT IN "
             "(SELECT a.name FROM pg_catalog.pg_available_extensions() a) ORDER BY x.oid"},
};

/* The server reads a file for each that is available. */
static bool has_extensions(const DnCatalog *catalog) {
    for (size_t i = 0; !catalog->selection.stand_in && i < catalog->model->objects.count; i++) {
        const DnObject *object = catalog->model->objects.items[i];
        if (object->classoid == DN_CLASS_EXTENSION && !dn_is_builtin(object->oid)) {
            return true;
        }
    }
    return false;
}

static DnStatus take_missing(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnExtension *extension =
            (DnExtension *)dn_model_find(catalog->model, DN_CLASS_EXTENSION, dn_rows_oid(rows, i, OID));
        if (extension) {
            extension->missing = true;
        }
    }
    return dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_missing_extensions = {.what = "looking for the extensions' files",
                                             .scope = DN_SCOPE_ALL,
                                             DN_COLUMNS(columns),
                                             DN_FROM(from),
                                             .wanted = has_extensions,
                                             .rows = take_missing};

void dn_readable_tell_missing(DnCatalog *catalog) {
    const DnModel *model = catalog->model;
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (object->classoid == DN_CLASS_EXTENSION && ((const DnExtension *)object)->missing &&
            (object->dump & DN_PART_DEFINITION)) {
            DnBuf text = {0};
            dn_buf_fmt(&text,
                       "the server lacks the files of extension \"%s\": what needs them fails there, and a "
                       "restore needs them where it runs",
                       object->name);
            catalog->warn(catalog->ctx, dn_buf_text(&text));
            dn_buf_deinit(&text);
        }
    }
}
