#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "dumper/manifest/manifest.h"
#include "dumper/sink/fd.h"

void dn_manifest_deinit(DnManifest *manifest) {
    dn_arena_deinit(&manifest->arena);
    *manifest = (DnManifest){0};
}

int dn_manifest_major(const DnManifest *manifest) {
    return manifest->server_version ? (int)strtol(manifest->server_version, NULL, 10) : 0;
}

/* A copy of a string, "" for null; NULL for what is neither, or when out of memory. */
static const char *text_of(DnManifest *m, const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return json_is_null(value) ? "" : dn_arena_str(&m->arena, json_string_value(value));
}

static bool number_of(const json_t *object, const char *name, uint64_t *number) {
    const json_t *value = json_object_get(object, name);
    *number = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool sum_of(const json_t *object, DnSum *sum) {
    const char *text = json_string_value(json_object_get(object, "checksum"));
    return text && dn_sum_parse(text, sum);
}

static bool read_head(DnManifest *m, const json_t *json) {
    const json_t *snapshot = json_object_get(json, "snapshot");
    const json_t *file = json_object_get(json, "file");
    const char *sha256 = json_string_value(json_object_get(file, "sha256"));
    char *options = json_dumps(json_object_get(json, "options"), JSON_COMPACT);
    m->tool = text_of(m, json, "tool");
    m->server_version = text_of(m, json, "server_version");
    m->database = text_of(m, json, "database");
    m->encoding = text_of(m, json, "encoding");
    m->snapshot_time = text_of(m, snapshot, "time");
    m->snapshot_lsn = text_of(m, snapshot, "lsn");
    m->options = dn_arena_str(&m->arena, options);
    free(options);
    if (!sha256 || strlen(sha256) != sizeof m->sha256 - 1) {
        return false;
    }
    memcpy(m->sha256, sha256, sizeof m->sha256);
    return m->tool && m->server_version && m->database && m->encoding && m->snapshot_time &&
           m->snapshot_lsn && m->options && number_of(file, "bytes", &m->stored_bytes) &&
           number_of(json_object_get(json, "plain"), "bytes", &m->plain_bytes);
}

static bool read_sections(DnManifest *m, const json_t *list) {
    bool good = json_array_size(list) == DN_SPAN_COUNT;
    for (size_t i = 0; good && i < DN_SPAN_COUNT; i++) {
        const json_t *item = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(item, "name"));
        DnManifestSection *s = &m->sections[i];
        good = name && strcmp(name, dn_span_names[i]) == 0 && number_of(item, "offset", &s->offset) &&
               number_of(item, "bytes", &s->bytes) && sum_of(item, &s->sum);
    }
    return good;
}

/* In the order of the text, each behind the one before. */
static bool read_tables(DnManifest *m, const json_t *list) {
    uint64_t end = 0;
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item) {
        DnManifestTable t = {.schema = text_of(m, item, "schema"), .name = text_of(m, item, "name")};
        t.has_sum = sum_of(item, &t.sum);
        if (!t.schema || !t.name || !number_of(item, "offset", &t.offset) ||
            !number_of(item, "bytes", &t.bytes) || !number_of(item, "rows", &t.rows) ||
            (!t.has_sum && !json_is_null(json_object_get(item, "checksum"))) || t.offset < end ||
            t.offset + t.bytes > m->plain_bytes) {
            return false;
        }
        end = t.offset + t.bytes;
        DN_PUSH(&m->arena, &m->tables, t);
    }
    return json_is_array(list);
}

static bool read_objects(DnManifest *m, const json_t *list) {
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item) {
        DnManifestObject o = {.type = text_of(m, item, "type"),
                              .schema = text_of(m, item, "schema"),
                              .name = text_of(m, item, "name")};
        if (!o.type || !o.schema || !o.name || !sum_of(item, &o.sum)) {
            return false;
        }
        DN_PUSH(&m->arena, &m->objects, o);
    }
    return json_is_array(list);
}

static DnStatus malformed(const char *path, const char *why, DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "the manifest \"%s\" is malformed: %s", path, why);
    dn_err_object(err, "%s", path);
    dn_err_hint(err, "get the manifest that was written with the dump, or dump again");
    return err->status;
}

static DnStatus take(const char *path, const json_t *json, DnManifest *manifest, DnErr *err) {
    uint64_t format;
    if (!number_of(json, "format", &format)) {
        return malformed(path, "it does not tell its format", err);
    }
    if (format != DN_MANIFEST_FORMAT) {
        (void)dn_err(err, DN_E_MISMATCH, "the manifest \"%s\" has the format %llu, which is not known here",
                     path, (unsigned long long)format);
        dn_err_hint(err, format < DN_MANIFEST_FORMAT
                             ? "It was written by an older dumpnative: dump again, or use that one."
                             : "It was written by a newer dumpnative: use that one.");
        return err->status;
    }
    bool good = read_head(manifest, json) && read_sections(manifest, json_object_get(json, "sections")) &&
                read_tables(manifest, json_object_get(json, "tables")) &&
                read_objects(manifest, json_object_get(json, "objects"));
    if (dn_arena_failed(&manifest->arena)) {
        return dn_err_nomem(err);
    }
    return good ? DN_OK
                : malformed(path, "something in it is missing, of another type, or out of place", err);
}

DnStatus dn_manifest_read(const char *path, DnManifest *manifest, DnErr *err) {
    json_error_t error;
    *manifest = (DnManifest){0};
    int fd = dn_fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) {
        return dn_fd_err(err, errno, path, "could not read the manifest");
    }
    json_t *json = json_loadfd(fd, JSON_REJECT_DUPLICATES, &error);
    dn_fd_close(fd);
    DnStatus status = json ? take(path, json, manifest, err)
                      : json_error_code(&error) == json_error_out_of_memory
                          ? dn_err_nomem(err)
                          : malformed(path, "it is no JSON, or cut off", err);
    json_decref(json);
    return status;
}
