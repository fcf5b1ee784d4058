#include <stdlib.h>

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

/* With names, since each call within a text would move the rest of it further to the right. */
#define CLASS_OF(catalog) "'pg_catalog." catalog "'::pg_catalog.regclass"
#define ATTRDEF           CLASS_OF("pg_attrdef")
#define RELATION          CLASS_OF("pg_class")
#define CONSTRAINT        CLASS_OF("pg_constraint")
#define NAMESPACE         CLASS_OF("pg_namespace")
#define PROC              CLASS_OF("pg_proc")
#define REWRITE           CLASS_OF("pg_rewrite")
#define TRIGGER           CLASS_OF("pg_trigger")
#define TYPES             CLASS_OF("pg_type")

/*
 * Pinned entries (before 14) say nothing; extension members are read elsewhere. Most of the others repeat
 * what the model holds by now: derive() has those, and a large catalog is read in half of the time. Left out
 * are
 * - the schema of a relation, type or function, and what an array's or a row's type belongs to (a multirange,
 *   whose range no array or relation tells, comes from pg_range)
 * - columns of its own table that an index, a constraint, a default or an owned sequence needs, those that a
 *   foreign key refers to, and the constraint of an index; all of TOAST
 * - triggers that carry out constraints, which are no objects of ours
 * - all columns of a relation that a rule needs but one
 */
static const DnSqlPart from[] = {
    {.text = "FROM (SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.deptype "
             "FROM pg_catalog.pg_depend d WHERE d.objid >= " DN_FIRST_OID " AND d.deptype NOT IN ('p', 'e') "
             "AND NOT CASE d.classid "
             "WHEN " TYPES " THEN d.deptype = 'i' OR d.refclassid = " NAMESPACE " "
             "WHEN " PROC " THEN d.refclassid = " NAMESPACE " "
             "WHEN " RELATION " THEN CASE d.refclassid "
             "WHEN " NAMESPACE " THEN true "
             "WHEN " CONSTRAINT " THEN true "
             "WHEN " RELATION " THEN d.deptype = 'a' AND d.refobjsubid > 0 "
             "OR d.deptype = 'i' AND d.objsubid = 0 AND d.refobjsubid = 0 "
             "ELSE false END "
             "WHEN " ATTRDEF " THEN d.refclassid = " RELATION " AND d.refobjsubid > 0 "
             "WHEN " CONSTRAINT " THEN d.refclassid = " RELATION " AND d.refobjsubid > 0 "
             "WHEN " TRIGGER " THEN d.deptype = 'i' "
             "WHEN " REWRITE " THEN d.refobjsubid > 0 "
             "ELSE false END "
             "UNION ALL SELECT DISTINCT d.classid, d.objid, d.refclassid, d.refobjid, d.deptype "
             "FROM pg_catalog.pg_depend d WHERE d.classid = " REWRITE " "
             "AND d.objid >= " DN_FIRST_OID " AND d.refobjsubid > 0 AND d.deptype NOT IN ('p', 'e') "},
    {.text = "UNION ALL SELECT " TYPES ", r.rngmultitypid, " TYPES ", "
             "r.rngtypid, 'i' FROM pg_catalog.pg_range r WHERE r.rngmultitypid >= " DN_FIRST_OID " ",
     .since = 140000},
    {.text = MEMBERS("pg_amop", "amopfamily") MEMBERS("pg_amproc", "amprocfamily")},
    {.text = ") d"},
};

/* What `object` waits for, and the address by which the list of these is in order. */
typedef struct Edge {
    DnObject *object, *ref;
    bool turned; /* read as what `ref` has: such come last */
    bool extension;
    uint32_t class_, oid;
} Edge;

typedef DN_VEC(Edge) Edges;

static int compare_edges(const void *a, const void *b) {
    const Edge *x = a;
    const Edge *y = b;
    if (x->object != y->object) {
        return x->object->id < y->object->id ? -1 : 1;
    }
    if (x->turned != y->turned) {
        return x->turned ? 1 : -1;
    }
    if (x->class_ != y->class_) {
        return x->class_ < y->class_ ? -1 : 1;
    }
    return (x->oid > y->oid) - (x->oid < y->oid);
}

static void add_edge(DnArena *arena, Edges *edges, DnObject *object, DnObject *ref) {
    if (ref) {
        DN_PUSH(arena, edges,
                ((Edge){.object = object, .ref = ref, .class_ = ref->classoid, .oid = ref->oid}));
    }
}

