/*
 * settings.h - what the options of a dump mean to each part of the library.
 */
#ifndef DN_DUMPER_SETTINGS_H
#define DN_DUMPER_SETTINGS_H

#include "catalog/fetch.h"
#include "common/filter.h"
#include "sqlgen/entry.h"

/* DN_E_USAGE where options contradict each other. */
DnStatus dn_settings_check(const DnDumpOptions *options, DnErr *err) DN_MUST_USE;
/* The same about the server, once it is known whose it is. */
DnStatus dn_settings_check_site(const DnDumpOptions *options, DnErr *err) DN_MUST_USE;
/* The sections that can hold something: bits of DN_ALL_SECTIONS. */
unsigned dn_settings_sections(const DnDumpOptions *options);
/* The patterns of the options and of their filter files, added to `filter`. */
DnStatus dn_settings_filters(const DnDumpOptions *options, DnFilter *filter, DnErr *err) DN_MUST_USE;
/* Borrows from `filter`. */
DnSelection dn_settings_selection(const DnDumpOptions *options, DnFilter *filter);
/* Borrows the options' strings and the model. */
DnRender dn_settings_render(const DnDumpOptions *options, const DnModel *model);

#endif
