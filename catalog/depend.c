#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { CLASS, OBJECT, REF_CLASS, REF_OBJECT, TYPE };

static const DnSqlPart columns[] = {
    [CLASS] = {.text = "d.classid"},        [OBJECT] = {.text = "d.objid"},
    [REF_CLASS] = {.text = "d.refclassid"}, [REF_OBJECT] = {.text = "d.refobjid"},
    [TYPE] = {.text = "d.deptype"},
};

/* The members of operator classes and families are no objects of their own: what they need, the family needs.
   Not itself, of course, nor the class that a member belongs to (deptype i): the class needs the family. */
#define MEMBERS(catalog, family)                                                                             \
    "UNION ALL SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, m." family ", d.refclassid, "           \
    "d.refobjid, d.deptype FROM pg_catalog.pg_depend d JOIN pg_catalog." catalog " m ON m.oid = d.objid "    \
    "WHERE d.deptype NOT IN ('p', 'e', 'i') AND d.objid >= " DN_FIRST_OID " "                                \
    "AND d.classid = 'pg_catalog." catalog "'::pg_catalog.regclass "                                         \
    "AND NOT (d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass AND d.refobjid = m." family ") "

/* Pinned entries (before 14) say nothing; extension members are read elsewhere. The triggers that carry out
   constraints, which are no objects of ours, are half of what a schema full of foreign keys has. */
static const DnSqlPart from[] = {
    {.text = "FROM (SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.deptype "
             "FROM pg_catalog.pg_depend d WHERE d.deptype NOT IN ('p', 'e') AND d.objid >= " DN_FIRST_OID " "
             "AND NOT (d.deptype = 'i' AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass) "},
    {.text = MEMBERS("pg_amop", "amopfamily") MEMBERS("pg_amproc", "amprocfamily")},
    {.text = ") d ORDER BY d.classid, d.objid, d.refclassid, d.refobjid"},
};

static void add_edge(DnModel *model, DnObject *object, DnObject *ref, char type) {
    if (type == 'x') {
        /* ALTER ... DEPENDS ON EXTENSION: written after the object, no matter of order. */
        if (ref->kind == DN_KIND_EXTENSION) {
            DN_PUSH(&model->arena, &object->depends_on_extensions, ref->name);
        }
        return;
    }
    /* A table's row type hangs on the table; with a composite type it is the other way round, and the
       type must wait for what the columns need, which is noted at the pg_class row. */
    if (type == 'i' && object->classoid == DN_CLASS_RELATION && ref->classoid == DN_CLASS_TYPE) {
        dn_depend(model, ref, object->id);
    } else {
        dn_depend(model, object, ref->id);
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *object = dn_model_find(model, dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
        if (!object) {
            continue;
        }
        uint32_t class_ = dn_rows_oid(rows, i, REF_CLASS);
        uint32_t oid = dn_rows_oid(rows, i, REF_OBJECT);
        DnObject *ref = dn_model_find(model, class_, oid);
        if (!ref) {
            /* An object of a kind that has no struct: at least its extension must come first. */
            ref = dn_map_get(&model->members, dn_map_key(class_, oid));
        }
        if (ref) {
            add_edge(model, object, ref, dn_rows_char(rows, i, TYPE));
        }
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        if (object->member_of) {
            dn_depend(model, object, object->member_of->object.id);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_dependencies = {.what = "reading dependencies",
                                       .scope = DN_SCOPE_ALL,
                                       DN_COLUMNS(columns),
                                       DN_FROM(from),
                                       .rows = take_rows};
