/*
 * clone.c - dn_clone(): a database into another.
 *
 * What the source lends is the text of a dump that has numbers in place of its rows (dumper/source.h). It
 * runs as a restore does, in one transaction or by a schedule; where rows are due, they are copied (rows.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/err.h"
#include "restore/claim.h"
#include "restore/clone/ends.h"
#include "restore/clone/plan.h"
#include "restore/clone/replace.h"
#include "restore/clone/rows.h"
#include "restore/crew.h"
#include "restore/journal.h"
#include "restore/pairs.h"

typedef struct Clone {
    const DnCloneOptions *options;
    DnRestoreOptions target; /* as the restore understands them */
    DnSourceTarget platform;
    DnSource *source;
    DnIndex index;
    DnCloneSource shared;
    bool *done; /* by number of the unit, before a resume */
    bool drops; /* what is in the way */
    bool anew;  /* since what was done can't be kept */
    DnCloneResult result;
} Clone;

/* ---- Options ------------------------------------------------------------------------------- */

static DnStatus check_options(const DnCloneOptions *o, DnErr *err) {
    if (o->size != sizeof *o || o->source->size != sizeof *o->source ||
        o->target->size != sizeof *o->target) {
        return dn_err(err, DN_E_USAGE, "the options are not those of this version of the library");
    }
    if (o->source->include_managed) {
        (void)dn_err(err, DN_E_USAGE, "what Supabase manages in a project can't be cloned");
        dn_err_hint(err, "The target's project has it from the platform.");
        return err->status;
    }
    if (o->single_transaction && (o->target->jobs > 1 || o->target->resume)) {
        return dn_err(err, DN_E_USAGE, "one transaction can't be over several sessions, nor be resumed");
    }
    bool rows_alone = o->source->data_only || o->source->no_schema || !(o->source->sections & DN_PRE_DATA);
    if (rows_alone && !o->single_transaction) {
        (void)dn_err(err, DN_E_USAGE, "rows without definitions are cloned in one transaction only");
        dn_err_hint(err,
                    "Use --single-transaction: rows that a failed clone has brought couldn't be told from "
                    "those that were there.");
        return err->status;
    }
    DnStatus status = dn_pairs_check(o->target->role_map, "role", err);
    return status ? status : dn_schema_notes_check_pairs(o->target->schema_map, err);
}

