#include "dumper/work.h"

#include <string.h>

#include "common/err.h"

/* ---- Handing in ------------------------------------------------------------------ */

static void remember(DnPrefix *prefix, const DnBlock *block) {
    size_t at = 0;
    for (size_t i = 0; i < block->end_count; i++) {
        dn_prefix_add(prefix, block->bytes + at, block->ends[i].at - at, block->ends[i].rows);
        dn_prefix_end_piece(prefix);
        at = block->ends[i].at;
    }
    dn_prefix_add(prefix, block->bytes + at, block->size - at, block->rows);
    dn_sum_merge(&prefix->sum, block->sum);
}

static bool is_repeating(const DnWork *work) {
    return dn_prefix_is_short_of(&work->current, &work->given);
}

static void hand_in(DnWork *work) {
    if (work->block && is_repeating(work)) { /* there is nothing in it */
        dn_flow_release(work->flow, work->block);
        work->block = NULL;
    } else if (work->block) {
        if (work->repeatable) {
            remember(&work->given, work->block);
            work->current = work->given;
        }
        dn_flow_put(work->flow, work->job, work->block);
        work->block = NULL;
    }
}

static bool make_room(DnWork *work, size_t size) {
    if (work->block && size <= work->block->capacity - work->block->size) {
        return true;
    }
    hand_in(work);
    work->block = dn_flow_block(work->flow, work->job, size);
    return work->block;
}

/* ---- Reading again --------------------------------------------------------------- */

/* Where the repetition ends it must have come to the same. */
static bool is_same_so_far(DnWork *work) {
    work->differs = !is_repeating(work) && !dn_prefix_is_same(&work->current, &work->given);
    return !work->differs;
}

/* Takes from the text what the flow has already. */
static bool repeat(DnWork *work, const char **text, size_t *size, uint64_t *rows) {
    uint64_t left = work->given.bytes - work->current.bytes;
    uint64_t rows_left = work->given.rows - work->current.rows;
    size_t part = *size < left ? *size : (size_t)left;
    uint64_t rows_part = *rows < rows_left ? *rows : rows_left;
    if (*size && !left) { /* an end should have come */
        work->differs = true;
        return false;
    }
    dn_prefix_add(&work->current, *text, part, rows_part);
    *text += part;
    *size -= part;
    *rows -= rows_part;
    return is_same_so_far(work);
}

void dn_work_again(DnWork *work) {
    dn_flow_release(work->flow, work->block);
    work->block = NULL;
    work->current = (DnPrefix){0};
    work->read = (DnSum){0};
}

/* ---- Adding ---------------------------------------------------------------------- */

char *dn_work_room(DnWork *work, size_t least, size_t *size) {
    if (!make_room(work, least)) {
        return NULL;
    }
    *size = work->block->capacity - work->block->size;
    return work->block->bytes + work->block->size;
}

/* What of the sum belongs to rows that the flow does not have: none while it repeats, and at the end of that
   what was read too much. */
static void sum_of_rest(DnWork *work, DnSum *sum) {
    dn_sum_merge(&work->read, *sum);
    *sum = (DnSum){0};
    if (!is_repeating(work)) {
        *sum = work->read;
        dn_sum_remove(sum, work->given.sum);
    }
}

bool dn_work_use(DnWork *work, size_t size, uint64_t rows, DnSum sum) {
    char *text = work->block->bytes + work->block->size;
    if (is_repeating(work)) {
        const char *rest = text;
        if (!repeat(work, &rest, &size, &rows)) {
            return false;
        }
        memmove(text, rest, size);
        sum_of_rest(work, &sum);
    }
    work->block->size += size;
    work->block->rows += rows;
    dn_sum_merge(&work->block->sum, sum);
    return true;
}

static bool add(DnWork *work, const char *text, size_t size, uint64_t rows, DnSum sum) {
    size_t room;
    char *to = dn_work_room(work, size, &room);
    if (!to) {
        return false;
    }
    memcpy(to, text, size);
    return dn_work_use(work, size, rows, sum);
}

bool dn_work_add(DnWork *work, const char *text, size_t size, uint64_t rows) {
    return add(work, text, size, rows, (DnSum){0});
}

bool dn_work_add_for(DnWork *work, const char *text, size_t size, const char *row, size_t row_size) {
    DnSum sum = {0};
    if (work->sums) {
        dn_sum_add_row(&sum, row, row_size);
    }
    return add(work, text, size, 0, sum);
}

bool dn_work_end_piece(DnWork *work) {
    if (is_repeating(work)) {
        dn_prefix_end_piece(&work->current);
        work->read = (DnSum){0};
        return is_same_so_far(work);
    }
    if (!make_room(work, 0)) {
        return false;
    }
    DnBlock *block = work->block;
    block->ends[block->end_count++] = (DnPieceEnd){.at = block->size, .rows = block->rows, .sum = block->sum};
    block->rows = 0;
    block->sum = (DnSum){0};
    if (block->end_count == DN_BLOCK_ENDS) {
        hand_in(work);
    }
    return true;
}

bool dn_work_finish(DnWork *work) {
    work->differs = is_repeating(work);
    hand_in(work);
    return !work->differs;
}

DnStatus dn_work_ended(const DnWork *work, DnErr *err) {
    if (!work->differs) {
        return dn_err(err, DN_E_CANCELLED, "cancelled");
    }
    /* The code for what only a new transaction can mend. */
    (void)dn_err(err, DN_E_QUERY, "the same rows came in another order when they were read again");
    dn_err_sqlstate(err, "40001");
    dn_err_hint(err, "A connection was lost, and what it had read can't be continued: run the dump again.");
    return DN_E_QUERY;
}
