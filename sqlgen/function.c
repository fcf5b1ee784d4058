#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/settings.h"
#include "sqlgen/signature.h"
#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

static const char *keyword_of(const DnFunction *function) {
    return function->prokind == 'p' ? "PROCEDURE" : "FUNCTION";
}

static void add_transforms(DnBuf *sql, const DnFunction *function) {
    for (size_t i = 0; i < function->transform_types.count; i++) {
        dn_buf_fmt(sql, "%sFOR TYPE %s", i ? ", " : " TRANSFORM ", function->transform_types.items[i]);
    }
}

static bool differs(const char *number, const char *from) {
    return number && strcmp(number, "0") != 0 && strcmp(number, from) != 0;
}

/* What the server would assume anyway is left out: functions in C cost 1, others 100; sets have 1000 rows. */
static void add_estimates(DnBuf *sql, const DnFunction *function) {
    bool compiled = strcmp(function->language, "internal") == 0 || strcmp(function->language, "c") == 0;
    if (differs(function->cost, compiled ? "1" : "100")) {
        dn_buf_fmt(sql, " COST %s", function->cost);
    }
    if (function->returns_set && differs(function->rows, "1000")) {
        dn_buf_fmt(sql, " ROWS %s", function->rows);
    }
}

static void add_attributes(DnBuf *sql, const DnFunction *function) {
    dn_buf_str(sql, function->prokind == 'w' ? " WINDOW" : "");
    dn_buf_str(sql, function->volatility == 'i'   ? " IMMUTABLE"
                    : function->volatility == 's' ? " STABLE"
                                                  : "");
    dn_buf_str(sql, function->strict ? " STRICT" : "");
    dn_buf_str(sql, function->security_definer ? " SECURITY DEFINER" : "");
    dn_buf_str(sql, function->leakproof ? " LEAKPROOF" : "");
    add_estimates(sql, function);
    if (function->support) {
        dn_buf_fmt(sql, " SUPPORT %s", function->support);
    }
    dn_buf_str(sql, function->parallel == 's'   ? " PARALLEL SAFE"
                    : function->parallel == 'r' ? " PARALLEL RESTRICTED"
                                                : "");
}

/* The last lines: an SQL-standard body (14), a library with a symbol, or the source. */
static void add_body(DnBuf *sql, const DnRender *render, const DnFunction *function) {
    const char *source = function->source ? function->source : "";
    if (function->sql_body) {
        dn_buf_str(sql, function->sql_body);
        return;
    }
    dn_buf_str(sql, "AS ");
    if (!function->binary) {
        if (render->disable_dollar_quoting) {
            dn_literal(sql, &render->spelling, source);
        } else {
            dn_dollar(sql, source, "");
        }
        return;
    }
    dn_literal(sql, &render->spelling, function->binary);
    if (*source) {
        dn_buf_str(sql, ", ");
        if (render->disable_dollar_quoting) {
            dn_literal(sql, &render->spelling, source);
        } else {
            dn_literal_or_dollar(sql, &render->spelling, source);
        }
    }
}

/* name(arguments), as the server spells these. Since 14 it says IN of a procedure's, where it was left
   out. */
static void add_signature(DnBuf *sql, const DnRender *render, const DnFunction *function,
                          const char *arguments) {
    enum { SAYS_IN_SINCE = 14 };
    DnBuf plain = {0};
    bool leaves_out = function->prokind == 'p' && arguments &&
                      dn_model_spelling(render->model) < SAYS_IN_SINCE &&
                      dn_model_major(render->model) >= SAYS_IN_SINCE;
    if (leaves_out) {
        dn_arguments_without_in(&plain, arguments, render->spelling.std_strings);
    }
    dn_signature_text(sql, render, &function->object, leaves_out ? dn_buf_text(&plain) : arguments, "");
    sql->failed |= dn_buf_failed(&plain);
    dn_buf_deinit(&plain);
}

static void add_definition(DnBuf *sql, const DnRender *render, const DnFunction *function) {
    const DnObject *object = &function->object;
    dn_buf_fmt(sql, "CREATE %s ", keyword_of(function));
    dn_ident(sql, &render->spelling, object->schema->object.name);
    dn_buf_char(sql, '.');
    add_signature(sql, render, function, function->arguments);
    if (function->prokind != 'p' && function->result) {
        dn_buf_fmt(sql, " RETURNS %s", function->result);
    }
    dn_buf_str(sql, "\n    LANGUAGE ");
    dn_ident(sql, &render->spelling, function->language);
    add_transforms(sql, function);
    add_attributes(sql, function);
    for (size_t i = 0; i < function->settings.count; i++) {
        dn_setting(sql, &render->spelling, "\n    SET ", function->settings.items[i]);
    }
    dn_buf_str(sql, "\n    ");
    add_body(sql, render, function);
    dn_end(sql);
}

static const char *tag_of(const DnRender *render, const DnFunction *function, DnEntries *entries) {
    const DnSignature signature = {.types = function->arg_types.items,
                                   .count = function->arg_types.count,
                                   .plain_name = true,
                                   .nothing = ""};
    DnBuf tag = {0};
    dn_signature(&tag, render, &function->object, &signature);
    const char *copy = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    return copy;
}

void dn_render_function(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnFunction *function = (const DnFunction *)object;
    const char *keyword = keyword_of(function);
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    DnBuf qualified = {0};
    add_signature(&name, render, function, function->identity);
    dn_ident(&qualified, &render->spelling, object->schema->object.name);
    dn_buf_fmt(&qualified, ".%s", dn_buf_text(&name));
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, keyword);
        entry->section = function->postponed ? DN_POST_DATA : DN_PRE_DATA;
        entry->tag = tag_of(render, function, entries);
        entry->owned = true;
        dn_buf_fmt(&entry->owner_target, "%s %s", keyword, dn_buf_text(&qualified));
        dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&entry->owner_target));
        add_definition(&entry->create, render, function);
        dn_part_extensions(&entry->create, render, object, keyword, dn_buf_text(&qualified));
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, keyword, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, keyword, dn_buf_text(&name), entries);
    if (object->dump & DN_PART_ACL) {
        dn_render_acl(render, object, keyword, dn_buf_text(&name), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&qualified);
}
