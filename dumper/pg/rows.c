#include <stdlib.h>

#include "dumper/pg/internal.h"

size_t dn_rows_count(const DnRows *rows) {
    return (size_t)PQntuples(rows->result);
}

size_t dn_rows_columns(const DnRows *rows) {
    return (size_t)PQnfields(rows->result);
}

const char *dn_rows_text(const DnRows *rows, size_t row, size_t column) {
    return PQgetisnull(rows->result, (int)row, (int)column) ? NULL
                                                            : PQgetvalue(rows->result, (int)row, (int)column);
}

const char *dn_rows_str(const DnRows *rows, size_t row, size_t column) {
    /* libpq gives "" for NULL. */
    return PQgetvalue(rows->result, (int)row, (int)column);
}

uint32_t dn_rows_oid(const DnRows *rows, size_t row, size_t column) {
    uint32_t oid = 0;
    for (const char *p = dn_rows_str(rows, row, column); *p >= '0' && *p <= '9'; p++) {
        oid = oid * 10 + (uint32_t)(*p - '0');
    }
    return oid;
}

int dn_rows_int(const DnRows *rows, size_t row, size_t column) {
    return (int)strtol(dn_rows_str(rows, row, column), NULL, 10);
}

int64_t dn_rows_int64(const DnRows *rows, size_t row, size_t column) {
    return strtoll(dn_rows_str(rows, row, column), NULL, 10);
}

bool dn_rows_bool(const DnRows *rows, size_t row, size_t column) {
    return dn_rows_str(rows, row, column)[0] == 't';
}

char dn_rows_char(const DnRows *rows, size_t row, size_t column) {
    return dn_rows_str(rows, row, column)[0];
}
