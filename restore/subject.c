#include "restore/subject.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "common/token.h"

typedef struct Finder {
    DnSubject *subject;
    DnTokens tokens;
    DnBuf key;
    bool failed;
} Finder;

static char *copy(Finder *finder, const char *text, size_t size) {
    char *result = malloc(size + 1);
    if (!result) {
        finder->failed = true;
        return NULL;
    }
    memcpy(result, text, size);
    result[size] = '\0';
    return result;
}

/* The next name, as a key; NULL where there is none. */
static char *take_key(Finder *finder) {
    bool taken = dn_token_take_key(&finder->tokens, &finder->key);
    finder->failed = finder->failed || dn_buf_failed(&finder->key);
    return taken && !finder->failed ? copy(finder, finder->key.bytes, finder->key.size) : NULL;
}

static bool find(Finder *finder, const char *keyword) {
    return dn_token_find(&finder->tokens, keyword);
}

static bool take(Finder *finder, const char *keyword) {
    return dn_token_take(&finder->tokens, keyword);
}

static void create(Finder *finder) {
    DnSubject *subject = finder->subject;
    (void)take(finder, "unlogged");
    if (take(finder, "table")) {
        if (take(finder, "if")) { /* it may have been there */
            return;
        }
        subject->kind = DN_SUBJECT_TABLE;
        subject->table = take_key(finder);
        subject->plain = true;
        while (find(finder, "partition")) { /* PARTITION OF another is no part of the definition */
            subject->plain = subject->plain && !take(finder, "by");
        }
        return;
    }
    (void)take(finder, "unique");
    if (take(finder, "index") && find(finder, "on")) {
        (void)take(finder, "only");
        subject->kind = DN_SUBJECT_KEY;
        subject->index = true;
        subject->table = take_key(finder);
    }
}

static void alter(Finder *finder) {
    DnSubject *subject = finder->subject;
    if (!take(finder, "table")) {
        return;
    }
    (void)take(finder, "only");
    subject->table = take_key(finder);
    if (take(finder, "disable") || take(finder, "enable")) {
        subject->kind = DN_SUBJECT_ROWS;
    } else if (take(finder, "add") && take(finder, "constraint")) {
        (void)dn_token_next(&finder->tokens);
        subject->kind = take(finder, "foreign") ? DN_SUBJECT_REFERENCE : DN_SUBJECT_KEY;
        if (subject->kind == DN_SUBJECT_REFERENCE && find(finder, "references")) {
            subject->other = take_key(finder);
        }
    }
}

/* COPY table [(columns)] FROM stdin [options] */
static void copy_rows(Finder *finder) {
    DnSubject *subject = finder->subject;
    const char *start = dn_token_peek(&finder->tokens).text;
    subject->kind = DN_SUBJECT_ROWS;
    subject->table = take_key(finder);
    const char *end = finder->tokens.next;
    if (subject->table && find(finder, "from") && take(finder, "stdin") &&
        dn_token_take_char(&finder->tokens, ';')) {
        subject->target = copy(finder, start, (size_t)(end - start));
    }
}

/* SET [SESSION] name, SELECT pg_catalog.set_config('name', ...) */
static void setting(Finder *finder, bool select) {
    DnSubject *subject = finder->subject;
    if (select) {
        if (!take(finder, "pg_catalog") || !dn_token_take_char(&finder->tokens, '.') ||
            !take(finder, "set_config") || !dn_token_take_char(&finder->tokens, '(')) {
            return;
        }
    } else if (take(finder, "session") && dn_token_is(dn_token_peek(&finder->tokens), "authorization")) {
        subject->kind = DN_SUBJECT_SESSION;
        return;
    }
    DnToken name = dn_token_next(&finder->tokens);
    bool quoted = name.kind == DN_TOKEN_STRING && name.size > 2;
    subject->kind = dn_token_is(name, "role") ? DN_SUBJECT_SESSION : DN_SUBJECT_SETTING;
    if (name.kind == DN_TOKEN_WORD || quoted) {
        subject->table = copy(finder, name.text + quoted, name.size - (quoted ? 2 : 0));
    } else {
        subject->kind = DN_SUBJECT_OTHER;
    }
}

DnStatus dn_subject_find(DnSubject *subject, const DnSqlItem *item, DnErr *err) {
    Finder finder = {.subject = subject,
                     .tokens = dn_tokens(item->text + item->start, item->size - item->start, true)};
    *subject = (DnSubject){0};
    if (take(&finder, "create")) {
        create(&finder);
    } else if (take(&finder, "alter")) {
        alter(&finder);
    } else if (take(&finder, "copy")) {
        copy_rows(&finder);
    } else if (take(&finder, "insert")) {
        (void)take(&finder, "into");
        subject->kind = DN_SUBJECT_ROWS;
        subject->table = take_key(&finder);
    } else if (take(&finder, "comment")) {
        subject->kind = DN_SUBJECT_COMMENT;
    } else if (take(&finder, "set")) {
        setting(&finder, false);
    } else if (take(&finder, "reset")) {
        subject->kind = DN_SUBJECT_SESSION;
    } else if (take(&finder, "select")) {
        setting(&finder, true);
    }
    dn_buf_deinit(&finder.key);
    return finder.failed ? dn_err_nomem(err) : DN_OK;
}

void dn_subject_deinit(DnSubject *subject) {
    free(subject->table);
    free(subject->other);
    free(subject->target);
    *subject = (DnSubject){0};
}
