#include "dumper/locks.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/changed.h"
#include "common/err.h"
#include "sqlgen/quote.h"

/* ---- All at once ----------------------------------------------------------------- */

static DnSpelling spelling_of(const DnDumpOptions *options, const DnModel *model) {
    return (DnSpelling){.std_strings = true,
                        .quote_all = options->quote_all_identifiers || !options->stand_in,
                        .major = dn_model_major(model)};
}

/* Without the privilege to read there is none to lock: such tables are told, or left out, once all is
   known. */
bool dn_locks_needed(const DnObject *object) {
    const DnRelation *r = (const DnRelation *)object;
    return object->kind == DN_KIND_TABLE && object->schema && (r->relkind == 'r' || r->relkind == 'p') &&
           (object->dump & (DN_PART_DEFINITION | DN_PART_DATA | DN_PART_POLICY)) &&
           (!r->unreadable || r->unreadable == DN_UNREADABLE_ROWS);
}

static bool has_unreadable(const DnModel *model) {
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (object->kind == DN_KIND_TABLE && ((const DnRelation *)object)->unreadable) {
            return true;
        }
    }
    return false;
}

bool dn_locks_write(DnBuf *sql, const DnDumpOptions *options, const DnModel *model) {
    /* A parent's lock is for its children too, which until 12 needs the right to them. */
    const char *only = has_unreadable(model) ? "ONLY " : "";
    const DnSpelling spelling = spelling_of(options, model);
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (dn_locks_needed(object)) {
            dn_buf_str(sql, sql->size ? ", " : "LOCK TABLE ");
            dn_buf_str(sql, only);
            dn_qualified(sql, &spelling, object->schema->object.name, object->name);
        }
    }
    if (!sql->size) {
        return false;
    }
    dn_buf_str(sql, " IN ACCESS SHARE MODE");
    return true;
}

enum { LOCKS_AT_ONCE_SINCE = 16 };

static bool ends_with_word(const char *text, size_t size, const char *word) {
    size_t length = strlen(word);
    return size > length && memcmp(text + size - length, word, length) == 0 && text[size - length - 1] == ' ';
}

/* pg_dump locks one by one before 16, and tells the statement that was refused: here that for the first table
   which the server's message names, itself or by its schema. */
static void blame_one_table(const DnDumpOptions *options, const DnModel *model, DnErr *err) {
    const DnSpelling spelling = spelling_of(options, model);
    size_t size = strcspn(err->server, "\n");
    if (strcmp(err->sqlstate, "42501") != 0 || strncmp(err->query, "LOCK TABLE ", 11) != 0) {
        return;
    }
    bool of_schema = strstr(err->server, " for schema ") != NULL;
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (dn_locks_needed(object) &&
            ends_with_word(err->server, size, of_schema ? object->schema->object.name : object->name)) {
            DnBuf sql = {0};
            dn_buf_str(&sql, "LOCK TABLE ");
            dn_qualified(&sql, &spelling, object->schema->object.name, object->name);
            dn_buf_str(&sql, " IN ACCESS SHARE MODE");
            dn_err_query(err, dn_buf_text(&sql));
            dn_buf_deinit(&sql);
            return;
        }
    }
}

/* Every lock holds a place in a table of fixed size that all sessions share. Locking in parts would not help:
   a snapshot is only as good as the locks that are held until its end. */
static void explain_full_lock_table(const DnModel *model, DnErr *err) {
    size_t count = 0;
    if (strcmp(err->sqlstate, "53200") != 0 || strncmp(err->query, "LOCK TABLE ", 11) != 0) {
        return;
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        count += dn_locks_needed(model->objects.items[i]);
    }
    dn_err_hint(
        err,
        "The dump locks %zu tables, and the server has no room for so many locks at once: raise "
        "max_locks_per_transaction (times max_connections and max_prepared_transactions together, it is "
        "the room that all sessions share) and restart the server, or dump fewer tables at a time with "
        "-n or -t.",
        count);
}

void dn_locks_explain(const DnDumpOptions *options, const DnModel *model, DnErr *err) {
    explain_full_lock_table(model, err);
    if (options->stand_in && dn_model_major(model) < LOCKS_AT_ONCE_SINCE) {
        blame_one_table(options, model, err);
    }
}

/* ---- What moves ------------------------------------------------------------------ */

/* What the server says of an object that was there a moment ago. */
static const char *const moved_states[] = {
    "42P01", /* undefined_table */
    "42703", /* undefined_column */
    "42704", /* undefined_object */
    "42883", /* undefined_function */
    "42809", /* wrong_object_type: another object has its name */
    "3F000", /* invalid_schema_name */
    "40P01", /* deadlock_detected */
    "XX000", /* internal_error: "cache lookup failed for ...", "could not open relation with OID ..." */
};

