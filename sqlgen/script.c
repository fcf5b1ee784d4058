#include "sqlgen/script.h"

#include <string.h>

#include "common/err.h"
#include "sqlgen/statement.h"

/* ---- Header ---------------------------------------------------------------------- */

static void end_block(DnBuf *out) {
    dn_end(out);
    dn_buf_char(out, '\n');
}

/* psql takes no meta-commands but \unrestrict with that key in between. */
static void restriction(DnBuf *out, const char *command, const char *key) {
    dn_meta(out);
    dn_buf_fmt(out, "%s %s\n", command, key);
}

static void settings(const DnRender *render, DnBuf *out) {
    const DnModel *model = render->model;
    dn_end_with(out, "SET statement_timeout = 0");
    dn_end_with(out, "SET lock_timeout = 0");
    dn_end_with(out, "SET idle_in_transaction_session_timeout = 0");
    if (dn_model_spelling(model) >= 17) {
        dn_end_with(out, "SET transaction_timeout = 0");
    }
    dn_buf_str(out, "SET client_encoding = ");
    dn_literal(out, &render->spelling, model->encoding);
    dn_end(out);
    dn_end_with(out, "SET standard_conforming_strings = %s", model->std_strings ? "on" : "off");
    dn_end_with(out, "SELECT pg_catalog.set_config('search_path', '', false)");
    dn_end_with(out, "SET check_function_bodies = false");
    dn_end_with(out, "SET xmloption = content");
    dn_end_with(out, "SET client_min_messages = warning");
    if (!model->std_strings) {
        dn_end_with(out, "SET escape_string_warning = off");
    }
    dn_end_with(out, "SET row_security = %s", render->enable_row_security ? "on" : "off");
    dn_buf_char(out, '\n');
}

void dn_script_header(DnScript *script, DnBuf *out) {
    const char *key = script->render->restrict_key;
    dn_buf_str(out, "--\n-- PostgreSQL database dump\n--\n\n");
    if (key) {
        restriction(out, "restrict", key);
        dn_buf_char(out, '\n');
    }
    dn_buf_str(out, "-- Dumped from database version ");
    dn_comment_text(out, script->render->model->server_version_text, "");
    dn_buf_str(out, "\n-- Dumped by ");
    dn_comment_text(out, script->tool, "");
    dn_buf_str(out, "\n\n");
    settings(script->render, out);
}

void dn_script_footer(DnScript *script, DnBuf *out) {
    dn_buf_str(out, DN_CLOSING_COMMENT);
    if (script->render->restrict_key) {
        restriction(out, "unrestrict", script->render->restrict_key);
        dn_buf_char(out, '\n');
    }
}

void dn_script_deinit(DnScript *script) {
    dn_arena_deinit(&script->text);
}

/* ---- Entries --------------------------------------------------------------------- */

static void select_tablespace(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (script->render->no_tablespaces || !entry->tablespace ||
        (script->tablespace && strcmp(script->tablespace, entry->tablespace) == 0)) {
        return;
    }
    dn_buf_str(out, "SET default_tablespace = ");
    if (*entry->tablespace) {
        dn_ident(out, &script->render->spelling, entry->tablespace);
    } else {
        dn_buf_str(out, "''");
    }
    end_block(out);
    script->tablespace = dn_arena_str(&script->text, entry->tablespace);
}

static void select_access_method(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (script->render->no_table_access_method || !entry->access_method ||
        (script->access_method && strcmp(script->access_method, entry->access_method) == 0)) {
        return;
    }
    dn_buf_str(out, "SET default_table_access_method = ");
    dn_ident(out, &script->render->spelling, entry->access_method);
    end_block(out);
    script->access_method = dn_arena_str(&script->text, entry->access_method);
}

static void comment_header(const DnScript *script, const DnEntry *entry, DnBuf *out) {
    const char *what = entry->data || entry->large_objects ? "Data for "
                       : entry->statistics                 ? "Statistics for "
                                                           : "";
    dn_buf_fmt(out, "--\n-- %sName: ", what);
    dn_comment_text(out, entry->tag, "");
    dn_buf_fmt(out, "; Type: %s; Schema: ", entry->desc);
    dn_comment_text(out, entry->schema, "-");
    dn_buf_str(out, "; Owner: ");
    dn_comment_text(out, script->render->no_owner ? NULL : entry->owner, "-");
    if (entry->tablespace && *entry->tablespace && !script->render->no_tablespaces) {
        dn_buf_str(out, "; Tablespace: ");
        dn_comment_text(out, entry->tablespace, "");
    }
    dn_buf_str(out, "\n--\n\n");
}