static unsigned jobs_of(const DnCloneOptions *o) {
    enum { MOST_BY_DEFAULT = 8 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned pay = processors < 1 ? 1 : processors < MOST_BY_DEFAULT ? (unsigned)processors : MOST_BY_DEFAULT;
    return o->single_transaction ? 1 : o->target->jobs ? o->target->jobs : pay;
}

/* Rows are copied as they are. */
static DnDumpOptions source_options(const DnCloneOptions *o) {
    DnDumpOptions from = *o->source;
    from.path = from.compress = NULL;
    from.write = NULL;
    from.stand_in = from.create_database = from.append = false;
    from.inserts = from.column_inserts = from.on_conflict_do_nothing = false;
    from.rows_per_insert = 0;
    from.load_via_partition_root = from.use_set_session_authorization = false;
    from.clean = from.if_exists = false;
    from.jobs = jobs_of(o) > 1 ? jobs_of(o) : 2; /* with 1 nobody would ask how big the tables are */
    return from;
}

static DnRestoreOptions target_options(const DnCloneOptions *o) {
    DnRestoreOptions to = *o->target;
    to.path = NULL;
    to.only_tables = NULL; /* the source's options select */
    to.create = to.no_transaction = to.go_on = to.clean = false;
    to.jobs = jobs_of(o);
    return to;
}

/* ---- The target, before anything is changed ---------------------------------------------------- */

static DnStatus ask(const Clone *clone, DnConn *conn, DnErr *err) {
    const DnCloneOptions *o = clone->options;
    const DnConnAddress at = dn_conn_address(conn);
    const DnCloneTarget target = {.host = at.host ? at.host : "",
                                  .address = at.hostaddr ? at.hostaddr : "",
                                  .port = at.port ? at.port : "",
                                  .user = at.user ? at.user : "",
                                  .database = dn_conn_database(conn),
                                  .server_version = dn_conn_parameter(conn, "server_version"),
                                  .project = clone->platform.ref};
    if (!clone->drops || clone->anew || !o->confirm || o->target->dry_run ||
        o->confirm(o->confirm_ctx, &target)) {
        return DN_OK;
    }
    return dn_err(err, DN_E_CANCELLED, "nothing was changed in the target");
}

static DnStatus open_target(Clone *clone, DnRun *run, const char *id, DnErr *err) {
    DnStatus status = dn_run_connect(run, NULL, err);
    status = status ? status : dn_clone_check_ends(clone->source->conn, run->conn, err);
    if (!status && !clone->options->single_transaction && !clone->target.dry_run) {
        status = dn_claim(run, err);
    }
    if (!status && !clone->target.resume && !clone->drops) {
        status = dn_journal_check(run, id, err);
    }
    status = status ? status : dn_needs_check(&clone->index.needs, run, err);
    return status ? status : ask(clone, run->conn, err);
}

/* ---- One transaction ------------------------------------------------------------------------- */

static DnStatus run_text(DnRun *run, const DnBuf *text, DnErr *err) {
    run->reader = dn_sql_reader_new(dn_run_item, run);
    if (!run->reader) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_sql_reader_add(run->reader, dn_buf_text(text), text->size, err);
    status = status ? status : dn_sql_reader_end(run->reader, err);
    dn_sql_reader_free(run->reader);
    run->reader = NULL;
    return status;
}

static DnStatus run_single(Clone *clone, const char *id, DnErr *err) {
    _Atomic uint64_t copied = 0;
    DnCloneRows rows = {.shared = &clone->shared, .copied = &copied, .alone = true};
    DnRun run = {.options = &clone->target, .transaction = true, .from = dn_clone_rows_from(&rows)};
    clone->shared.fresh = true;
    DnStatus status = open_target(clone, &run, id, err);
    if (!status && !clone->target.dry_run) {
        status = dn_run_words(&run, "BEGIN", err);
        status = status ? status : dn_claim_transaction(&run, err);
        status = status || !clone->drops ? status
                                         : dn_clone_replace(clone->source, &clone->index.needs, &run, err);
        status = status ? status : run_text(&run, &clone->source->text, err);
        status = status ? status : dn_source_end(clone->source, err);
        status = status ? status : dn_run_commit(&run, err);
        dn_run_hint_lost(&run, status, err);
    }
    dn_run_disconnect(&run);
    dn_clone_rows_deinit(&rows);
    clone->result.statements = run.result.statements;
    clone->result.rows = run.result.rows;
    clone->result.tables = run.result.tables;
    clone->result.bytes = atomic_load(&copied);
    return status;
}

/* ---- In steps -------------------------------------------------------------------------------- */

/* What is in the way goes in the same transaction in which the journal comes. */
static DnStatus begin_journal(const Clone *clone, DnRun *run, const char *id, DnErr *err) {
    DnStatus status = dn_run_words(run, "BEGIN", err);
    run->transaction = true;
    status =
        status || !clone->drops ? status : dn_clone_replace(clone->source, &clone->index.needs, run, err);
    status = status ? status : dn_clone_journal_begin(run, id, err);
    run->transaction = false;
    return status ? status : dn_run_words(run, "COMMIT", err);
}

static DnStatus resume_journal(Clone *clone, DnRun *run, const char *id, DnCloneDone *done, DnErr *err) {
    DnStatus status = dn_clone_journal_read(run, id, done, err);
    if (status) {
        return status;
    }
    status = dn_journal_check_crash(run, err);
    if (status == DN_E_MISMATCH) {
        atomic_store(&clone->shared.stale, true);
        dn_err_hint(err, "So all of it begins anew.");
    }
    return status;
}

/* What there is to do, by what is done. */
static DnStatus plan_steps(Clone *clone, DnRun *run, const char *id, DnSchedule *schedule, DnErr *err) {
    DnCloneTable *tables = clone->shared.tables;
    DnCloneDone done = {.tables = tables,
                        .tables_count = clone->source->rows.count,
                        .units = clone->done,
                        .units_count = clone->index.units.count};
    DnStatus status = clone->target.resume ? resume_journal(clone, run, id, &done, err)
                                           : begin_journal(clone, run, id, err);
    clone->shared.settled = dn_clone_is_settled(&clone->index, clone->done);
    return status ? status
                  : dn_clone_schedule(clone->source, &clone->index, tables, clone->done, clone->target.jobs,
                                      schedule, err);
}

static DnStatus run_crew(Clone *clone, DnCrew *crew, const char *id, DnSchedule *schedule, DnErr *err) {
    DnRun *first = &crew->workers[0].run;
    DnStatus status = crew->stop ? open_target(clone, first, id, err) : dn_err_nomem(err);
    dn_events_tell(&crew->events, clone->target.event, clone->target.event_ctx);
    if (status || clone->target.dry_run) {
        return status;
    }
    status = plan_steps(clone, first, id, schedule, err);
    if (status) {
        return status;
    }
    status = dn_crew_finish(crew, err);
    if (status && !atomic_load(&clone->shared.stale)) {
        dn_crew_tell_done(crew, "Once the cause is mended, --resume goes on from there.");
    }
    return status;
}

/* All sessions of the source at once: nobody there has to wait for indexes here. */
static DnStatus end_rows(void *ctx, DnErr *err) {
    DnCloneRows *rows = ctx;
    DnStatus status = dn_source_end(rows->shared->source, err);
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        dn_clone_rows_deinit(&rows[i]);
    }
    return status;
}

