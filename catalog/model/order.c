#include "catalog/model/order.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/model/kind.h"
#include "catalog/model/repair.h"
#include "common/buf.h"

/* ---- By name --------------------------------------------------------------------- */

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

/* A merge sort: qsort() has no room for a context. */
static void sort_objects(const DnModel *model, DnObject **list, DnObject **scratch, size_t count) {
    if (count < 2) {
        return;
    }
    size_t half = count / 2;
    sort_objects(model, list, scratch, half);
    sort_objects(model, list + half, scratch, count - half);
    memcpy(scratch, list, half * sizeof *list);
    size_t left = 0;
    size_t right = half;
    for (size_t out = 0; left < half; out++) {
        bool take_right = right < count && dn_compare_objects(model, list[right], scratch[left]) < 0;
        list[out] = take_right ? list[right++] : scratch[left++];
    }
}

/* ---- By dependency --------------------------------------------------------------- */

typedef struct Sorter {
    DnModel *model;
    DnObject **list; /* by name */
    size_t count;
    int *waiting;  /* by id: how many objects that are not placed yet depend on it */
    size_t *index; /* by id: place in list */
    size_t *heap;  /* places of objects that nothing waits for; the highest on top */
    size_t heap_count;
    DnObject **placed;
    bool *processed; /* by id, for the search of loops */
    int *dead_end;   /* by id: the start from which this object led nowhere */
    DnObject **path;
} Sorter;

