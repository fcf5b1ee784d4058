#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "dumper/manifest/manifest.h"
#include "dumper/sink/file.h"

enum { PIECE = 64 * 1024 };

const char *const dn_span_names[DN_SPAN_COUNT] = {
    [DN_SPAN_PRE_DATA] = "pre-data", [DN_SPAN_DATA] = "data", [DN_SPAN_POST_DATA] = "post-data"};

char *dn_manifest_path(const char *path) {
    size_t size = strlen(path) + sizeof DN_MANIFEST_SUFFIX;
    char *manifest = malloc(size);
    if (manifest) {
        (void)snprintf(manifest, size, "%s%s", path, DN_MANIFEST_SUFFIX);
    }
    return manifest;
}

void dn_manifest_string(DnBuf *json, const char *text) {
    dn_buf_char(json, '"');
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            dn_buf_char(json, '\\');
            dn_buf_char(json, *p);
        } else if (c < 0x20 || c == 0x7f) {
            dn_buf_fmt(json, "\\u%04x", c);
        } else {
            dn_buf_char(json, *p);
        }
    }
    dn_buf_char(json, '"');
}

/* A text on its way out. */
typedef struct Out {
    DnBuf text;
    DnManifestWriteFn write;
    void *ctx;
} Out;

static DnStatus flush(Out *out, size_t least, DnErr *err) {
    if (dn_buf_failed(&out->text)) {
        return dn_err_nomem(err);
    }
    if (out->text.size <= least) {
        return DN_OK;
    }
    DnStatus status = out->write(out->ctx, dn_buf_text(&out->text), out->text.size, err);
    dn_buf_clear(&out->text);
    return status;
}

static void field(DnBuf *json, const char *name, const char *value) {
    dn_buf_fmt(json, "\"%s\": ", name);
    if (value && *value) {
        dn_manifest_string(json, value);
    } else {
        dn_buf_str(json, "null");
    }
}

static void head(DnBuf *json, const DnManifest *m) {
    dn_buf_fmt(json, "{\n  \"format\": %d,\n  ", DN_MANIFEST_FORMAT);
    field(json, "tool", m->tool);
    dn_buf_str(json, ",\n  ");
    field(json, "server_version", m->server_version);
    dn_buf_str(json, ",\n  ");
    field(json, "database", m->database);
    dn_buf_str(json, ",\n  ");
    field(json, "encoding", m->encoding);
    dn_buf_str(json, ",\n  \"snapshot\": {");
    field(json, "time", m->snapshot_time);
    dn_buf_str(json, ", ");
    field(json, "lsn", m->snapshot_lsn);
    dn_buf_fmt(json, "},\n  \"options\": %s,\n", m->options ? m->options : "{}");
    dn_buf_fmt(json, "  \"file\": {\"bytes\": %" PRIu64 ", \"sha256\": \"%s\"},\n", m->stored_bytes,
               m->sha256);
    dn_buf_fmt(json, "  \"plain\": {\"bytes\": %" PRIu64 "},\n", m->plain_bytes);
}

static void sections(DnBuf *json, const DnManifest *m) {
    char sum[DN_SUM_TEXT_SIZE];
    dn_buf_str(json, "  \"sections\": [");
    for (int i = 0; i < DN_SPAN_COUNT; i++) {
        const DnManifestSection *s = &m->sections[i];
        dn_sum_text(s->sum, sum);
        dn_buf_fmt(json,
                   "%s\n    {\"name\": \"%s\", \"offset\": %" PRIu64 ", \"bytes\": %" PRIu64
                   ", \"checksum\": \"%s\"}",
                   i ? "," : "", dn_span_names[i], s->offset, s->bytes, sum);
    }
    dn_buf_str(json, "\n  ],\n");
}

static void table(DnBuf *json, const DnManifestTable *t) {
    char sum[DN_SUM_TEXT_SIZE] = "";
    if (t->has_sum) {
        dn_sum_text(t->sum, sum);
    }
    dn_buf_str(json, "    {");
    field(json, "schema", t->schema);
    dn_buf_str(json, ", ");
    field(json, "name", t->name);
    dn_buf_fmt(json, ", \"offset\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"rows\": %" PRIu64 ", ", t->offset,
               t->bytes, t->rows);
    field(json, "checksum", sum);
    dn_buf_char(json, '}');
}

static void object(DnBuf *json, const DnManifestObject *o) {
    char sum[DN_SUM_TEXT_SIZE];
    dn_sum_text(o->sum, sum);
    dn_buf_str(json, "    {");
    field(json, "type", o->type);
    dn_buf_str(json, ", ");
    field(json, "schema", o->schema);
    dn_buf_str(json, ", ");
    field(json, "name", o->name);
    dn_buf_fmt(json, ", \"checksum\": \"%s\"}", sum);
}

DnStatus dn_manifest_write(const DnManifest *m, DnManifestWriteFn write, void *ctx, DnErr *err) {
    Out out = {.write = write, .ctx = ctx};
    head(&out.text, m);
    sections(&out.text, m);
    DnStatus status = DN_OK;
    dn_buf_str(&out.text, "  \"tables\": [");
    for (size_t i = 0; status == DN_OK && i < m->tables.count; i++) {
        dn_buf_str(&out.text, i ? ",\n" : "\n");
        table(&out.text, &m->tables.items[i]);
        status = flush(&out, PIECE, err);
    }
    dn_buf_str(&out.text, m->tables.count ? "\n  ],\n" : "],\n");
    dn_buf_str(&out.text, "  \"objects\": [");
    for (size_t i = 0; status == DN_OK && i < m->objects.count; i++) {
        dn_buf_str(&out.text, i ? ",\n" : "\n");
        object(&out.text, &m->objects.items[i]);
        status = flush(&out, PIECE, err);
    }
    dn_buf_str(&out.text, m->objects.count ? "\n  ]\n}\n" : "]\n}\n");
    status = status == DN_OK ? flush(&out, 0, err) : status;
    dn_buf_deinit(&out.text);
    return status;
}