static void init_workers(Clone *clone, DnCrew *crew, DnCloneRows *rows) {
    crew->rows_from = (DnCrewRows){.end = end_rows, .ctx = rows};
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        rows[i] = (DnCloneRows){.shared = &clone->shared,
                                .stop = crew->stop,
                                .copied = &crew->row_bytes,
                                .alone = clone->target.jobs == 1};
        crew->workers[i].text = clone->source->text.bytes;
        crew->workers[i].run.from = dn_clone_rows_from(&rows[i]);
    }
}

static void take_result(Clone *clone, DnCrew *crew) {
    clone->result.bytes = atomic_load(&crew->row_bytes);
    clone->result.statements = crew->result.statements;
    clone->result.rows = crew->result.rows;
    clone->result.tables = crew->result.tables;
}

static DnStatus run_steps(Clone *clone, const char *id, DnErr *err) {
    DnSchedule schedule = {0};
    DnCrew *crew = calloc(1, sizeof *crew);
    DnCloneRows *rows = calloc(DN_CREW_MOST, sizeof *rows);
    if (!crew || !rows) {
        free(crew);
        free(rows);
        return dn_err_nomem(err);
    }
    dn_crew_init(crew, &clone->target, &clone->index, &schedule);
    init_workers(clone, crew, rows);
    DnStatus status = run_crew(clone, crew, id, &schedule, err);
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        dn_clone_rows_deinit(&rows[i]); /* before the crew, whose handle they watch */
    }
    take_result(clone, crew);
    dn_crew_deinit(crew);
    free(rows);
    free(crew);
    dn_schedule_deinit(&schedule);
    return status;
}

/* A clone whose rows have changed in the source since is of no snapshot; where indexes and constraints stand
   on them already, or a crash has taken some, nothing but another beginning helps. */
