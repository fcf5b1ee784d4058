#include "dumper/plan.h"

#include <string.h>

static uint64_t bytes_of(const DnTableData *data) {
    const DnRelation *table = data->table;
    return table->heap_bytes + table->toast_bytes;
}

bool dn_plan_by_pages(int server_version) {
    return server_version >= 140000; /* which brought TID range scans */
}

/* Rows of other access methods and of foreign tables have no pages; a condition of an extension's
   configuration table is its own. */
bool dn_plan_has_pages(const DnTableData *data) {
    const DnRelation *table = data->table;
    return table->relkind == 'r' && !data->filter && table->access_method &&
           strcmp(table->access_method, "heap") == 0;
}

/* How many pages of the table make up a piece; 0 = all. What is out of line counts as if it were spread
   evenly. */
static uint32_t piece_pages(const DnTableData *data, const DnPlanOptions *options) {
    enum { FEWEST = 16 };
    uint64_t all = bytes_of(data);
    if (!options->by_pages || options->whole_tables || all < 2 * options->job_bytes ||
        !dn_plan_has_pages(data)) {
        return 0;
    }
    double share = (double)options->job_bytes / (double)all;
    uint64_t pages = (uint64_t)(share * (double)data->table->heap_bytes / DN_PAGE_SIZE);
    return pages < FEWEST ? FEWEST : (uint32_t)pages;
}

static bool is_full(const DnJob *job, const DnPlanOptions *options, uint64_t job_bytes, uint64_t bytes) {
    return !options->whole && (job->count >= options->job_tables || job_bytes + bytes > options->job_bytes);
}

static void add_piece(DnPlan *plan, const DnPlanOptions *options, DnPiece piece, uint64_t bytes,
                      uint64_t *job_bytes) {
    DnJob *job = plan->jobs.items ? &plan->jobs.items[plan->jobs.count - 1] : NULL;
    if (!job || is_full(job, options, *job_bytes, bytes)) {
        DN_PUSH(&plan->arena, &plan->jobs, ((DnJob){.first = plan->pieces.count}));
        job = plan->jobs.items ? &plan->jobs.items[plan->jobs.count - 1] : NULL;
        *job_bytes = 0;
    }
    DN_PUSH(&plan->arena, &plan->pieces, piece);
    if (job) { /* else out of memory, which is told in the end */
        job->count++;
    }
    *job_bytes += bytes;
}

static void add_table(DnPlan *plan, const DnPlanOptions *options, const DnTableData *data,
                      uint64_t *job_bytes) {
    uint32_t step = options->whole ? 0 : piece_pages(data, options);
    uint64_t pages = data->table->heap_bytes / DN_PAGE_SIZE;
    uint64_t first = 0;
    while (step && first + 2 * (uint64_t)step <= pages) {
        DnPages range = {.first = (uint32_t)first, .end = (uint32_t)(first + step)};
        add_piece(plan, options, (DnPiece){.table = data, .pages = range}, options->job_bytes, job_bytes);
        first += step;
    }
    /* Open at its end: nobody knows how long the table is by now. */
    DnPiece rest = {.table = data, .pages = {.first = (uint32_t)first}, .last = true};
    add_piece(plan, options, rest, step ? options->job_bytes : bytes_of(data), job_bytes);
}

void dn_plan_make(DnPlan *plan, const DnModel *model, const DnPlanOptions *options) {
    uint64_t job_bytes = 0;
    for (size_t i = 0; i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        if (object->kind == DN_KIND_TABLE_DATA) {
            add_table(plan, options, (const DnTableData *)object, &job_bytes);
        } else if (object->kind == DN_KIND_LARGE_OBJECT_DATA) {
            const DnPiece piece = {.large = (const DnLargeObjectData *)object, .last = true};
            add_piece(plan, options, piece, 0, &job_bytes);
        }
    }
}

void dn_plan_deinit(DnPlan *plan) {
    dn_arena_deinit(&plan->arena);
}
