#include <string.h>

#include "catalog/config_tables.h"
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "catalog/platform.h"
#include "catalog/readable.h"
#include "common/err.h"

/* ---- pg_class -------------------------------------------------------------------- */

enum {
    OID,
    NAME,
    SCHEMA,
    RELKIND,
    OWNER,
    ACL,
    ACL_DEFAULT,
    ROW_TYPE,
    OF_TYPE,
    PERSISTENCE,
    ROW_SECURITY,
    FORCE_ROW_SECURITY,
    POPULATED,
    REPLICA_IDENTITY,
    IS_PARTITION,
    HASHED_BY_ENUM,
    PAGES,
    TUPLES,
    OPTIONS,
    CHECK_OPTION,
    TOAST_OPTIONS,
    TABLESPACE,
    ACCESS_METHOD,
    OWNING_TABLE,
    OWNING_COLUMN,
    OWNING_TYPE,
    HAS_COLUMN_ACLS,
    UNREADABLE
};

static const DnSqlPart columns[] = {
    [OID] = {.text = "c.oid"},
    [NAME] = {.text = "c.relname"},
    [SCHEMA] = {.text = "c.relnamespace"},
    [RELKIND] = {.text = "c.relkind"},
    [OWNER] = {.text = "w.name"},
    [ACL] = {.text = "c.relacl"},
    [ACL_DEFAULT] = {.text = "CASE WHEN c.relkind = 'S' THEN w.sequence_acl ELSE w.acl END"},
    [ROW_TYPE] = {.text = "c.reltype"},
    [OF_TYPE] = {.text = "c.reloftype"},
    [PERSISTENCE] = {.text = "c.relpersistence"},
    [ROW_SECURITY] = {.text = "c.relrowsecurity"},
    [FORCE_ROW_SECURITY] = {.text = "c.relforcerowsecurity"},
    [POPULATED] = {.text = "c.relispopulated"},
    [REPLICA_IDENTITY] = {.text = "c.relreplident"},
    [IS_PARTITION] = {.text = "c.relispartition"},
    [HASHED_BY_ENUM] = {.text = "c.oid IN (SELECT h.partrelid FROM pg_catalog.pg_partitioned_table h "
                                "JOIN pg_catalog.pg_opclass k ON k.oid = ANY (h.partclass) "
                                "JOIN pg_catalog.pg_am m ON m.oid = k.opcmethod AND m.amname = 'hash' "
                                "WHERE k.opcname = 'enum_ops' "
                                "AND k.opcnamespace = 'pg_catalog'::pg_catalog.regnamespace)"},
    [PAGES] = {.text = "c.relpages::pg_catalog.int8 + COALESCE(t.relpages, 0)"},
    [TUPLES] = {.text = "c.reltuples::pg_catalog.int8"},
    [OPTIONS] = {.text = "pg_catalog.array_remove(pg_catalog.array_remove(c.reloptions, "
                         "'check_option=local'), 'check_option=cascaded')"},
    [CHECK_OPTION] = {.text = "CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL' "
                              "WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED' END"},
    [TOAST_OPTIONS] = {.text = "t.reloptions"},
    [TABLESPACE] = {.text = "s.spcname"},
    [ACCESS_METHOD] = {.text = "a.amname"},
    [OWNING_TABLE] = {.text = "d.refobjid"},
    [OWNING_COLUMN] = {.text = "d.refobjsubid"},
    [OWNING_TYPE] = {.text = "d.deptype"},
    /* asked of those alone that may be dumped for no more than their privileges */
    [HAS_COLUMN_ACLS] = {.text = "CASE WHEN c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace "
                                 "OR c.oid IN (SELECT e.objid FROM pg_catalog.pg_depend e "
                                 "WHERE e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass "
                                 "AND e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass) "
                                 "THEN c.oid IN (SELECT p.objoid FROM pg_catalog.pg_init_privs p "
                                 "WHERE p.objsubid <> 0 "
                                 "AND p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass) "
                                 "OR (SELECT true FROM pg_catalog.pg_attribute b "
                                 "WHERE b.attrelid = c.oid AND b.attacl IS NOT NULL LIMIT 1) END"},
    [UNREADABLE] = {.text = DN_UNREADABLE},
};