static void become_user(DnScript *script, const char *user, DnBuf *out) {
    user = user ? user : "";
    if (script->user && strcmp(script->user, user) == 0) {
        return;
    }
    dn_buf_str(out, "SET SESSION AUTHORIZATION ");
    if (*user) {
        dn_literal(out, &script->render->spelling, user);
    } else {
        dn_buf_str(out, "DEFAULT");
    }
    end_block(out);
    script->user = dn_arena_str(&script->text, user);
}

static void become_owner(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (script->render->session_authorization && !script->render->no_owner) {
        become_user(script, entry->owner, out);
    }
}

static void begin(DnScript *script, const DnEntry *entry, DnBuf *out) {
    become_owner(script, entry, out);
    select_tablespace(script, entry, out);
    if (!entry->partitioned) {
        select_access_method(script, entry, out);
    }
    comment_header(script, entry, out);
}

/* 17: a partitioned table stores nothing itself, so its access method is set by a statement of its own. */
static void partitioned_access_method(const DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (!entry->partitioned || !entry->access_method || script->render->no_table_access_method) {
        return;
    }
    dn_buf_str(out, "ALTER TABLE ");
    dn_qualified(out, &script->render->spelling, entry->schema, entry->tag);
    dn_buf_str(out, " SET ACCESS METHOD ");
    dn_ident(out, &script->render->spelling, entry->access_method);
    end_block(out);
}

/* psql's \connect takes a plain name as it is; any other inside a conninfo string. */
static void connect_argument(DnBuf *out, const DnSpelling *spelling, const char *name) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    if (*name && strspn(name, plain) == strlen(name)) {
        dn_ident(out, spelling, name);
        return;
    }
    dn_buf_str(out, "-reuse-previous=on \"dbname='");
    for (const char *p = name; *p; p++) {
        /* Quoted for conninfo, then for psql, which doubles double quotes. */
        dn_buf_str(out, *p == '\'' || *p == '\\' ? "\\" : *p == '"' ? "\"" : "");
        dn_buf_char(out, *p);
    }
    dn_buf_str(out, "'\"");
}

static bool is_foreign(const DnRestoreSite *site, const char *role) {
    for (size_t i = 0; site && site->foreign_roles[i]; i++) {
        if (strcmp(site->foreign_roles[i], role) == 0) {
            return true;
        }
    }
    return false;
}

static void set_owner(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (is_foreign(script->render->site, entry->owner)) {
        script->owners_left++;
        return;
    }
    dn_buf_fmt(out, "ALTER %s OWNER TO ", dn_buf_text(&entry->owner_target));
    dn_ident(out, &script->render->spelling, entry->owner);
    end_block(out);
}

/* Who created it owns it; only the schema public is not created. */
static bool needs_owner(const DnRender *render, const DnEntry *entry) {
    bool created = entry->create.size && strncmp(dn_buf_text(&entry->create), "--", 2) != 0;
    return !render->no_owner && !(render->session_authorization && created);
}

/* psql refuses \connect, a meta-command, in restricted text. */
static void connect(const DnScript *script, const char *database, DnBuf *out) {
    const char *key = script->render->restrict_key;
    if (key) {
        restriction(out, "unrestrict", key);
    }
    dn_meta(out);
    dn_buf_str(out, "connect ");
    connect_argument(out, &script->render->spelling, database);
    dn_buf_char(out, '\n');
    if (key) {
        restriction(out, "restrict", key);
    }
    dn_buf_char(out, '\n');
}

static void note_guests(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (entry->pass == DN_PASS_GUESTS && script->render->site && !script->noted_guests) {
        dn_buf_fmt(out, "--\n-- %s\n--\n\n", script->render->site->guests_note);
        script->noted_guests = true;
    }
}

void dn_script_entry(DnScript *script, const DnEntry *entry, DnBuf *out) {
    note_guests(script, entry, out);
    begin(script, entry, out);
    if (entry->create.size) {
        dn_buf_add(out, dn_buf_text(&entry->create), entry->create.size);
        dn_buf_str(out, entry->tight ? "\n" : "\n\n");
    }
    if (entry->owned && needs_owner(script->render, entry) && entry->owner && *entry->owner) {
        set_owner(script, entry, out);
    }
    partitioned_access_method(script, entry, out);
    if (entry->connect) {
        connect(script, entry->connect, out);
        settings(script->render, out);
        script->tablespace = script->access_method = script->user = NULL; /* a new session */
    }
    if (entry->pass == DN_PASS_ACL) {
        script->user = NULL; /* it may hold such statements itself */
    }
}

/* --disable-triggers means anything only where the tables, and so their triggers, exist already. */
static void switch_triggers(DnScript *script, const DnEntry *entry, const char *verb, DnBuf *out) {
    if (entry->large_objects || !script->render->disable_triggers || !script->render->data_only) {
        return;
    }
    /* Only a superuser may: the one who restores, if no other is named. */
    become_user(script, script->render->superuser, out);
    dn_buf_str(out, "ALTER TABLE ");
    dn_qualified(out, &script->render->spelling, entry->schema, entry->tag);
    dn_buf_fmt(out, " %s TRIGGER ALL", verb);
    end_block(out);
}

