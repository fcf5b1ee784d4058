#include "sqlgen/signature.h"

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
