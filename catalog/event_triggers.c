#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, NAME, OWNER, EVENT, TAGS, FUNCTION, ENABLED };

static const DnSqlPart columns[] = {
    [OID] = {.text = "e.oid"},
    [NAME] = {.text = "e.evtname"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(e.evtowner)"},
    [EVENT] = {.text = "e.evtevent"},
    [TAGS] = {.text = "pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_literal(t.tag) "
                      "FROM pg_catalog.unnest(e.evttags) WITH ORDINALITY t(tag, n) ORDER BY t.n), ', ')"},
    [FUNCTION] = {.text = "e.evtfoid::pg_catalog.regproc"},
    [ENABLED] = {.text = "e.evtenabled"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_event_trigger e ORDER BY e.oid"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnEventTrigger *trigger = DN_ADD(model, DnEventTrigger, DN_KIND_EVENT_TRIGGER,
                                         dn_rows_oid(rows, i, OID), dn_rows_str(rows, i, NAME), NULL);
        if (!trigger) {
            return dn_err_nomem(err);
        }
        trigger->object.owner = dn_row_text(model, rows, i, OWNER);
        trigger->event = dn_row_text(model, rows, i, EVENT);
        trigger->tags = dn_row_filled(model, rows, i, TAGS);
        trigger->function = dn_row_text(model, rows, i, FUNCTION);
        trigger->enabled = dn_rows_char(rows, i, ENABLED);
        dn_select_object(catalog, &trigger->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_event_triggers = {.what = "reading event triggers",
                                         .scope = DN_SCOPE_ALL,
                                         .only_with = DN_WITH_EVENT_TRIGGER,
                                         DN_COLUMNS(columns),
                                         DN_FROM(from),
                                         .rows = take_rows};
