#include "restore/clone/replace.h"

#include "common/err.h"
#include "restore/array.h"
#include "restore/journal.h"
#include "restore/rewrite.h"

/* ---- What is to be dropped ------------------------------------------------------------------ */

typedef struct Collect {
    const DnRestoreOptions *options;
    DnDrops *drops;
    DnBuf *changed;
} Collect;

static DnStatus take_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    const Collect *collect = ctx;
    DnDrops *drops = collect->drops;
    if (item->kind != DN_SQL_STATEMENT) {
        return DN_OK;
    }
    const char *sql = dn_rewrite(collect->options, item, collect->changed);
    if (sql) {
        DN_PUSH(&drops->arena, &drops->statements, dn_arena_strn(&drops->arena, sql, dn_sql_open_size(sql)));
    }
    return !sql || dn_arena_failed(&drops->arena) ? dn_err_nomem(err) : DN_OK;
}

/* The list is run from its end. */
static void turn_round(DnDrops *drops) {
    for (size_t i = 0, j = drops->statements.count; i + 1 < j; i++) {
        const char *first = drops->statements.items[i];
        drops->statements.items[i] = drops->statements.items[--j];
        drops->statements.items[j] = first;
    }
}

static DnStatus collect_drops(const DnSource *source, const DnRun *run, DnDrops *drops, DnErr *err) {
    DnBuf changed = {0};
    Collect collect = {.options = run->options, .drops = drops, .changed = &changed};
    DnSqlReader *reader = dn_sql_reader_new(take_item, &collect);
    if (!reader) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_sql_reader_add(reader, dn_buf_text(&source->drops), source->drops.size, err);
    status = status ? status : dn_sql_reader_end(reader, err);
    dn_sql_reader_free(reader);
    dn_buf_deinit(&changed);
    turn_round(drops);
    return status;
}

/* ---- What must not go along ------------------------------------------------------------------ */

static DnStatus take_partition(void *ctx, const DnRows *rows, DnErr *err) {
    (void)ctx;
    if (!dn_rows_count(rows)) {
        return DN_OK;
    }
    (void)dn_err(err, DN_E_MISMATCH,
                 "the partition %s is not in the source, and would be dropped with its table",
                 dn_rows_str(rows, 0, 0));
    dn_err_hint(err, "Detach or drop it first.");
    return err->status;
}

/* DROP TABLE takes partitions along, also those that nobody knows here. */
static DnStatus check_partitions(const DnNeeds *needs, DnRun *run, DnErr *err) {
    DnBuf array = {0};
    dn_array_of(needs->names[DN_NEED_NO_RELATION].items, needs->names[DN_NEED_NO_RELATION].count, &array);
    const DnRequest look = {
        .what = "looking for partitions",
        .sql = "SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_inherits i "
               "JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid "
               "JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace "
               "JOIN pg_catalog.pg_class p ON p.oid = i.inhparent "
               "JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace "
               "WHERE c.relispartition AND c.relkind <> 'i' AND c.relkind <> 'I' "
               "AND pg_catalog.concat_ws(E'\\n', pn.nspname, p.relname) = ANY ($1::pg_catalog.text[]) "
               "AND pg_catalog.concat_ws(E'\\n', cn.nspname, c.relname) <> ALL ($1::pg_catalog.text[]) "
               "LIMIT 1",
        .param = dn_buf_text(&array),
        .rows = take_partition};
    DnStatus status = dn_buf_failed(&array) ? dn_err_nomem(err) : dn_conn_batch(run->conn, &look, 1, err);
    dn_buf_deinit(&array);
    return status;
}

/* ---- Both ------------------------------------------------------------------------------------ */

DnStatus dn_clone_replace(const DnSource *source, const DnNeeds *needs, DnRun *run, DnErr *err) {
    DnDrops drops = {.encoding = source->encoding};
    const DnRequest encoding = {.what = "setting the encoding",
                                .sql = "SELECT pg_catalog.set_config('client_encoding', $1, false)",
                                .param = source->encoding};
    DnStatus status = collect_drops(source, run, &drops, err);
    status = status ? status : dn_conn_batch(run->conn, &encoding, 1, err);
    status = status ? status : check_partitions(needs, run, err);
    /* before SET LOCAL: it puts back, for the session, the level of messages that it finds */
    status = status ? status : dn_drops_run(&drops, run, err);
    status =
        status ? status : dn_run_words(run, "SET LOCAL client_min_messages = warning", err); /* IF EXISTS */
    status = status ? status : dn_journal_drop(run, err);
    dn_drops_deinit(&drops);
    return status;
}
