/* schema.h - schemas and extensions: the containers of other objects. */
#ifndef DN_CATALOG_MODEL_SCHEMA_H
#define DN_CATALOG_MODEL_SCHEMA_H

#include "catalog/model/object.h"

struct DnSchema {
    DnObject object;
    bool has_usual_owner; /* only for public: who has it in a new database of that version */
    bool create;          /* CREATE SCHEMA is written; false for public in a whole-database dump */
    unsigned contains;    /* DN_PART_*: which parts of the objects inside are dumped */
    bool managed;         /* a platform's: whoever restores has it, with all that is inside */
    bool left;            /* for that alone: else it would be dumped */
    bool has_guests;      /* its tables have triggers and policies of users, which are dumped */
};

struct DnExtension {
    DnObject object;
    const char *schema_name; /* where its objects live */
    const char *version;
    const char *config_tables;  /* "{oid,...}" of tables whose rows belong to the user, or NULL */
    const char *config_filters; /* text[]: a WHERE clause or "" for each */
    unsigned contains;          /* DN_PART_*: which parts of its members are dumped */
    bool missing;               /* the server has no files of it */
};

#endif
