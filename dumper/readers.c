#include "dumper/readers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
#include "dumper/watch.h"

enum {
    MOST_READERS = 64,
    MOST_BY_DEFAULT = 8,
    JOB_TABLES = 200, /* as many statements in one message take away the cost of the round trip */
    JOBS_EACH = 4     /* jobs for each reader: enough for all to end at about the same time */
};

static const uint64_t mebibyte = 1 << 20;
/* Less than this is read before a second session stands. */
#define WORTH_A_SESSION (16 * mebibyte)
/* A remote server with less cache than this is taken for one that has no processor to spare. */
#define SMALL_SERVER (512 * mebibyte)
/* What may wait to be written, for each reader, and for all. */
#define AHEAD_EACH (16 * mebibyte)
#define AHEAD_MOST (48 * mebibyte)
/* One reader by itself only needs to keep the writer busy. */
#define AHEAD_ALONE (2 * mebibyte)

struct DnReaders {
    DnPlan plan;
    DnFlow *flow;
    DnJoin join;
    DnConn *conn;          /* the first reader's */
    DnConnOptions notices; /* who heard its notices before */
    DnWatchOptions watching;
    DnWatch *watch;
    size_t count;
    size_t started; /* of them; the first ones */
    DnReader readers[];
};

typedef struct Facts {
    uint64_t bytes, tables;
} Facts;

static Facts count_tables(const DnModel *model) {
    Facts facts = {0};
    for (size_t i = 0; i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        if (object->kind == DN_KIND_TABLE_DATA) {
            const DnRelation *table = ((const DnTableData *)object)->table;
            facts.tables++;
            facts.bytes += table->heap_bytes + table->toast_bytes;
        }
    }
    return facts;
}

/* ---- How many -------------------------------------------------------------------- */

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* The number of sessions that pay, and what speaks for it. */
static size_t choose(const DnReadersOptions *o, const Facts *facts, DnBuf *why) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = least(processors > 1 ? (size_t)processors : 1, MOST_BY_DEFAULT);
    if (facts->bytes < WORTH_A_SESSION) {
        dn_buf_str(why, "there is little to read");
        return 1;
    }
    if (!o->join->local && o->join->cache < SMALL_SERVER) {
        dn_buf_str(why, "the server is remote and small");
        return 1;
    }
    dn_buf_fmt(why, "there are %ld processors", processors);
    return least(count, (size_t)(facts->bytes / WORTH_A_SESSION) + 1);
}

static size_t count_of(const DnReadersOptions *o, const Facts *facts, DnBuf *told) {
    DnBuf why = {0};
    size_t count = o->dump->jobs;
    if (!o->join->snapshot) {
        count = 1;
        dn_buf_str(&why, "the role may not call pg_export_snapshot()");
    } else if (count) {
        count = least(count, MOST_READERS);
        dn_buf_str(&why, "as asked for");
    } else {
        count = choose(o, facts, &why);
    }
    dn_buf_fmt(told, "reading %llu MB of %llu tables over %zu connection%s: %s",
               (unsigned long long)(facts->bytes / mebibyte), (unsigned long long)facts->tables, count,
               count == 1 ? "" : "s", dn_buf_text(&why));
    dn_buf_deinit(&why);
    return count;
}

/* ---- Life ------------------------------------------------------------------------ */

static size_t ahead(size_t count) {
    return count == 1 ? AHEAD_ALONE : least(count * AHEAD_EACH, AHEAD_MOST);
}

static DnPlanOptions plan_options(const DnReadersOptions *o, const Facts *facts, size_t count) {
    /* Each reader can be a job ahead of the writer, and has a second one in work. */
    uint64_t bytes = ahead(count) / (2 * (count ? count : 1));
    uint64_t tables = facts->tables / (JOBS_EACH * (count ? count : 1));
    return (DnPlanOptions){.whole = count == 1,
                           .by_pages = dn_plan_by_pages(o->model->server_version),
                           .whole_tables = o->render->inserts && o->dump->rows_per_insert > 1,
                           .job_bytes = bytes < mebibyte ? mebibyte : bytes,
                           .job_tables = tables > JOB_TABLES ? (size_t)tables : JOB_TABLES};
}

/* The session that has helped to read the catalog is the second reader's, if there is one. */
static void take_over(DnReaders *self, DnJoin *join) {
    if (self->count > 1 && join->idle) {
        self->readers[1].conn = join->idle;
        dn_conn_watch(join->idle, self->join.connection.stop, NULL, NULL);
    } else {
        dn_conn_close(join->idle);
    }
    join->idle = NULL;
}

