#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

/*
 * Does the dump bring what the function is for? Since 15 pg_dump forgets the parts that an object does not
 * have, so that a function of which only privileges could be written, but which has none, counts no more.
 */
static bool is_brought(const DnRender *render, const DnLanguageFunction *function) {
    const DnObject *object = dn_model_find(render->model, DN_CLASS_PROC, function->oid);
    if (!object) {
        return !function->oid;
    }
    bool only_what_is_there = dn_model_spelling(render->model) >= 15 && !object->acl.current;
    return object->dump & (only_what_is_there ? ~(unsigned)DN_PART_ACL : (unsigned)DN_PART_ALL);
}

/*
 * Without all its functions the statement names none of them: the server then knows the language from
 * elsewhere, as an extension (in 12 from pg_pltemplate), or it is there already. But a language that is
 * carried along because something needs it names what it has: who asked for one schema only may have the
 * functions in another.
 */
static bool names_functions(const DnRender *render, const DnLanguage *language) {
    return language->object.needed ||
           (is_brought(render, &language->handler) && is_brought(render, &language->inline_) &&
            is_brought(render, &language->validator));
}

static void add_function(DnBuf *sql, const char *word, const DnLanguageFunction *function) {
    if (function->name) {
        dn_buf_fmt(sql, " %s %s", word, function->name);
    }
}

static void add_definition(DnBuf *sql, const DnRender *render, const DnLanguage *language) {
    bool whole = names_functions(render, language);
    dn_buf_fmt(sql, "CREATE %sPROCEDURAL LANGUAGE ",
               !whole              ? "OR REPLACE "
               : language->trusted ? "TRUSTED "
                                   : "");
    dn_name(sql, render, &language->object);
    if (whole) {
        add_function(sql, "HANDLER", &language->handler);
        add_function(sql, "INLINE", &language->inline_);
        add_function(sql, "VALIDATOR", &language->validator);
    }
    dn_end(sql);
}

void dn_render_language(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnLanguage *language = (const DnLanguage *)object;
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "PROCEDURAL LANGUAGE");
        dn_entry_drop_and_owner(entry, render, "PROCEDURAL LANGUAGE");
        add_definition(&entry->create, render, language);
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "LANGUAGE", dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, "LANGUAGE", dn_buf_text(&name), entries);
    /* The server refuses GRANT on an untrusted language. */
    if (language->trusted && (object->dump & DN_PART_ACL)) {
        dn_render_acl(render, object, "LANGUAGE", dn_buf_text(&name), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
}
