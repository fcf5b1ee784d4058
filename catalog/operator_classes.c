#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/* ---- Families -------------------------------------------------------------------- */

enum { FAM_OID, FAM_NAME, FAM_SCHEMA, FAM_OWNER, FAM_METHOD, FAM_HANDLER };

/* A handler can have any name: its C function tells whose rules the method has. 12 is the language internal.
 */
#define HANDLER "(SELECT p.prosrc FROM pg_catalog.pg_proc p WHERE p.oid = a.amhandler AND p.prolang = 12)"

static const DnSqlPart family_columns[] = {
    [FAM_OID] = {.text = "f.oid"},
    [FAM_NAME] = {.text = "f.opfname"},
    [FAM_SCHEMA] = {.text = "f.opfnamespace"},
    [FAM_OWNER] = {.text = "pg_catalog.pg_get_userbyid(f.opfowner)"},
    [FAM_METHOD] = {.text = "a.amname"},
    [FAM_HANDLER] = {.text = HANDLER},
};

static const DnSqlPart family_from[] = {
    {.text = "FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_am a ON a.oid = f.opfmethod "
             "WHERE f.oid >= " DN_FIRST_OID " ORDER BY f.oid"},
};

static DnStatus take_families(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnOpfamily *family =
            DN_ADD(model, DnOpfamily, DN_KIND_OPFAMILY, dn_rows_oid(rows, i, FAM_OID),
                   dn_rows_str(rows, i, FAM_NAME), dn_model_schema(model, dn_rows_oid(rows, i, FAM_SCHEMA)));
        if (!family) {
            return dn_err_nomem(err);
        }
        family->object.owner = dn_row_text(model, rows, i, FAM_OWNER);
        family->method = dn_row_text(model, rows, i, FAM_METHOD);
        family->handler = dn_row_text(model, rows, i, FAM_HANDLER);
        dn_select_object(catalog, &family->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_opfamilies = {.what = "reading operator families",
                                     .scope = DN_SCOPE_ALL,
                                     .only_with = DN_WITH_OPFAMILY,
                                     DN_COLUMNS(family_columns),
                                     DN_FROM(family_from),
                                     .rows = take_families};

/* ---- Classes --------------------------------------------------------------------- */

enum {
    CLS_OID,
    CLS_NAME,
    CLS_SCHEMA,
    CLS_OWNER,
    CLS_METHOD,
    CLS_HANDLER,
    CLS_DEFAULT,
    CLS_TYPE,
    CLS_STORAGE,
    CLS_FAMILY,
    CLS_FAMILY_OID
};

static const DnSqlPart class_columns[] = {
    [CLS_OID] = {.text = "c.oid"},
    [CLS_NAME] = {.text = "c.opcname"},
    [CLS_SCHEMA] = {.text = "c.opcnamespace"},
    [CLS_OWNER] = {.text = "pg_catalog.pg_get_userbyid(c.opcowner)"},
    [CLS_METHOD] = {.text = "a.amname"},
    [CLS_HANDLER] = {.text = HANDLER},
    [CLS_DEFAULT] = {.text = "c.opcdefault"},
    [CLS_TYPE] = {.text = "c.opcintype::pg_catalog.regtype"},
    [CLS_STORAGE] = {.text = "CASE WHEN c.opckeytype <> 0 THEN c.opckeytype::pg_catalog.regtype END"},
    [CLS_FAMILY] = {.text = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(f.opfname)"},
    [CLS_FAMILY_OID] = {.text = "f.oid"},
};

static const DnSqlPart class_from[] = {
    {.text = "FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am a ON a.oid = c.opcmethod"},
    {.text = "JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily"},
    {.text = "JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace"},
    {.text = "WHERE c.oid >= " DN_FIRST_OID " ORDER BY c.oid"},
};

static DnStatus take_classes(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnOpclass *class_ =
            DN_ADD(model, DnOpclass, DN_KIND_OPCLASS, dn_rows_oid(rows, i, CLS_OID),
                   dn_rows_str(rows, i, CLS_NAME), dn_model_schema(model, dn_rows_oid(rows, i, CLS_SCHEMA)));
        if (!class_) {
            return dn_err_nomem(err);
        }
        class_->as_family.object.owner = dn_row_text(model, rows, i, CLS_OWNER);
        class_->as_family.method = dn_row_text(model, rows, i, CLS_METHOD);
        class_->as_family.handler = dn_row_text(model, rows, i, CLS_HANDLER);
        class_->is_default = dn_rows_bool(rows, i, CLS_DEFAULT);
        class_->type = dn_row_text(model, rows, i, CLS_TYPE);
        class_->storage = dn_row_text(model, rows, i, CLS_STORAGE);
        class_->family = dn_row_text(model, rows, i, CLS_FAMILY);
        class_->family_oid = dn_rows_oid(rows, i, CLS_FAMILY_OID);
        dn_select_object(catalog, &class_->as_family.object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_opclasses = {.what = "reading operator classes",
                                    .scope = DN_SCOPE_ALL,
                                    .only_with = DN_WITH_OPCLASS,
                                    DN_COLUMNS(class_columns),
                                    DN_FROM(class_from),
                                    .rows = take_classes};

/* ---- Their members --------------------------------------------------------------- */

enum { MEM_CLASS, MEM_OBJECT, MEM_FUNCTION, MEM_NUMBER, MEM_WHAT, MEM_LEFT, MEM_RIGHT, MEM_SORT_FAMILY };

static const DnSqlPart member_columns[] = {
    [MEM_CLASS] = {.text = "c.classid"},
    [MEM_OBJECT] = {.text = "c.oid"},
    [MEM_FUNCTION] = {.text = "m.is_function"},
    [MEM_NUMBER] = {.text = "m.number"},
    [MEM_WHAT] = {.text = "m.what"},
    [MEM_LEFT] = {.text = "m.left_type"},
    [MEM_RIGHT] = {.text = "m.right_type"},
    [MEM_SORT_FAMILY] = {.text = "m.sort_family"},
};

/*
 * Whose member a row is, tells its entry in pg_depend: on a class, or on the family (which of them, the
 * server decides when the member is made, and since 14 the access method). An operator FOR ORDER BY depends
 * on the other family as well, whose member it is not.
 *
 * pg_dump orders by number alone, object by object. Where many have one number, they stand as the server's
 * sort leaves them, which depends on the order in which it is given them. So each object's members are sorted
 * for themselves here too, and the inner order is the one in which pg_dump's query, too, finds them in a new
 * database.
 */
static const DnSqlPart member_from[] = {
    {.text = "FROM (SELECT tableoid AS classid, oid, opcfamily AS family FROM pg_catalog.pg_opclass"
             " WHERE oid >= " DN_FIRST_OID " UNION ALL"
             " SELECT tableoid, oid, oid FROM pg_catalog.pg_opfamily WHERE oid >= " DN_FIRST_OID ") c,"},
    {.text = "LATERAL ((SELECT false AS is_function, o.amopstrategy AS number,"
             " o.amopopr::pg_catalog.regoperator::pg_catalog.text AS what,"
             " o.amoplefttype::pg_catalog.regtype::pg_catalog.text AS left_type,"
             " o.amoprighttype::pg_catalog.regtype::pg_catalog.text AS right_type,"
             " (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(f.opfname)"
             " FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace"
             " WHERE f.oid = o.amopsortfamily) AS sort_family"
             " FROM (SELECT a.* FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amop a"
             " ON d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND d.objid = a.oid"
             " WHERE d.refclassid = c.classid AND d.refobjid = c.oid AND a.amopfamily = c.family"
             " ORDER BY a.amopsortfamily, a.amoplefttype, a.amoprighttype, a.amopstrategy, a.amoppurpose"
             " OFFSET 0) o ORDER BY o.amopstrategy)"},
    {.text = "UNION ALL (SELECT true, p.amprocnum, p.amproc::pg_catalog.regprocedure::pg_catalog.text,"
             " p.amproclefttype::pg_catalog.regtype::pg_catalog.text,"
             " p.amprocrighttype::pg_catalog.regtype::pg_catalog.text, NULL"
             " FROM (SELECT a.* FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amproc a"
             " ON d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND d.objid = a.oid"
             " WHERE d.refclassid = c.classid AND d.refobjid = c.oid ORDER BY a.oid OFFSET 0) p"
             " ORDER BY p.amprocnum)) m"},
};

static DnStatus take_members(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnOpfamily *whole = (DnOpfamily *)dn_model_find(model, dn_rows_oid(rows, i, MEM_CLASS),
                                                        dn_rows_oid(rows, i, MEM_OBJECT));
        if (!whole) {
            continue;
        }
        const DnOpMember member = {.is_function = dn_rows_bool(rows, i, MEM_FUNCTION),
                                   .number = dn_row_text(model, rows, i, MEM_NUMBER),
                                   .what = dn_row_text(model, rows, i, MEM_WHAT),
                                   .left = dn_row_text(model, rows, i, MEM_LEFT),
                                   .right = dn_row_text(model, rows, i, MEM_RIGHT),
                                   .sort_family = dn_row_text(model, rows, i, MEM_SORT_FAMILY)};
        DN_PUSH(&model->arena, &whole->members, member);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_operator_members = {.what = "reading members of operator classes and families",
                                           .scope = DN_SCOPE_ALL,
                                           DN_COLUMNS(member_columns),
                                           DN_FROM(member_from),
                                           .rows = take_members};
