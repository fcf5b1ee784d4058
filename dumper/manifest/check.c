#include "dumper/manifest/check.h"

#include <string.h>

#include "common/err.h"

/* A damaged file may differ in every table. */
enum { BAD_MOST = 400 };

DnStatus dn_manifest_check_init(DnManifestCheck *check, const DnManifest *manifest, DnErr *err) {
    *check = (DnManifestCheck){.manifest = manifest, .stream = dn_sum_stream_new()};
    return check->stream ? DN_OK : dn_err_nomem(err);
}

void dn_manifest_check_deinit(DnManifestCheck *check) {
    dn_sum_stream_free(check->stream);
    dn_buf_deinit(&check->line);
    dn_buf_deinit(&check->bad);
    dn_buf_deinit(&check->bad_rows);
    *check = (DnManifestCheck){0};
}

/* ---- Sections -------------------------------------------------------------------- */

static void end_section(DnManifestCheck *check) {
    const DnManifestSection *section = &check->manifest->sections[check->span];
    if (!dn_sum_equal(dn_sum_stream_take(check->stream), section->sum)) {
        dn_buf_sep(&check->bad, ", ");
        dn_buf_fmt(&check->bad, "the section %s", dn_span_names[check->span]);
    }
    check->span++;
}

static void add_to_sections(DnManifestCheck *check, const char *text, size_t size) {
    uint64_t at = check->at;
    while (size && check->span < DN_SPAN_COUNT) {
        const DnManifestSection *section = &check->manifest->sections[check->span];
        uint64_t end = section->offset + section->bytes;
        uint64_t left = end > at ? end - at : 0;
        size_t part = left < size ? (size_t)left : size;
        dn_sum_stream_add(check->stream, text, part);
        text += part;
        size -= part;
        at += part;
        if (at == end) {
            end_section(check);
        } else if (!part) {
            break; /* sections that make no sense */
        }
    }
}

/* ---- Rows ------------------------------------------------------------------------ */

bool dn_manifest_check_sees(const DnManifestTable *table) {
    return table->has_sum && *table->schema;
}

static void add_row(DnManifestCheck *check, const char *line, size_t size) {
    dn_sum_add_row(&check->sum, line, size);
    check->rows++;
    check->mark = check->mark ||
                  (size >= 3 && line[0] == '\\' && line[1] == '.' && (line[2] == '\n' || line[2] == '\r'));
}

static void add_rows(DnManifestCheck *check, const char *text, size_t size) {
    while (size) {
        const char *newline = memchr(text, '\n', size);
        size_t length = newline ? (size_t)(newline - text) + 1 : size;
        if (!newline || check->line.size) {
            dn_buf_add(&check->line, text, length);
        }
        if (newline && check->line.size) {
            add_row(check, dn_buf_text(&check->line), check->line.size);
            dn_buf_clear(&check->line);
        } else if (newline) {
            add_row(check, text, length);
        }
        text += length;
        size -= length;
    }
}

static void end_table(DnManifestCheck *check, const DnManifestTable *table) {
    bool same = check->rows == table->rows && dn_sum_equal(check->sum, table->sum) && !check->line.size &&
                !check->mark;
    if (dn_manifest_check_sees(table) && !same && check->bad_rows.size < BAD_MOST) {
        dn_buf_sep(&check->bad_rows, ", ");
        dn_buf_fmt(&check->bad_rows, "rows of %s.%s", table->schema, table->name);
    }
    dn_buf_clear(&check->line);
    check->rows = 0;
    check->sum = (DnSum){0};
    check->mark = false;
    check->table++;
}

static void add_to_tables(DnManifestCheck *check, const char *text, size_t size) {
    const uint64_t end = check->at + size;
    while (check->table < check->manifest->tables.count) {
        const DnManifestTable *table = &check->manifest->tables.items[check->table];
        uint64_t table_end = table->offset + table->bytes;
        if (table->offset >= end) {
            return;
        }
        uint64_t from = table->offset > check->at ? table->offset : check->at;
        uint64_t to = table_end < end ? table_end : end;
        if (dn_manifest_check_sees(table) && from < to) {
            add_rows(check, text + (from - check->at), (size_t)(to - from));
        }
        if (table_end > end) {
            return;
        }
        end_table(check, table);
    }
}

/* ---- The whole ------------------------------------------------------------------- */

void dn_manifest_check_add(DnManifestCheck *check, const char *text, size_t size) {
    add_to_sections(check, text, size);
    add_to_tables(check, text, size);
    check->at += size;
}

DnStatus dn_manifest_check_end(DnManifestCheck *check, const char **bad, DnErr *err) {
    const DnManifest *m = check->manifest;
    while (check->span < DN_SPAN_COUNT) {
        end_section(check);
    }
    while (check->table < m->tables.count) {
        end_table(check, &m->tables.items[check->table]);
    }
    if (check->bad_rows.size) {
        dn_buf_sep(&check->bad, ", ");
        dn_buf_str(&check->bad, dn_buf_text(&check->bad_rows));
    }
    if (check->at != m->plain_bytes) {
        dn_buf_sep(&check->bad, ", ");
        dn_buf_str(&check->bad, "the length");
    }
    *bad = dn_buf_text(&check->bad);
    return dn_buf_failed(&check->bad) || dn_buf_failed(&check->bad_rows) || dn_buf_failed(&check->line)
               ? dn_err_nomem(err)
               : DN_OK;
}
