/*
 * cancel.h - the receiving side of DnCancel: look at it between steps, or poll() for it while waiting.
 */
#ifndef DN_COMMON_CANCEL_H
#define DN_COMMON_CANCEL_H

#include <stdbool.h>

#include "include/dumpnative.h"

/* NULL is never requested. */
bool dn_cancel_requested(const DnCancel *cancel);
/* Readable for ever once cancelling was requested; don't read from it. -1 for NULL, as poll() ignores it. */
int dn_cancel_fd(const DnCancel *cancel);

#endif
