#include "catalog/load.h"

#include <string.h>

#include "catalog/changed.h"
#include "catalog/complete.h"
#include "catalog/definitions.h"
#include "catalog/extra.h"
#include "catalog/ledger.h"
#include "catalog/platform.h"
#include "catalog/readable.h"
#include "catalog/selection.h"
#include "common/err.h"

/* The order in which answers are taken: a fetch may refer to objects of those before it. */
static const DnFetch *const first[] = {
    &dn_fetch_schemas,         &dn_fetch_extensions, &dn_fetch_extension_members,
    &dn_fetch_unknown_columns, &dn_fetch_presence,
};

/* After those; in the first round trip on the guess that the patterns match nothing of the system. */
static const DnFetch *const relations[] = {&dn_fetch_relations, &dn_fetch_inheritance};

static const DnFetch *const kinds[] = {
#define DN_KIND(id, class_, priority, section, need, fetch, render) &dn_fetch_##fetch,
#include "catalog/model/kinds.def"
#undef DN_KIND
};

/* Before the kinds: their rows refer to columns. */
static const DnFetch *const columns[] = {&dn_fetch_attributes};

static const DnFetch *const extras[] = {
    &dn_fetch_database_settings,
    &dn_fetch_base_types,
    &dn_fetch_ranges,
    &dn_fetch_enum_labels,
    &dn_fetch_composite_attributes,
    &dn_fetch_domains,
    &dn_fetch_domain_constraints,
    &dn_fetch_user_mappings,
    &dn_fetch_ts_mappings,
    &dn_fetch_hidden_subscriptions,
    &dn_fetch_operator_members,
    &dn_fetch_dependencies,
    &dn_fetch_comments,
    &dn_fetch_initial_privileges,
    &dn_fetch_labels,
    &dn_fetch_platform_left,
    &dn_fetch_missing_extensions,
    &dn_fetch_relation_details,
    &dn_fetch_file_sizes,
    &dn_fetch_sizes,
};

enum { MOST_REQUESTS = 128 };

/* A batch in the making; SQL text and contexts live in the arena until the batch is done. */
typedef struct Batch {
    DnCatalog *catalog;
    DnArena arena;
    DnTask tasks[MOST_REQUESTS];
    size_t count;
    const char *tables; /* $1 of DN_SCOPE_TABLES */
    bool guess;         /* what is asked now depends on matches of patterns that are not known yet */
} Batch;

typedef struct Taker {
    DnCatalog *catalog;
    const DnFetch *fetch;
    bool guess;
} Taker;

static DnStatus take(void *ctx, const DnRows *rows, DnErr *err) {
    const Taker *taker = ctx;
    if (taker->guess && taker->catalog->selection.system) {
        return DN_OK; /* a wrong guess: asked again */
    }
    return taker->fetch->rows(taker->catalog, rows, err);
}

static void add_task(Batch *batch, DnTask task) {
    if (batch->count < MOST_REQUESTS) {
        batch->tasks[batch->count++] = task;
    } else {
        batch->arena.failed = true;
    }
}

static void add_request(Batch *batch, DnRequest request) {
    add_task(batch, (DnTask){.request = request});
}

static bool may_read(const DnCatalog *catalog, DnFetchReader reader) {
    return reader == DN_READER_ANYONE || (reader == DN_READER_SUPERUSER) == catalog->superuser;
}