/* Composite types have a row in pg_class too, which their columns' dependencies hang on. A sequence's owner
   is in pg_depend: 'a' for OWNED BY, 'i' for identity columns; sought from pg_sequence, which is shorter. Of
   the system's own relations, where the selection names none, only those are of use whose privileges, or
   those of a column, are not what initdb gave. The joins are with the few rows that have something to tell:
   joined with all of a large catalog, they would cost more than the rest. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_class c"},
    {.text = DN_OWNERS("pg_class WHERE relkind IN ('r', 'S', 'v', 'c', 'm', 'f', 'p')", "relowner",
                       "pg_catalog.acldefault('r', u.oid)::pg_catalog.text AS acl, "
                       "pg_catalog.acldefault('s', u.oid)::pg_catalog.text AS sequence_acl",
                       "c.relowner")},
    {.text = "LEFT JOIN (SELECT d.objid, d.refobjid, d.refobjsubid, d.deptype FROM pg_catalog.pg_sequence q "
             "JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
             "AND d.objid = q.seqrelid AND d.objsubid = 0 "
             "AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass "
             "AND d.deptype IN ('a', 'i')) d ON d.objid = c.oid "
             "LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace "
             "LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam "
             "LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid AND t.relkind = 't' "
             "AND (t.relpages > 0 OR t.reloptions IS NOT NULL) AND c.relkind <> 'p' "
             "WHERE c.relkind IN ('r', 'S', 'v', 'c', 'm', 'f', 'p') AND c.relpersistence <> 't' "
             "AND (c.oid >= " DN_FIRST_OID " OR (c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND ("
             "c.relacl IS DISTINCT FROM (SELECT p.initprivs FROM pg_catalog.pg_init_privs p "
             "WHERE p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.objoid = c.oid "
             "AND p.objsubid = 0) "
             "OR c.oid IN (SELECT b.attrelid FROM pg_catalog.pg_attribute b "
             "LEFT JOIN pg_catalog.pg_init_privs p "
             "ON p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.objoid = b.attrelid "
             "AND p.objsubid = b.attnum "
             "WHERE b.attrelid < 16384 AND b.attacl IS DISTINCT FROM p.initprivs)))) "
             "ORDER BY c.oid"},
};

static DnKind kind_of(char relkind) {
    return relkind == 'S' ? DN_KIND_SEQUENCE : relkind == 'v' ? DN_KIND_VIEW : DN_KIND_TABLE;
}

/* Tables named by -t alone, or all of the chosen schemas, less those of -T. */
static void select_relation(const DnCatalog *catalog, DnRelation *relation) {
    const DnSelection *selection = &catalog->selection;
    DnObject *object = &relation->object;
    if (relation->relkind == 'c') {
        object->dump = DN_PART_NONE; /* dumped as a type */
    } else if (dn_select_member(catalog, object)) {
        return;
    } else if (selection->by_table) {
        object->dump = dn_selected(selection, DN_USE_TABLE, object->oid) ? DN_PART_ALL : DN_PART_NONE;
    } else {
        object->dump = object->schema ? object->schema->contains : DN_PART_NONE;
        object->dump |= dn_platform_guests(catalog, relation);
    }
    if (dn_selected(selection, DN_USE_NOT_TABLE, object->oid)) {
        object->dump = DN_PART_NONE;
    }
}

