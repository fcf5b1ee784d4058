/*
 * world.h - a model made by hand, and the order that comes of it as one text.
 */
#ifndef DN_TESTS_UNIT_CATALOG_MODEL_WORLD_H
#define DN_TESTS_UNIT_CATALOG_MODEL_WORLD_H

#include <string.h>

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/model/by_name.h"
#include "catalog/model/order.h"
#include "common/buf.h"

static DnModel model;
static DnBuf order_text;
static DnBuf warnings;
static uint32_t next_oid;

/* The boundaries are called "|" and "||". */
static inline int make_world(void **state) {
    (void)state;
    model = (DnModel){0};
    next_oid = 20000;
    model.pre_boundary = DN_ADD(&model, DnObject, DN_KIND_PRE_BOUNDARY, 0, "|", NULL);
    model.post_boundary = DN_ADD(&model, DnObject, DN_KIND_POST_BOUNDARY, 0, "||", NULL);
    return model.post_boundary ? 0 : -1;
}

static inline int free_world(void **state) {
    (void)state;
    dn_arena_deinit(&model.arena);
    dn_buf_deinit(&order_text);
    dn_buf_deinit(&warnings);
    order_text = warnings = (DnBuf){0};
    return 0;
}

#define ADD(Type, kind, name)            DN_ADD(&model, Type, DN_KIND_##kind, next_oid++, (name), NULL)
#define ADD_IN(Type, kind, name, schema) DN_ADD(&model, Type, DN_KIND_##kind, next_oid++, (name), (schema))

/* `object` comes after `needed`. */
static inline void needs(DnObject *object, const DnObject *needed) {
    dn_depend(&model, object, needed->id);
}

static inline void note_warning(void *ctx, const char *text) {
    dn_buf_fmt(ctx, "%s\n", text);
}

/* The names in the order of the dump. */
static inline const char *ordered(void) {
    DnErr err = {0};
    assert_int_equal(dn_order_objects(&model, note_warning, &warnings, &err), DN_OK);
    assert_int_equal(model.ordered.count, model.objects.count);
    for (size_t i = 0; i < model.ordered.count; i++) {
        dn_buf_sep(&order_text, " ");
        dn_buf_str(&order_text, model.ordered.items[i]->name);
    }
    return dn_buf_text(&order_text);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, make_world, free_world)

#endif
