#include "catalog/model/by_name.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/model/kind.h"

/* ---- Two objects ----------------------------------------------------------------- */

static int compare_numbers(long long a, long long b) {
    return (a > b) - (a < b);
}

static int compare_text(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "");
}

/* By schema and name of two types, as functions with equal names are told apart. */
static int compare_types(const DnModel *model, uint32_t a, uint32_t b) {
    const DnType *x = dn_model_type(model, a);
    const DnType *y = dn_model_type(model, b);
    if (!x || !y) {
        return a == b ? 0 : x ? 1 : y ? -1 : compare_numbers(a, b);
    }
    int order = compare_text(x->object.schema ? x->object.schema->object.name : NULL,
                             y->object.schema ? y->object.schema->object.name : NULL);
    return order ? order : strcmp(x->object.name, y->object.name);
}

static int compare_argument_lists(const DnModel *model, const uint32_t *a, size_t a_count, const uint32_t *b,
                                  size_t b_count) {
    int order = compare_numbers((long long)a_count, (long long)b_count);
    for (size_t i = 0; !order && i < a_count; i++) {
        order = compare_types(model, a[i], b[i]);
    }
    return order;
}

static int compare_functions(const DnModel *model, const DnObject *a, const DnObject *b) {
    const DnFunction *x = (const DnFunction *)a;
    const DnFunction *y = (const DnFunction *)b;
    return compare_argument_lists(model, x->arg_types.items, x->arg_types.count, y->arg_types.items,
                                  y->arg_types.count);
}

static int compare_aggregates(const DnModel *model, const DnObject *a, const DnObject *b) {
    const DnAggregate *x = (const DnAggregate *)a;
    const DnAggregate *y = (const DnAggregate *)b;
    return compare_argument_lists(model, x->arg_types.items, x->arg_types.count, y->arg_types.items,
                                  y->arg_types.count);
}

/* Prefix operators (l) before infix ones (b). */
static int compare_operators(const DnModel *model, const DnObject *a, const DnObject *b) {
    const DnOperator *x = (const DnOperator *)a;
    const DnOperator *y = (const DnOperator *)b;
    int order = y->oprkind - x->oprkind;
    order = order ? order : compare_types(model, x->left_oid, y->left_oid);
    return order ? order : compare_types(model, x->right_oid, y->right_oid);
}

static int compare_defaults(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return ((const DnDefault *)a)->number - ((const DnDefault *)b)->number;
}

static int compare_table_names(const DnRelation *a, const DnRelation *b) {
    return a && b ? strcmp(a->object.name, b->object.name) : 0;
}

static int compare_policies(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_table_names(((const DnPolicy *)a)->table, ((const DnPolicy *)b)->table);
}

static int compare_rules(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_table_names(((const DnRule *)a)->table, ((const DnRule *)b)->table);
}

static int compare_triggers(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_table_names(((const DnTrigger *)a)->table, ((const DnTrigger *)b)->table);
}

/* Those of domains stand before those of tables. */
static int compare_constraints(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    const DnConstraint *x = (const DnConstraint *)a;
    const DnConstraint *y = (const DnConstraint *)b;
    if (x->domain && y->domain) {
        return strcmp(x->domain->object.name, y->domain->object.name);
    }
    return x->domain ? -1 : y->domain ? 1 : compare_table_names(x->table, y->table);
}

static int compare_publication_tables(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return strcmp(((const DnPublicationTable *)a)->publication->object.name,
                  ((const DnPublicationTable *)b)->publication->object.name);
}

static int compare_publication_schemas(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return strcmp(((const DnPublicationSchema *)a)->publication->object.name,
                  ((const DnPublicationSchema *)b)->publication->object.name);
}

static int compare_default_acls(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_text(a->owner, b->owner);
}

static int compare_collations(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_numbers(((const DnCollation *)a)->encoding, ((const DnCollation *)b)->encoding);
}

/* Classes have the head of a family. */
static int compare_by_method(const DnModel *model, const DnObject *a, const DnObject *b) {
    (void)model;
    return compare_text(((const DnOpfamily *)a)->method, ((const DnOpfamily *)b)->method);
}

/* What tells objects of a kind apart that share schema and name. */
static int (*const compare_alike[DN_KIND_COUNT])(const DnModel *, const DnObject *, const DnObject *) = {
    [DN_KIND_FUNCTION] = compare_functions,
    [DN_KIND_AGGREGATE] = compare_aggregates,
    [DN_KIND_OPERATOR] = compare_operators,
    [DN_KIND_DEFAULT] = compare_defaults,
    [DN_KIND_POLICY] = compare_policies,
    [DN_KIND_RULE] = compare_rules,
    [DN_KIND_TRIGGER] = compare_triggers,
    [DN_KIND_CONSTRAINT] = compare_constraints,
    [DN_KIND_COLLATION] = compare_collations,
    [DN_KIND_OPCLASS] = compare_by_method,
    [DN_KIND_OPFAMILY] = compare_by_method,
    [DN_KIND_FK_CONSTRAINT] = compare_constraints,
    [DN_KIND_DEFAULT_ACL] = compare_default_acls,
    [DN_KIND_PUBLICATION_TABLE] = compare_publication_tables,
    [DN_KIND_PUBLICATION_SCHEMA] = compare_publication_schemas,
};

