/*
 * restore.c - dn_restore(): a plain SQL dump, statement by statement, into a database.
 */
#include <string.h>

#include "common/clock.h"
#include "common/err.h"
#include "dumper/sink/tail.h"
#include "restore/claim.h"
#include "restore/database.h"
#include "restore/input.h"
#include "restore/look.h"
#include "restore/needs.h"
#include "restore/pairs.h"
#include "restore/parallel.h"
#include "restore/run.h"

typedef struct Restore {
    DnRun run;
    DnVerify *verify; /* the file; NULL = a pipe */
    DnProof proof;    /* of it */
    DnTail tail;
    DnSelected selected;
    DnSchemaNotes schemas; /* of a pipe */
} Restore;

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    Restore *restore = ctx;
    dn_tail_add(&restore->tail, text, size);
    return dn_sql_reader_add(restore->run.reader, text, size, err);
}

/* With options->create the transaction begins later: database.h. */
static DnStatus open_target(DnRun *run, const DnNeeds *needs, DnErr *err) {
    run->head = run->options->create;
    DnStatus status = dn_run_connect(run, NULL, err);
    if (!status && run->options->path) {
        status = dn_needs_check(needs, run, err);
    }
    if (run->options->dry_run) {
        run->result.statements = needs->statements;
        run->result.tables = needs->tables;
        return status;
    }
    if (!status && !run->head) {
        status = dn_claim_begin(run, err);
    }
    return status ? status : dn_drops_run(&needs->clean, run, err);
}

/* A pipe can be checked only now. */
static DnStatus check_end(const Restore *restore, DnErr *err) {
    const DnRun *run = &restore->run;
    if (dn_schema_notes_check(&restore->schemas, err) != DN_OK) {
        return err->status;
    }
    dn_needs_tell_texts(&restore->schemas, run);
    if (!dn_tail_closes(&restore->tail) && !dn_tail_resets(&restore->tail)) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "%s is truncated: its last words are not pg_dump's closing comment \"%s\"",
                     dn_run_name(run), DN_CLOSING);
        dn_err_hint(err, run->options->no_transaction ? "What came before it is in the database."
                                                      : "Nothing was changed.");
        return err->status;
    }
    return dn_look_end(run, err);
}

static DnStatus commit(DnRun *run, DnErr *err) {
    if (!run->transaction) {
        return DN_OK;
    }
    if (!dn_conn_in_transaction(run->conn)) {
        return dn_err(err, DN_E_INTERNAL, "the transaction is over before its COMMIT");
    }
    return dn_run_commit(run, err);
}

/* A pipe can't be looked at beforehand. */
static DnStatus look_at(Restore *restore, DnNeeds *needs, DnErr *err) {
    const DnRestoreOptions *options = restore->run.options;
    if (!options->path) {
        return DN_OK;
    }
    DnStatus status = dn_verify_read(restore->verify, options->cancel, NULL, err);
    if (!status && options->only_tables) {
        status = dn_selected_read(&restore->selected, options, needs->proof, err);
        restore->run.selected = needs->selected = &restore->selected;
    }
    return status ? status : dn_needs_read(needs, err);
}

static DnStatus run_all(Restore *restore, DnErr *err) {
    DnRun *run = &restore->run;
    const DnRestoreOptions *options = run->options;
    run->reader = dn_sql_reader_new(dn_run_item, run);
    if (!run->reader) {
        return dn_err_nomem(err);
    }
    if (!options->path) {
        dn_schema_notes_init(&restore->schemas, options->schema_map);
        run->schemas = &restore->schemas;
    }
    const DnInput input = {.path = options->path,
                           .fd = restore->verify ? restore->proof.fd : options->fd,
                           .cancel = options->cancel,
                           .text = on_text,
                           .ctx = restore};
    DnStatus status = dn_input_read(&input, err);
    status = status ? status : dn_sql_reader_end(run->reader, err);
    status = status ? status : check_end(restore, err);
    if (!status && restore->verify) {
        status = dn_verify_unchanged(restore->verify, err);
    }
    return status ? status : commit(run, err);
}

static DnStatus restore_all(Restore *restore, DnErr *err) {
    const DnRestoreOptions *options = restore->run.options;
    DnNeeds needs = {.options = options};
    if (options->path) {
        if (dn_verify_open(options->path, false, &restore->verify, err) != DN_OK) {
            return err->status;
        }
        restore->proof = dn_verify_proof(restore->verify);
        needs.proof = &restore->proof;
    }
    DnStatus status = look_at(restore, &needs, err);
    status = status ? status : open_target(&restore->run, &needs, err);
    dn_needs_deinit(&needs);
    status = status || options->dry_run ? status : run_all(restore, err);
    dn_run_hint_lost(&restore->run, status, err);
    return status;
}

static DnStatus check_options(const DnRestoreOptions *options, DnErr *err) {
    bool parallel = options->jobs > 1 || options->resume;
    if (options->go_on && (!options->no_transaction || parallel)) {
        return dn_err(err, DN_E_USAGE, "a transaction can't go on behind an error");
    }
    if (parallel && !options->path) {
        return dn_err(err, DN_E_USAGE,
                      "several sessions need a file, which they read in many places at once");
    }
    if (options->dry_run && !options->path) {
        return dn_err(err, DN_E_USAGE, "what comes from a pipe can't be looked at before it is restored");
    }
    if (options->clean && (!options->path || options->create)) {
        return dn_err(err, DN_E_USAGE,
                      options->create
                          ? "a database that the dump makes has nothing to drop"
                          : "what is dropped before a dump can only be told from a file, which is "
                            "read twice");
    }
    if (options->only_tables && (!options->path || options->create)) {
        return dn_err(err, DN_E_USAGE,
                      options->create
                          ? "a part of a dump doesn't make a database"
                          : "a part of a dump can only be taken from a file, which is read twice");
    }
    DnStatus status = dn_pairs_check(options->role_map, "role", err);
    return status ? status : dn_schema_notes_check_pairs(options->schema_map, err);
}

DnStatus dn_restore(const DnRestoreOptions *options, DnRestoreResult *result, DnErr *err) {
    if (options->size != sizeof *options) {
        return dn_err(err, DN_E_USAGE, "the options are not those of this version of the library");
    }
    if (check_options(options, err) != DN_OK) {
        return err->status;
    }
    Restore restore = {.run = {.options = options}};
    DnRun *run = &restore.run;
    double begun = dn_now();
    *err = (DnErr){0};
    bool parallel = options->jobs > 1 || options->resume;
    DnStatus status = parallel ? dn_restore_parallel(options, &run->result, err) : restore_all(&restore, err);
    if (status && !parallel) {
        dn_database_undo(run);
    }
    dn_run_disconnect(run);
    dn_sql_reader_free(run->reader);
    dn_schema_notes_deinit(&restore.schemas);
    dn_selected_deinit(&restore.selected);
    dn_verify_close(restore.verify);
    run->result.seconds = dn_now() - begun;
    if (!status && run->result.failed) {
        status = dn_err(err, DN_E_QUERY, "%llu of the dump's statements failed; the first: %s",
                        (unsigned long long)run->result.failed, run->refused.message);
        dn_err_object(err, "%s", run->refused.object);
        dn_err_sqlstate(err, run->refused.sqlstate);
    }
    if (result) {
        *result = run->result;
    }
    return status;
}
