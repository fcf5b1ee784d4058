#include "dumper/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "catalog/platform.h"
#include "common/err.h"
#include "dumper/binary_types.h"
#include "dumper/endpoint.h"
#include "dumper/manifest/manifest.h"
#include "dumper/readers.h"
#include "dumper/session.h"
#include "dumper/sink/output.h"
#include "dumper/supabase.h"
#include "sqlgen/large_object.h"

/* ---- The text -------------------------------------------------------------------- */

int dn_source_write(void *ctx, const void *bytes, size_t size) {
    DnSource *source = ctx;
    dn_buf_add(&source->text, bytes, size);
    return dn_buf_failed(&source->text) ? ENOMEM : 0;
}

DnStatus dn_source_add(DnSource *source, const DnRender *render, const DnEntry *entry, DnOutput *output,
                       DnErr *err) {
    char place[64];
    DnBuf name = {0};
    DnSourceRows rows = {.table = entry->data, .large_group = entry->large_objects, .large = !entry->data};
    if (entry->data) {
        dn_qualified_name(&name, render, &entry->data->table->object);
    } else {
        dn_buf_str(&name, "large objects");
    }
    rows.name = dn_arena_str(&source->arena, dn_buf_text(&name));
    int size = snprintf(place, sizeof place, rows.large ? "\\rows %zu\n" : "%zu\n", source->rows.count);
    DN_PUSH(&source->arena, &source->rows, rows);
    bool failed = dn_buf_failed(&name) || dn_arena_failed(&source->arena);
    dn_buf_deinit(&name);
    return failed ? dn_err_nomem(err) : dn_output_write(output, place, (size_t)size, err);
}

/* ---- What else there is to know --------------------------------------------------- */

static void take_sizes(DnSource *source) {
    bool ranges = dn_plan_by_pages(source->server_version);
    for (size_t i = 0; i < source->rows.count; i++) {
        DnSourceRows *rows = &source->rows.items[i];
        if (rows->table) {
            const DnRelation *table = rows->table->table;
            rows->binary = dn_binary_types(table);
            rows->bytes = table->heap_bytes + table->toast_bytes;
            rows->pages = ranges && dn_plan_has_pages(rows->table) ? table->heap_bytes / DN_PAGE_SIZE : 0;
        }
        source->bytes += rows->bytes;
    }
}

/* The data's section has the values of sequences: of it, only whose rows they are. */
static DnStatus write_digest(DnSource *source, DnErr *err) {
    DnBuf rest = {0};
    char post_data[DN_SUM_TEXT_SIZE];
    dn_sum_text(source->manifest->sections[DN_SPAN_POST_DATA].sum, post_data);
    dn_buf_str(&rest, post_data);
    for (size_t i = 0; i < source->rows.count; i++) {
        dn_buf_fmt(&rest, "\n%s", source->rows.items[i].name);
    }
    for (size_t i = 0; i < source->manifest->objects.count; i++) { /* a resumed clone knows them by number */
        const DnManifestObject *object = &source->manifest->objects.items[i];
        bool moves =
            strcmp(object->type, "SEQUENCE SET") == 0 || strcmp(object->type, "STATISTICS DATA") == 0;
        char sum[DN_SUM_TEXT_SIZE] = "";
        if (!moves) {
            dn_sum_text(object->sum, sum);
        }
        dn_buf_fmt(&rest, "\n%s\n%s\n%s\n%s", object->type, object->schema, object->name, sum);
    }
    dn_sum_text(source->manifest->sections[DN_SPAN_PRE_DATA].sum, source->digest);
    dn_sum_text(dn_sum_of(dn_buf_text(&rest), rest.size), source->digest + DN_SUM_TEXT_SIZE - 1);
    bool failed = dn_buf_failed(&rest);
    dn_buf_deinit(&rest);
    return failed ? dn_err_nomem(err) : DN_OK;
}

/* Every project has those schemas from its platform: nothing in them may be dropped or written. */
static DnStatus check_managed(const DnSource *source, const DnModel *model, DnErr *err) {
    for (size_t i = 0; source->render->site && i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        bool is_schema = object->kind == DN_KIND_SCHEMA;
        const DnSchema *schema = is_schema ? (const DnSchema *)object : object->schema;
        bool asked = schema && (!schema->managed || object->kind == DN_KIND_TABLE);
        if (asked && (object->dump & (DN_PART_DEFINITION | DN_PART_DATA)) &&
            dn_platform_lists(dn_supabase_platform.schemas, schema->object.name)) {
            (void)dn_err(err, DN_E_USAGE,
                         "schema \"%s\" is Supabase's: a clone leaves that of the target alone",
                         schema->object.name);
            dn_err_hint(err, "Leave it out of -n and -t; dump it to a file to look at it.");
            return err->status;
        }
    }
    return DN_OK;
}

