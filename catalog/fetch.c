#include "catalog/fetch.h"

#include <stdlib.h>

bool dn_selected(const DnSelection *selection, DnPatternUse use, uint32_t oid) {
    return dn_map_get(&selection->matched[use], dn_map_key(0, oid)) != NULL;
}

void dn_catalog_omit(DnCatalog *catalog, const char *text) {
    catalog->omissions++;
    catalog->omit(catalog->ctx, text);
}

bool dn_select_member(const DnCatalog *catalog, DnObject *object) {
    (void)catalog;
    if (!object->member_of) {
        return false;
    }
    /* CREATE EXTENSION makes the object; only privileges that were changed since are dumped. */
    object->dump = object->member_of->contains & DN_PART_ACL;
    return true;
}

void dn_select_object(const DnCatalog *catalog, DnObject *object) {
    if (dn_select_member(catalog, object)) {
        return;
    }
    if (object->schema) {
        object->dump = object->schema->contains;
    } else {
        object->dump = catalog->selection.whole_database ? DN_PART_ALL : DN_PART_NONE;
    }
}

static bool is_dumped(const DnObject *object) {
    return object && (object->dump & DN_PART_DEFINITION) && !object->member_of;
}

/* Will it be there when the dump is loaded? What an extension owns comes with the extension. */
static bool is_there(const DnObject *object) {
    return !object || dn_is_builtin(object->oid) || object->member_of || is_dumped(object);
}

void dn_select_by_parts(const DnCatalog *catalog, DnObject *object, const DnObject *const *parts,
                        size_t count) {
    dn_select_object(catalog, object);
    if (object->member_of || !catalog->selection.with_needed) {
        return;
    }
    bool touches = false;
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        touches = touches || is_dumped(parts[i]);
        complete = complete && is_there(parts[i]);
    }
    if (touches && complete) {
        object->dump = DN_PART_ALL;
        object->needed = true;
    }
}

void dn_set_acl(DnModel *model, DnObject *object, const char *acl, const char *acl_default) {
    object->acl.current = dn_model_shared(model, acl);
    object->acl.standard = object->acl.base = dn_model_shared(model, acl_default);
}

const char *dn_row_text(DnModel *model, const DnRows *rows, size_t row, size_t column) {
    return dn_model_str(model, dn_rows_text(rows, row, column));
}

const char *dn_row_shared(DnModel *model, const DnRows *rows, size_t row, size_t column) {
    return dn_model_shared(model, dn_rows_text(rows, row, column));
}

const char *dn_row_given(DnModel *model, const DnRows *rows, size_t row, size_t column) {
    const char *text = dn_rows_text(rows, row, column);
    return dn_model_shared(model, text ? text : "");
}

const char *dn_row_filled(DnModel *model, const DnRows *rows, size_t row, size_t column) {
    const char *text = dn_rows_text(rows, row, column);
    return text && *text ? dn_model_str(model, text) : NULL;
}

bool dn_numbers_next(DnNumbers *numbers, uint32_t *number) {
    char *end;
    *number = (uint32_t)strtol(numbers->next, &end, 10);
    bool found = end != numbers->next;
    numbers->next = end;
    return found;
}

size_t dn_oids_split(DnArena *arena, const char *text, uint32_t **oids) {
    size_t count = 0;
    *oids = NULL;
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (const char *p = text ? text : ""; *p;) {
            if (*p < '0' || *p > '9') {
                p++;
                continue;
            }
            char *end;
            unsigned long oid = strtoul(p, &end, 10);
            if (*oids) {
                (*oids)[n] = (uint32_t)oid;
            }
            n++;
            p = end;
        }
        count = n;
        if (pass == 0) {
            *oids = DN_NEW_ARRAY(arena, uint32_t, count ? count : 1);
            if (!*oids) {
                return 0;
            }
        }
    }
    return count;
}
