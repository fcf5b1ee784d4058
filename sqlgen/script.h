/*
 * script.h - the text around entries: header, settings, comment headers, owners, closing line.
 *
 * A DnScript remembers what the script has set so far (default tablespace and access method), so entries
 * must be written in the order in which they go out.
 */
#ifndef DN_SQLGEN_SCRIPT_H
#define DN_SQLGEN_SCRIPT_H

#include "sqlgen/entry.h"

/* The line by which a whole dump is known. */
#define DN_CLOSING_COMMENT "--\n-- PostgreSQL database dump complete\n--\n\n"

typedef struct DnScript {
    const DnRender *render;
    const char *tool; /* "dumpnative version 0.1.0", for the header */
    DnArena text;
    const char *tablespace; /* NULL = not set yet */
    const char *access_method;
    uint64_t owners_left; /* statements OWNER TO that were not written, the role being foreign to the site */
    bool noted_guests;
    const char *user; /* what SET SESSION AUTHORIZATION was given last, "" = DEFAULT; NULL = not known */
} DnScript;

void dn_script_header(DnScript *script, DnBuf *out);
/* What --clean writes for an entry, with IF EXISTS when asked for. */
void dn_script_drop(DnScript *script, const DnEntry *entry, DnBuf *out);
/* An entry that is not data. */
void dn_script_entry(DnScript *script, const DnEntry *entry, DnBuf *out);
/* What goes before and after the rows of a data entry. */
void dn_script_data_begin(DnScript *script, const DnEntry *entry, DnBuf *out);
void dn_script_data_end(DnScript *script, const DnEntry *entry, DnBuf *out);
void dn_script_footer(DnScript *script, DnBuf *out);
/* To be called with all text before it leaves: takes its marks away, or fails with DN_E_PROTOCOL where the
   server's text is no part of a statement (statement.h). `entry`: what it is about, or NULL. */
DnStatus dn_script_seal(const DnScript *script, const DnEntry *entry, DnBuf *text, DnErr *err) DN_MUST_USE;
void dn_script_deinit(DnScript *script);

#endif