static DnStatus plan(DnReaders *self, const DnReadersOptions *o, const Facts *facts, DnErr *err) {
    DnPlanOptions how = plan_options(o, facts, self->count);
    dn_plan_make(&self->plan, o->model, &how);
    if (dn_arena_failed(&self->plan.arena)) {
        return dn_err_nomem(err);
    }
    self->count = least(self->count, self->plan.jobs.count);
    self->flow = dn_flow_new(self->plan.jobs.count, self->count, ahead(self->count));
    if (!self->flow) {
        return dn_err_nomem(err);
    }
    self->join = *o->join;
    self->join.idle = NULL;
    self->join.connection.notice = NULL;
    self->join.connection.stop = dn_flow_stop_handle(self->flow);
    for (size_t i = 0; i < self->count; i++) {
        self->readers[i] = (DnReader){
            .flow = self->flow,
            .plan = &self->plan,
            .rows = {.render = o->render, .rows_per_insert = o->dump->rows_per_insert, .sums = o->sums},
            .conn = i ? NULL : o->conn,
            .others = i ? &self->join : NULL};
    }
    take_over(self, o->join);
    return DN_OK;
}

/* The session that has read the catalog beside the first one keeps locks of the views that it spelled. */
static int backend_of_second(const DnReaders *self, DnStatus planned) {
    bool kept = planned == DN_OK && self->count > 1 && self->readers[1].conn;
    return kept ? dn_conn_backend(self->readers[1].conn) : 0;
}

DnStatus dn_readers_new(const DnReadersOptions *options, DnReaders **out, DnErr *err) {
    Facts facts = count_tables(options->model);
    size_t count = 1;
    *out = NULL;
    if (options->join->rows) {
        DnBuf told = {0};
        count = count_of(options, &facts, &told);
        options->tell(options->tell_ctx, dn_buf_text(&told));
        dn_buf_deinit(&told);
    }
    DnReaders *self = calloc(1, sizeof *self + count * sizeof self->readers[0]);
    if (!self) {
        return dn_err_nomem(err);
    }
    self->conn = options->conn;
    self->notices = options->join->connection;
    self->count = count;
    DnStatus status = plan(self, options, &facts, err);
    self->watching = (DnWatchOptions){.flow = self->flow,
                                      .connection = self->join.connection,
                                      .backend = options->dump->stand_in ? 0 : dn_conn_backend(options->conn),
                                      .second = backend_of_second(self, status),
                                      .server_version = options->model->server_version,
                                      .yield = options->dump->yield_to_ddl};
    if (status != DN_OK) {
        dn_readers_stop(self);
        return status;
    }
    *out = self;
    return DN_OK;
}

/* The first reader's notices are told by the thread that writes. */
static void on_notice(void *ctx, const char *text) {
    dn_flow_notice(ctx, DN_EVENT_NOTICE, text);
}

/* Without the first thread nothing goes; the others are welcome. */
DnStatus dn_readers_start(DnReaders *readers, DnErr *err) {
    dn_conn_watch(readers->conn, dn_flow_stop_handle(readers->flow), on_notice, readers->flow);
    while (readers->started < readers->count && dn_reader_start(&readers->readers[readers->started])) {
        readers->started++;
    }
    for (size_t i = readers->started; i < readers->count; i++) {
        dn_flow_leave(readers->flow);
    }
    readers->watch =
        readers->started && readers->watching.backend ? dn_watch_start(&readers->watching) : NULL;
    return readers->started ? DN_OK : dn_err(err, DN_E_NOMEM, "the system has no room for one more thread");
}

const DnPlan *dn_readers_plan(const DnReaders *readers) {
    return &readers->plan;
}

DnFlow *dn_readers_flow(const DnReaders *readers) {
    return readers->flow;
}

static void join(DnReaders *self) {
    dn_watch_stop(self->watch);
    self->watch = NULL;
    while (self->started) {
        (void)pthread_join(self->readers[--self->started].thread, NULL);
    }
}

static void free_readers(DnReaders *self) {
    for (size_t i = 1; i < self->count; i++) {
        dn_conn_close(self->readers[i].conn); /* of one whose thread has never begun */
    }
    if (self->flow) {
        dn_conn_watch(self->conn, NULL, self->notices.notice, self->notices.notice_ctx);
    }
    dn_flow_free(self->flow);
    dn_plan_deinit(&self->plan);
    free(self);
}

DnStatus dn_readers_finish(DnReaders *readers, DnErr *err) {
    join(readers);
    DnStatus status = dn_flow_result(readers->flow, err);
    free_readers(readers);
    return status;
}

void dn_readers_stop(DnReaders *readers) {
    if (readers) {
        if (readers->started) {
            dn_flow_stop(readers->flow);
        }
        join(readers);
        free_readers(readers);
    }
}
