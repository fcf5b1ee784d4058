#include "sqlgen/signature.h"

void dn_signature(DnBuf *buf, const DnRender *render, const DnObject *object, const DnSignature *signature) {
    if (signature->plain_name) {
        dn_buf_str(buf, object->name);
    } else {
        dn_name(buf, render, object);
    }
    dn_buf_char(buf, '(');
    for (size_t i = 0; i < signature->count; i++) {
        const DnType *type = dn_model_type(render->model, signature->types[i]);
        dn_buf_str(buf, i ? ", " : "");
        dn_buf_str(buf, type ? type->full_name : "???");
    }
    dn_buf_str(buf, signature->count ? "" : signature->nothing);
    dn_buf_char(buf, ')');
}

void dn_signature_text(DnBuf *buf, const DnRender *render, const DnObject *object, const char *arguments,
                       const char *nothing) {
    dn_name(buf, render, object);
    dn_buf_fmt(buf, "(%s)", arguments && *arguments ? arguments : nothing);
}
