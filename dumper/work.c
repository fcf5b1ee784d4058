#include "dumper/work.h"

#include <string.h>

#include "common/err.h"

void dn_work_hand_in(DnWork *work) {
    if (work->block) {
        dn_flow_put(work->flow, work->job, work->block);
        work->block = NULL;
        work->handed_in = true;
    }
}

static bool make_room(DnWork *work, size_t size) {
    if (work->block && size <= work->block->capacity - work->block->size) {
        return true;
    }
    dn_work_hand_in(work);
    work->block = dn_flow_block(work->flow, work->job, size);
    return work->block;
}

char *dn_work_room(DnWork *work, size_t least, size_t *size) {
    if (!make_room(work, least)) {
        return NULL;
    }
    *size = work->block->capacity - work->block->size;
    return work->block->bytes + work->block->size;
}

void dn_work_use(DnWork *work, size_t size, uint64_t rows) {
    work->block->size += size;
    work->block->rows += rows;
}

bool dn_work_add(DnWork *work, const char *text, size_t size, uint64_t rows) {
    size_t room;
    char *to = dn_work_room(work, size, &room);
    if (to) {
        memcpy(to, text, size);
        dn_work_use(work, size, rows);
    }
    return to;
}

bool dn_work_end_piece(DnWork *work) {
    if (!make_room(work, 0)) {
        return false;
    }
    DnBlock *block = work->block;
    block->ends[block->end_count++] = (DnPieceEnd){.at = block->size, .rows = block->rows};
    block->rows = 0;
    if (block->end_count == DN_BLOCK_ENDS) {
        dn_work_hand_in(work);
    }
    return true;
}

DnStatus dn_work_ended(DnErr *err) {
    return dn_err(err, DN_E_CANCELLED, "cancelled");
}