static void add_fetch(Batch *batch, const DnFetch *fetch) {
    int version = batch->catalog->model->server_version;
    bool wanted = (!fetch->wanted || fetch->wanted(batch->catalog)) &&
                  (!batch->catalog->absent[fetch->only_with] || batch->catalog->selection.system);
    if (!wanted || !dn_query_applies(fetch, version) || !may_read(batch->catalog, fetch->reader)) {
        return;
    }
    DnBuf sql = {0};
    dn_query_build(fetch, version, batch->catalog->selection.system, &sql);
    Taker *taker = DN_NEW(&batch->arena, Taker);
    const char *text = dn_arena_str(&batch->arena, dn_buf_text(&sql));
    if (dn_buf_failed(&sql) || !taker || !text) {
        batch->arena.failed = true;
    } else {
        *taker = (Taker){.catalog = batch->catalog, .fetch = fetch, .guess = batch->guess};
        const DnRequest request = {.what = fetch->what,
                                   .sql = text,
                                   .param = fetch->scope == DN_SCOPE_TABLES ? batch->tables : NULL,
                                   .rows = take,
                                   .ctx = taker};
        add_task(
            batch,
            (DnTask){.request = request, .unlocked = fetch->scope != DN_SCOPE_TABLES, .slow = fetch->slow});
    }
    dn_buf_deinit(&sql);
}

static void add_fetches(Batch *batch, const DnFetch *const *fetches, size_t count, bool is_first) {
    for (size_t i = 0; i < count; i++) {
        if ((fetches[i]->scope == DN_SCOPE_FIRST) == is_first) {
            add_fetch(batch, fetches[i]);
        }
    }
}

static void add_requests(Batch *batch, const DnRequest *requests, size_t count) {
    for (size_t i = 0; i < count; i++) {
        add_request(batch, requests[i]);
    }
}

static DnStatus run(Batch *batch, DnConn *conn, DnErr *err) {
    DnRequest requests[MOST_REQUESTS];
    if (dn_arena_failed(&batch->arena)) {
        return dn_err_nomem(err);
    }
    for (size_t i = 0; i < batch->count; i++) {
        requests[i] = batch->tasks[i].request;
        if (requests[i].what) {
            batch->catalog->step(batch->catalog->ctx, requests[i].what);
        }
    }
    return dn_conn_batch(conn, requests, batch->count, err);
}

/* The same over two sessions: the requests in `before` lock the tables. */
static DnStatus run_with_help(Batch *batch, DnHelper *helper, DnConn *conn, const DnRequest *before,
                              size_t before_count, DnErr *err) {
    return dn_arena_failed(&batch->arena)
               ? dn_err_nomem(err)
               : dn_helper_batch(helper, conn, before, before_count, batch->tasks, batch->count, err);
}

static DnStatus load_relations_again(DnCatalog *catalog, DnConn *conn, DnErr *err) {
    Batch batch = {.catalog = catalog};
    add_fetches(&batch, relations, DN_COUNT(relations), true);
    DnStatus status = run(&batch, conn, err);
    dn_arena_deinit(&batch.arena);
    return status;
}

DnStatus dn_catalog_load_relations(DnCatalog *catalog, DnConn *conn, const DnRequest *before,
                                   size_t before_count, const DnRequest *settings, size_t settings_count,
                                   DnErr *err) {
    Batch batch = {.catalog = catalog};
    DnBuf patterns = {0};
    DnStatus status = dn_selection_param(catalog, &patterns, err);
    if (status == DN_OK) {
        add_requests(&batch, before, before_count);
        if (dn_selection_has_patterns(&catalog->selection)) {
            add_request(&batch, (DnRequest){.what = "matching name patterns",
                                            .sql = dn_selection_sql,
                                            .param = dn_buf_text(&patterns),
                                            .rows = dn_selection_rows,
                                            .ctx = catalog});
        }
        add_requests(&batch, settings, settings_count);
        add_fetches(&batch, first, DN_COUNT(first), true);
        batch.guess = true;
        add_fetches(&batch, relations, DN_COUNT(relations), true);
        status = run(&batch, conn, err);
    }
    if (status == DN_OK && catalog->selection.system) {
        status = load_relations_again(catalog, conn, err);
    }
    dn_buf_deinit(&patterns);
    dn_arena_deinit(&batch.arena);
    return status;
}

