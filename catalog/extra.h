/*
 * extra.h - queries that add to objects of the table of kinds: lists and details that would not fit into
 * the row of the object itself. They are sent after those of the table, in the order of this file.
 */
#ifndef DN_CATALOG_EXTRA_H
#define DN_CATALOG_EXTRA_H

#include "catalog/query.h"

/* After dn_fetch_databases. */
extern const DnFetch dn_fetch_presence;
extern const DnFetch dn_fetch_database_settings;

/* Sent in the first round trip, after dn_fetch_extensions and dn_fetch_relations. */
extern const DnFetch dn_fetch_extension_members;
extern const DnFetch dn_fetch_inheritance;

/* Relations: after dn_fetch_relations. Columns before defaults. */
extern const DnFetch dn_fetch_attributes;
extern const DnFetch dn_fetch_relation_details;
/* How much there is to read: heap_bytes and toast_bytes; for superusers, and for others. */
extern const DnFetch dn_fetch_file_sizes;
extern const DnFetch dn_fetch_sizes;

/* Types: what each sort of type has beyond what all have. After dn_fetch_types. */
extern const DnFetch dn_fetch_base_types;
extern const DnFetch dn_fetch_ranges;
extern const DnFetch dn_fetch_enum_labels;
extern const DnFetch dn_fetch_composite_attributes;
extern const DnFetch dn_fetch_domains;
extern const DnFetch dn_fetch_domain_constraints;

/* After dn_fetch_servers, dn_fetch_ts_configurations. */
extern const DnFetch dn_fetch_user_mappings;
extern const DnFetch dn_fetch_ts_mappings;

/* For those who may not read dn_fetch_subscriptions. */
extern const DnFetch dn_fetch_hidden_subscriptions;

/* After dn_fetch_opclasses and dn_fetch_opfamilies. */
extern const DnFetch dn_fetch_operator_members;

/* About objects of all kinds: last, when all objects are known. */
extern const DnFetch dn_fetch_dependencies;
extern const DnFetch dn_fetch_comments;
extern const DnFetch dn_fetch_initial_privileges;
extern const DnFetch dn_fetch_labels;

/* What users have in schemas that are left to a platform (platform.h). */
extern const DnFetch dn_fetch_platform_left;

#endif
