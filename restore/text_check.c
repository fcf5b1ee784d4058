#include "restore/text_check.h"

#include <stdlib.h>
#include <string.h>

#include "common/token.h"

/* ---- Characters ----------------------------------------------------------------------------- */

static bool is_ascii(const char *text) {
    uint64_t bytes = 0;
    memcpy(&bytes, text, sizeof bytes);
    return !(bytes & UINT64_C(0x8080808080808080));
}

static void note(DnTextCheck *check, uint32_t code) {
    if (!check->characters) {
        check->characters = calloc(DN_TEXT_CHARACTERS / 8, 1);
        check->failed = !check->characters;
    }
    if (check->characters) {
        check->characters[code / 8] |= (unsigned char)(1U << code % 8);
    }
}

/* False where the byte can't stand there. */
static bool take_byte(DnTextCheck *check, unsigned char byte) {
    if (check->left) {
        check->code = check->code << 6 | (byte & 0x3f);
        check->left--;
        bool fits = (byte & 0xc0) == 0x80 &&
                    (check->left || (check->code >= check->least && check->code < DN_TEXT_CHARACTERS &&
                                     (check->code < 0xd800 || check->code > 0xdfff)));
        bool mark = check->code == 0xfeff && !check->begun;
        if (fits && !check->left && !mark) {
            note(check, check->code);
        }
        return fits;
    }
    check->left = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    check->least = check->left == 1 ? 0x80 : check->left == 2 ? 0x800 : 0x10000;
    check->code = byte & (0x7fU >> (check->left + 1));
    return byte < 0x80 || (byte >= 0xc2 && byte < 0xf5);
}

void dn_text_check_add(DnTextCheck *check, const char *text, size_t size, uint64_t line) {
    for (size_t i = 0; i < size && !check->bad_line;) {
        if (!check->left && size - i >= sizeof(uint64_t) && is_ascii(text + i)) {
            i += sizeof(uint64_t);
            check->begun = true;
        } else if (take_byte(check, (unsigned char)text[i])) {
            i++;
            check->begun = check->begun || !check->left;
        } else {
            check->bad_line = line;
            for (size_t before = 0; before < i; before++) {
                check->bad_line += text[before] == '\n';
            }
        }
    }
}

void dn_text_check_characters(const DnTextCheck *check, uint32_t *code, size_t most, DnBuf *utf8) {
    uint32_t c = *code;
    for (; check->characters && c < DN_TEXT_CHARACTERS && utf8->size + 4 <= most; c++) {
        if (!(check->characters[c / 8] >> c % 8 & 1)) {
            continue;
        }
        unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
        dn_buf_char(utf8, (char)(leads[more] | c >> 6 * more));
        while (more--) {
            dn_buf_char(utf8, (char)(0x80 | (c >> 6 * more & 0x3f)));
        }
    }
    *code = check->characters ? c : DN_TEXT_CHARACTERS;
}

void dn_text_check_deinit(DnTextCheck *check) {
    free(check->characters);
    *check = (DnTextCheck){0};
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* COPY t (a, b) FROM stdin; 0 for one with options, or without a list. */
static size_t columns_of(const DnSqlItem *item) {
    DnTokens tokens = dn_tokens(item->text + item->start, item->size - item->start, item->standard_strings);
    DnToken token = dn_token_next(&tokens);
    size_t columns = 1;
    while (token.kind != DN_TOKEN_END && !dn_token_is_char(token, '(')) {
        if (dn_token_is(token, "from")) {
            return 0;
        }
        token = dn_token_next(&tokens);
    }
    while (token.kind != DN_TOKEN_END && !dn_token_is_char(token, ')')) {
        columns += dn_token_is_char(token, ',');
        token = dn_token_next(&tokens);
    }
    bool plain =
        dn_token_take(&tokens, "from") && dn_token_take(&tokens, "stdin") && dn_token_take_char(&tokens, ';');
    return plain ? columns : 0;
}

/* Tabs part values, and a line end that no backslash escapes ends the row. */
static void take_rows(DnTextCheck *check, const DnSqlItem *item) {
    uint64_t line = item->line;
    for (size_t i = 0; i < item->size; i++) {
        char c = item->text[i];
        if (check->escaped) {
            check->escaped = false;
        } else if (c == '\t') {
            check->values++;
        } else if (c == '\\') {
            check->escaped = true;
        } else if (c == '\n') {
            if (check->values + 1 != check->columns && !check->bad_row) {
                check->bad_row = line;
                check->found = check->values + 1;
                check->wanted = check->columns;
            }
            check->values = 0;
        }
        line += c == '\n';
    }
}

void dn_text_check_item(DnTextCheck *check, const DnSqlItem *item) {
    if (item->kind == DN_SQL_COPY) {
        check->columns = columns_of(item);
        check->values = 0;
        check->escaped = false;
    } else if (item->kind == DN_SQL_ROWS && check->columns) {
        take_rows(check, item);
    }
}
