/*
 * settings.h - "name=value" pairs of pg_proc.proconfig and the like as SET name TO value.
 */
#ifndef DN_SQLGEN_SETTINGS_H
#define DN_SQLGEN_SETTINGS_H

#include "common/buf.h"
#include "sqlgen/quote.h"

/* Appends "<before>name TO value"; nothing when `setting` holds no "=". */
void dn_setting(DnBuf *buf, const DnSpelling *spelling, const char *before, const char *setting);

#endif
