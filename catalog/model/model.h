/*
 * model.h - the catalog of one database as plain structs.
 *
 * catalog/ fills it, sqlgen/ reads it. One arena owns everything. Objects are found by their address
 * (catalog, oid), by id, or in dump order once dn_order_objects() has run.
 */
#ifndef DN_CATALOG_MODEL_MODEL_H
#define DN_CATALOG_MODEL_MODEL_H

#include "catalog/model/collation.h"
#include "catalog/model/database.h"
#include "catalog/model/event_trigger.h"
#include "catalog/model/foreign.h"
#include "catalog/model/function.h"
#include "catalog/model/language.h"
#include "catalog/model/large_object.h"
#include "catalog/model/object.h"
#include "catalog/model/operator_class.h"
#include "catalog/model/relation.h"
#include "catalog/model/replication.h"
#include "catalog/model/schema.h"
#include "catalog/model/statistics_data.h"
#include "catalog/model/table_parts.h"
#include "catalog/model/text_search.h"
#include "catalog/model/type.h"
#include "common/map.h"

typedef struct DnModel {
    DnArena arena;
    int server_version; /* 150018 */
    int spelled_as;     /* whose pg_dump's spelling it gets, a major version; 0 = the server's own */
    const char *server_version_text;
    const char *database;
    const char *encoding;      /* client_encoding of the session: the dump's */
    const char *snapshot_time; /* when the transaction began, ISO 8601, UTC; NULL = not asked for */
    const char *snapshot_lsn;  /* where the write-ahead log ended then; NULL likewise, or not to be had */
    const char *search_path;   /* what the header sets, '' */
    bool std_strings;          /* standard_conforming_strings */

    DN_VEC(DnObject *) objects; /* in order of creation; an object's id is its index + 1 */
    DN_VEC(DnObject *) ordered; /* in order of the dump, filled by dn_order_objects() */
    DnMap by_address;
    DnMap members; /* address -> the DnExtension that owns it; read before the objects themselves */
    DnMap shared;  /* text that many objects have, by its hash */
    DnDatabase *database_object; /* NULL unless CREATE DATABASE was asked for */
    DnObject *pre_boundary;
    DnObject *post_boundary;
    bool circular_keys;           /* data only: foreign keys form a circle, so no order of the rows is safe */
    DN_VEC(const char *) circles; /* the tables of each such circle, one a line */
} DnModel;

/* The server's major version: 15. */
static inline int dn_model_major(const DnModel *model) {
    return model->server_version / 10000;
}

/* The major version whose pg_dump's text it is to be: the server's, or, to be compared, an older one's. */
static inline int dn_model_spelling(const DnModel *model) {
    return model->spelled_as ? model->spelled_as : dn_model_major(model);
}

/*
 * A new zeroed object of `size` bytes whose first member is a DnObject, entered into the list and the map.
 * NULL when out of memory (the arena has failed).
 */
void *dn_model_add(DnModel *model, size_t size, DnKind kind, uint32_t oid, const char *name,
                   const DnSchema *schema);
#define DN_ADD(model, Type, kind, oid, name, schema)                                                         \
    ((Type *)dn_model_add((model), sizeof(Type), (kind), (oid), (name), (schema)))

/* NULL when the model has no such object. */
DnObject *dn_model_find(const DnModel *model, uint32_t classoid, uint32_t oid);
DnObject *dn_model_by_id(const DnModel *model, int id);
/* Typed lookups; NULL when there is none, or when it is of another kind. */
DnSchema *dn_model_schema(const DnModel *model, uint32_t oid);
DnRelation *dn_model_relation(const DnModel *model, uint32_t oid);
DnType *dn_model_type(const DnModel *model, uint32_t oid);
DnIndex *dn_model_index(const DnModel *model, uint32_t oid);

/* A copy of text in the model's arena. */
const char *dn_model_str(DnModel *model, const char *text);
/* The same for text that many objects have in common: one copy for all. */
const char *dn_model_shared(DnModel *model, const char *text);

/* `object` must come after the object with that id; a repeated call changes nothing. */
void dn_depend(DnModel *model, DnObject *object, int id);
/* A loop of one, which a repair takes note of. */
void dn_depend_on_itself(DnModel *model, DnObject *object);
void dn_undepend(DnObject *object, int id);
bool dn_depends(const DnObject *object, int id);

#endif
