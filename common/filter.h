/*
 * filter.h - files of name patterns: what --filter reads.
 *
 * A line is "include" or "exclude", a kind of object, and a pattern as the options take it:
 *
 *     include table shop.orders*     # a comment
 *     exclude table_data "Audit Log"
 *
 * Kinds are schema, table, table_and_children, table_data, table_data_and_children, extension, foreign_data.
 * Empty lines, and what follows a # outside of quotes, don't count. White space inside a pattern is taken to
 * be one blank, none beside a dot or parentheses. Inside double quotes a pattern may go on in the next line;
 * \n and
 * \\ stand for a line end and a backslash there.
 *
 * A zero-initialised DnFilter is ready; its arena owns what was read.
 */
#ifndef DN_COMMON_FILTER_H
#define DN_COMMON_FILTER_H

#include "common/arena.h"
#include "common/vec.h"
#include "include/dumpnative.h"

typedef enum DnFilterList {
    DN_FILTER_SCHEMAS,
    DN_FILTER_NO_SCHEMAS,
    DN_FILTER_TABLES,
    DN_FILTER_NO_TABLES,
    DN_FILTER_TABLE_TREES,
    DN_FILTER_NO_TABLE_TREES,
    DN_FILTER_NO_DATA,
    DN_FILTER_NO_DATA_TREES,
    DN_FILTER_EXTENSIONS,
    DN_FILTER_NO_EXTENSIONS,
    DN_FILTER_FOREIGN_DATA,
    DN_FILTER_COUNT
} DnFilterList;

typedef struct DnFilter {
    DnArena arena;
    DN_VEC(const char *) lists[DN_FILTER_COUNT];
} DnFilter;

/* Appends patterns that are known already; takes NULL. */
void dn_filter_add(DnFilter *filter, DnFilterList list, const char *const *patterns);
/* Reads text; `name` is the file's in errors, NULL = standard input. DN_E_USAGE names the line. */
DN_MUST_USE DnStatus dn_filter_parse(DnFilter *filter, const char *name, const char *text, DnErr *err);
/* Reads a file, or standard input for "-". */
DN_MUST_USE DnStatus dn_filter_load(DnFilter *filter, const char *path, DnErr *err);
/* The list so far, ended by NULL; NULL when it is empty or memory is out (the arena then says so). */
const char *const *dn_filter_list(DnFilter *filter, DnFilterList list);
void dn_filter_deinit(DnFilter *filter);

#endif
