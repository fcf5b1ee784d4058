/*
 * err.h - filling the public error value.
 *
 * The lowest layer that knows what failed fills the DnErr once; upper layers add context or pass it on.
 * Each function returns the status that it stored, so that `return dn_err(...)` reads well.
 */
#ifndef DN_COMMON_ERR_H
#define DN_COMMON_ERR_H

#include "include/dumpnative.h"

/* Sets status and message; clears the rest. Control characters in the text become spaces. */
DnStatus dn_err(DnErr *err, DnStatus status, const char *format, ...) DN_PRINTF(3, 4);
DnStatus dn_err_nomem(DnErr *err);
/* "MESSAGE: strerror(errno)" about `object`. */
DnStatus dn_err_errno(DnErr *err, int error, const char *object, const char *what);
/* These add to an error that is set already. */
void dn_err_hint(DnErr *err, const char *format, ...) DN_PRINTF(2, 3);
void dn_err_object(DnErr *err, const char *format, ...) DN_PRINTF(2, 3);
void dn_err_sqlstate(DnErr *err, const char *sqlstate);
/* The server's or libpq's own words, with their line ends; the statement that was refused. */
void dn_err_server(DnErr *err, const char *text);
void dn_err_query(DnErr *err, const char *text);

#endif
