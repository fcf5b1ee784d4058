/*
 * text_check.h - whether the text of a dump can be what it says: valid in its encoding, and with as many
 * values in each row as its COPY has columns. So much shows without a digest; and it shows which characters
 * the dump has, for a database in another encoding.
 */
#ifndef DN_RESTORE_TEXT_CHECK_H
#define DN_RESTORE_TEXT_CHECK_H

#include "restore/reader.h"

enum { DN_TEXT_CHARACTERS = 0x110000 };

typedef struct DnTextCheck {
    uint64_t bad_line;         /* the first that is no UTF-8; 0 = none */
    unsigned char *characters; /* a bit for each that is no ASCII; NULL = there are none */
    bool failed;               /* memory is out */
    bool begun;                /* some character was there: a byte order mark would be one of the text */
    /* the character in work */
    uint32_t code, least;
    unsigned left;

    uint64_t bad_row; /* the first line of rows with too many values, or too few; 0 = none */
    size_t found, wanted;
    size_t columns; /* of the COPY in work; 0 = not known */
    size_t values;  /* of the row in work, so far */
    bool escaped;   /* behind a backslash */
} DnTextCheck;

/* Text of the dump, whose first byte is in that line. */
void dn_text_check_add(DnTextCheck *check, const char *text, size_t size, uint64_t line);
/* Items, in their order. */
void dn_text_check_item(DnTextCheck *check, const DnSqlItem *item);
/* The characters that are no ASCII, from *code on, as UTF-8, up to `most` bytes; *code is behind them
   then. */
void dn_text_check_characters(const DnTextCheck *check, uint32_t *code, size_t most, DnBuf *utf8);
void dn_text_check_deinit(DnTextCheck *check);

#endif