static void take_relation(DnCatalog *catalog, DnRelation *r, const DnRows *rows, size_t i) {
    DnModel *model = catalog->model;
    r->object.owner = dn_row_shared(model, rows, i, OWNER);
    dn_set_acl(model, &r->object, dn_rows_text(rows, i, ACL), dn_rows_text(rows, i, ACL_DEFAULT));
    r->relkind = dn_rows_char(rows, i, RELKIND);
    r->row_type = dn_rows_oid(rows, i, ROW_TYPE);
    r->of_type = dn_rows_oid(rows, i, OF_TYPE);
    r->persistence = dn_rows_char(rows, i, PERSISTENCE);
    r->row_security = dn_rows_bool(rows, i, ROW_SECURITY);
    r->force_row_security = dn_rows_bool(rows, i, FORCE_ROW_SECURITY);
    r->populated = dn_rows_bool(rows, i, POPULATED);
    r->replica_identity = dn_rows_char(rows, i, REPLICA_IDENTITY);
    r->is_partition = dn_rows_bool(rows, i, IS_PARTITION);
    r->hashed_by_enum = dn_rows_bool(rows, i, HASHED_BY_ENUM);
    r->pages = dn_rows_int64(rows, i, PAGES);
    r->tuples = (double)dn_rows_int64(rows, i, TUPLES);
    r->options = dn_row_shared(model, rows, i, OPTIONS);
    r->check_option = dn_row_text(model, rows, i, CHECK_OPTION);
    r->toast_options = dn_row_shared(model, rows, i, TOAST_OPTIONS);
    r->tablespace = dn_model_shared(model, dn_rows_str(rows, i, TABLESPACE));
    r->access_method = dn_row_shared(model, rows, i, ACCESS_METHOD);
    r->owning_table = dn_rows_oid(rows, i, OWNING_TABLE);
    r->owning_column = dn_rows_int(rows, i, OWNING_COLUMN);
    r->is_identity = dn_rows_char(rows, i, OWNING_TYPE) == 'i';
    if (!catalog->selection.stand_in) {
        r->unreadable = (DnUnreadable)dn_rows_char(rows, i, UNREADABLE);
    }
}

/*
 * A sequence goes with the table that owns it: an identity sequence only with it, since the column's
 * definition makes it; an owned one also for itself.
 */
static void follow_owners(DnModel *model) {
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        DnRelation *sequence = (DnRelation *)object;
        if (object->kind != DN_KIND_SEQUENCE || !sequence->owning_table) {
            continue;
        }
        DnRelation *owner = dn_model_relation(model, sequence->owning_table);
        unsigned parts = owner ? owner->object.dump : (unsigned)DN_PART_NONE;
        if (!parts && sequence->is_identity) {
            object->dump = DN_PART_NONE;
        } else if (owner && !owner->object.member_of) {
            object->dump |= parts;
        }
        sequence->interesting = object->dump != DN_PART_NONE;
    }
}

static DnStatus take_relations(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        uint32_t oid = dn_rows_oid(rows, i, OID);
        if (dn_model_relation(model, oid)) {
            continue; /* a sequence with more than one owner: the first counts */
        }
        DnRelation *relation =
            DN_ADD(model, DnRelation, kind_of(dn_rows_char(rows, i, RELKIND)), oid,
                   dn_rows_str(rows, i, NAME), dn_model_schema(model, dn_rows_oid(rows, i, SCHEMA)));
        if (!relation) {
            return dn_err_nomem(err);
        }
        take_relation(catalog, relation, rows, i);
        select_relation(catalog, relation);
        bool whole = relation->object.dump & (DN_PART_DEFINITION | DN_PART_DATA);
        relation->interesting =
            whole || (relation->object.dump & (DN_PART_POLICY | DN_PART_GUESTS)) ||
            ((relation->object.dump & DN_PART_ACL) && dn_rows_bool(rows, i, HAS_COLUMN_ACLS));
        relation->has_statistics = whole && strchr("rpmf", relation->relkind);
    }
    follow_owners(model);
    dn_mark_config_tables(catalog);
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_relations = {.what = "reading relations",
                                    .scope = DN_SCOPE_FIRST,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_relations};

/* ---- pg_inherits ----------------------------------------------------------------- */

enum { CHILD, PARENT, DETACHING };

static const DnSqlPart inheritance_columns[] = {
    [CHILD] = {.text = "i.inhrelid"},
    [PARENT] = {.text = "i.inhparent"},
    [DETACHING] = {.text = "i.inhdetachpending", .since = 140000, .otherwise = "false"},
};

static const DnSqlPart inheritance_from[] = {
    {.text = "FROM pg_catalog.pg_inherits i WHERE i.inhrelid >= " DN_FIRST_OID
             " ORDER BY i.inhrelid, i.inhseqno"},
};

