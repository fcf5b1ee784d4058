#include "sqlgen/statistics_data.h"

#include "catalog/model/kind.h"
#include "sqlgen/statement.h"

void dn_render_statistics_data(const DnRender *render, const DnObject *object, DnEntries *entries) {
    (void)render;
    const DnStatisticsData *statistics = (const DnStatisticsData *)object;
    DnEntry *entry = dn_entry_add(entries, object, "STATISTICS DATA");
    entry->section = dn_object_section(object);
    /* What refreshes leave behind is overwritten only once they are done. */
    entry->pass = statistics->post_data ? DN_PASS_POST_ACL : DN_PASS_MAIN;
    entry->statistics = statistics;
}

static const struct {
    bool of_relation;
    const char *name, *type;
} figures[DN_STATISTICS_COUNT] = {
#define DN_RELATION_STATISTIC(name, type, since, before) [DN_STATISTICS_##name] = {true, #name, type},
#define DN_COLUMN_STATISTIC(name, type, since, before)   [DN_STATISTICS_##name] = {false, #name, type},
#include "catalog/model/statistics_data.def"
#undef DN_RELATION_STATISTIC
#undef DN_COLUMN_STATISTIC
};

static void argument(DnBuf *sql, const DnRender *render, const char *name, const char *value,
                     const char *type) {
    dn_buf_fmt(sql, ",\n\t'%s', ", name);
    dn_literal(sql, &render->spelling, value);
    dn_buf_str(sql, type ? "::" : "");
    dn_buf_str(sql, type ? type : "");
}

static void begin_call(DnBuf *sql, const DnRender *render, const char *function,
                       const DnStatisticsData *statistics) {
    dn_buf_fmt(sql, "SELECT * FROM pg_catalog.%s(\n\t'version', '%d'::integer", function,
               render->model->server_version);
    argument(sql, render, "schemaname", statistics->object.schema->object.name, NULL);
    argument(sql, render, "relname", statistics->object.name, NULL);
}

static void end_call(DnBuf *sql, const DnRender *render, bool of_relation, DnValueFn value, void *ctx) {
    for (size_t i = 0; i < DN_STATISTICS_COUNT; i++) {
        const char *text = figures[i].name && figures[i].of_relation == of_relation ? value(ctx, i) : NULL;
        if (text) {
            argument(sql, render, figures[i].name, text, figures[i].type);
        }
    }
    dn_end_with(sql, "\n)");
}

void dn_statistics_row(DnBuf *sql, const DnRender *render, const DnStatisticsData *statistics, bool first,
                       DnValueFn value, void *ctx) {
    if (first) {
        begin_call(sql, render, "pg_restore_relation_stats", statistics);
        end_call(sql, render, true, value, ctx);
    }
    const char *column = value(ctx, DN_STATISTICS_ATTRIBUTE);
    if (!column) {
        return;
    }
    begin_call(sql, render, "pg_restore_attribute_stats", statistics);
    if (statistics->of_index) {
        /* The names of an index's columns are made up, and not the same after a restore. */
        argument(sql, render, "attnum", value(ctx, DN_STATISTICS_NUMBER), "smallint");
    } else {
        argument(sql, render, "attname", column, NULL);
    }
    argument(sql, render, "inherited", value(ctx, DN_STATISTICS_INHERITED), "boolean");
    end_call(sql, render, false, value, ctx);
}