/* pg_dump's priorities up to 13 put access methods among operators: having no schema, after all of them. */
static int priority_of(const DnModel *model, DnKind kind) {
    bool among_operators = kind == DN_KIND_ACCESS_METHOD && dn_model_major(model) <= 13;
    return dn_kind_priority(among_operators ? DN_KIND_OPERATOR : kind);
}

int dn_compare_objects(const DnModel *model, const DnObject *a, const DnObject *b) {
    int order = priority_of(model, a->kind) - priority_of(model, b->kind);
    if (!order && a->schema && b->schema) {
        order = strcmp(a->schema->object.name, b->schema->object.name);
    } else if (!order && (a->schema || b->schema)) {
        order = a->schema ? -1 : 1;
    }
    order = order ? order : strcmp(a->name, b->name);
    order = order ? order : (int)a->kind - (int)b->kind; /* operator classes and families */
    if (!order && a->kind == b->kind && compare_alike[a->kind]) {
        order = compare_alike[a->kind](model, a, b);
    }
    order = order ? order : compare_numbers(a->oid, b->oid);
    return order ? order : a->id - b->id;
}

/* ---- All of them ----------------------------------------------------------------- */

/* Most comparisons end at a number: names lie anywhere in memory, and what is at hand is ten times faster. */
typedef struct Keyed {
    uint64_t group; /* priority, rank of the schema */
    uint64_t head;  /* of the name, so that numbers compare as bytes do */
    DnObject *object;
} Keyed;

static uint64_t head_of(const char *name) {
    uint64_t head = 0;
    size_t i = 0;
    for (; i < sizeof head && name[i]; i++) {
        head = head << 8 | (unsigned char)name[i];
    }
    return i ? head << 8 * (sizeof head - i) : 0;
}

static int compare_keyed(const DnModel *model, const Keyed *a, const Keyed *b) {
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    if (a->head != b->head) {
        return a->head < b->head ? -1 : 1;
    }
    return dn_compare_objects(model, a->object, b->object);
}

/* A merge sort: qsort() has no room for a context. */
static void sort(const DnModel *model, Keyed *list, Keyed *scratch, size_t count) {
    if (count < 2) {
        return;
    }
    size_t half = count / 2;
    sort(model, list, scratch, half);
    sort(model, list + half, scratch, count - half);
    memcpy(scratch, list, half * sizeof *list);
    size_t left = 0;
    size_t right = half;
    for (size_t out = 0; left < half; out++) {
        bool take_right = right < count && compare_keyed(model, &list[right], &scratch[left]) < 0;
        list[out] = take_right ? list[right++] : scratch[left++];
    }
}

static int compare_schemas(const void *a, const void *b) {
    const DnObject *const *x = a;
    const DnObject *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* By id: the place of each schema among them, by name; from 1 on. `list` is scratch. */
static void rank_schemas(const DnModel *model, const DnObject **list, uint32_t *ranks) {
    size_t count = 0;
    for (size_t i = 0; i < model->objects.count; i++) {
        if (model->objects.items[i]->kind == DN_KIND_SCHEMA) {
            list[count++] = model->objects.items[i];
        }
    }
    qsort(list, count, sizeof *list, compare_schemas);
    for (size_t i = 0; i < count; i++) {
        ranks[list[i]->id] = (uint32_t)i + 1;
    }
}

bool dn_sort_by_name(const DnModel *model, DnArena *scratch, DnObject **list) {
    size_t count = model->objects.count;
    Keyed *keyed = DN_NEW_ARRAY(scratch, Keyed, count + 1);
    Keyed *more = DN_NEW_ARRAY(scratch, Keyed, count + 1);
    uint32_t *ranks = DN_NEW_ARRAY(scratch, uint32_t, count + 1);
    if (!keyed || !more || !ranks) {
        return false;
    }
    rank_schemas(model, (const DnObject **)list, ranks);
    for (size_t i = 0; i < count; i++) {
        DnObject *object = model->objects.items[i];
        uint32_t rank = object->schema ? ranks[object->schema->object.id] : UINT32_MAX;
        keyed[i] = (Keyed){.group = (uint64_t)priority_of(model, object->kind) << 32 | rank,
                           .head = head_of(object->name),
                           .object = object};
    }
    sort(model, keyed, more, count);
    for (size_t i = 0; i < count; i++) {
        list[i] = keyed[i].object;
    }
    return true;
}
