#include "dumper/sink/compress.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/err.h"
#include "dumper/sink/gzip.h"

static DnStatus open_gzip(const DnCompression *compression, DnSink **chain, DnErr *err) {
    return dn_gzip_sink_open(compression->level, chain, err);
}

/* Levels as pg_dump has them, whatever the library at hand would take. */
static const struct {
    const char *name;
    int usual, lowest, highest;
    bool has_more;                                               /* workers, long */
    DnStatus (*open)(const DnCompression *, DnSink **, DnErr *); /* NULL = not built in */
} methods[DN_COMPRESS_COUNT] = {
    [DN_COMPRESS_NONE] = {.name = "none"},
    [DN_COMPRESS_GZIP] = {"gzip", DN_GZIP_DEFAULT, 1, 9, false, open_gzip},
    [DN_COMPRESS_LZ4] = {"lz4", 0, 1, 12, false,
#ifdef DN_HAVE_LZ4
                         dn_lz4_sink_open
#else
                         NULL
#endif
    },
    [DN_COMPRESS_ZSTD] = {"zstd", 3, -131072, 22, true,
#ifdef DN_HAVE_ZSTD
                          dn_zstd_sink_open
#else
                          NULL
#endif
    },
};

/* ---- The words ------------------------------------------------------------------- */

#define INVALID "invalid compression specification: "

/* A number that fills the text; one that is too long is still a number. */
static bool parse_number(const char *text, int *number) {
    char *end;
    long parsed = strtol(text, &end, 10);
    *number = parsed > INT_MAX ? INT_MAX : parsed < INT_MIN ? INT_MIN : (int)parsed;
    return end != text && *end == '\0';
}

static bool parse_bool(const char *text, bool *value) {
    static const char *const words[] = {"yes", "on", "1", "no", "off", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *value = i < 3;
            return true;
        }
    }
    return false;
}

static DnStatus parse_integer(const char *name, const char *value, int *number, DnErr *err) {
    if (!value) {
        return dn_err(err, DN_E_USAGE, INVALID "compression option \"%s\" requires a value", name);
    }
    return parse_number(value, number)
               ? DN_OK
               : dn_err(err, DN_E_USAGE, INVALID "value for compression option \"%s\" must be an integer",
                        name);
}

/* One of the list: "level=3", "long". */
static DnStatus parse_option(const char *name, const char *value, DnCompression *c, DnErr *err) {
    if (!*name) {
        return dn_err(err, DN_E_USAGE, INVALID "found empty string where a compression option was expected");
    }
    if (strcmp(name, "level") == 0) {
        return parse_integer(name, value, &c->level, err);
    }
    if (strcmp(name, "workers") == 0) {
        c->has_workers = true;
        return parse_integer(name, value, &c->workers, err);
    }
    if (strcmp(name, "long") != 0) {
        return dn_err(err, DN_E_USAGE, INVALID "unrecognized compression option: \"%s\"", name);
    }
    c->long_distance = true;
    return !value || parse_bool(value, &c->long_distance)
               ? DN_OK
               : dn_err(err, DN_E_USAGE,
                        INVALID "value for compression option \"%s\" must be a Boolean value", name);
}

static DnStatus parse_detail(const char *detail, DnCompression *c, DnErr *err) {
    if (parse_number(detail, &c->level)) {
        return DN_OK;
    }
    c->level = methods[c->method].usual;
    char *copy = strdup(detail);
    char *rest = copy;
    DnStatus status = copy ? DN_OK : dn_err_nomem(err);
    while (status == DN_OK && rest) {
        char *option = rest;
        rest = strchr(option, ',');
        if (rest) {
            *rest++ = '\0';
        }
        char *value = strchr(option, '=');
        if (value) {
            *value++ = '\0';
        }
        status = parse_option(option, value, c, err);
    }
    free(copy);
    return status;
}

static DnStatus check(const DnCompression *c, DnErr *err) {
    const char *name = methods[c->method].name;
    int lowest = methods[c->method].lowest;
    int highest = methods[c->method].highest;
    if (c->method == DN_COMPRESS_NONE && c->level) {
        return dn_err(err, DN_E_USAGE,
                      INVALID "compression algorithm \"%s\" does not accept a compression level", name);
    }
    if ((c->level < lowest || c->level > highest) && c->level != methods[c->method].usual) {
        return dn_err(err, DN_E_USAGE,
                      INVALID "compression algorithm \"%s\" expects a compression level between %d and %d "
                              "(default at %d)",
                      name, lowest, highest, methods[c->method].usual);
    }
    if (c->has_workers && !methods[c->method].has_more) {
        return dn_err(err, DN_E_USAGE, INVALID "compression algorithm \"%s\" does not accept a worker count",
                      name);
    }
    if (c->long_distance && !methods[c->method].has_more) {
        return dn_err(err, DN_E_USAGE,
                      INVALID "compression algorithm \"%s\" does not support long-distance mode", name);
    }
    return c->method == DN_COMPRESS_NONE || methods[c->method].open ? DN_OK
                                                                    : dn_compress_is_missing(name, err);
}

DnStatus dn_compress_is_missing(const char *method, DnErr *err) {
    return dn_err(err, DN_E_USAGE, "this build does not support compression with %s", method);
}

DnStatus dn_compression_parse(const char *text, DnCompression *compression, DnErr *err) {
    int level = 0;
    *compression = (DnCompression){0};
    if (!text || !*text) {
        return DN_OK;
    }
    if (parse_number(text, &level)) {
        *compression = (DnCompression){.method = level ? DN_COMPRESS_GZIP : DN_COMPRESS_NONE, .level = level};
        return check(compression, err);
    }
    size_t size = strcspn(text, ":");
    for (DnCompressMethod m = DN_COMPRESS_NONE; m < DN_COMPRESS_COUNT; m++) {
        if (strlen(methods[m].name) == size && memcmp(text, methods[m].name, size) == 0) {
            *compression = (DnCompression){.method = m, .level = methods[m].usual};
            DnStatus status = text[size] ? parse_detail(text + size + 1, compression, err) : DN_OK;
            return status == DN_OK ? check(compression, err) : status;
        }
    }
    return dn_err(err, DN_E_USAGE, "unrecognized compression algorithm: \"%.*s\"", (int)size, text);
}

/* ---- The sink -------------------------------------------------------------------- */

DnStatus dn_compress_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err) {
    if (compression->method == DN_COMPRESS_NONE) {
        return DN_OK;
    }
    return methods[compression->method].open ? methods[compression->method].open(compression, chain, err)
                                             : dn_compress_is_missing(methods[compression->method].name, err);
}
