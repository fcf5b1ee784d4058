#include "sqlgen/insert.h"

#include <string.h>

#include "sqlgen/table_data.h"

/* OIDs of built-in types whose values need no quotes, or a prefix; fixed in pg_type.dat. */
enum {
    BOOL = 16,
    INT8 = 20,
    INT2 = 21,
    INT4 = 23,
    OID = 26,
    FLOAT4 = 700,
    FLOAT8 = 701,
    BIT = 1560,
    VARBIT = 1562,
    NUMERIC = 1700
};

/* Generated columns are not selected; without a column list DEFAULT stands in their place. */
static bool is_listed(const DnRender *render, const DnAttribute *a) {
    return !a->dropped && !(a->generated && render->column_inserts);
}

void dn_insert_select(DnBuf *sql, const DnRender *render, const DnTableData *data, DnPages pages) {
    const DnRelation *table = data->table;
    bool any = false;
    dn_buf_str(sql, "SELECT ");
    for (size_t i = 0; i < table->attributes.count; i++) {
        const DnAttribute *a = &table->attributes.items[i];
        if (!is_listed(render, a)) {
            continue;
        }
        dn_buf_str(sql, any ? ", " : "");
        any = true;
        if (a->generated) {
            dn_buf_str(sql, "NULL");
        } else {
            dn_ident(sql, &render->spelling, a->name);
        }
    }
    dn_buf_str(sql, " FROM ONLY ");
    dn_qualified_name(sql, render, &table->object);
    dn_pages_condition(sql, pages);
    dn_buf_fmt(sql, "%s%s;\n", data->filter ? " " : "", data->filter ? data->filter : "");
}

void dn_insert_init(DnInsert *insert, const DnRender *render, const DnRelation *table,
                    unsigned rows_per_statement) {
    *insert = (DnInsert){
        .render = render, .table = table, .rows_per_statement = rows_per_statement ? rows_per_statement : 1};
    bool always = false;
    DnBuf columns = {0};
    for (size_t i = 0; i < table->attributes.count; i++) {
        const DnAttribute *a = &table->attributes.items[i];
        if (is_listed(render, a)) {
            insert->columns++;
            always = always || a->identity == 'a';
            dn_buf_sep(&columns, ", ");
            dn_ident(&columns, &render->spelling, a->name);
        }
    }
    dn_buf_str(&insert->head, "INSERT INTO ");
    dn_qualified_name(&insert->head, render, &dn_load_target(render, table)->object);
    if (!insert->columns) {
        dn_buf_str(&insert->head, " DEFAULT VALUES;\n");
    } else {
        if (render->column_inserts) {
            dn_buf_fmt(&insert->head, " (%s)", dn_buf_text(&columns));
        }
        dn_buf_str(&insert->head, always ? " OVERRIDING SYSTEM VALUE VALUES" : " VALUES");
    }
    dn_buf_deinit(&columns);
}

void dn_insert_deinit(DnInsert *insert) {
    dn_buf_deinit(&insert->head);
}

/* A value of a domain is written as one of its base type. */
static uint32_t value_type(const DnRender *render, uint32_t oid) {
    const DnType *type = dn_model_type(render->model, oid);
    return type && type->base_oid ? value_type(render, type->base_oid) : oid;
}

/* NaN and Infinity are words, not numbers; and what the server says is a number may be none: two dashes would
   begin a comment. */
static bool is_number(const char *text) {
    static const char digits[] = "0123456789";
    const char *p = text + (*text == '-' || *text == '+');
    size_t whole = strspn(p, digits);
    p += whole;
    size_t fraction = *p == '.' ? strspn(p + 1, digits) : 0;
    p += *p == '.' ? fraction + 1 : 0;
    if (whole + fraction && (*p == 'e' || *p == 'E')) {
        p += p[1] == '-' || p[1] == '+' ? 2 : 1;
        size_t exponent = strspn(p, digits);
        p += exponent;
        return exponent && !*p;
    }
    return whole + fraction && !*p;
}

static void add_value(DnBuf *out, const DnRender *render, const DnAttribute *a, const char *text) {
    if (a->generated) {
        dn_buf_str(out, "DEFAULT");
        return;
    }
    if (!text) {
        dn_buf_str(out, "NULL");
        return;
    }
    switch (value_type(render, a->type_oid)) {
    case INT2:
    case INT4:
    case INT8:
    case OID:
    case FLOAT4:
    case FLOAT8:
    case NUMERIC:
        if (is_number(text)) {
            dn_buf_str(out, text);
        } else {
            dn_literal(out, &render->spelling, text);
        }
        break;
    case BIT:
    case VARBIT:
        dn_buf_char(out, 'B');
        dn_literal(out, &render->spelling, text);
        break;
    case BOOL:
        dn_buf_str(out, strcmp(text, "t") == 0 ? "true" : "false");
        break;
    default:
        dn_literal(out, &render->spelling, text);
    }
}

static void end_statement(DnInsert *insert, DnBuf *out) {
    dn_buf_str(out, insert->render->on_conflict_do_nothing ? " ON CONFLICT DO NOTHING;\n" : ";\n");
    insert->rows_in_statement = 0;
}

void dn_insert_row(DnInsert *insert, DnBuf *out, DnValueFn value, void *ctx) {
    if (insert->rows_in_statement == 0) {
        dn_buf_str(out, dn_buf_text(&insert->head));
    }
    if (!insert->columns) {
        return; /* DEFAULT VALUES makes one row a statement */
    }
    dn_buf_str(out, insert->rows_per_statement == 1 ? " (" : insert->rows_in_statement ? ",\n\t(" : "\n\t(");
    size_t column = 0;
    for (size_t i = 0; i < insert->table->attributes.count; i++) {
        const DnAttribute *a = &insert->table->attributes.items[i];
        if (is_listed(insert->render, a)) {
            dn_buf_str(out, column ? ", " : "");
            add_value(out, insert->render, a, value(ctx, column));
            column++;
        }
    }
    dn_buf_char(out, ')');
    if (++insert->rows_in_statement >= insert->rows_per_statement) {
        end_statement(insert, out);
    }
}

void dn_insert_end(DnInsert *insert, DnBuf *out) {
    if (insert->rows_in_statement) {
        end_statement(insert, out);
    }
}
