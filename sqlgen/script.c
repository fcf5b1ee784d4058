#include "sqlgen/script.h"

#include <string.h>

/* ---- Header ---------------------------------------------------------------------- */

static void settings(const DnRender *render, DnBuf *out) {
    const DnModel *model = render->model;
    dn_buf_str(out, "SET statement_timeout = 0;\nSET lock_timeout = 0;\n"
                    "SET idle_in_transaction_session_timeout = 0;\n");
    if (dn_model_major(model) >= 17) {
        dn_buf_str(out, "SET transaction_timeout = 0;\n");
    }
    dn_buf_fmt(out, "SET client_encoding = '%s';\n", model->encoding);
    dn_buf_fmt(out, "SET standard_conforming_strings = %s;\n", model->std_strings ? "on" : "off");
    dn_buf_str(out, "SELECT pg_catalog.set_config('search_path', '', false);\n"
                    "SET check_function_bodies = false;\nSET xmloption = content;\n"
                    "SET client_min_messages = warning;\n");
    if (!model->std_strings) {
        dn_buf_str(out, "SET escape_string_warning = off;\n");
    }
    dn_buf_fmt(out, "SET row_security = %s;\n\n", render->enable_row_security ? "on" : "off");
}

void dn_script_header(DnScript *script, DnBuf *out) {
    const char *key = script->render->restrict_key;
    dn_buf_str(out, "--\n-- PostgreSQL database dump\n--\n\n");
    if (key) {
        dn_buf_fmt(out, "\\restrict %s\n\n", key);
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
        dn_buf_fmt(out, "\\unrestrict %s\n\n", script->render->restrict_key);
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
    dn_buf_str(out, ";\n\n");
    script->tablespace = dn_arena_str(&script->text, entry->tablespace);
}

static void select_access_method(DnScript *script, const DnEntry *entry, DnBuf *out) {
    if (script->render->no_table_access_method || !entry->access_method ||
        (script->access_method && strcmp(script->access_method, entry->access_method) == 0)) {
        return;
    }
    dn_buf_str(out, "SET default_table_access_method = ");
    dn_ident(out, &script->render->spelling, entry->access_method);
    dn_buf_str(out, ";\n\n");
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
    dn_buf_str(out, ";\n\n");
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
    dn_buf_str(out, ";\n\n");
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

/* Who created it owns it; only the schema public is not created. */
static bool needs_owner(const DnRender *render, const DnEntry *entry) {
    bool created = entry->create.size && strncmp(dn_buf_text(&entry->create), "--", 2) != 0;
    return !render->no_owner && !(render->session_authorization && created);
}

/* psql refuses \connect, a meta-command, in restricted text. */
static void connect(const DnScript *script, const char *database, DnBuf *out) {
    const char *key = script->render->restrict_key;
    if (key) {
        dn_buf_fmt(out, "\\unrestrict %s\n", key);
    }
    dn_buf_str(out, "\\connect ");
    connect_argument(out, &script->render->spelling, database);
    if (key) {
        dn_buf_fmt(out, "\n\\restrict %s", key);
    }
    dn_buf_str(out, "\n\n");
}

void dn_script_entry(DnScript *script, const DnEntry *entry, DnBuf *out) {
    begin(script, entry, out);
    if (entry->create.size) {
        dn_buf_add(out, dn_buf_text(&entry->create), entry->create.size);
        dn_buf_str(out, entry->tight ? "\n" : "\n\n");
    }
    if (entry->owned && needs_owner(script->render, entry) && entry->owner && *entry->owner) {
        dn_buf_fmt(out, "ALTER %s OWNER TO ", dn_buf_text(&entry->owner_target));
        dn_ident(out, &script->render->spelling, entry->owner);
        dn_buf_str(out, ";\n\n");
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
    dn_buf_fmt(out, " %s TRIGGER ALL;\n\n", verb);
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
        dn_buf_str(out, "COMMIT;\n\n");
        return;
    }
    dn_buf_str(out, script->render->inserts ? "\n\n" : "\\.\n\n\n");
    switch_triggers(script, entry, "ENABLE", out);
}

/* ---- --clean --------------------------------------------------------------------- */

/* Writes `drop` with IF EXISTS after the words `after`; as it is when they don't occur in it. */
static void insert_if_exists(DnBuf *out, const char *drop, const char *after) {
    const char *mark = strstr(drop, after);
    if (!mark) {
        dn_buf_str(out, drop);
        return;
    }
    size_t head = (size_t)(mark - drop) + strlen(after);
    dn_buf_add(out, drop, head);
    dn_buf_str(out, " IF EXISTS");
    dn_buf_str(out, drop + head);
}

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

void dn_script_drop(DnScript *script, const DnEntry *entry, DnBuf *out) {
    const char *drop = dn_buf_text(&entry->drop);
    /* With --create the database goes as a whole. */
    if (script->render->create_database && entry->object->kind != DN_KIND_DATABASE) {
        return;
    }
    if (*drop) {
        become_owner(script, entry, out);
    }
    if (!script->render->if_exists || starts_with(drop, "--")) {
        dn_buf_str(out, drop);
        return;
    }
    if (starts_with(drop, "ALTER TABLE")) {
        dn_buf_str(out, "ALTER TABLE IF EXISTS");
        drop += strlen("ALTER TABLE");
    }
    /* ALTER COLUMN ... DROP DEFAULT has no IF EXISTS, and a view that is emptied in place of being dropped
       needs none. */
    if (strcmp(entry->desc, "DEFAULT") == 0 || strcmp(entry->desc, "DATABASE PROPERTIES") == 0 ||
        starts_with(drop, "CREATE OR REPLACE VIEW")) {
        dn_buf_str(out, drop);
    } else if (strstr(entry->desc, "CONSTRAINT")) {
        insert_if_exists(out, drop, "DROP CONSTRAINT");
    } else {
        DnBuf words = {0};
        dn_buf_fmt(&words, "DROP %s", entry->desc);
        insert_if_exists(out, drop, dn_buf_text(&words));
        out->failed = out->failed || dn_buf_failed(&words);
        dn_buf_deinit(&words);
    }
}