static DnStatus run_anew(Clone *clone, const char *id, DnErr *err) {
    char text[sizeof err->message];
    char hint[sizeof err->hint];
    const DnEvent event = {.kind = DN_EVENT_WARNING, .text = text, .hint = hint};
    (void)snprintf(text, sizeof text, "%s", err->message);
    (void)snprintf(hint, sizeof hint, "%s", err->hint);
    if (clone->target.event) {
        clone->target.event(clone->target.event_ctx, &event);
    }
    *err = (DnErr){0};
    clone->anew = clone->drops = true;
    clone->index.needs.drops = true;
    clone->target.resume = false;
    atomic_store(&clone->shared.stale, false);
    memset(clone->done, 0, clone->index.units.count * sizeof *clone->done);
    for (size_t i = 0; i < clone->source->rows.count; i++) {
        DnCloneTable *table = &clone->shared.tables[i];
        *table = (DnCloneTable){.plain = table->plain, .target = table->target};
    }
    return run_steps(clone, id, err);
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Some definitions mean another thing to a newer server, unless they say more. */
static DnStatus ask_target(const Clone *clone, int *major, DnErr *err) {
    DnRun run = {.options = &clone->target};
    DnStatus status = dn_run_connect(&run, NULL, err);
    *major = status ? 0 : dn_conn_server_version(run.conn) / 10000;
    dn_run_disconnect(&run);
    return status;
}

static DnStatus run_text_and_rows(Clone *clone, DnErr *err) {
    char id[DN_JOURNAL_ID];
    dn_journal_name(clone->source->digest, &clone->target, id);
    if (clone->options->single_transaction) {
        return run_single(clone, id, err);
    }
    DnStatus status = run_steps(clone, id, err);
    return status && atomic_load(&clone->shared.stale) ? run_anew(clone, id, err) : status;
}

static DnStatus use_source(void *ctx, DnSource *source, DnErr *err) {
    Clone *clone = ctx;
    DnArena arena = {0};
    clone->source = source;
    clone->target.jobs = source->joins ? clone->target.jobs : 1;
    DnStatus status =
        dn_index_read_text(&clone->index, &clone->target, source->text.bytes, source->text.size, err);
    clone->index.needs.drops = clone->drops;
    clone->done = DN_NEW_ARRAY(&arena, bool, clone->index.units.count + 1);
    clone->shared.source = source;
    clone->shared.tables = DN_NEW_ARRAY(&arena, DnCloneTable, source->rows.count + 1);
    if (!status) {
        status = dn_arena_failed(&arena) ? dn_err_nomem(err)
                                         : dn_clone_plan(source, &clone->index, clone->shared.tables, err);
    }
    status = status ? status : run_text_and_rows(clone, err);
    dn_index_deinit(&clone->index);
    dn_arena_deinit(&arena);
    return status;
}

/* The rules of Supabase for both ends, where one of them is its. */
static DnStatus plan_target(Clone *clone, DnDumpOptions *from, DnErr *err) {
    DnRestoreOptions *to = &clone->target;
    DnSourceTarget *plan = &clone->platform;
    DnStatus status = dn_source_plan_target(to, from->supabase, plan, err);
    from->supabase = from->supabase || plan->is_supabase;
    to->user = plan->user[0] ? plan->user : to->user;
    to->sslmode = plan->sslmode[0] ? plan->sslmode : to->sslmode;
    return status;
}

DnStatus dn_clone(const DnCloneOptions *options, DnCloneResult *result, DnErr *err) {
    *err = (DnErr){0};
    if (check_options(options, err) != DN_OK) {
        return err->status;
    }
    Clone clone = {.options = options,
                   .target = target_options(options),
                   .shared = {.mutex = PTHREAD_MUTEX_INITIALIZER},
                   .drops = options->drop_target_objects && !options->target->resume};
    DnDumpOptions from = source_options(options);
    double begun = dn_now();
    DnDumpResult read = {0};
    int major;
    DnStatus status = plan_target(&clone, &from, err);
    status = status ? status : ask_target(&clone, &major, err);
    status = status ? status : dn_source_lend(&from, major, use_source, &clone, &read, err);
    clone.result.omissions = read.omissions;
    clone.result.seconds = dn_now() - begun;
    if (result) {
        *result = clone.result;
    }
    return status;
}