static void add_row(DnModel *model, DnArena *arena, Edges *edges, const DnRows *rows, size_t i) {
    DnObject *object = dn_model_find(model, dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
    if (!object) {
        return;
    }
    Edge edge = {
        .object = object, .class_ = dn_rows_oid(rows, i, REF_CLASS), .oid = dn_rows_oid(rows, i, REF_OBJECT)};
    edge.ref = dn_model_find(model, edge.class_, edge.oid);
    if (!edge.ref) {
        /* An object of a kind that has no struct: at least its extension must come first. */
        edge.ref = dn_map_get(&model->members, dn_map_key(edge.class_, edge.oid));
    }
    char type = dn_rows_char(rows, i, TYPE);
    if (!edge.ref || (type == 'x' && edge.ref->kind != DN_KIND_EXTENSION)) {
        return;
    }
    edge.extension = type == 'x';
    /* A table's row type hangs on the table; with a composite type it is the other way round, and the
       type must wait for what the columns need, which is noted at the pg_class row. */
    if (type == 'i' && object->classoid == DN_CLASS_RELATION && edge.ref->classoid == DN_CLASS_TYPE) {
        edge = (Edge){.object = edge.ref,
                      .ref = object,
                      .turned = true,
                      .class_ = object->classoid,
                      .oid = object->oid};
    }
    DN_PUSH(arena, edges, edge);
}

static DnObject *schema_of(const DnModel *model, const DnObject *object) {
    return object->schema ? dn_model_find(model, DN_CLASS_NAMESPACE, object->schema->object.oid) : NULL;
}

static void derive_of_type(DnModel *model, DnArena *arena, Edges *edges, DnType *type) {
    DnObject *owner;
    if (type->is_array) {
        owner = dn_model_find(model, DN_CLASS_TYPE, type->element);
    } else if (type->relation && type->relkind != 'c') {
        owner = dn_model_find(model, DN_CLASS_RELATION, type->relation);
    } else {
        owner = type->typtype == 'm' ? NULL : schema_of(model, &type->object);
    }
    add_edge(arena, edges, &type->object, owner);
}

static void derive_of_relation(DnModel *model, DnArena *arena, Edges *edges, DnObject *object) {
    const DnIndex *index = dn_model_index(model, object->oid);
    const DnRelation *relation = dn_model_relation(model, object->oid);
    if (index) {
        add_edge(arena, edges, object,
                 index->constraint ? &index->constraint->object : &index->table->object);
    }
    if (relation && relation->relkind != 'c') {
        add_edge(arena, edges, object, schema_of(model, object));
    }
    if (relation && relation->owning_table && !relation->is_identity) {
        add_edge(arena, edges, object, dn_model_find(model, DN_CLASS_RELATION, relation->owning_table));
    }
}

/* What the query leaves out, from what the object itself tells. */
static void derive(DnModel *model, DnArena *arena, Edges *edges, DnObject *object) {
    if (object->classoid == DN_CLASS_TYPE) {
        derive_of_type(model, arena, edges, (DnType *)object);
    } else if (object->classoid == DN_CLASS_PROC) {
        add_edge(arena, edges, object, schema_of(model, object));
    } else if (object->classoid == DN_CLASS_RELATION) {
        derive_of_relation(model, arena, edges, object);
    } else if (object->classoid == DN_CLASS_ATTRDEF) {
        add_edge(arena, edges, object, &((DnDefault *)object)->table->object);
    } else if (object->classoid == DN_CLASS_CONSTRAINT) {
        const DnConstraint *constraint = (const DnConstraint *)object;
        add_edge(arena, edges, object, constraint->table ? &constraint->table->object : NULL);
        if (constraint->foreign_table) {
            add_edge(arena, edges, object,
                     dn_model_find(model, DN_CLASS_RELATION, constraint->foreign_table));
        }
    }
}

static void apply(DnModel *model, const Edges *edges) {
    for (size_t i = 0; i < edges->count; i++) {
        const Edge *edge = &edges->items[i];
        if (edge->extension) {
            /* ALTER ... DEPENDS ON EXTENSION: written after the object, no matter of order. */
            DN_PUSH(&model->arena, &edge->object->depends_on_extensions, edge->ref->name);
        } else {
            dn_depend(model, edge->object, edge->ref->id);
        }
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        if (object->member_of) {
            dn_depend(model, object, object->member_of->object.id);
        }
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    /* What initdb makes first is pinned: nothing needs to come before it. */
    enum { FIRST_UNPINNED_OID = 12000 };
    DnModel *model = catalog->model;
    DnArena scratch = {0};
    Edges edges = {0};
    uint32_t first = catalog->selection.system ? FIRST_UNPINNED_OID : DN_FIRST_USER_OID;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        add_row(model, &scratch, &edges, rows, i);
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        if (model->objects.items[i]->oid >= first) {
            derive(model, &scratch, &edges, model->objects.items[i]);
        }
    }
    if (edges.count) {
        qsort(edges.items, edges.count, sizeof *edges.items, compare_edges);
    }
    apply(model, &edges);
    bool failed = dn_arena_failed(&scratch) || dn_arena_failed(&model->arena);
    dn_arena_deinit(&scratch);
    return failed ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_dependencies = {.what = "reading dependencies",
                                       .scope = DN_SCOPE_ALL,
                                       DN_COLUMNS(columns),
                                       DN_FROM(from),
                                       .rows = take_rows};