/* ATTACH PARTITION is an object of its own: both tables are created first, in any order. */
static bool add_attachment(DnModel *model, DnRelation *partition, DnRelation *parent) {
    DnTableAttach *attach = DN_ADD(model, DnTableAttach, DN_KIND_TABLE_ATTACH, 0, partition->object.name,
                                   partition->object.schema);
    if (!attach) {
        return false;
    }
    attach->object.owner = partition->object.owner;
    attach->object.dump = partition->object.dump;
    attach->parent = parent;
    attach->partition = partition;
    dn_depend(model, &attach->object, partition->object.id);
    dn_depend(model, &attach->object, parent->object.id);
    return true;
}

static DnStatus take_inheritance(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *child = dn_model_relation(model, dn_rows_oid(rows, i, CHILD));
        DnRelation *parent = dn_model_relation(model, dn_rows_oid(rows, i, PARENT));
        if (!child || !parent) {
            continue; /* an index's row */
        }
        DN_PUSH(&model->arena, &child->parents, parent);
        /* What a child inherits must be known to tell what it has of its own. */
        parent->interesting = parent->interesting || child->interesting;
        if ((child->object.dump & DN_PART_DEFINITION) && child->is_partition &&
            !add_attachment(model, child, parent)) {
            return dn_err_nomem(err);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_inheritance = {.what = "reading inheritance",
                                      .scope = DN_SCOPE_FIRST,
                                      DN_COLUMNS(inheritance_columns),
                                      DN_FROM(inheritance_from),
                                      .rows = take_inheritance};

/* ---- What needs a lock first: definitions ---------------------------------------- */

enum {
    DETAIL_OID,
    DEFINITION,
    PARTITION_KEY,
    PARTITION_BOUND,
    OF_TYPE_NAME,
    SERVER_OID,
    SERVER_NAME,
    SERVER_OPTIONS
};

static const DnSqlPart detail_columns[] = {
    [DETAIL_OID] = {.text = "c.oid"},
    [DEFINITION] = {.text = "CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END"},
    [PARTITION_KEY] = {.text = "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END"},
    [PARTITION_BOUND] = {.text = "pg_catalog.pg_get_expr(c.relpartbound, c.oid)"},
    [OF_TYPE_NAME] = {.text =
                          "CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END"},
    [SERVER_OID] = {.text = "f.ftserver"},
    [SERVER_NAME] = {.text = "s.srvname"},
    [SERVER_OPTIONS] = {.text = DN_OPTIONS_LIST("f.ftoptions")},
};

static const DnSqlPart detail_from[] = {
    {.text = "FROM pg_catalog.pg_class c "
             "LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid "
             "LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver "
             "WHERE c.oid = ANY ($1::pg_catalog.oid[]) AND (c.relkind IN ('v', 'm', 'p', 'f') "
             "OR c.relispartition OR c.reloftype <> 0)"},
};

static DnStatus take_details(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *r = dn_model_relation(model, dn_rows_oid(rows, i, DETAIL_OID));
        if (!r) {
            continue;
        }
        r->definition = dn_row_text(model, rows, i, DEFINITION);
        r->partition_key = dn_row_text(model, rows, i, PARTITION_KEY);
        r->partition_bound = dn_row_text(model, rows, i, PARTITION_BOUND);
        r->of_type_name = dn_row_text(model, rows, i, OF_TYPE_NAME);
        r->foreign_server_oid = dn_rows_oid(rows, i, SERVER_OID);
        r->foreign_server = dn_row_text(model, rows, i, SERVER_NAME);
        r->foreign_options = dn_row_filled(model, rows, i, SERVER_OPTIONS);
        if ((r->relkind == 'v' || r->relkind == 'm') && !r->definition) {
            (void)dn_err(err, DN_E_QUERY, "the server gave no definition of view \"%s\"", r->object.name);
            dn_err_sqlstate(err, "42P01"); /* undefined_table: it was dropped a moment ago */
            return DN_E_QUERY;
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_relation_details = {.what = "reading definitions of views and partitions",
                                           .scope = DN_SCOPE_TABLES,
                                           .slow = true,
                                           DN_COLUMNS(detail_columns),
                                           DN_FROM(detail_from),
                                           .rows = take_details};
