/*
 * signature.h - the names of functions and aggregates with their arguments, as different statements and
 * tags want them.
 */
#ifndef DN_SQLGEN_SIGNATURE_H
#define DN_SQLGEN_SIGNATURE_H

#include "sqlgen/entry.h"

/* How a signature is spelled. */
typedef struct DnSignature {
    const uint32_t *types; /* the input arguments */
    size_t count;
    bool plain_name;     /* without quotes, for tags */
    const char *nothing; /* between the parentheses when there are no arguments: "" or "*" */
} DnSignature;

/* name(type, type): made of the model's type names alone, without names of arguments. */
void dn_signature(DnBuf *buf, const DnRender *render, const DnObject *object, const DnSignature *signature);
/* name(arguments) with the server's own text for the arguments; `nothing` as above. */
void dn_signature_text(DnBuf *buf, const DnRender *render, const DnObject *object, const char *arguments,
                       const char *nothing);

/* Appends a procedure's arguments as servers before 14 spell them: "a integer" for "IN a integer". */
void dn_arguments_without_in(DnBuf *buf, const char *arguments, bool standard_strings);

#endif