bool dn_locks_moved(const DnErr *err) {
    for (size_t i = 0; err->status == DN_E_QUERY && i < DN_COUNT(moved_states); i++) {
        if (strcmp(err->sqlstate, moved_states[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The object whose number the server tells, as in "cache lookup failed for function 16400". */
static const DnObject *find_numbered(const DnModel *model, const char *message) {
    for (const char *p = message + strcspn(message, "0123456789"); *p; p += strcspn(p, "0123456789")) {
        char *end;
        unsigned long number = strtoul(p, &end, 10);
        p = end;
        for (size_t i = 0; number >= DN_FIRST_USER_OID && i < model->objects.count; i++) {
            const DnObject *object = model->objects.items[i];
            if (object->oid == number && object->classoid) {
                return object;
            }
        }
    }
    return NULL;
}

DnStatus dn_locks_tell_moved(const DnModel *model, int attempts, DnErr *err) {
    const DnErr last = *err;
    const DnObject *object = strcmp(last.sqlstate, "XX000") == 0 ? find_numbered(model, last.message) : NULL;
    if (object) {
        const char *schema = object->schema ? object->schema->object.name : "";
        (void)dn_err(err, DN_E_QUERY, "%s \"%s%s%s\" was dropped by another session while the dump began",
                     dn_changed_noun(object->classoid), schema, *schema ? "." : "", object->name);
        dn_err_object(err, "%s%s%s", schema, *schema ? "." : "", object->name);
    } else if (last.server[0]) {
        (void)dn_err(err, DN_E_QUERY, "something was changed by another session while the dump began: %s",
                     last.message);
    }
    dn_err_hint(err, "The catalog was read %d times: run the dump while fewer changes are made.", attempts);
    dn_err_sqlstate(err, last.sqlstate);
    dn_err_server(err, last.server);
    dn_err_query(err, last.query);
    return DN_E_QUERY;
}

/* ---- Before the snapshot --------------------------------------------------------- */

void dn_lock_names_set(DnLockNames *names, const DnDumpOptions *options, const DnModel *model) {
    const DnSpelling spelling = spelling_of(options, model);
    dn_lock_names_deinit(names);
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (dn_locks_needed(object)) {
            DnBuf name = {0};
            dn_qualified(&name, &spelling, object->schema->object.name, object->name);
            const char *text = dn_arena_str(&names->arena, dn_buf_text(&name));
            names->arena.failed = names->arena.failed || dn_buf_failed(&name);
            DN_PUSH(&names->arena, &names->names, text);
            dn_buf_deinit(&name);
        }
    }
}

void dn_lock_names_deinit(DnLockNames *names) {
    dn_arena_deinit(&names->arena);
    *names = (DnLockNames){0};
}

static DnStatus lock_some(DnConn *conn, const char *const *names, size_t count, DnErr *err) {
    DnBuf sql = {0};
    for (size_t i = 0; i < count; i++) {
        dn_buf_str(&sql, i ? ", " : "LOCK TABLE ");
        dn_buf_str(&sql, names[i]);
    }
    dn_buf_str(&sql, " IN ACCESS SHARE MODE");
    const DnRequest requests[] = {
        {.what = "setting a savepoint", .sql = "SAVEPOINT locks"},
        {.what = "locking the tables", .sql = dn_buf_text(&sql)},
        {.what = "releasing a savepoint", .sql = "RELEASE SAVEPOINT locks"},
    };
    DnStatus status =
        dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_batch(conn, requests, DN_COUNT(requests), err);
    dn_buf_deinit(&sql);
    return status;
}

static DnStatus roll_back(DnConn *conn, DnErr *err) {
    const DnRequest requests[] = {
        {.what = "rolling back", .sql = "ROLLBACK TO SAVEPOINT locks"},
        {.what = "releasing a savepoint", .sql = "RELEASE SAVEPOINT locks"},
    };
    DnStatus status = dn_conn_recover(conn, err);
    return status == DN_OK ? dn_conn_batch(conn, requests, DN_COUNT(requests), err) : status;
}

/* Those that can't be locked together are tried by halves; one alone is gone. */
static DnStatus lock_halves(DnConn *conn, const char *const *names, size_t count, DnErr *err) {
    DnStatus status = count ? lock_some(conn, names, count, err) : DN_OK;
    if (status == DN_OK || !dn_locks_moved(err)) {
        return status;
    }
    status = roll_back(conn, err);
    if (status == DN_OK && count > 1) {
        status = lock_halves(conn, names, count / 2, err);
        status = status == DN_OK ? lock_halves(conn, names + count / 2, count - count / 2, err) : status;
    }
    return status;
}

DnStatus dn_lock_names_take(const DnLockNames *names, DnConn *conn, DnErr *err) {
    return dn_arena_failed(&names->arena) ? dn_err_nomem(err)
                                          : lock_halves(conn, names->names.items, names->names.count, err);
}
