#include "dumper/manifest/record.h"

#include <string.h>

#include "common/err.h"
#include "sqlgen/modern.h"
#include "sqlgen/modern_members.h"

/* The length of the UTF-8 character at `text`, 0 when that is none. */
static size_t character(const unsigned char *text) {
    static const struct {
        unsigned char mask, lead, least, most; /* of the first byte; of the second */
        size_t length;
    } forms[] = {
        {0x80, 0x00, 0x00, 0xff, 1}, {0xe0, 0xc0, 0x80, 0xbf, 2}, {0xff, 0xe0, 0xa0, 0xbf, 3},
        {0xff, 0xed, 0x80, 0x9f, 3}, {0xf0, 0xe0, 0x80, 0xbf, 3}, {0xff, 0xf0, 0x90, 0xbf, 4},
        {0xff, 0xf4, 0x80, 0x8f, 4}, {0xfc, 0xf0, 0x80, 0xbf, 4},
    };
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if ((text[0] & forms[f].mask) != forms[f].lead) {
            continue;
        }
        size_t length = forms[f].length;
        if (text[0] == 0xc0 || text[0] == 0xc1 ||
            (length > 1 && (text[1] < forms[f].least || text[1] > forms[f].most))) {
            return 0;
        }
        for (size_t i = 2; i < length; i++) {
            if ((text[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
    return 0;
}

const char *dn_manifest_name(DnManifest *manifest, const char *name) {
    DnBuf clean = {0};
    const char *p = name;
    size_t length;
    while (*p && (length = character((const unsigned char *)p))) {
        p += length;
    }
    if (!*p) {
        return dn_arena_str(&manifest->arena, name);
    }
    for (p = name; *p; p += length ? length : 1) {
        length = character((const unsigned char *)p);
        if (length) {
            dn_buf_add(&clean, p, length);
        } else {
            dn_buf_fmt(&clean, "\\x%02X", (unsigned char)*p);
        }
    }
    const char *copy = dn_arena_str(&manifest->arena, dn_buf_text(&clean));
    manifest->arena.failed |= dn_buf_failed(&clean);
    dn_buf_deinit(&clean);
    return copy;
}

DnStatus dn_recorder_init(DnRecorder *recorder, DnManifest *manifest, DnErr *err) {
    *recorder = (DnRecorder){.manifest = manifest, .stream = dn_sum_stream_new()};
    return recorder->stream ? DN_OK : dn_err_nomem(err);
}

void dn_recorder_deinit(DnRecorder *recorder) {
    dn_sum_stream_free(recorder->stream);
    dn_buf_deinit(&recorder->scratch);
    *recorder = (DnRecorder){0};
}

void dn_recorder_head(DnRecorder *recorder, const char *tool, const DnModel *model, const char *options) {
    if (recorder) {
        DnManifest *m = recorder->manifest;
        recorder->model = model;
        m->tool = dn_arena_str(&m->arena, tool);
        m->server_version = dn_manifest_name(m, model->server_version_text);
        m->database = dn_manifest_name(m, model->database);
        m->encoding = dn_arena_str(&m->arena, model->encoding);
        m->snapshot_time = dn_arena_str(&m->arena, model->snapshot_time);
        m->snapshot_lsn = dn_arena_str(&m->arena, model->snapshot_lsn);
        m->options = dn_manifest_name(m, options);
    }
}

static void end_span(DnRecorder *recorder) {
    DnManifestSection *section = &recorder->manifest->sections[recorder->span];
    section->bytes = recorder->at - section->offset;
    section->sum = dn_sum_stream_take(recorder->stream);
}

static void enter_span(DnRecorder *recorder, DnSpan span) {
    while (recorder->span < span) {
        end_span(recorder);
        recorder->span++;
        recorder->manifest->sections[recorder->span].offset = recorder->at;
    }
}

void dn_recorder_section(DnRecorder *recorder, unsigned section) {
    if (recorder) {
        enter_span(recorder, section == DN_PRE_DATA ? DN_SPAN_PRE_DATA
                             : section == DN_DATA   ? DN_SPAN_DATA
                                                    : DN_SPAN_POST_DATA);
    }
}

void dn_recorder_text(DnRecorder *recorder, const void *bytes, size_t size) {
    if (recorder) {
        dn_sum_stream_add(recorder->stream, bytes, size);
        recorder->at += size;
    }
}

/* With its end, so that the parts can't run into each other. */
static void add_part(DnBuf *text, const char *part) {
    dn_buf_add(text, part ? part : "", part ? strlen(part) + 1 : 1);
}

/* "public.t" of "SEQUENCE public.t", for which older pg_dumps say "TABLE": the entry tells the kind. */
static const char *without_kind(const char *target) {
    return target + strspn(target, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ");
}

/* The schema public belongs to the bootstrap superuser until 14 and to pg_database_owner since 15, unless
   somebody made it another's. No role is called "". */
static const char *owner_of(const DnEntry *entry) {
    bool usual = strcmp(entry->desc, "SCHEMA") == 0 && ((const DnSchema *)entry->object)->has_usual_owner;
    return usual ? "" : entry->owner;
}

/* What the entry says, and not how the script says it: whether SET default_tablespace stands before it
   depends on other objects. `text` is its definition, and is added to. */
static DnSum sum_of(DnBuf *text, const DnEntry *entry) {
    dn_buf_char(text, '\0');
    add_part(text, entry->owned ? owner_of(entry) : NULL);
    if (entry->owned) {
        const char *target = without_kind(dn_buf_text(&entry->owner_target));
        dn_modern_names(text, target, strlen(target));
    }
    add_part(text, NULL);
    add_part(text, entry->tablespace);
    add_part(text, entry->access_method);
    add_part(text, entry->connect);
    return dn_sum_of(dn_buf_text(text), text->size);
}

/* Tags that are SQL; in others names are as they are, whatever quotes are in them. */
static bool has_quoted_names(const char *desc) {
    static const char *const descs[] = {"COMMENT", "ACL", "SECURITY LABEL", "CAST", "TRANSFORM"};
    for (size_t i = 0; i < sizeof descs / sizeof *descs; i++) {
        if (strcmp(desc, descs[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What is raw of the tag of a function is its name: types in parentheses are SQL. */
static void set_tag(DnBuf *tag, const DnEntry *entry) {
    size_t name = strlen(entry->object->name);
    bool signature = strncmp(entry->tag, entry->object->name, name) == 0 && entry->tag[name] == '(';
    size_t raw = has_quoted_names(entry->desc) ? 0 : signature ? name : strlen(entry->tag);
    dn_buf_clear(tag);
    dn_buf_add(tag, entry->tag, raw);
    dn_modern_names(tag, entry->tag + raw, strlen(entry->tag + raw));
}

/* A second checksum for it, of what servers older and newer than 15 can have in common. */
static void add_public_acl(DnRecorder *recorder, const DnEntry *entry) {
    DnManifest *m = recorder->manifest;
    DnBuf *text = &recorder->scratch;
    dn_buf_clear(text);
    dn_modern_public_acl(text, dn_buf_text(&entry->create), entry->create.size);
    if (text->size) {
        const DnManifestObject object = {.type = DN_MANIFEST_PUBLIC_ACL,
                                         .schema = "",
                                         .name = DN_MANIFEST_PUBLIC,
                                         .sum = sum_of(text, entry)};
        DN_PUSH(&m->arena, &m->objects, object);
    }
}

/* Sets `text` to it. */
static void set_definition(DnBuf *text, const DnRecorder *recorder, const DnEntry *entry) {
    DnBuf members = {0};
    const DnBuf *create = &entry->create;
    if (strcmp(entry->desc, "OPERATOR CLASS") == 0 || strcmp(entry->desc, "OPERATOR FAMILY") == 0) {
        dn_modern_members(&members, &recorder->manifest->arena, recorder->model, entry->object);
        create = &members;
    }
    dn_modern_text(text, recorder->model, entry->desc, dn_buf_text(create), create->size);
    text->failed |= dn_buf_failed(&members);
    dn_buf_deinit(&members);
}

void dn_recorder_object(DnRecorder *recorder, const DnEntry *entry) {
    if (recorder) {
        DnManifest *m = recorder->manifest;
        DnBuf *text = &recorder->scratch;
        set_definition(text, recorder, entry);
        DnManifestObject object = {.type = dn_arena_str(&m->arena, entry->desc),
                                   .schema = dn_manifest_name(m, entry->schema ? entry->schema : ""),
                                   .sum = sum_of(text, entry)};
        set_tag(text, entry);
        object.name = dn_manifest_name(m, dn_buf_text(text));
        DN_PUSH(&m->arena, &m->objects, object);
        if (strcmp(entry->desc, "ACL") == 0 && strcmp(entry->tag, DN_MANIFEST_PUBLIC) == 0) {
            add_public_acl(recorder, entry);
        }
    }
}

void dn_recorder_rows_begin(DnRecorder *recorder, const DnEntry *entry, bool has_sum) {
    if (recorder) {
        DnManifest *m = recorder->manifest;
        const DnManifestTable table = {
            .schema = dn_manifest_name(m, entry->data && entry->schema ? entry->schema : ""),
            .name = entry->data ? dn_manifest_name(m, entry->tag) : "large objects",
            .offset = recorder->at,
            .has_sum = has_sum};
        DN_PUSH(&m->arena, &m->tables, table);
    }
}

void dn_recorder_rows_end(DnRecorder *recorder, uint64_t rows, DnSum sum) {
    DnManifest *m = recorder ? recorder->manifest : NULL;
    if (m && m->tables.count) {
        DnManifestTable *table = &m->tables.items[m->tables.count - 1];
        table->bytes = recorder->at - table->offset;
        table->rows = rows;
        table->sum = sum;
    }
}

DnStatus dn_recorder_end(DnRecorder *recorder, DnErr *err) {
    if (!recorder) {
        return DN_OK;
    }
    enter_span(recorder, DN_SPAN_POST_DATA);
    end_span(recorder);
    recorder->manifest->plain_bytes = recorder->at;
    return dn_arena_failed(&recorder->manifest->arena) || dn_buf_failed(&recorder->scratch)
               ? dn_err_nomem(err)
               : DN_OK;
}
