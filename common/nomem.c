#include "common/nomem.h"

static _Thread_local unsigned long count;

void dn_nomem_note(void) {
    count++;
}

unsigned long dn_nomem_count(void) {
    return count;
}
