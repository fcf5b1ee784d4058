#include "restore/look.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "restore/database.h"

/* ---- Statements ------------------------------------------------------------------ */

static bool starts_with(const DnSqlItem *item, const char *first, const char *second) {
    return strcmp(item->words[0], first) == 0 && (!second || strcmp(item->words[1], second) == 0);
}

/* What would end our transaction is passed over where a dump has it, and refused otherwise. */
static DnStatus check_transaction(const DnRun *run, const DnSqlItem *item, bool *skip, DnErr *err) {
    *skip = starts_with(item, "begin", NULL) || starts_with(item, "start", "transaction") ||
            (starts_with(item, "commit", NULL) && !starts_with(item, "commit", "prepared")) ||
            starts_with(item, "end", NULL);
    bool savepoint = strcmp(item->words[1], "to") == 0 || strcmp(item->words[2], "to") == 0;
    if (starts_with(item, "prepare", "transaction") || starts_with(item, "abort", NULL) ||
        (starts_with(item, "rollback", NULL) && !savepoint)) {
        (void)dn_err(err, DN_E_MISMATCH, "%s would end the one transaction", item->words[0]);
        dn_err_hint(err, "Use --no-transaction if the file is meant to have it.");
        return dn_run_place(run, item->line, err);
    }
    return DN_OK;
}

DnStatus dn_look_statement(const DnRun *run, const DnSqlItem *item, bool *skip, DnErr *err) {
    *skip = false;
    DnStatus status = dn_database_check(run, item, err);
    return status || !run->transaction ? status : check_transaction(run, item, skip, err);
}

/* ---- Meta-commands --------------------------------------------------------------- */

static DnStatus refuse_meta(const DnRun *run, const DnSqlItem *item, const DnMeta *meta, const char *why,
                            DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "psql's meta-command \\%s %s", meta->name, why);
    dn_err_hint(err, "No dump has it there: look at where the file comes from.");
    return dn_run_place(run, item->line, err);
}

DnStatus dn_look_meta(DnRun *run, const DnSqlItem *item, char database[DN_RUN_DATABASE], DnErr *err) {
    DnMeta meta = dn_meta_parse(item);
    bool restricts = strcmp(meta.name, "restrict") == 0;
    bool ends = strcmp(meta.name, "unrestrict") == 0;
    database[0] = '\0';
    if ((restricts || ends) && run->partial) {
        return DN_OK;
    }
    if (restricts && meta.argument[0] && !run->key[0]) {
        (void)snprintf(run->key, sizeof run->key, "%s", meta.argument);
        return DN_OK;
    }
    if (ends && run->key[0] && strcmp(meta.argument, run->key) == 0) {
        run->key[0] = '\0';
        return DN_OK;
    }
    if (restricts || ends) {
        return refuse_meta(run, item, &meta, "does not fit what came before it", err);
    }
    if (run->key[0]) {
        return refuse_meta(run, item, &meta, "is refused behind \\restrict", err);
    }
    if (run->options->create && strcmp(meta.name, "encoding") == 0) {
        return DN_OK; /* before a \connect to a name with odd characters, which is sent as it is */
    }
    return dn_meta_connects(&meta) ? dn_database_of_connect(run, item, &meta, database, err)
                                   : refuse_meta(run, item, &meta, "is refused", err);
}

/* ---- The whole ------------------------------------------------------------------- */

DnStatus dn_look_item(DnRun *run, const DnSqlItem *item, DnErr *err) {
    bool skip = false;
    char database[DN_RUN_DATABASE] = "";
    DnStatus status = DN_OK;
    if (item->kind == DN_SQL_STATEMENT || item->kind == DN_SQL_COPY) {
        status = dn_look_statement(run, item, &skip, err);
        dn_database_note(run, item);
    } else if (item->kind == DN_SQL_META) {
        status = dn_look_meta(run, item, database, err);
        run->head = run->head && !database[0];
    }
    return status;
}

DnStatus dn_look_end(const DnRun *run, DnErr *err) {
    if (run->key[0]) {
        return dn_err(err, DN_E_MISMATCH, "%s has a \\restrict without its \\unrestrict", dn_run_name(run));
    }
    if (run->head) {
        (void)dn_err(err, DN_E_MISMATCH, "%s does not make its database, as --create has it",
                     dn_run_name(run));
        dn_err_hint(err, "Make the database, name it as the TARGET, and leave out --create; or dump with "
                         "--create.");
    }
    return run->head ? err->status : DN_OK;
}
