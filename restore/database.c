#include "restore/database.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "common/token.h"
#include "restore/claim.h"

/* ---- Statements before \connect -------------------------------------------------------------- */

static bool is_about_databases(const DnSqlItem *item) {
    static const char *const verbs[] = {"create", "drop", "alter"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(item->words[0], verbs[i]) == 0 && strcmp(item->words[1], "database") == 0) {
            return true;
        }
    }
    return false;
}

static bool is_setting(const DnSqlItem *item) {
    return strcmp(item->words[0], "set") == 0 ||
           (strcmp(item->words[0], "select") == 0 && strcmp(item->words[2], "set_config") == 0);
}

DnStatus dn_database_check(const DnRun *run, const DnSqlItem *item, DnErr *err) {
    bool makes = strcmp(item->words[0], "alter") != 0 && is_about_databases(item);
    if (makes && !run->head) {
        (void)dn_err(err, DN_E_MISMATCH, "the dump makes a database of its own");
        dn_err_hint(err, run->options->create
                             ? "A dump makes one, at its beginning: look at where the file comes from."
                             : "Use --create to let it, with a TARGET that is another database of the "
                               "server, such as postgres; or dump without --create.");
        return dn_run_place(run, item->line, err);
    }
    if (run->head && !is_about_databases(item) && !is_setting(item)) {
        (void)dn_err(err, DN_E_MISMATCH, "the dump does not make its database, as --create has it");
        dn_err_hint(err, "Make the database, name it as the TARGET, and leave out --create; or dump with "
                         "--create.");
        return dn_run_place(run, item->line, err);
    }
    return DN_OK;
}

/* The name in CREATE DATABASE name, DROP DATABASE [IF EXISTS] name. */
static void take_name(const DnSqlItem *item, char name[DN_RUN_DATABASE]) {
    DnTokens tokens = dn_tokens(item->text + item->start, item->size - item->start, true);
    DnBuf value = {0};
    (void)dn_token_next(&tokens);
    (void)dn_token_next(&tokens);
    if (dn_token_take(&tokens, "if")) {
        (void)dn_token_take(&tokens, "exists");
    }
    dn_token_name(dn_token_next(&tokens), &value);
    (void)snprintf(name, DN_RUN_DATABASE, "%s", dn_buf_text(&value));
    dn_buf_deinit(&value);
}

void dn_database_note(DnRun *run, const DnSqlItem *item) {
    if (!run->head || !is_about_databases(item)) {
        return;
    }
    if (strcmp(item->words[0], "drop") == 0) {
        take_name(item, run->dropped);
    } else if (strcmp(item->words[0], "create") == 0) {
        take_name(item, run->created);
    }
}

/* ---- \connect ------------------------------------------------------------------------------- */

static DnStatus refuse(const DnRun *run, const DnSqlItem *item, const char *message, const char *hint,
                       DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "psql's meta-command \\connect %s", message);
    dn_err_hint(err, "%s", hint);
    return dn_run_place(run, item->line, err);
}

DnStatus dn_database_of_connect(const DnRun *run, const DnSqlItem *item, const DnMeta *meta,
                                char database[DN_RUN_DATABASE], DnErr *err) {
    DnStatus status = DN_OK;
    if (!run->options->create) {
        status = refuse(run, item, "is refused",
                        "Use --create to let the dump make its database; or dump without --create.", err);
    } else if (!dn_meta_database(meta, database, DN_RUN_DATABASE)) {
        status = refuse(run, item, "names more than a database", "Look at where the file comes from.", err);
    } else if (strcmp(database, run->created) != 0) {
        status = refuse(run, item, "leads to another database than the dump has made",
                        "Look at where the file comes from.", err);
    }
    return status;
}

DnStatus dn_database_connect(DnRun *run, const char *database, DnErr *err) {
    DnStatus status = run->transaction ? dn_run_words(run, "COMMIT", err) : DN_OK;
    status = status ? status : dn_run_connect(run, database, err);
    run->head = run->transaction = false;
    return status || run->partial ? status : dn_claim_begin(run, err);
}

/* ---- Failure -------------------------------------------------------------------------------- */

/* The handle may have fired: this must go through all the same. */
static DnStatus drop_created(const DnRun *run, DnErr *err) {
    DnRestoreOptions options = *run->options;
    DnRun other = {.options = &options};
    DnBuf sql = {0};
    options.cancel = NULL;
    dn_buf_str(&sql, "DROP DATABASE \"");
    for (const char *c = run->created; *c; c++) {
        dn_buf_str(&sql, *c == '"' ? "\"" : "");
        dn_buf_char(&sql, *c);
    }
    dn_buf_char(&sql, '"');
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_run_connect(&other, NULL, err);
    status = status ? status : dn_run_words(&other, sql.bytes, err);
    dn_run_disconnect(&other);
    dn_buf_deinit(&sql);
    return status;
}

void dn_database_undo(DnRun *run) {
    char text[1024];
    DnErr err = {0};
    dn_run_disconnect(run);
    run->object[0] = '\0';
    if (run->created[0] && run->options->no_transaction) {
        (void)snprintf(text, sizeof text, "the new database \"%s\" stays, with what was restored",
                       run->created);
        dn_run_tell(run, DN_EVENT_WARNING, text, NULL);
    } else if (run->created[0] && drop_created(run, &err) != DN_OK) {
        (void)snprintf(text, sizeof text, "the new database \"%s\" could not be dropped again: %.700s",
                       run->created, err.message);
        dn_run_tell(run, DN_EVENT_WARNING, text, NULL);
    }
    if (run->dropped[0]) {
        (void)snprintf(text, sizeof text,
                       "the database \"%s\" was dropped before, as the dump says (--clean)", run->dropped);
        dn_run_tell(run, DN_EVENT_WARNING, text, NULL);
    }
}
