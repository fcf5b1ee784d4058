#include <stdlib.h>
#include <string.h>

#include "dumper/cli/options.h"

const CliFace cli_face_dumpnative = {.program = "dumpnative", .usage_status = 2, .omission_status = 3};
const CliFace cli_face_pg_dump = {
    .program = "pg_dump", .usage_status = 1, .omission_status = 0, .stand_in = true};

const CliFace *cli_face_for(const char *argv0) {
    const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
    const char *name = slash ? slash + 1 : argv0;
    return name && strcmp(name, cli_face_pg_dump.program) == 0 ? &cli_face_pg_dump : &cli_face_dumpnative;
}

const char *cli_pg_dump_version(void) {
    const char *version = getenv("PG_DUMP_VERSION");
    return version && version[0] ? version : DN_PG_DUMP_VERSION;
}

int cli_pg_dump_major(void) {
    return (int)strtol(cli_pg_dump_version(), NULL, 10);
}
