/*
 * Subscriptions. They are shared between the databases of a server: those of ours are read. The connection
 * string may hold a password, so only superusers may read it.
 */
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"
#include "common/pgarray.h"

enum {
    OID,
    NAME,
    OWNER,
    CONNECTION,
    SLOT,
    PUBLICATIONS,
    BINARY,
    STREAMING,
    TWO_PHASE,
    DISABLE_ON_ERROR,
    PASSWORD_REQUIRED,
    RUN_AS_OWNER,
    ORIGIN,
    FAILOVER,
    SYNCHRONOUS_COMMIT
};

static const DnSqlPart columns[] = {
    [OID] = {.text = "s.oid"},
    [NAME] = {.text = "s.subname"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(s.subowner)"},
    [CONNECTION] = {.text = "s.subconninfo"},
    [SLOT] = {.text = "s.subslotname"},
    [PUBLICATIONS] = {.text = "s.subpublications"},
    [BINARY] = {.text = "s.subbinary", .since = 140000, .otherwise = "false"},
    /* A boolean until 16 added parallel; it reads the same. */
    [STREAMING] = {.text = "s.substream", .since = 140000, .otherwise = "'f'"},
    [TWO_PHASE] = {.text = "s.subtwophasestate <> 'd'", .since = 150000, .otherwise = "false"},
    [DISABLE_ON_ERROR] = {.text = "s.subdisableonerr", .since = 150000, .otherwise = "false"},
    [PASSWORD_REQUIRED] = {.text = "s.subpasswordrequired", .since = 160000, .otherwise = "true"},
    [RUN_AS_OWNER] = {.text = "s.subrunasowner", .since = 160000, .otherwise = "false"},
    [ORIGIN] = {.text = "s.suborigin", .since = 160000},
    [FAILOVER] = {.text = "s.subfailover", .since = 170000, .otherwise = "false"},
    [SYNCHRONOUS_COMMIT] = {.text = "s.subsynccommit"},
};

#define OF_THIS_DATABASE                                                                                     \
    "FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid "                  \
    "AND d.datname = pg_catalog.current_database() ORDER BY s.subname"

static const DnSqlPart from[] = {
    {.text = OF_THIS_DATABASE},
};

static bool take_publications(DnModel *model, DnSubscription *subscription, const char *text) {
    const char **names;
    int count = dn_pgarray_split(&model->arena, text, &names);
    for (int i = 0; i < count; i++) {
        DN_PUSH(&model->arena, &subscription->publications, names[i]);
    }
    return count >= 0;
}

static void take_row(DnModel *model, DnSubscription *subscription, const DnRows *rows, size_t row) {
    subscription->object.owner = dn_row_text(model, rows, row, OWNER);
    subscription->connection = dn_row_text(model, rows, row, CONNECTION);
    subscription->slot = dn_row_text(model, rows, row, SLOT);
    subscription->binary = dn_rows_bool(rows, row, BINARY);
    subscription->streaming = dn_rows_char(rows, row, STREAMING);
    subscription->two_phase = dn_rows_bool(rows, row, TWO_PHASE);
    subscription->disable_on_error = dn_rows_bool(rows, row, DISABLE_ON_ERROR);
    subscription->password_required = dn_rows_bool(rows, row, PASSWORD_REQUIRED);
    subscription->run_as_owner = dn_rows_bool(rows, row, RUN_AS_OWNER);
    subscription->origin = dn_row_text(model, rows, row, ORIGIN);
    subscription->failover = dn_rows_bool(rows, row, FAILOVER);
    subscription->synchronous_commit = dn_row_text(model, rows, row, SYNCHRONOUS_COMMIT);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnSubscription *subscription = DN_ADD(model, DnSubscription, DN_KIND_SUBSCRIPTION,
                                              dn_rows_oid(rows, i, OID), dn_rows_str(rows, i, NAME), NULL);
        if (!subscription || !take_publications(model, subscription, dn_rows_text(rows, i, PUBLICATIONS))) {
            return dn_err_nomem(err);
        }
        take_row(model, subscription, rows, i);
        dn_select_object(catalog, &subscription->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_subscriptions = {.what = "reading subscriptions",
                                        .scope = DN_SCOPE_ALL,
                                        .reader = DN_READER_SUPERUSER,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .rows = take_rows};

/* ---- For those who may not read them --------------------------------------------- */

/* 12 and 13 show not even the OID. */
static const DnSqlPart hidden_columns[] = {{.text = "s.subname"}};

static const DnSqlPart hidden_from[] = {
    {.text = OF_THIS_DATABASE},
};

/* In pg_dump's words. */
static DnStatus tell_of_hidden(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    (void)err;
    if (dn_rows_count(rows) && catalog->selection.whole_database) {
        dn_catalog_omit(catalog, "subscriptions not dumped because current user is not a superuser");
    }
    return DN_OK;
}

const DnFetch dn_fetch_hidden_subscriptions = {.what = "looking for subscriptions",
                                               .scope = DN_SCOPE_ALL,
                                               .reader = DN_READER_OTHERS,
                                               DN_COLUMNS(hidden_columns),
                                               DN_FROM(hidden_from),
                                               .rows = tell_of_hidden};
