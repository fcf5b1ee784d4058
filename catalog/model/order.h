/*
 * order.h - the order in which objects are written.
 *
 * First by kind, schema and name, as the table of kinds says; then moved as little as possible until each
 * object follows what it depends on. Where objects depend on each other in a circle, a named repair breaks
 * the circle: see repairs.c.
 */
#ifndef DN_CATALOG_MODEL_ORDER_H
#define DN_CATALOG_MODEL_ORDER_H

#include "catalog/model/model.h"
#include "common/err.h"

/* Tells of circles that were broken without a repair that fits; may be NULL. */
typedef void (*DnOrderWarnFn)(void *ctx, const char *text);

/* Fills model->ordered. */
DnStatus dn_order_objects(DnModel *model, DnOrderWarnFn warn, void *ctx, DnErr *err) DN_MUST_USE;

#endif
