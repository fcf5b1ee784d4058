/*
 * recode.h - names of the dump in the encoding of the session that asks for them.
 */
#ifndef DN_RESTORE_RECODE_H
#define DN_RESTORE_RECODE_H

#include "restore/run.h"

/* Puts `text`, which is in the encoding of that name, or of none that is known (NULL), into that of the
   session, by the server. DN_E_QUERY when that has no such encoding or lacks a character. */
DN_MUST_USE DnStatus dn_recode(DnRun *run, const char *encoding, DnBuf *text, DnErr *err);

#endif
