#include "catalog/model/order.h"

#include <string.h>

#include "catalog/model/by_name.h"
#include "catalog/model/kind.h"
#include "catalog/model/repair.h"
#include "common/buf.h"

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
    return dn_sort_by_name(s->model, scratch, s->list);
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
