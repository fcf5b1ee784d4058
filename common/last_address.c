#include "common/last_address.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { MOST_HOST = 255, MOST_PORT = 5 }; /* characters */

typedef struct Word {
    const char *at;
    size_t size;
} Word;

typedef struct Line {
    Word host, port, address;
} Line;

/* ---- Words ----------------------------------------------------------------------- */

static Word word_of(const char *text) {
    return (Word){text, strlen(text)};
}

static bool same(Word a, Word b) {
    return a.size == b.size && strncasecmp(a.at, b.at, a.size) == 0;
}

/* Of a name in any alphabet, and of any that a resolver may know. */
static bool is_host(Word word) {
    bool good = word.size > 0 && word.size <= MOST_HOST && word.at[0] != '#';
    for (size_t i = 0; good && i < word.size; i++) {
        good = (unsigned char)word.at[i] > ' ' && word.at[i] != 127;
    }
    return good;
}

static bool is_port(Word word) {
    bool good = word.size > 0 && word.size <= MOST_PORT;
    for (size_t i = 0; good && i < word.size; i++) {
        good = word.at[i] >= '0' && word.at[i] <= '9';
    }
    return good;
}

static bool is_interface(Word word) {
    bool good = word.size > 0;
    for (size_t i = 0; good && i < word.size; i++) {
        good = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", word.at[i]) &&
               word.at[i];
    }
    return good;
}

/* "192.0.2.1", "2001:db8::1", "fe80::1%eth0" */
static bool is_address(Word word) {
    char text[DN_LAST_ADDRESS_SIZE];
    struct in6_addr parsed;
    if (!word.size || word.size >= sizeof text) {
        return false;
    }
    memcpy(text, word.at, word.size);
    text[word.size] = '\0';
    char *interface = strchr(text, '%');
    if (strlen(text) != word.size || (interface && !is_interface(word_of(interface + 1)))) {
        return false;
    }
    if (interface) {
        *interface = '\0';
    }
    return inet_pton(AF_INET6, text, &parsed) == 1 || (!interface && inet_pton(AF_INET, text, &parsed) == 1);
}

bool dn_is_address(const char *text) {
    return is_address(word_of(text));
}

/* ---- Lines ----------------------------------------------------------------------- */

static Word take_word(Word *rest) {
    const char *space = rest->size ? memchr(rest->at, ' ', rest->size) : NULL;
    size_t size = space ? (size_t)(space - rest->at) : rest->size;
    Word word = {rest->at, size};
    rest->at += size + (space ? 1 : 0);
    rest->size -= size + (space ? 1 : 0);
    return word;
}

/* The next line that is one; false at the end. */
static bool next_line(Word *rest, Line *line) {
    while (rest->size) {
        const char *end = memchr(rest->at, '\n', rest->size);
        Word words = {rest->at, end ? (size_t)(end - rest->at) : rest->size};
        rest->at += words.size + (end ? 1 : 0);
        rest->size -= words.size + (end ? 1 : 0);
        line->host = take_word(&words);
        line->port = take_word(&words);
        line->address = words;
        if (is_host(line->host) && is_port(line->port) && is_address(line->address)) {
            return true;
        }
    }
    return false;
}

bool dn_last_address_find(const char *text, size_t size, const char *host, const char *port,
                          char address[DN_LAST_ADDRESS_SIZE]) {
    Word rest = {text, size};
    Line line;
    while (next_line(&rest, &line)) {
        if (same(line.host, word_of(host)) && same(line.port, word_of(port))) {
            memcpy(address, line.address.at, line.address.size);
            address[line.address.size] = '\0';
            return true;
        }
    }
    return false;
}

static void write_line(DnBuf *out, const Line *line) {
    const Word words[] = {line->host, line->port, line->address};
    for (size_t i = 0; i < 3; i++) {
        dn_buf_add(out, words[i].at, words[i].size);
        dn_buf_char(out, i < 2 ? ' ' : '\n');
    }
}

bool dn_last_address_put(const char *text, size_t size, const char *host, const char *port,
                         const char *address, DnBuf *out) {
    const Line first = {word_of(host), word_of(port), word_of(address)};
    Word rest = {text, size};
    Line line;
    if (!is_host(first.host) || !is_port(first.port) || !is_address(first.address)) {
        return false;
    }
    write_line(out, &first);
    for (int count = 1; count < DN_LAST_ADDRESS_MOST && next_line(&rest, &line);) {
        if (!same(line.host, first.host) || !same(line.port, first.port)) {
            write_line(out, &line);
            count++;
        }
    }
    return true;
}
