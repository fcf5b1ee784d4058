#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/signature.h"
#include "sqlgen/statement.h"

static bool is_given(const char *function) {
    return function && strcmp(function, "-") != 0;
}

static void add_option(DnBuf *sql, const char *option, const char *value) {
    dn_buf_fmt(sql, ",\n    %s = %s", option, value);
}

static void add_function(DnBuf *sql, const char *option, const char *function) {
    if (is_given(function)) {
        add_option(sql, option, function);
    }
}

static void add_space(DnBuf *sql, const char *option, const char *bytes) {
    if (bytes && strcmp(bytes, "0") != 0) {
        add_option(sql, option, bytes);
    }
}

static void add_initial(DnBuf *sql, const DnRender *render, const char *option, const char *value) {
    if (value) {
        dn_buf_fmt(sql, ",\n    %s = ", option);
        dn_literal(sql, &render->spelling, value);
    }
}

/* What the final function does to the state: the default is to leave a plain aggregate's alone, and that
   ordered-set ones change it. */
static void add_final(DnBuf *sql, const DnAggregate *aggregate, const char *option, const char *function,
                      bool extra, char modify) {
    if (!is_given(function)) {
        return;
    }
    add_option(sql, option, function);
    if (extra) {
        dn_buf_fmt(sql, ",\n    %s_EXTRA", option);
    }
    char usual = aggregate->aggkind == 'n' ? 'r' : 'w';
    if (modify != usual) {
        dn_buf_fmt(sql, ",\n    %s_MODIFY = %s", option,
                   modify == 'r'   ? "READ_ONLY"
                   : modify == 's' ? "SHAREABLE"
                                   : "READ_WRITE");
    }
}

static void add_options(DnBuf *sql, const DnRender *render, const DnAggregate *aggregate) {
    dn_buf_fmt(sql, "    SFUNC = %s,\n    STYPE = %s", aggregate->transition, aggregate->transition_type);
    add_space(sql, "SSPACE", aggregate->transition_space);
    add_initial(sql, render, "INITCOND", aggregate->initial);
    add_final(sql, aggregate, "FINALFUNC", aggregate->final, aggregate->final_extra, aggregate->final_modify);
    add_function(sql, "COMBINEFUNC", aggregate->combine);
    add_function(sql, "SERIALFUNC", aggregate->serial);
    add_function(sql, "DESERIALFUNC", aggregate->deserial);
    if (is_given(aggregate->moving)) {
        dn_buf_fmt(sql, ",\n    MSFUNC = %s,\n    MINVFUNC = %s,\n    MSTYPE = %s", aggregate->moving,
                   aggregate->moving_inverse, aggregate->moving_type);
    }
    add_space(sql, "MSSPACE", aggregate->moving_space);
    add_initial(sql, render, "MINITCOND", aggregate->moving_initial);
    add_final(sql, aggregate, "MFINALFUNC", aggregate->moving_final, aggregate->moving_final_extra,
              aggregate->moving_final_modify);
    if (aggregate->sort_operator) {
        add_option(sql, "SORTOP", aggregate->sort_operator);
    }
    if (aggregate->aggkind == 'h') {
        dn_buf_str(sql, ",\n    HYPOTHETICAL");
    }
    if (aggregate->parallel != 'u') {
        add_option(sql, "PARALLEL", aggregate->parallel == 's' ? "safe" : "restricted");
    }
}

static void add_entry(const DnRender *render, const DnAggregate *aggregate, const char *tag, const char *name,
                      DnEntries *entries) {
    const DnObject *object = &aggregate->object;
    DnEntry *entry = dn_entry_add(entries, object, "AGGREGATE");
    entry->tag = dn_entries_str(entries, tag);
    entry->owned = true;
    dn_buf_str(&entry->owner_target, "AGGREGATE ");
    dn_ident(&entry->owner_target, &render->spelling, object->schema->object.name);
    dn_buf_fmt(&entry->owner_target, ".%s", name);
    dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&entry->owner_target));

    dn_buf_str(&entry->create, "CREATE AGGREGATE ");
    dn_ident(&entry->create, &render->spelling, object->schema->object.name);
    dn_buf_char(&entry->create, '.');
    dn_signature_text(&entry->create, render, object, aggregate->arguments, "*");
    dn_buf_str(&entry->create, " (\n");
    add_options(&entry->create, render, aggregate);
    dn_end_with(&entry->create, "\n)");
}

void dn_render_aggregate(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnAggregate *aggregate = (const DnAggregate *)object;
    DnSignature signature = {.types = aggregate->arg_types.items,
                             .count = aggregate->arg_types.count,
                             .plain_name = true,
                             .nothing = "*"};
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    DnBuf text = {0};
    dn_signature_text(&name, render, object, aggregate->identity, "*");
    if (object->dump & DN_PART_DEFINITION) {
        dn_signature(&text, render, object, &signature);
        add_entry(render, aggregate, dn_buf_text(&text), dn_buf_text(&name), entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "AGGREGATE", dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, "AGGREGATE", dn_buf_text(&name), entries);
    if (object->dump & DN_PART_ACL) {
        /* There is no GRANT ON AGGREGATE: it goes by the syntax of functions, which knows no * or ORDER
           BY. */
        signature.plain_name = false;
        signature.nothing = "";
        dn_buf_clear(&text);
        dn_signature(&text, render, object, &signature);
        dn_render_acl(render, object, "FUNCTION", dn_buf_text(&text), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&text);
}
