#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* explicit_bzero, strdup */
#endif
#include "dumper/cli/secrets.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define KEEP_DUMPABLE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP_DUMPABLE 1
#endif
#endif

/* libpq's secret parameters, up to PostgreSQL 18. */
static const char *const secret_keywords[] = {
    "password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key",
};

void cli_wipe(void *bytes, size_t size) {
    explicit_bzero(bytes, size);
}

void cli_free_secret(char *string) {
    if (string) {
        cli_wipe(string, strlen(string));
        free(string);
    }
}

/* A suffix is enough, since a short option may stand before the keyword: -dpassword=... */
static bool is_secret(const char *keyword, size_t length) {
    for (size_t i = 0; i < sizeof secret_keywords / sizeof *secret_keywords; i++) {
        size_t n = strlen(secret_keywords[i]);
        if (length >= n && strncasecmp(keyword + length - n, secret_keywords[i], n) == 0) {
            return true;
        }
    }
    return false;
}

static void cross_out(char *start, const char *end) {
    while (start < end) {
        *start++ = 'x';
    }
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* libpq decodes %XX in a URI's keywords too, so "pass%77ord" is a secret one. */
static bool is_secret_in_uri(const char *keyword, size_t length) {
    char decoded[64];
    size_t size = 0;
    for (size_t i = 0; i < length && size < sizeof decoded; i++) {
        char c = keyword[i];
        if (c == '%' && i + 2 < length && hex_value(keyword[i + 1]) >= 0 && hex_value(keyword[i + 2]) >= 0) {
            c = (char)(hex_value(keyword[i + 1]) * 16 + hex_value(keyword[i + 2]));
            i += 2;
        }
        decoded[size++] = c;
    }
    return is_secret(decoded, size);
}

/* `rest` follows "scheme://". A password may hold a bare '@', '/' or '?' by mistake: libpq then reads it
   otherwise, but the user meant it as a secret; so everything up to the last '@' before the query goes. */
static void scrub_uri(char *rest) {
    char *query = rest;
    char *at = strchr(rest, '@');
    if (at) {
        query = at + 1;
        char *end = query + strcspn(query, "?");
        for (char *next = at; (next = strchr(next + 1, '@')) && next < end;) {
            at = next;
        }
        char *colon = strchr(rest, ':');
        if (colon && colon < at) {
            cross_out(colon + 1, at);
        }
    }
    query = strchr(query, '?');
    while (query) {
        char *keyword = query + 1;
        char *end = keyword + strcspn(keyword, "&");
        char *equals = memchr(keyword, '=', (size_t)(end - keyword));
        if (equals && is_secret_in_uri(keyword, (size_t)(equals - keyword))) {
            cross_out(equals + 1, end);
        }
        query = *end ? end : NULL;
    }
}

/* The end of a conninfo value, as libpq reads it: quoted with backslashes, or up to a space. */
static char *value_end(char *value, char **start) {
    bool quoted = *value == '\'';
    *start = quoted ? ++value : value;
    while (*value && (quoted ? *value != '\'' : !isspace((unsigned char)*value))) {
        value += value[0] == '\\' && value[1] ? 2 : 1;
    }
    return value;
}

static void scrub_conninfo(char *text) {
    while (*text) {
        while (isspace((unsigned char)*text)) {
            text++;
        }
        char *keyword = text;
        while (*text && *text != '=' && !isspace((unsigned char)*text)) {
            text++;
        }
        size_t length = (size_t)(text - keyword);
        char *equals = text + strspn(text, " \t\r\n\f\v");
        if (*equals != '=') {
            continue; /* a word alone; libpq will complain */
        }
        char *value = equals + 1 + strspn(equals + 1, " \t\r\n\f\v");
        char *start;
        text = value_end(value, &start);
        if (is_secret(keyword, length)) {
            cross_out(start, text);
        }
        if (*text == '\'') {
            text++;
        }
    }
}

void cli_secrets_scrub(char *text) {
    static const char *const schemes[] = {"postgresql://", "postgres://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        char *uri = strstr(text, schemes[i]);
        if (uri) {
            scrub_uri(uri + strlen(schemes[i]));
            return;
        }
    }
    if (strncmp(text, "--", 2) == 0) {
        char *equals = strchr(text, '=');
        text = equals ? equals + 1 : text + strlen(text);
    }
    scrub_conninfo(text);
}

char **cli_args_take(int argc, char **argv) {
    char **args = calloc((size_t)argc + 1, sizeof *args);
    for (int i = 0; args && i < argc; i++) {
        args[i] = strdup(argv[i]);
        if (!args[i]) {
            cli_args_free(argc, args);
            args = NULL;
        }
    }
    for (int i = 1; i < argc; i++) {
        cli_secrets_scrub(argv[i]);
    }
    return args;
}

/* getopt permutes the array but loses none of its items. */
void cli_args_free(int argc, char **args) {
    if (args) {
        for (int i = 0; i < argc; i++) {
            cli_free_secret(args[i]);
        }
        free(args);
    }
}

void cli_forbid_core_files(void) {
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){.rlim_cur = 0, .rlim_max = 0});
#if defined(__linux__) && !defined(KEEP_DUMPABLE)
    /* a core_pattern that is a pipe doesn't care for the limit; a leak checker, though, has to look inside */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
