#include "dumper/settings.h"

#include "common/err.h"
#include "common/restrict_key.h"
#include "dumper/supabase.h"

DnStatus dn_settings_check(const DnDumpOptions *o, DnErr *err) {
    const char *problem = NULL;
    if (o->size != sizeof(DnDumpOptions)) {
        problem = "the options were not initialised with DN_DUMP_OPTIONS_INIT of this library's version";
    } else if (o->data_only && o->schema_only) {
        problem = "schema only and data only exclude each other";
    } else if (o->statistics_only && (o->data_only || o->schema_only)) {
        problem = "statistics only excludes schema only and data only";
    } else if (o->data_only && o->clean) {
        problem = "clean and data only exclude each other";
    } else if (o->if_exists && !o->clean) {
        problem = "IF EXISTS needs clean";
    } else if (o->on_conflict_do_nothing && !o->inserts && !o->column_inserts && !o->rows_per_insert) {
        problem = "ON CONFLICT DO NOTHING needs inserts";
    } else if (!o->sections || o->sections > DN_ALL_SECTIONS) {
        problem = "no section is selected";
    } else if (o->restrict_key && !dn_restrict_key_is_valid(o->restrict_key)) {
        problem = "invalid restrict key";
    }
    return problem ? dn_err(err, DN_E_USAGE, "%s", problem) : DN_OK;
}

static const char *const public_schema[] = {"public", NULL};

/* No definitions. */
static bool is_data_only(const DnDumpOptions *o) {
    return o->data_only || o->no_schema || o->statistics_only;
}

/* No rows. */
static bool is_schema_only(const DnDumpOptions *o) {
    return o->schema_only || o->no_data || o->statistics_only;
}

static bool has_statistics(const DnDumpOptions *o) {
    return o->statistics || o->statistics_only;
}

unsigned dn_settings_sections(const DnDumpOptions *o) {
    unsigned sections = o->sections;
    if (is_data_only(o) && !has_statistics(o)) {
        sections &= (unsigned)DN_DATA;
    }
    if (is_schema_only(o) && !o->sequence_data && !has_statistics(o)) {
        sections &= ~(unsigned)DN_DATA;
    }
    return sections;
}

DnStatus dn_settings_filters(const DnDumpOptions *o, DnFilter *filter, DnErr *err) {
    const char *const *const lists[DN_FILTER_COUNT] = {
        [DN_FILTER_SCHEMAS] = o->schemas,
        [DN_FILTER_NO_SCHEMAS] = o->exclude_schemas,
        [DN_FILTER_TABLES] = o->tables,
        [DN_FILTER_NO_TABLES] = o->exclude_tables,
        [DN_FILTER_TABLE_TREES] = o->tables_and_children,
        [DN_FILTER_NO_TABLE_TREES] = o->exclude_tables_and_children,
        [DN_FILTER_NO_DATA] = o->exclude_table_data,
        [DN_FILTER_NO_DATA_TREES] = o->exclude_table_data_and_children,
        [DN_FILTER_EXTENSIONS] = o->extensions,
        [DN_FILTER_NO_EXTENSIONS] = o->exclude_extensions,
        [DN_FILTER_FOREIGN_DATA] = o->include_foreign_data,
    };
    for (int i = 0; i < DN_FILTER_COUNT; i++) {
        dn_filter_add(filter, (DnFilterList)i, lists[i]);
    }
    DnStatus status = DN_OK;
    for (size_t i = 0; status == DN_OK && o->filters && o->filters[i]; i++) {
        status = dn_filter_load(filter, o->filters[i], err);
    }
    return status == DN_OK && dn_arena_failed(&filter->arena) ? dn_err_nomem(err) : status;
}

/* Which list of a filter stands for which use. */
static const DnFilterList filter_lists[DN_USE_COUNT] = {
    [DN_USE_SCHEMA] = DN_FILTER_SCHEMAS,
    [DN_USE_NOT_SCHEMA] = DN_FILTER_NO_SCHEMAS,
    [DN_USE_TABLE] = DN_FILTER_TABLES,
    [DN_USE_NOT_TABLE] = DN_FILTER_NO_TABLES,
    [DN_USE_NO_DATA] = DN_FILTER_NO_DATA,
    [DN_USE_EXTENSION] = DN_FILTER_EXTENSIONS,
    [DN_USE_NOT_EXTENSION] = DN_FILTER_NO_EXTENSIONS,
    [DN_USE_FOREIGN_DATA] = DN_FILTER_FOREIGN_DATA,
    [DN_USE_TABLE_TREE] = DN_FILTER_TABLE_TREES,
    [DN_USE_NOT_TABLE_TREE] = DN_FILTER_NO_TABLE_TREES,
    [DN_USE_NO_DATA_TREE] = DN_FILTER_NO_DATA_TREES,
};

