#include <stdio.h>
#include <stdlib.h>

#include "dumper/cli/commands.h"

/* After the XDG Base Directory Specification, which wants a path that isn't absolute to be passed over. */
void cli_find_cache(CliOptions *options) {
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int size = -1;
    if (cache && *cache == '/') {
        size = snprintf(options->cache, sizeof options->cache, "%s/dumpnative/addresses", cache);
    } else if (home && *home == '/') {
        size = snprintf(options->cache, sizeof options->cache, "%s/.cache/dumpnative/addresses", home);
    }
    bool fits = size > 0 && (size_t)size < sizeof options->cache;
    options->dump.address_cache = fits && !options->face->stand_in ? options->cache : NULL;
}
