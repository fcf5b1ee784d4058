/* Addresses of Supabase: what is hosted there is never reached without TLS or through a pooler of
   transactions, and a refusal has its remedy. */
#include <ctype.h>

#include "common/err.h"
#include "dumper/supabase.h"
#include "tests/fuzz/fuzz.h"

enum { FIELDS = 8 };

static void check_plan(const DnSupabaseAsk *ask, const DnSupabasePlan *plan) {
    for (const char *p = plan->ref; *p; p++) {
        must(isdigit((unsigned char)*p) || islower((unsigned char)*p));
    }
    must(!plan->is_hosted || plan->is_supabase);
    must(!plan->is_direct || *plan->ref);
    if (plan->is_hosted) {
        must(strcmp(*plan->port ? plan->port : ask->port, "6543") != 0);
        const char *sslmode = *plan->sslmode ? plan->sslmode : ask->sslmode;
        must(*sslmode && strcmp(sslmode, "disable") != 0 && strcmp(sslmode, "prefer") != 0 &&
             strcmp(sslmode, "allow") != 0);
    } else {
        must(!*plan->host && !*plan->user && !*plan->sslmode);
    }
}

/* The first byte tells what was given; the lines behind it are the fields. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) {
        return 0;
    }
    char *text = fuzz_text(data + 1, size - 1);
    const char *fields[FIELDS];
    char *next = text;
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = next;
        next += strcspn(next, "\n");
        if (*next) {
            *next++ = '\0';
        }
    }
    const DnSupabaseAsk ask = {.wanted = data[0] & 1,
                               .host_given = data[0] & 2,
                               .port_given = data[0] & 4,
                               .user_given = data[0] & 8,
                               .url = fields[0],
                               .host = fields[1],
                               .port = fields[2],
                               .user = fields[3],
                               .pooler_host = fields[4],
                               .sslmode = fields[5],
                               .dbname = fields[6],
                               .options = fields[7]};
    DnSupabasePlan plan;
    DnErr err = {0};
    DnStatus status = dn_supabase_plan(&ask, &plan, &err);
    if (status) {
        must(status == DN_E_USAGE && err.status == status && *err.message && *err.hint);
    } else {
        check_plan(&ask, &plan);
    }
    free(text);
    return 0;
}
