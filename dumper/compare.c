/*
 * compare.c - dn_verify_database() and dn_compare(): what is in a database, against a manifest or another
 * one.
 *
 * A database is read as for a dump of which only the manifest is kept, so all that a dump holds is compared,
 * and two manifests are what is held against each other. Where the servers are of different major versions,
 * the newer one's definitions are spelled as in a dump of the older one; what the server itself spells is
 * brought to one spelling for every checksum (sqlgen/modern.h).
 */
#include <stdlib.h>

#include "common/clock.h"
#include "common/err.h"
#include "dumper/dump.h"

typedef struct Comparison {
    const DnDumpOptions *options; /* whose events they are */
    const DnSides *sides;
    double started;
} Comparison;

static void tell(void *ctx, const char *object, const char *difference) {
    const Comparison *c = ctx;
    const DnEvent event = {
        .kind = DN_EVENT_DIFFERENCE, .object = object, .text = difference, .seconds = dn_now() - c->started};
    if (c->options->event) {
        c->options->event(c->options->event_ctx, &event);
    }
}

/* The dump's spelling is what it is: a database of an older server can't be told in the words of a newer
   one. */
static void warn_of_versions(Comparison *c, const DnManifest *here, const DnManifest *there) {
    if (dn_manifest_major(here) > dn_manifest_major(there) && c->options->event) {
        DnErr text;
        (void)dn_err(
            &text, DN_OK,
            "the dump is of server version %s, the database of %s: the same definition may be spelled "
            "differently, and is then told as a difference",
            here->server_version, there->server_version);
        const DnEvent event = {.kind = DN_EVENT_WARNING, .text = text.message};
        c->options->event(c->options->event_ctx, &event);
    }
}

static DnStatus compare(Comparison *c, DnManifest *here, DnManifest *there, DnCompareResult *result,
                        DnErr *err) {
    *result = (DnCompareResult){.tables = here->tables.count};
    for (size_t i = 0; i < here->tables.count; i++) {
        result->rows += here->tables.items[i].rows;
    }
    result->differences = dn_manifest_compare(here, there, c->sides, tell, c);
    result->objects = here->objects.count;
    result->seconds = dn_now() - c->started;
    if (dn_arena_failed(&here->arena) || dn_arena_failed(&there->arena)) {
        return dn_err_nomem(err);
    }
    if (result->differences) {
        return dn_err(err, DN_E_MISMATCH, "%s and %s are not the same: %llu difference%s", c->sides->here,
                      c->sides->there, (unsigned long long)result->differences,
                      result->differences == 1 ? "" : "s");
    }
    return DN_OK;
}

/* `selection` with the connection of `connection`. */
static DnDumpOptions connected(const DnDumpOptions *selection, const DnDumpOptions *connection) {
    DnDumpOptions o = *selection;
    o.dbname = connection->dbname;
    o.host = connection->host;
    o.port = connection->port;
    o.user = connection->user;
    o.password = connection->password;
    o.role = connection->role;
    o.program = connection->program;
    o.prefer = connection->prefer;
    o.connect_timeout = connection->connect_timeout;
    o.retries = connection->retries;
    o.stall_timeout = connection->stall_timeout;
    o.supabase_url = connection->supabase_url;
    o.supabase_password = connection->supabase_password;
    o.pooler_host = connection->pooler_host;
    o.fallback_hostaddrs = connection->fallback_hostaddrs;
    o.fallback_hosts = connection->fallback_hosts;
    o.address_cache = connection->address_cache;
    o.use_cached_address = connection->use_cached_address;
    o.jobs = connection->jobs;
    o.event = connection->event;
    o.event_ctx = connection->event_ctx;
    o.cancel = connection->cancel;
    return o;
}

/* The encoding is the dump's, whatever the database's is. */
static DnStatus verify(Comparison *c, DnManifest *dump, const DnDumpOptions *options, DnCompareResult *result,
                       DnErr *err) {
    DnManifest database = {0};
    DnDumpOptions selection = DN_DUMP_OPTIONS_INIT;
    DnStatus status = dn_manifest_options_read(dump, &selection, err);
    if (status == DN_OK) {
        selection.encoding = dump->encoding;
        const DnDumpOptions reading = connected(&selection, options);
        status = dn_dump_record(&reading, dn_manifest_major(dump), &database, err);
    }
    if (status == DN_OK) {
        warn_of_versions(c, dump, &database);
        status = compare(c, dump, &database, result, err);
    }
    dn_manifest_deinit(&database);
    return status;
}

DnStatus dn_verify_database(const char *path, const DnDumpOptions *options, DnCompareResult *result,
                            DnErr *err) {
    static const DnSides sides = {.here = "the dump", .there = "the database"};
    DnCompareResult unasked;
    Comparison c = {.options = options, .sides = &sides, .started = dn_now()};
    DnManifest dump = {0};
    char *manifest = dn_manifest_path(path);
    *err = (DnErr){0};
    DnStatus status = manifest ? dn_manifest_read(manifest, &dump, err) : dn_err_nomem(err);
    if (status == DN_E_IO) {
        dn_err_hint(err, "the manifest is written beside each dump to a file: keep it there, or dump again");
    }
    status = status == DN_OK ? verify(&c, &dump, options, result ? result : &unasked, err) : status;
    dn_manifest_deinit(&dump);
    free(manifest);
    return status;
}

DnStatus dn_compare(const DnDumpOptions *source, const DnDumpOptions *target, DnCompareResult *result,
                    DnErr *err) {
    static const DnSides sides = {.here = "the source", .there = "the target"};
    DnCompareResult unasked;
    Comparison c = {.options = source, .sides = &sides, .started = dn_now()};
    DnManifest here = {0};
    DnManifest there = {0};
    DnDumpOptions from = *source;
    *err = (DnErr){0};
    from.encoding = from.encoding ? from.encoding : "UTF8";
    const DnDumpOptions to = connected(&from, target);
    int major = 0;
    DnStatus status = dn_dump_major(&to, &major, err);
    status = status == DN_OK ? dn_dump_record(&from, major, &here, err) : status;
    status = status == DN_OK ? dn_dump_record(&to, dn_manifest_major(&here), &there, err) : status;
    status = status == DN_OK ? compare(&c, &here, &there, result ? result : &unasked, err) : status;
    dn_manifest_deinit(&here);
    dn_manifest_deinit(&there);
    return status;
}
