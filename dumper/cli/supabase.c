#include "dumper/cli/supabase.h"

/* The first that is not empty. */
static const char *first_of(const DnEnvFile *file, const char *const *names) {
    for (; *names; names++) {
        const char *value = dn_env_file_get(file, *names);
        if (value && *value) {
            return value;
        }
    }
    return NULL;
}

DnStatus cli_take_supabase(CliOptions *options, DnEnvFile **file, DnErr *err) {
    static const char *const urls[] = {"SUPABASE_URL", "NEXT_PUBLIC_SUPABASE_URL", NULL};
    static const char *const passwords[] = {"SUPABASE_DB_PASSWORD", NULL};
    DnDumpOptions *dump = &options->dump;
    *file = NULL;
    if (options->face->stand_in) {
        return DN_OK;
    }
    DnStatus status = options->env_file ? dn_env_file_read(options->env_file, file, err) : DN_OK;
    if (status == DN_OK) {
        dump->supabase = dump->supabase || dump->supabase_url || dump->pooler_host;
        dump->supabase_url = dump->supabase_url ? dump->supabase_url : first_of(*file, urls);
        dump->supabase_password = first_of(*file, passwords);
    }
    return status;
}
