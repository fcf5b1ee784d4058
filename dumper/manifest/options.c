#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "common/err.h"
#include "common/filter.h"
#include "dumper/manifest/manifest.h"

typedef enum OptionType { FLAG, NUMBER, TEXT, LIST } OptionType;

typedef struct OptionRow {
    const char *name;
    OptionType type;
    size_t offset;
    DnFilterList list;
} OptionRow;

static const OptionRow rows[] = {
#define FLAG(name)       {#name, FLAG, offsetof(DnDumpOptions, name), DN_FILTER_COUNT},
#define NUMBER(name)     {#name, NUMBER, offsetof(DnDumpOptions, name), DN_FILTER_COUNT},
#define TEXT(name)       {#name, TEXT, offsetof(DnDumpOptions, name), DN_FILTER_COUNT},
#define LIST(name, list) {#name, LIST, offsetof(DnDumpOptions, name), list},
#include "dumper/manifest/options.def"
#undef FLAG
#undef NUMBER
#undef TEXT
#undef LIST
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

static const DnDumpOptions defaults = DN_DUMP_OPTIONS_INIT;

/* ---- Writing --------------------------------------------------------------------- */

static void write_name(DnBuf *json, const OptionRow *row) {
    dn_buf_str(json, json->size > 1 ? ", " : "");
    dn_manifest_string(json, row->name);
    dn_buf_str(json, ": ");
}

static void write_list(DnBuf *json, const char *const *items) {
    for (size_t i = 0; items[i]; i++) {
        dn_buf_str(json, i ? ", " : "[");
        dn_manifest_string(json, items[i]);
    }
    dn_buf_char(json, ']');
}

static void write_option(DnBuf *json, const OptionRow *row, const DnDumpOptions *options,
                         const char *const *const *lists) {
    const char *value = (const char *)options + row->offset;
    unsigned number = row->type == NUMBER ? *(const unsigned *)(const void *)value : 0;
    const char *text = row->type == TEXT ? *(const char *const *)(const void *)value : NULL;
    if (row->type == FLAG && *(const bool *)value) {
        write_name(json, row);
        dn_buf_str(json, "true");
    } else if (row->type == NUMBER &&
               number != *(const unsigned *)(const void *)((const char *)&defaults + row->offset)) {
        write_name(json, row);
        dn_buf_fmt(json, "%u", number);
    } else if (text) {
        write_name(json, row);
        dn_manifest_string(json, text);
    } else if (row->type == LIST && lists[row->list] && lists[row->list][0]) {
        write_name(json, row);
        write_list(json, lists[row->list]);
    }
}

void dn_manifest_options_write(DnBuf *json, const DnDumpOptions *options, const char *const *const *lists) {
    dn_buf_char(json, '{');
    for (size_t i = 0; i < ROW_COUNT; i++) {
        write_option(json, &rows[i], options, lists);
    }
    dn_buf_char(json, '}');
}

/* ---- Reading --------------------------------------------------------------------- */

static const OptionRow *find_row(const char *name) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* NULL when it is no list of strings, or out of memory. */
static const char *const *read_list(DnArena *arena, const json_t *value) {
    size_t count = json_array_size(value);
    const char **items = json_is_array(value) ? DN_NEW_ARRAY(arena, const char *, count + 1) : NULL;
    for (size_t i = 0; items && i < count; i++) {
        const char *text = json_string_value(json_array_get(value, i));
        items[i] = dn_arena_str(arena, text);
        if (!items[i]) {
            return NULL;
        }
    }
    return (const char *const *)items;
}

static bool read_option(DnArena *arena, const OptionRow *row, const json_t *value, DnDumpOptions *options) {
    void *target = (char *)options + row->offset;
    const char *const *list;
    switch (row->type) {
    case FLAG:
        *(bool *)target = json_is_true(value);
        return json_is_boolean(value);
    case NUMBER:
        *(unsigned *)target = (unsigned)json_integer_value(value);
        return json_is_integer(value);
    case TEXT:
        *(const char **)target = dn_arena_str(arena, json_string_value(value));
        return json_is_string(value);
    default:
        list = read_list(arena, value);
        *(const char *const **)target = list;
        return list;
    }
}

DnStatus dn_manifest_options_read(DnManifest *manifest, DnDumpOptions *options, DnErr *err) {
    json_t *json = json_loads(manifest->options, 0, NULL);
    const char *name;
    json_t *value;
    DnStatus status =
        json_is_object(json) ? DN_OK : dn_err(err, DN_E_MISMATCH, "the manifest has no options");
    json_object_foreach(json, name, value) {
        const OptionRow *row = status == DN_OK ? find_row(name) : NULL;
        if (status == DN_OK && (!row || !read_option(&manifest->arena, row, value, options))) {
            status =
                dn_err(err, DN_E_MISMATCH, "the manifest has an option that is not known here: \"%s\"", name);
            dn_err_hint(err, "It was written by a newer dumpnative: use that one.");
        }
    }
    json_decref(json);
    return status == DN_OK && dn_arena_failed(&manifest->arena) ? dn_err_nomem(err) : status;
}