/* Where the platform's part of the database isn't dumped. */
static bool spares_platform(const DnDumpOptions *o) {
    return o->supabase && !o->include_managed;
}

DnStatus dn_settings_check_site(const DnDumpOptions *o, DnErr *err) {
    if (!spares_platform(o) || (!o->create_database && !o->use_set_session_authorization)) {
        return DN_OK;
    }
    (void)dn_err(err, DN_E_USAGE,
                 o->create_database ? "a Supabase project's database is there already, and can't be created"
                                    : "a Supabase project's user can't set the session's authorization");
    dn_err_hint(err,
                "Leave out %s, or dump the platform's part as well, with --include-managed, to restore as a "
                "superuser.",
                o->create_database ? "-C/--create" : "--use-set-session-authorization");
    return DN_E_USAGE;
}

DnSelection dn_settings_selection(const DnDumpOptions *o, DnFilter *filter) {
    DnSelection s = {.data_only = is_data_only(o),
                     .schema_only = is_schema_only(o),
                     .sequence_data = o->sequence_data,
                     .statistics = has_statistics(o),
                     .no_unlogged_data = o->no_unlogged_table_data,
                     .strict_names = o->strict_names,
                     .stand_in = o->stand_in,
                     .create_database = o->create_database,
                     .skip_unreadable = o->skip_unreadable,
                     .row_security = o->enable_row_security,
                     .with_needed = !o->whole_database && !o->stand_in};
    for (int use = 0; use < DN_USE_COUNT; use++) {
        s.patterns[use] = dn_filter_list(filter, filter_lists[use]);
    }

    s.by_table = s.patterns[DN_USE_TABLE] || s.patterns[DN_USE_TABLE_TREE];
    if (!s.patterns[DN_USE_SCHEMA] && !s.by_table && !o->whole_database && !o->supabase) {
        s.patterns[DN_USE_SCHEMA] = public_schema;
    }
    s.by_schema = s.patterns[DN_USE_SCHEMA];
    s.by_extension = s.patterns[DN_USE_EXTENSION];
    /* An extension that a filter file includes doesn't narrow the rest, as in pg_dump. */
    s.whole_database = !s.by_table && !s.by_schema && !(o->extensions && o->extensions[0]);
    s.with_needed = s.with_needed && !(s.whole_database && o->supabase);
    s.platform = spares_platform(o) ? &dn_supabase_platform : NULL;
    /* They go with the whole database, but not with its schema alone; to ask for them weighs more than not
       to. */
    s.large_objects = !s.schema_only && (o->large_objects || (s.whole_database && !o->no_large_objects));
    return s;
}

DnRender dn_settings_render(const DnDumpOptions *o, const DnModel *model) {
    return (DnRender){.model = model,
                      .spelling = {.quote_all = o->quote_all_identifiers,
                                   .std_strings = model->std_strings,
                                   .major = dn_model_major(model)},
                      .no_owner = o->no_owner,
                      .no_privileges = o->no_privileges,
                      .no_comments = o->no_comments,
                      .clean = o->clean,
                      .if_exists = o->if_exists,
                      .create_database = o->create_database,
                      .data_only = is_data_only(o),
                      .schema_only = is_schema_only(o),
                      .sequence_data = o->sequence_data,
                      .inserts = o->inserts || o->column_inserts || o->rows_per_insert,
                      .column_inserts = o->column_inserts,
                      .on_conflict_do_nothing = o->on_conflict_do_nothing,
                      .disable_triggers = o->disable_triggers,
                      .create_schema_if_not_exists = !o->stand_in && (!o->clean || o->create_database),
                      .no_tablespaces = o->no_tablespaces,
                      .no_table_access_method = o->no_table_access_method,
                      .no_toast_compression = o->no_toast_compression,
                      .no_policies = o->no_policies,
                      .no_publications = o->no_publications,
                      .no_subscriptions = o->no_subscriptions,
                      .no_security_labels = o->no_security_labels,
                      .enable_row_security = o->enable_row_security,
                      .disable_dollar_quoting = o->disable_dollar_quoting,
                      .load_via_partition_root = o->load_via_partition_root,
                      .stand_in = o->stand_in,
                      .session_authorization = o->use_set_session_authorization,
                      .superuser = o->superuser,
                      .site = spares_platform(o) ? &dn_supabase_site : NULL};
}
