/*
 * insert.h - rows as INSERT statements (--inserts).
 */
#ifndef DN_SQLGEN_INSERT_H
#define DN_SQLGEN_INSERT_H

#include "sqlgen/table_data.h"

/* One table's rows in the making. */
typedef struct DnInsert {
    const DnRender *render;
    const DnRelation *table;
    unsigned rows_per_statement;
    unsigned rows_in_statement;
    size_t columns;
    DnBuf head; /* "INSERT INTO public.t (a, b) VALUES" */
} DnInsert;

/* The value of a column of the current row as the server's text; NULL for SQL NULL. */
typedef const char *(*DnValueFn)(void *ctx, size_t column);

/* "SELECT a, b FROM ONLY public.t;\n": the values that dn_insert_row() wants, in its order. */
void dn_insert_select(DnBuf *sql, const DnRender *render, const DnTableData *data, DnPages pages);

void dn_insert_init(DnInsert *insert, const DnRender *render, const DnRelation *table,
                    unsigned rows_per_statement);
void dn_insert_deinit(DnInsert *insert);
void dn_insert_row(DnInsert *insert, DnBuf *out, DnValueFn value, void *ctx);
/* Ends a statement that has room for more rows. */
void dn_insert_end(DnInsert *insert, DnBuf *out);

#endif
