#include "catalog/model/repair.h"

#include "common/buf.h"

/*
 * The circles that occur in real databases, each with the edge that can go. A repair looks at a loop and
 * returns false when it is not its case; they are tried in the order of the table at the end. The cases are
 * pg_dump's (pg_dump_sort.c, repairDependencyLoop).
 */
typedef bool (*RepairFn)(DnModel *model, DnObject **loop, size_t count);

static DnObject *find_kind(DnObject **loop, size_t count, DnKind kind) {
    for (size_t i = 0; i < count; i++) {
        if (loop[i]->kind == kind) {
            return loop[i];
        }
    }
    return NULL;
}

/* ---- Types and their I/O functions ----------------------------------------------- */

/* A type is made of its I/O functions (a range of its canonical one), which take or return it: they hang on
   a shell of the type, which is written when they are. */
static bool type_and_function(DnModel *model, DnObject **loop, size_t count) {
    DnObject *function = count == 2 ? find_kind(loop, count, DN_KIND_FUNCTION) : NULL;
    DnObject *object = count == 2 ? find_kind(loop, count, DN_KIND_TYPE) : NULL;
    if (!function || !object) {
        return false;
    }
    DnType *type = (DnType *)object;
    dn_undepend(function, type->object.id);
    if (type->shell) {
        dn_depend(model, function, type->shell->id);
        if (function->dump) {
            type->shell->dump = function->dump | DN_PART_DEFINITION;
        }
    }
    return true;
}

/* ---- Views and their rules ------------------------------------------------------- */

static bool is_select_rule_of(const DnObject *rule, const DnObject *view) {
    const DnRule *r = (const DnRule *)rule;
    return rule->kind == DN_KIND_RULE && r->event == '1' && r->instead && &r->table->object == view;
}

static DnObject *select_rule_of(DnObject **loop, size_t count, const DnObject *view) {
    for (size_t i = 0; i < count; i++) {
        if (is_select_rule_of(loop[i], view)) {
            return loop[i];
        }
    }
    return NULL;
}

static bool view_and_rule(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    for (size_t i = 0; count == 2 && i < 2; i++) {
        if (is_select_rule_of(loop[1 - i], loop[i])) {
            dn_undepend(loop[1 - i], loop[i]->id);
            return true;
        }
    }
    return false;
}

/* A view that others in the circle need: it comes as an empty shell first, its query later as a rule. */
static bool view_in_a_circle(DnModel *model, DnObject **loop, size_t count) {
    for (size_t i = 0; i < count; i++) {
        DnObject *rule = loop[i]->kind == DN_KIND_VIEW ? select_rule_of(loop, count, loop[i]) : NULL;
        if (rule) {
            dn_undepend(loop[i], rule->id);
            ((DnRelation *)loop[i])->dummy_view = true;
            ((DnRule *)rule)->separate = true;
            dn_depend(model, rule, loop[i]->id);
            dn_depend(model, rule, model->post_boundary->id);
            return true;
        }
    }
    return false;
}

/* ---- What must wait for a primary key, in post-data ------------------------------ */

static bool holds_matview(DnObject **loop, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (loop[i]->kind == DN_KIND_TABLE && ((DnRelation *)loop[i])->relkind == 'm') {
            return true;
        }
    }
    return false;
}

/* The pre-data boundary stands in the circle: what it waits for moves behind it. */
static bool postpone(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    bool function = find_kind(loop, count, DN_KIND_FUNCTION) != NULL;
    if (count < 3 || (!function && !holds_matview(loop, count))) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (loop[i]->kind != DN_KIND_PRE_BOUNDARY) {
            continue;
        }
        DnObject *next = loop[(i + 1) % count];
        dn_undepend(loop[i], next->id);
        if (next->kind == DN_KIND_TABLE && ((DnRelation *)next)->relkind == 'm') {
            ((DnRelation *)next)->postponed = true;
        } else if (next->kind == DN_KIND_FUNCTION) {
            ((DnFunction *)next)->postponed = true;
        }
        return true;
    }
    return false;
}

/* The statistics of a materialized view that itself had to wait go behind it, and so behind the rows. */
static bool postpone_statistics(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    for (size_t i = 0; count > 2 && i < count; i++) {
        DnStatisticsData *next = (DnStatisticsData *)loop[(i + 1) % count];
        if (loop[i]->kind == DN_KIND_POST_BOUNDARY && next->object.kind == DN_KIND_STATISTICS_DATA) {
            dn_undepend(loop[i], next->object.id);
            next->post_data = true;
            return true;
        }
    }
    return false;
}

/* ---- Operator classes and families ----------------------------------------------- */

