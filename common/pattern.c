#include "common/pattern.h"

#include <string.h>

typedef struct Part {
    DnBuf regex;
    DnBuf literal;
} Part;

/* Copies one quoted character so that a regular expression takes it as itself. */
static void add_quoted(Part *part, char c) {
    if (strchr("|*+?()[]{}.^$\\", c)) {
        dn_buf_char(&part->regex, '\\');
    }
    dn_buf_char(&part->regex, c);
    dn_buf_char(&part->literal, c);
}

static void add_plain(Part *part, const char **p) {
    char c = **p;
    dn_buf_char(&part->literal, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    if (c >= 'A' && c <= 'Z') {
        dn_buf_char(&part->regex, (char)(c - 'A' + 'a'));
    } else if (c == '*') {
        dn_buf_str(&part->regex, ".*");
    } else if (c == '?') {
        dn_buf_char(&part->regex, '.');
    } else if (c == '$') {
        /* Dollar signs are ordinary in names; the anchor is of no use here. */
        dn_buf_str(&part->regex, "\\$");
    } else if (c == '[' && (*p)[1] == ']') {
        /* "[]" as in array type names, which would be an empty bracket expression. */
        dn_buf_str(&part->regex, "\\[\\]");
        (*p)++;
    } else {
        dn_buf_char(&part->regex, c);
    }
}

static void finish(DnBuf *out, Part *part) {
    dn_buf_fmt(out, "^(%s)$", dn_buf_text(&part->regex));
    out->failed = out->failed || dn_buf_failed(&part->regex);
}

bool dn_pattern_parse(DnPattern *pattern, const char *text) {
    Part parts[3] = {0};
    int count = 1;
    bool quoted = false;
    *pattern = (DnPattern){0};
    for (const char *p = text; *p && count <= 3; p++) {
        if (*p == '"' && quoted && p[1] == '"') {
            add_quoted(&parts[count - 1], *p++);
        } else if (*p == '"') {
            quoted = !quoted;
        } else if (*p == '.' && !quoted) {
            pattern->dots++;
            count++;
        } else if (quoted) {
            add_quoted(&parts[count - 1], *p);
        } else {
            add_plain(&parts[count - 1], &p);
        }
    }
    bool whole = count <= 3;
    if (whole) {
        finish(&pattern->name, &parts[count - 1]);
        if (count >= 2) {
            finish(&pattern->schema, &parts[count - 2]);
        }
        pattern->has_database = count == 3;
        dn_buf_str(&pattern->database, count == 3 ? dn_buf_text(&parts[0].literal) : "");
    }
    for (size_t i = 0; i < 3; i++) {
        dn_buf_deinit(&parts[i].regex);
        dn_buf_deinit(&parts[i].literal);
    }
    return whole;
}

void dn_pattern_deinit(DnPattern *pattern) {
    dn_buf_deinit(&pattern->database);
    dn_buf_deinit(&pattern->schema);
    dn_buf_deinit(&pattern->name);
}
