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

bool dn_work_add(DnWork *work, const char *text, size_t size, uint64_t rows) {
    if (!make_room(work, size)) {
        return false;
    }
    memcpy(work->block->bytes + work->block->size, text, size);
    work->block->size += size;
    work->block->rows += rows;
    return true;
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
