#include "restore/array.h"

void dn_array_of(const char *const *items, size_t count, DnBuf *array) {
    dn_buf_char(array, '{');
    for (size_t i = 0; i < count; i++) {
        dn_buf_str(array, i ? ",\"" : "\"");
        for (const char *c = items[i]; *c; c++) {
            dn_buf_str(array, *c == '"' || *c == '\\' ? "\\" : "");
            dn_buf_char(array, *c);
        }
        dn_buf_char(array, '"');
    }
    dn_buf_char(array, '}');
}
