#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static void add_publications(DnBuf *sql, const DnRender *render, const DnSubscription *subscription) {
    dn_buf_str(sql, " PUBLICATION ");
    for (size_t i = 0; i < subscription->publications.count; i++) {
        dn_buf_str(sql, i ? ", " : "");
        dn_ident(sql, &render->spelling, subscription->publications.items[i]);
    }
}

/* Before 18 the default is not to stream; 18 changed it to parallel, and its pg_dump always says what it
   is. */
static const char *streaming_of(const DnRender *render, char streaming) {
    enum { ALWAYS_SINCE = 18 };
    bool always = dn_model_spelling(render->model) >= ALWAYS_SINCE || render->taken_by >= ALWAYS_SINCE;
    return streaming == 't'   ? ", streaming = on"
           : streaming == 'p' ? ", streaming = parallel"
           : always           ? ", streaming = off"
                              : "";
}

/* What the server would assume anyway is left out. */
static void add_options(DnBuf *sql, const DnRender *render, const DnSubscription *subscription) {
    dn_buf_str(sql, subscription->binary ? ", binary = true" : "");
    dn_buf_str(sql, streaming_of(render, subscription->streaming));
    dn_buf_str(sql, subscription->two_phase ? ", two_phase = on" : "");
    dn_buf_str(sql, subscription->disable_on_error ? ", disable_on_error = true" : "");
    dn_buf_str(sql, subscription->password_required ? "" : ", password_required = false");
    dn_buf_str(sql, subscription->run_as_owner ? ", run_as_owner = true" : "");
    dn_buf_str(sql, subscription->failover ? ", failover = true" : "");
    if (strcmp(subscription->synchronous_commit, "off") != 0) {
        dn_buf_str(sql, ", synchronous_commit = ");
        dn_ident(sql, &render->spelling, subscription->synchronous_commit);
    }
    if (subscription->origin && strcmp(subscription->origin, "any") != 0) {
        dn_buf_fmt(sql, ", origin = %s", subscription->origin);
    }
}

/* Nothing is connected to while a dump is restored: the publisher may be out of reach, or the one that
   still serves the database the dump came from. */
static void add_definition(DnBuf *sql, const DnRender *render, const DnSubscription *subscription) {
    dn_buf_str(sql, "CREATE SUBSCRIPTION ");
    dn_name(sql, render, &subscription->object);
    dn_buf_str(sql, " CONNECTION ");
    dn_literal(sql, &render->spelling, subscription->connection);
    add_publications(sql, render, subscription);
    dn_buf_str(sql, " WITH (connect = false, slot_name = ");
    if (subscription->slot) {
        dn_literal(sql, &render->spelling, subscription->slot);
    } else {
        dn_buf_str(sql, "NONE");
    }
    add_options(sql, render, subscription);
    dn_end_with(sql, ")");
}

void dn_render_subscription(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "SUBSCRIPTION";
    if (render->data_only || render->no_subscriptions) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        dn_entry_drop_and_owner(entry, render, desc);
        add_definition(&entry->create, render, (const DnSubscription *)object);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, desc, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, desc, dn_buf_text(&name), entries);
    dn_buf_deinit(&name);
}
