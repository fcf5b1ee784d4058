#include "restore/pairs.h"

#include <string.h>

#include "common/err.h"

static bool is_pair_for(const char *pair, const char *name, size_t size) {
    return strncmp(pair, name, size) == 0 && pair[size] == '=';
}

const char *dn_pairs_find(const char *const *pairs, const char *name) {
    size_t size = strlen(name);
    for (; pairs && *pairs; pairs++) {
        if (is_pair_for(*pairs, name, size)) {
            return *pairs + size + 1;
        }
    }
    return NULL;
}

DnStatus dn_pairs_check(const char *const *pairs, const char *what, DnErr *err) {
    for (const char *const *pair = pairs; pair && *pair; pair++) {
        const char *equals = strchr(*pair, '=');
        if (!equals || equals == *pair || !equals[1]) {
            return dn_err(err, DN_E_USAGE, "\"%s\" is no map of a %s: OLD=NEW", *pair, what);
        }
        for (const char *const *other = pairs; other < pair; other++) {
            if (is_pair_for(*other, *pair, (size_t)(equals - *pair))) {
                return dn_err(err, DN_E_USAGE, "the %s \"%.*s\" is mapped twice: \"%s\" and \"%s\"", what,
                              (int)(equals - *pair), *pair, *other, *pair);
            }
        }
    }
    return DN_OK;
}