static void heap_push(Sorter *s, size_t place) {
    size_t i = s->heap_count++;
    while (i > 0 && s->heap[(i - 1) / 2] < place) {
        s->heap[i] = s->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    s->heap[i] = place;
}

static size_t heap_pop(Sorter *s) {
    size_t top = s->heap[0];
    size_t last = s->heap[--s->heap_count];
    size_t i = 0;
    for (size_t child = 1; child < s->heap_count; child = 2 * i + 1) {
        if (child + 1 < s->heap_count && s->heap[child + 1] > s->heap[child]) {
            child++;
        }
        if (s->heap[child] < last) {
            break;
        }
        s->heap[i] = s->heap[child];
        i = child;
    }
    s->heap[i] = last;
    return top;
}

/*
 * Fills `placed` from its end: of all objects that nothing waits for, the one that stands last by name goes
 * last (Knuth's topological sort with a heap for the list of candidates). Returns how many could not be
 * placed; they are at the head of `placed`.
 */
static size_t place_all(Sorter *s) {
    memset(s->waiting, 0, (s->model->objects.count + 1) * sizeof *s->waiting);
    for (size_t i = 0; i < s->count; i++) {
        s->index[s->list[i]->id] = i;
        for (size_t d = 0; d < s->list[i]->depends_on.count; d++) {
            s->waiting[s->list[i]->depends_on.items[d]]++;
        }
    }
    s->heap_count = 0;
    for (size_t i = s->count; i-- > 0;) {
        if (s->waiting[s->list[i]->id] == 0) {
            s->heap[s->heap_count++] = i; /* descending numbers are a heap already */
        }
    }
    size_t left = s->count;
    while (s->heap_count) {
        DnObject *object = s->list[heap_pop(s)];
        s->placed[--left] = object;
        for (size_t d = 0; d < object->depends_on.count; d++) {
            int id = object->depends_on.items[d];
            if (--s->waiting[id] == 0) {
                heap_push(s, s->index[id]);
            }
        }
    }
    /* In order of creation: which loop is found first, and from where, decides what a repair cuts. */
    size_t stuck = 0;
    for (size_t i = 0; left && i < s->model->objects.count; i++) {
        DnObject *object = s->model->objects.items[i];
        if (s->waiting[object->id] > 0) {
            s->placed[stuck++] = object;
        }
    }
    return stuck;
}

/* The length of a path from `object` back to `start`, laid out in s->path; 0 when there is none. */
static size_t find_loop(Sorter *s, DnObject *object, int start, size_t depth) {
    if (s->processed[object->id] || s->dead_end[object->id] == start) {
        return 0;
    }
    for (size_t i = 0; i < depth; i++) {
        if (s->path[i] == object) {
            return 0; /* a loop, but not one through the start */
        }
    }
    s->path[depth++] = object;
    for (size_t d = 0; d < object->depends_on.count; d++) {
        if (object->depends_on.items[d] == start) {
            return depth;
        }
    }
    for (size_t d = 0; d < object->depends_on.count; d++) {
        DnObject *next = dn_model_by_id(s->model, object->depends_on.items[d]);
        size_t found = next ? find_loop(s, next, start, depth) : 0;
        if (found) {
            return found;
        }
    }
    s->dead_end[object->id] = start;
    return 0;
}

static void warn_loop(const Sorter *s, size_t count, DnOrderWarnFn warn, void *ctx) {
    DnBuf text = {0};
    dn_buf_str(&text, "could not resolve a dependency loop among these objects:");
    for (size_t i = 0; i < count; i++) {
        const DnObject *o = s->path[i];
        dn_buf_fmt(&text, "%s %s %s", i ? "," : "", dn_kind_name(o->kind), o->name);
    }
    if (warn) {
        warn(ctx, dn_buf_text(&text));
    }
    dn_buf_deinit(&text);
}

/* Repairs one loop through each stuck object; loops that share an object wait for the next round. */
static bool repair_loops(Sorter *s, size_t stuck, DnOrderWarnFn warn, void *ctx) {
    bool any = false;
    memset(s->processed, 0, (s->model->objects.count + 1) * sizeof *s->processed);
    memset(s->dead_end, 0, (s->model->objects.count + 1) * sizeof *s->dead_end);
    for (size_t i = 0; i < stuck; i++) {
        DnObject *object = s->placed[i];
        size_t length = find_loop(s, object, object->id, 0);
        if (!length) {
            s->processed[object->id] = true; /* it only waits for a loop */
            continue;
        }
        any = true;
        if (!dn_repair_loop(s->model, s->path, length)) {
            warn_loop(s, length, warn, ctx);
        }
        for (size_t k = 0; k < length; k++) {
            s->processed[s->path[k]->id] = true;
        }
    }
    return any;
}

static bool prepare(Sorter *s, DnArena *scratch) {
    size_t n = s->model->objects.count;
    s->count = n;
    s->list = DN_NEW_ARRAY(scratch, DnObject *, n + 1);
    s->placed = DN_NEW_ARRAY(scratch, DnObject *, n + 1);
    s->path = DN_NEW_ARRAY(scratch, DnObject *, n + 1);
    s->waiting = DN_NEW_ARRAY(scratch, int, n + 1);
    s->index = DN_NEW_ARRAY(scratch, size_t, n + 1);
    s->heap = DN_NEW_ARRAY(scratch, size_t, n + 1);
    s->processed = DN_NEW_ARRAY(scratch, bool, n + 1);
    s->dead_end = DN_NEW_ARRAY(scratch, int, n + 1);
    if (dn_arena_failed(scratch)) {
        return false;
    }
    if (n) {
        memcpy(s->list, s->model->objects.items, n * sizeof *s->list);
    }
    sort_objects(s->model, s->list, s->placed, n);
    return true;
}

/* Everything of a section stands on its side of the boundaries. Pushed without the search for duplicates
   that dn_depend() makes: the lists are as long as the catalog. */
static void fence_sections(DnModel *model) {
    DnObject *pre = model->pre_boundary;
    DnObject *post = model->post_boundary;
    for (size_t i = 0; pre && post && i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        if (object == pre || object == post) {
            continue;
        }
        unsigned section = dn_object_section(object);
        if (section == DN_PRE_DATA) {
            DN_PUSH(&model->arena, &pre->depends_on, object->id);
        } else if (section == DN_DATA) {
            DN_PUSH(&model->arena, &object->depends_on, pre->id);
            DN_PUSH(&model->arena, &post->depends_on, object->id);
        } else if (section == DN_POST_DATA) {
            DN_PUSH(&model->arena, &object->depends_on, post->id);
        }
    }
    if (pre && post) {
        DN_PUSH(&model->arena, &post->depends_on, pre->id);
    }
}

DnStatus dn_order_objects(DnModel *model, DnOrderWarnFn warn, void *ctx, DnErr *err) {
    DnArena scratch = {0};
    Sorter sorter = {.model = model};
    fence_sections(model);
    DnStatus status = prepare(&sorter, &scratch) ? DN_OK : dn_err_nomem(err);
    size_t stuck = 0;
    while (status == DN_OK && (stuck = place_all(&sorter)) > 0) {
        if (!repair_loops(&sorter, stuck, warn, ctx)) {
            status = dn_err(err, DN_E_INTERNAL, "could not find a dependency loop that must exist");
        }
    }
    for (size_t i = 0; status == DN_OK && i < sorter.count; i++) {
        DN_PUSH(&model->arena, &model->ordered, sorter.placed[i]);
    }
    if (status == DN_OK && dn_arena_failed(&model->arena)) {
        status = dn_err_nomem(err);
    }
    dn_arena_deinit(&scratch);
    return status;
}
