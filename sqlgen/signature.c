#include "sqlgen/signature.h"

#include <string.h>

#include "common/token.h"

/* As format_type() has it, where search_path is empty. */
static void add_type(DnBuf *buf, const DnRender *render, const DnType *type) {
    const DnType *element = type && type->is_array ? dn_model_type(render->model, type->element) : NULL;
    if (!type || type->full_name) {
        dn_buf_str(buf, type ? type->full_name : "???");
    } else if (element) {
        add_type(buf, render, element);
        dn_buf_str(buf, "[]");
    } else {
        dn_qualified_name(buf, render, &type->object);
    }
}

void dn_signature(DnBuf *buf, const DnRender *render, const DnObject *object, const DnSignature *signature) {
    if (signature->plain_name) {
        dn_buf_str(buf, object->name);
    } else {
        dn_name(buf, render, object);
    }
    dn_buf_char(buf, '(');
    for (size_t i = 0; i < signature->count; i++) {
        dn_buf_str(buf, i ? ", " : "");
        add_type(buf, render, dn_model_type(render->model, signature->types[i]));
    }
    dn_buf_str(buf, signature->count ? "" : signature->nothing);
    dn_buf_char(buf, ')');
}

void dn_signature_text(DnBuf *buf, const DnRender *render, const DnObject *object, const char *arguments,
                       const char *nothing) {
    dn_name(buf, render, object);
    dn_buf_fmt(buf, "(%s)", arguments && *arguments ? arguments : nothing);
}

void dn_arguments_without_in(DnBuf *buf, const char *arguments, bool standard_strings) {
    DnTokens tokens = dn_tokens(arguments, strlen(arguments), standard_strings);
    const char *done = arguments;
    bool begins = true;
    int depth = 0;
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        if (begins && dn_token_is(t, "in")) { /* an argument of that name would have quotes */
            dn_buf_add(buf, done, (size_t)(t.text - done));
            done = dn_token_peek(&tokens).text;
        }
        depth += dn_token_nesting(t);
        begins = depth == 0 && dn_token_is_char(t, ',');
    }
    dn_buf_str(buf, done);
}