/* A member may hang on the class by no more than DEPENDENCY_AUTO, where its access method says so (14): that
   counts as a need of the family. But the class comes with its members, the family can do without. */
static bool family_and_class(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    DnObject *family = count == 2 ? find_kind(loop, count, DN_KIND_OPFAMILY) : NULL;
    DnObject *class_ = count == 2 ? find_kind(loop, count, DN_KIND_OPCLASS) : NULL;
    if (!family || !class_) {
        return false;
    }
    dn_undepend(family, class_->id);
    return true;
}

/* ---- Tables with their CHECK constraints and defaults; domains ------------------- */

/* Is `part` written inside the statement that creates `whole`? */
static bool is_part_of(const DnObject *part, const DnObject *whole) {
    if (part->kind == DN_KIND_CONSTRAINT) {
        const DnConstraint *c = (const DnConstraint *)part;
        return (c->contype == 'c' || c->contype == 'n') &&
               ((c->table && &c->table->object == whole) || (c->domain && &c->domain->object == whole));
    }
    return part->kind == DN_KIND_DEFAULT && &((const DnDefault *)part)->table->object == whole;
}

static bool whole_and_part(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    for (size_t i = 0; count == 2 && i < 2; i++) {
        if (is_part_of(loop[1 - i], loop[i])) {
            dn_undepend(loop[1 - i], loop[i]->id);
            return true;
        }
    }
    return false;
}

static void separate_part(DnModel *model, DnObject *part, DnObject *whole) {
    dn_undepend(whole, part->id);
    dn_depend(model, part, whole->id);
    if (part->kind == DN_KIND_CONSTRAINT) {
        ((DnConstraint *)part)->separate = true;
        dn_depend(model, part, model->post_boundary->id);
    } else {
        ((DnDefault *)part)->separate = true;
    }
}

/* More than the two: the part becomes an ALTER of its own. CHECKs go before defaults. */
static bool part_in_a_circle(DnModel *model, DnObject **loop, size_t count, DnKind kind) {
    for (size_t i = 0; count > 2 && i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (loop[j]->kind == kind && is_part_of(loop[j], loop[i])) {
                separate_part(model, loop[j], loop[i]);
                return true;
            }
        }
    }
    return false;
}

static bool check_in_a_circle(DnModel *model, DnObject **loop, size_t count) {
    return part_in_a_circle(model, loop, count, DN_KIND_CONSTRAINT);
}

static bool default_in_a_circle(DnModel *model, DnObject **loop, size_t count) {
    return part_in_a_circle(model, loop, count, DN_KIND_DEFAULT);
}

/* ---- Indexes of partitioned tables ----------------------------------------------- */

static bool index_and_parent(DnModel *model, DnObject **loop, size_t count) {
    (void)model;
    for (size_t i = 0; count == 2 && i < 2; i++) {
        const DnIndex *child = (const DnIndex *)loop[i];
        if (loop[0]->kind == DN_KIND_INDEX && loop[1]->kind == DN_KIND_INDEX && child->parent_oid &&
            child->parent_oid == loop[1 - i]->oid) {
            dn_undepend(loop[1 - i], loop[i]->id);
            return true;
        }
    }
    return false;
}

/* ---- Rows of tables whose foreign keys form a circle (data only) ------------------ */

static void note_circle(DnModel *model, DnObject **loop, size_t count) {
    DnBuf names = {0};
    for (size_t i = 0; i < count; i++) {
        dn_buf_sep(&names, "\n");
        dn_buf_str(&names, loop[i]->name);
    }
    const char *copy = dn_model_str(model, dn_buf_text(&names));
    if (copy) {
        DN_PUSH(&model->arena, &model->circles, copy);
    }
    dn_buf_deinit(&names);
}

static bool rows_in_a_circle(DnModel *model, DnObject **loop, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (loop[i]->kind != DN_KIND_TABLE_DATA) {
            return false;
        }
    }
    model->circular_keys = true;
    note_circle(model, loop, count);
    dn_undepend(loop[0], loop[count > 1 ? 1 : 0]->id);
    return true;
}

static const RepairFn repairs[] = {
    type_and_function,   view_and_rule,       view_in_a_circle,  postpone,
    whole_and_part,      postpone_statistics, check_in_a_circle, index_and_parent,
    default_in_a_circle, rows_in_a_circle,    family_and_class,
};

bool dn_repair_loop(DnModel *model, DnObject **loop, size_t count) {
    for (size_t i = 0; i < sizeof repairs / sizeof repairs[0]; i++) {
        if (repairs[i](model, loop, count)) {
            return true;
        }
    }
    dn_undepend(loop[0], loop[count > 1 ? 1 : 0]->id);
    return false;
}
