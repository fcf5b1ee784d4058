#include "restore/clone/plan.h"

#include <string.h>

#include "common/err.h"

bool dn_clone_place(const DnSource *source, const char *place, size_t size, size_t *number) {
    *number = 0;
    size_t digits = 0;
    while (digits < size && place[digits] >= '0' && place[digits] <= '9' && *number <= source->rows.count) {
        *number = *number * 10 + (size_t)(place[digits++] - '0');
    }
    return digits && *number < source->rows.count;
}

/* ---- Ranges -------------------------------------------------------------------------------- */

static DnStatus plan_unit(const DnSource *source, DnUnit *unit, uint64_t *next, DnCloneTable *tables,
                          DnErr *err) {
    DnIndexTable *table = unit->tables[0];
    const char *place = source->text.bytes + unit->rows;
    if (!dn_clone_place(source, place, (size_t)(unit->rows_end - unit->rows), &unit->place)) {
        return dn_err(err, DN_E_INTERNAL, "the text has no number for the rows of %s", unit->label);
    }
    uint64_t bytes = source->rows.items[unit->place].bytes;
    DnCloneTable *rows = &tables[unit->place];
    rows->plain = table->plain && table->units == 1;
    rows->target = rows->plain ? unit->target : NULL;
    table->bytes += bytes;
    unit->rows = *next;
    *next += bytes;
    unit->rows_end = *next;
    return DN_OK;
}

/* What of the text stands for rows, or values of sequences. */
static bool is_data(const DnUnit *unit) {
    static const char *const types[] = {"TABLE DATA ", "SEQUENCE SET ", "BLOBS "};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strncmp(unit->label, types[i], strlen(types[i])) == 0) {
            return true;
        }
    }
    return false;
}

DnStatus dn_clone_plan(DnSource *source, DnIndex *index, DnCloneTable *tables, DnErr *err) {
    uint64_t next = 0;
    for (size_t i = 0; i < index->units.count; i++) {
        DnUnit *unit = &index->units.items[i];
        unit->unsettled = is_data(unit);
        if (unit->kind == DN_UNIT_ROWS && unit->copy) {
            unit->tables[0]->bytes = 0; /* of what stands in the text */
        }
    }
    for (size_t i = 0; i < index->units.count; i++) {
        DnUnit *unit = &index->units.items[i];
        if (unit->kind == DN_UNIT_ROWS && unit->copy && plan_unit(source, unit, &next, tables, err)) {
            return err->status;
        }
    }
    for (size_t i = 0; i < source->rows.count; i++) {
        /* A table that was there may have columns of other types: only text is converted. */
        source->rows.items[i].binary = source->rows.items[i].binary && tables[i].plain;
    }
    index->row_bytes = source->bytes;
    return DN_OK;
}

/* ---- Pieces -------------------------------------------------------------------------------- */

/* The page that a place of the unit's range falls on. */
static uint32_t page_at(const DnSource *source, const DnUnit *unit, uint64_t at) {
    const DnSourceRows *rows = &source->rows.items[unit->place];
    double share = (double)(at - unit->rows) / (double)(unit->rows_end - unit->rows);
    return (uint32_t)(share * (double)rows->pages);
}

DnSourcePart dn_clone_part(const DnSource *source, const DnJob *job) {
    const DnUnit *unit = job->units[0];
    DnSourcePart part = {.rows = unit->place};
    if (job->from > unit->rows) {
        part.first = page_at(source, unit, job->from);
    }
    if (job->to < unit->rows_end) { /* the last one is open: nobody knows how long the table is by now */
        part.end = page_at(source, unit, job->to);
    }
    return part;
}

typedef struct Cutter {
    const DnSource *source;
    const DnIndex *index;
    const DnCloneTable *tables;
} Cutter;

/* A piece needs a page to begin with; a table without pages to tell by is one piece, and so is one whose rows
   are there already, or that could not be emptied by itself. */
static int cut(void *ctx, uint64_t at, uint64_t end, uint64_t *place) {
    const Cutter *cutter = ctx;
    *place = end;
    for (size_t i = 0; i < cutter->index->units.count; i++) {
        const DnUnit *unit = &cutter->index->units.items[i];
        if (unit->kind == DN_UNIT_ROWS && unit->copy && at > unit->rows && at < unit->rows_end) {
            const DnCloneTable *table = &cutter->tables[unit->place];
            bool whole = !table->plain || dn_clone_is_kept(table);
            *place = !whole && page_at(cutter->source, unit, at) ? at : end;
            return 0;
        }
    }
    return 0;
}

/* What is done needs no job, and each unit its own line in the journal: which ones share a job depends on how
   big tables are. Returns whether the job has something left. */
static bool trim_job(DnJob *job, const DnIndex *index, const bool *done) {
    size_t left = 0;
    for (size_t i = 0; i < job->count; i++) {
        if (!done[job->units[i] - index->units.items]) {
            job->units[left++] = job->units[i];
        }
    }
    job->count = left;
    job->first = index->units.items;
    return left;
}

DnStatus dn_clone_schedule(const DnSource *source, DnIndex *index, DnCloneTable *tables, const bool *done,
                           unsigned sessions, DnSchedule *schedule, DnErr *err) {
    Cutter cutter = {.source = source, .index = index, .tables = tables};
    DnStatus status = dn_schedule_make(schedule, index, sessions, cut, &cutter, err);
    for (size_t i = 0; !status && i < schedule->stages.count; i++) {
        DnStage *stage = &schedule->stages.items[i];
        for (size_t j = 0; j < stage->jobs.count; j++) {
            DnJob *job = &stage->jobs.items[j];
            if (job->piece) {
                tables[job->units[0]->place].pieces++;
            }
            job->state = trim_job(job, index, done) ? DN_JOB_WAITS : DN_JOB_DONE;
        }
    }
    return status;
}

bool dn_clone_is_settled(const DnIndex *index, const bool *done) {
    bool rows = false;
    for (size_t i = 0; i < index->units.count; i++) {
        rows = rows || index->units.items[i].unsettled;
        if (rows && done[i]) {
            return true;
        }
    }
    return false;
}
