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
    return DN_OK;
}

void dn_expander_free(DnExpander *expander) {
    if (expander) {
        expander->free(expander);
    }
}
