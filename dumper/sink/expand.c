#include "dumper/sink/expand.h"

#include <string.h>

#include "common/err.h"
#include "dumper/sink/compress.h"

/* By what files of each method begin with. */
static const struct {
    const char *magic;
    size_t size;
    const char *method;
    DnExpander *(*make)(void); /* NULL = not built in */
} formats[] = {
    {"\x1f\x8b", 2, "gzip", dn_gzip_expander_new},
    {"\x28\xb5\x2f\xfd", 4, "zstd",
#ifdef DN_HAVE_ZSTD
     dn_zstd_expander_new
#else
     NULL
#endif
    },
    {"\x04\x22\x4d\x18", 4, "lz4",
#ifdef DN_HAVE_LZ4
     dn_lz4_expander_new
#else
     NULL
#endif
    },
};

/* What people give us in place of plain SQL. */
static const struct {
    const char *magic;
    size_t size;
    const char *what, *remedy;
} strangers[] = {
    {"PGDMP", 5, "an archive of pg_dump -Fc, not plain SQL",
     "Make SQL of it with: pg_restore -f NEW.sql FILE; or dump again without -F."},
    {"toc.dat", 8, "an archive of pg_dump -Ft, not plain SQL",
     "Make SQL of it with: pg_restore -f NEW.sql FILE; or dump again without -F."},
    {"\xff\xfe", 2, "text in UTF-16, as PowerShell's > writes it",
     "Dump again with -f FILE in place of >, or convert it to UTF-8."},
    {"\xfe\xff", 2, "text in UTF-16", "Convert it to UTF-8."},
    {"\xfd"
     "7zXZ",
     6, "compressed with xz, which can't be read", "Decompress it first."},
    {"BZh", 3, "compressed with bzip2, which can't be read", "Decompress it first."},
    {"PK\x03\x04", 4, "a ZIP archive, which can't be read", "Unpack it first."},
};

static DnStatus check_stranger(const char *bytes, size_t size, DnErr *err) {
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        if (size >= strangers[i].size && memcmp(bytes, strangers[i].magic, strangers[i].size) == 0) {
            (void)dn_err(err, DN_E_MISMATCH, "this is %s", strangers[i].what);
            dn_err_hint(err, "%s", strangers[i].remedy);
            return err->status;
        }
    }
    return DN_OK;
}

DnStatus dn_expander_open(const char *bytes, size_t size, DnExpander **out, DnErr *err) {
    *out = NULL;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (size < formats[i].size || memcmp(bytes, formats[i].magic, formats[i].size) != 0) {
            continue;
        }
        if (!formats[i].make) {
            return dn_compress_is_missing(formats[i].method, err);
        }
        *out = formats[i].make();
        return *out ? DN_OK : dn_err_nomem(err);
    }
    return check_stranger(bytes, size, err);
}

bool dn_expander_is_whole(const DnExpander *expander) {
    return !expander || (!expander->damaged && !expander->inside);
}

void dn_expander_free(DnExpander *expander) {
    if (expander) {
        expander->free(expander);
    }
}