void dn_script_data_begin(DnScript *script, const DnEntry *entry, DnBuf *out) {
    begin(script, entry, out);
    if (dn_buf_text(&entry->note)[0]) {
        dn_buf_fmt(out, "%s\n\n", dn_buf_text(&entry->note));
    }
    switch_triggers(script, entry, "DISABLE", out);
    become_owner(script, entry, out);
    dn_buf_add(out, dn_buf_text(&entry->create), entry->create.size);
}

void dn_script_data_end(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (entry->large_objects) {
        dn_buf_str(out, "COMMIT");
        end_block(out);
        return;
    }
    if (!script->render->inserts) {
        dn_meta(out);
        dn_buf_str(out, ".\n");
    }
    dn_buf_str(out, "\n\n");
    switch_triggers(script, entry, "ENABLE", out);
}

/* ---- --clean --------------------------------------------------------------------- */

/* Writes `drop` with IF EXISTS after the words `after`; as it is when they don't occur in it. */
static void insert_if_exists(DnBuf *out, const char *drop, size_t size, const char *after) {
    const char *at = strstr(drop, after); /* in the first statement: the mark of its end ends a C string */
    size_t head = at ? (size_t)(at - drop) + strlen(after) : size;
    dn_buf_add(out, drop, head);
    dn_buf_str(out, at ? " IF EXISTS" : "");
    dn_buf_add(out, drop + head, size - head);
}

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

void dn_script_drop(DnScript *script, const DnEntry *entry, DnBuf *out) {
    const char *drop = dn_buf_text(&entry->drop);
    size_t size = entry->drop.size;
    /* With --create the database goes as a whole. */
    if (script->render->create_database && entry->object->kind != DN_KIND_DATABASE) {
        return;
    }
    if (*drop) {
        become_owner(script, entry, out);
    }
    if (!script->render->if_exists || starts_with(drop, "--")) {
        dn_buf_add(out, drop, size);
        return;
    }
    if (starts_with(drop, "ALTER TABLE")) {
        dn_buf_str(out, "ALTER TABLE IF EXISTS");
        drop += strlen("ALTER TABLE");
        size -= strlen("ALTER TABLE");
    }
    /* ALTER COLUMN ... DROP DEFAULT has no IF EXISTS, and a view that is emptied in place of being dropped
       needs none. */
    if (strcmp(entry->desc, "DEFAULT") == 0 || strcmp(entry->desc, "DATABASE PROPERTIES") == 0 ||
        starts_with(drop, "CREATE OR REPLACE VIEW")) {
        dn_buf_add(out, drop, size);
    } else if (strstr(entry->desc, "CONSTRAINT")) {
        insert_if_exists(out, drop, size, "DROP CONSTRAINT");
    } else {
        DnBuf words = {0};
        dn_buf_fmt(&words, "DROP %s", entry->desc);
        insert_if_exists(out, drop, size, dn_buf_text(&words));
        out->failed = out->failed || dn_buf_failed(&words);
        dn_buf_deinit(&words);
    }
}

/* ---- What may leave -------------------------------------------------------------- */

/* "TABLE "public.t"", with the few bytes before the place that is odd. */
static DnStatus refuse(const DnEntry *entry, const DnBuf *text, const DnFault *fault, DnErr *err) {
    enum { SHOWN = 40 };
    size_t from = fault->at > SHOWN ? fault->at - SHOWN : 0;
    DnBuf near = {0};
    for (size_t i = from; i < fault->at && i < text->size; i++) {
        if (text->bytes[i]) {
            dn_buf_char(&near, text->bytes[i]);
        }
    }
    const char *dot = entry && entry->schema ? "." : "";
    (void)dn_err(err, DN_E_PROTOCOL, "%s \"%s%s%s\": the server's text has %s, near: %s",
                 entry ? entry->desc : "HEADER", entry && entry->schema ? entry->schema : "", dot,
                 entry ? entry->tag : "", fault->what, dn_buf_text(&near));
    dn_err_hint(err, "A restore could run what was put there; it isn't written. Look at the object's "
                     "definition, and whether this is the server that it should be.");
    dn_buf_deinit(&near);
    return err->status;
}

DnStatus dn_script_seal(const DnScript *script, const DnEntry *entry, DnBuf *text, DnErr *err) {
    DnFault fault;
    const DnModel *model = script->render->model;
    if (dn_statements_seal(text, model->std_strings, model->encoding, &fault)) {
        return DN_OK;
    }
    return fault.what ? refuse(entry, text, &fault, err) : dn_err_nomem(err);
}
