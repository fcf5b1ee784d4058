/*
 * object.h - what all dumped objects have in common.
 *
 * Everything in the model lives in the model's arena, is written while the catalog is fetched, and is
 * const from then on. Text is in the dump's encoding, as the server sent it.
 */
#ifndef DN_CATALOG_MODEL_OBJECT_H
#define DN_CATALOG_MODEL_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/vec.h"

/* OIDs of the catalogs, fixed in PostgreSQL's headers; with an object's oid they are its address. */
enum {
    DN_CLASS_NONE = 0,
    DN_CLASS_TYPE = 1247,
    DN_CLASS_PROC = 1255,
    DN_CLASS_DATABASE = 1262,
    DN_CLASS_RELATION = 1259,
    DN_CLASS_SERVER = 1417,
    DN_CLASS_DEFAULT_ACL = 826,
    DN_CLASS_FDW = 2328,
    DN_CLASS_AM = 2601,
    DN_CLASS_ATTRDEF = 2604,
    DN_CLASS_CAST = 2605,
    DN_CLASS_CONSTRAINT = 2606,
    DN_CLASS_LANGUAGE = 2612,
    DN_CLASS_LARGE_OBJECT = 2613,
    DN_CLASS_CONVERSION = 2607,
    DN_CLASS_NAMESPACE = 2615,
    DN_CLASS_OPCLASS = 2616,
    DN_CLASS_OPERATOR = 2617,
    DN_CLASS_REWRITE = 2618,
    DN_CLASS_TRIGGER = 2620,
    DN_CLASS_OPFAMILY = 2753,
    DN_CLASS_EXTENSION = 3079,
    DN_CLASS_POLICY = 3256,
    DN_CLASS_EVENT_TRIGGER = 3466,
    DN_CLASS_TS_DICT = 3600,
    DN_CLASS_TS_PARSER = 3601,
    DN_CLASS_TS_CONFIG = 3602,
    DN_CLASS_TS_TEMPLATE = 3764,
    DN_CLASS_SUBSCRIPTION = 6100,
    DN_CLASS_PUBLICATION = 6104,
    DN_CLASS_PUBLICATION_REL = 6106,
    DN_CLASS_PUBLICATION_NAMESPACE = 6237,
    DN_CLASS_TRANSFORM = 3576,
    DN_CLASS_STATISTIC_EXT = 3381,
    DN_CLASS_COLLATION = 3456
};

typedef enum DnKind {
#define DN_KIND(id, class_, priority, section, need, fetch, render) DN_KIND_##id,
#include "catalog/model/kinds.def"
#undef DN_KIND
    DN_KIND_COUNT
} DnKind;

/* The parts of an object that can be dumped, each for itself (pg_dump's DUMP_COMPONENT_*). */
enum {
    DN_PART_NONE = 0,
    DN_PART_DEFINITION = 1,
    DN_PART_DATA = 2,
    DN_PART_COMMENT = 4,
    DN_PART_SECLABEL = 8,
    DN_PART_ACL = 16,
    DN_PART_POLICY = 32,
    DN_PART_USER_MAPPING = 64,
    DN_PART_GUESTS = 128, /* of a platform's table: the triggers and policies that users put on it */
    DN_PART_ALL = 0xFFFF
};

/* Privileges as aclitem[] text: what is, and what the object was born with. */
typedef struct DnAcl {
    const char *current;  /* NULL = never changed: the standard ones */
    const char *standard; /* acldefault() of the owner */
    const char *base;     /* what a restored object is born with: the standard, or what pg_init_privs holds */
} DnAcl;

/* A comment on the object, or on its column `subid` (0 = the object itself). */
typedef struct DnComment {
    const struct DnComment *next; /* by ascending subid */
    int subid;
    const char *text;
} DnComment;

/* A security label of the object, or of its column `subid` (0 = the object itself). */
typedef struct DnLabel {
    const struct DnLabel *next; /* by ascending subid */
    int subid;
    const char *provider;
    const char *text;
} DnLabel;

typedef struct DnSchema DnSchema;
typedef struct DnExtension DnExtension;
typedef struct DnObject DnObject;

struct DnObject {
    DnKind kind;
    uint32_t classoid; /* with oid: the object's address in the catalogs; 0 for made-up objects */
    uint32_t oid;
    int id; /* index in the model's list of objects + 1 */
    const char *name;
    const DnSchema *schema; /* NULL for kinds without one */
    const char *owner;      /* NULL for kinds without one */
    unsigned dump;          /* DN_PART_*: which parts to write */
    DnAcl acl;
    const DnComment *comments;
    const DnLabel *labels;
    const DnExtension *member_of; /* the extension that owns the object, or NULL */
    bool guest;                   /* on a platform's table: comes last */
    bool needed;                  /* outside the selection, but something selected cannot do without it */
    DN_VEC(int) depends_on;       /* ids of objects that must come first */
    DN_VEC(const char *) depends_on_extensions; /* ALTER ... DEPENDS ON EXTENSION */
};

#endif
