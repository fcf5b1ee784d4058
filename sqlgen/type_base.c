#include <string.h>

#include "sqlgen/statement.h"
#include "sqlgen/type_parts.h"

static void add_option(DnBuf *sql, const char *option, const char *value) {
    if (value) {
        dn_buf_fmt(sql, ",\n    %s = %s", option, value);
    }
}

static void add_literal(DnBuf *sql, const DnRender *render, const char *option, const char *value) {
    dn_buf_fmt(sql, ",\n    %s = ", option);
    dn_literal(sql, &render->spelling, value);
}

static const char *alignment_name(char align) {
    return align == 'c' ? "char" : align == 's' ? "int2" : align == 'i' ? "int4" : "double";
}

static const char *storage_name(char storage) {
    return storage == 'p' ? "plain" : storage == 'e' ? "external" : storage == 'x' ? "extended" : "main";
}

static void add_length(DnBuf *sql, int length) {
    if (length == -1) {
        dn_buf_str(sql, "variable");
    } else {
        dn_buf_fmt(sql, "%d", length);
    }
}

static void add_functions(DnBuf *sql, const DnType *type) {
    add_option(sql, "INPUT", type->input);
    add_option(sql, "OUTPUT", type->output);
    add_option(sql, "RECEIVE", type->receive);
    add_option(sql, "SEND", type->send);
    add_option(sql, "TYPMOD_IN", type->typmod_in);
    add_option(sql, "TYPMOD_OUT", type->typmod_out);
    add_option(sql, "ANALYZE", type->analyze);
}

static void add_default(DnBuf *sql, const DnRender *render, const DnType *type) {
    if (type->fallback && type->fallback_literal) {
        add_literal(sql, render, "DEFAULT", type->fallback);
    } else {
        add_option(sql, "DEFAULT", type->fallback);
    }
}

void dn_type_base(DnBuf *sql, const DnRender *render, const DnType *type, const char *name) {
    const char category[] = {type->category, '\0'};
    dn_buf_fmt(sql, "CREATE TYPE %s (\n    INTERNALLENGTH = ", name);
    add_length(sql, type->length);
    add_functions(sql, type);
    add_option(sql, "COLLATABLE", type->collatable ? "true" : NULL);
    add_default(sql, render, type);
    add_option(sql, "SUBSCRIPT", type->subscript);
    add_option(sql, "ELEMENT", type->element_name);
    if (type->category != 'U') {
        add_literal(sql, render, "CATEGORY", category);
    }
    add_option(sql, "PREFERRED", type->preferred ? "true" : NULL);
    if (type->delimiter && strcmp(type->delimiter, ",") != 0) {
        add_literal(sql, render, "DELIMITER", type->delimiter);
    }
    add_option(sql, "ALIGNMENT", alignment_name(type->align));
    add_option(sql, "STORAGE", storage_name(type->storage));
    dn_buf_str(sql, type->by_value ? ",\n    PASSEDBYVALUE" : "");
    dn_end_with(sql, "\n)");
}