DnStatus dn_source_plan_target(const DnRestoreOptions *options, bool wanted, DnSourceTarget *target,
                               DnErr *err) {
    DnConnAsked asked;
    DnSupabasePlan plan;
    const DnConnOptions connection = {
        .dbname = options->dbname, .host = options->host, .port = options->port, .user = options->user};
    *target = (DnSourceTarget){0};
    if (!dn_conn_asked(&connection, &asked)) { /* libpq says why when it connects */
        return DN_OK;
    }
    const DnSupabaseAsk ask = dn_endpoint_ask(&asked, wanted, true);
    DnStatus status = dn_supabase_plan(&ask, &plan, err);
    const char *dot = plan.is_hosted && !plan.ref[0] ? strrchr(asked.user, '.') : NULL;
    target->is_supabase = plan.is_supabase;
    (void)snprintf(target->ref, sizeof target->ref, "%s", dot ? dot + 1 : plan.ref);
    (void)snprintf(target->user, sizeof target->user, "%s", plan.user);
    (void)snprintf(target->sslmode, sizeof target->sslmode, "%s", plan.sslmode);
    return status;
}

DnStatus dn_source_use(DnSource *source, const DnReadersOptions *how, DnErr *err) {
    source->how = how;
    source->conn = how->conn;
    source->render = how->render;
    source->encoding = how->model->encoding;
    source->server_version = how->model->server_version;
    dn_buf_str(&source->text, ""); /* ended by a NUL, even when it is empty */
    source->joins = how->join->snapshot;
    dn_conn_close(how->join->idle); /* it belongs to no thread of ours */
    how->join->idle = NULL;
    dn_conn_watch(source->conn, NULL, NULL, NULL); /* any thread may use it: not the caller's to be called */
    take_sizes(source);
    DnStatus status = check_managed(source, how->model, err);
    status = status ? status : write_digest(source, err);
    return status == DN_OK ? source->use(source->ctx, source, err) : status;
}

void dn_source_deinit(DnSource *source) {
    dn_buf_deinit(&source->text);
    dn_buf_deinit(&source->drops);
    dn_arena_deinit(&source->arena);
}

/* ---- The session that holds the snapshot ------------------------------------------ */

static const char holder_lost[] = "the source's session that holds its snapshot and locks was lost";

DnStatus dn_source_check(const DnSource *source, DnErr *err) {
    return dn_conn_is_there(source->conn) ? DN_OK : dn_err(err, DN_E_CONNECT, "%s", holder_lost);
}

DnStatus dn_source_end(DnSource *source, DnErr *err) {
    if (source->ended || dn_session_end(source->conn, err) == DN_OK) {
        source->ended = true;
        return DN_OK;
    }
    if (err->status != DN_E_CANCELLED) {
        const DnErr inner = *err;
        (void)dn_err(err, inner.status, "%s: %s", holder_lost, inner.message);
        dn_err_sqlstate(err, inner.sqlstate);
        dn_err_server(err, inner.server);
    }
    return err->status;
}

/* ---- Rows ------------------------------------------------------------------------ */

DnStatus dn_source_join(const DnSource *source, DnCancel *stop, DnConn **conn, DnErr *err) {
    DnJoin join = *source->how->join;
    join.connection.notice = NULL;
    join.connection.stop = stop;
    return dn_join_open(&join, conn, err);
}

/* A lock of its own, unless the session has that already; only plain tables can be locked. */
static bool write_query(const DnSource *source, const DnConn *conn, const DnSourcePart *part, DnBuf *sql) {
    const DnSourceRows *rows = &source->rows.items[part->rows];
    if (rows->large) {
        dn_large_objects_out(sql, rows->large_group);
        return false;
    }
    bool locks = conn != source->conn && rows->table->table->relkind == 'r';
    if (locks) {
        dn_buf_fmt(sql, "LOCK TABLE ONLY %s IN ACCESS SHARE MODE NOWAIT;\n", rows->name);
    }
    dn_copy_out(sql, source->render, rows->table, (DnPages){.first = part->first, .end = part->end});
    if (rows->binary && !dn_buf_failed(sql)) {
        sql->size -= strlen(";\n");
        dn_buf_str(sql, " WITH (FORMAT binary);\n");
    }
    return locks;
}

DnStatus dn_source_copy(const DnSource *source, DnConn *conn, const DnSourcePart *part, bool *refused,
                        DnErr *err) {
    DnBuf sql = {0};
    *refused = false;
    bool locks = write_query(source, conn, part, &sql);
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_stream(conn, dn_buf_text(&sql), err);
    if (status == DN_OK && locks) {
        status = dn_conn_command(conn, err);
        *refused = status == DN_E_QUERY;
    }
    status = status == DN_OK ? dn_conn_copy_begin(conn, err) : status;
    dn_buf_deinit(&sql);
    return status;
}
