/*
 * render.h - renders one object of a hand-made model, and shows all that came of it as one text:
 *
 *   [TAG; DESC; SCHEMA; OWNER]      for each entry, "-" for what it does not have
 *   CREATE ...
 *   << DROP ...                     when the entry has one
 *   >> TABLE public.t               when ALTER ... OWNER follows
 */
#ifndef DN_TESTS_UNIT_SQLGEN_RENDER_H
#define DN_TESTS_UNIT_SQLGEN_RENDER_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

/* What a dump of a server of that version has when no option is given. */
static inline DnRender render_for(DnModel *model, int major) {
    model->server_version = major * 10000;
    model->std_strings = true;
    return (DnRender){.model = model, .spelling = {.std_strings = true, .major = major}};
}

/* What the marks of statements come to. */
static inline void seal(DnBuf *text) {
    DnFault fault;
    bool whole = dn_statements_seal(text, true, "UTF8", &fault);
    if (!whole) {
        fail_msg("%s", fault.what);
    }
}

/* The text without its marks, whatever else it is. */
static inline const char *unmarked(DnBuf *text) {
    size_t kept = 0;
    for (size_t i = 0; i < text->size; i++) {
        text->bytes[kept] = text->bytes[i];
        kept += text->bytes[i] != '\0';
    }
    text->size = kept;
    if (kept) {
        text->bytes[kept] = '\0';
    }
    return dn_buf_text(text);
}

static inline const char *or_dash(const char *text) {
    return text ? text : "-";
}

/* One of two buffers, in turn: good until the call after the next. */
static inline const char *rendered(const DnRender *render, DnRenderFn fn, const void *object) {
    static DnBuf texts[2];
    static size_t turn;
    DnBuf *text = &texts[turn++ % 2];
    DnEntries entries = {0};
    dn_buf_clear(text);
    fn(render, object, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        DnEntry *entry = &entries.items[i];
        seal(&entry->create);
        seal(&entry->drop);
        dn_buf_fmt(text, "[%s; %s; %s; %s]\n%s", or_dash(entry->tag), or_dash(entry->desc),
                   or_dash(entry->schema), or_dash(entry->owner), dn_buf_text(&entry->create));
        if (entry->drop.size) {
            dn_buf_fmt(text, "<< %s", dn_buf_text(&entry->drop));
        }
        if (entry->owned) {
            dn_buf_fmt(text, ">> %s\n", dn_buf_text(&entry->owner_target));
        }
    }
    assert_false(dn_entries_failed(&entries));
    dn_entries_deinit(&entries);
    return dn_buf_text(text);
}

/* ---- What the objects of the tests belong to ------------------------------------- */

/* Not every kind has a schema. */
__attribute__((unused)) static DnSchema render_schema = {
    .object = {.kind = DN_KIND_SCHEMA, .name = "public"}};

/* The head of an object in schema public, owned by alice, all of it to be dumped. */
#define IN_PUBLIC(kind_, name_)                                                                              \
    {                                                                                                        \
        .kind = DN_KIND_##kind_, .name = (name_), .schema = &render_schema, .owner = "alice",                \
        .dump = DN_PART_ALL                                                                                  \
    }

/* A vector that holds what the array holds. */
#define VEC_OF(array)                                                                                        \
    { .items = (array), .count = sizeof(array) / sizeof(array)[0] }

#endif