/* The relations whose columns and parts are read, as an array for $1. */
static const char *list_tables(const DnModel *model, DnArena *arena) {
    DnBuf list = {0};
    dn_buf_char(&list, '{');
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if ((object->kind == DN_KIND_TABLE || object->kind == DN_KIND_VIEW) &&
            ((const DnRelation *)object)->interesting) {
            dn_buf_fmt(&list, "%s%u", list.size > 1 ? "," : "", object->oid);
        }
    }
    dn_buf_char(&list, '}');
    const char *text = dn_buf_failed(&list) ? NULL : dn_arena_str(arena, dn_buf_text(&list));
    if (!text) {
        arena->failed = true;
    }
    dn_buf_deinit(&list);
    return text;
}

/* *any: something was asked. */
static DnStatus load_definitions(DnCatalog *catalog, DnConn *conn, bool *any, DnErr *err) {
    Batch batch = {.catalog = catalog};
    DnRequest requests[DN_DEFINITION_REQUESTS];
    size_t count = dn_definition_requests(catalog, &batch.arena, requests);
    add_requests(&batch, requests, count);
    DnStatus status = count || dn_arena_failed(&batch.arena) ? run(&batch, conn, err) : DN_OK;
    dn_arena_deinit(&batch.arena);
    *any = count > 0;
    return status;
}

/* What changed meanwhile is looked for when all else was answered, and no later than here. */
static DnStatus load_rest_of_text(DnCatalog *catalog, DnConn *conn, bool looked, DnErr *err) {
    bool any;
    DnStatus status = load_definitions(catalog, conn, &any, err);
    if (status == DN_OK && (any || !looked)) {
        catalog->looking = dn_changed_request(catalog, &catalog->model->arena);
        catalog->changed.count = 0;
        status = dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err)
                                                         : dn_conn_request(conn, &catalog->looking, err);
    }
    return status;
}

DnStatus dn_catalog_end(DnCatalog *catalog, DnConn *conn, DnErr *err) {
    DnRequest looking = catalog->looking;
    DnRows *rows = NULL;
    if (!looking.sql) {
        return DN_OK;
    }
    catalog->looking = (DnRequest){0};
    DnStatus status = dn_conn_answer(conn, &looking, &rows, err);
    status = status == DN_OK ? looking.rows(looking.ctx, rows, err) : status;
    dn_rows_free(rows);
    return status;
}

DnStatus dn_catalog_load_rest(DnCatalog *catalog, DnConn *conn, DnHelper *helper, const DnRequest *before,
                              size_t before_count, DnErr *err) {
    Batch batch = {.catalog = catalog};
    /* Asked now, when a SET ROLE of the first round has had its effect. */
    const char *superuser = dn_conn_parameter(conn, "is_superuser");
    catalog->superuser = superuser && strcmp(superuser, "on") == 0;
    batch.tables = list_tables(catalog->model, &batch.arena);
    if (!helper) {
        add_requests(&batch, before, before_count);
    }
    add_fetches(&batch, columns, DN_COUNT(columns), false);
    add_fetches(&batch, kinds, DN_COUNT(kinds), false);
    add_fetches(&batch, extras, DN_COUNT(extras), false);
    DnRequest letters;
    dn_ledger_letters(catalog, &batch.arena, &letters);
    add_task(&batch, (DnTask){.request = letters, .unlocked = true});
    DnRequest unknown;
    if (dn_ledger_request(catalog, &batch.arena, &unknown)) {
        add_request(&batch, unknown);
    }
    if (!helper) {
        add_request(&batch, dn_changed_request(catalog, &batch.arena));
    }
    DnStatus status =
        helper ? run_with_help(&batch, helper, conn, before, before_count, err) : run(&batch, conn, err);
    dn_arena_deinit(&batch.arena);
    if (status == DN_OK) {
        status = load_rest_of_text(catalog, conn, !helper, err);
    }
    if (status != DN_OK) {
        return status;
    }
    dn_platform_leave(catalog);
    dn_complete_needed(catalog);
    dn_complete_data(catalog);
    dn_readable_tell_missing(catalog);
    return dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err) : DN_OK;
}
