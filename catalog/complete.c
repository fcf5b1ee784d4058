#include "catalog/complete.h"

#include <string.h>

#include "catalog/model/kind.h"
#include "catalog/readable.h"

/* ---- Data ------------------------------------------------------------------------ */

static bool has_data(const DnSelection *selection, const DnRelation *r) {
    if (!(r->object.dump & DN_PART_DATA) && !r->is_config) {
        return false;
    }
    /* Views have no rows, partitioned tables leave theirs to the partitions, foreign ones to the server. */
    if (r->relkind == 'f' && !dn_selected(selection, DN_USE_FOREIGN_DATA, r->foreign_server_oid)) {
        return false;
    }
    if (r->relkind != 'r' && r->relkind != 'm' && r->relkind != 'S' && r->relkind != 'f') {
        return false;
    }
    if (r->persistence == 'u' && selection->no_unlogged_data) {
        return false;
    }
    if (selection->schema_only && !(selection->sequence_data && r->relkind == 'S')) {
        return false;
    }
    return !dn_selected(selection, DN_USE_NO_DATA, r->object.oid);
}

static DnKind data_kind(char relkind) {
    return relkind == 'm'   ? DN_KIND_MATVIEW_REFRESH
           : relkind == 'S' ? DN_KIND_SEQUENCE_SET
                            : DN_KIND_TABLE_DATA;
}

static void add_data(DnModel *model, DnRelation *r) {
    DnTableData *data =
        DN_ADD(model, DnTableData, data_kind(r->relkind), 0, r->object.name, r->object.schema);
    if (data) {
        data->object.owner = r->object.owner;
        data->object.dump = DN_PART_ALL;
        data->table = r;
        data->filter = r->config_filter;
        dn_depend(model, &data->object, r->object.id);
        r->data = &data->object;
    }
}

/* The populated matviews that `object` (a matview, a view, or a rule of one) reads, through views. */
static bool add_refresh_order(DnModel *model, DnRelation *matview, const DnObject *object, int depth) {
    bool populated = true;
    for (size_t i = 0; i < object->depends_on.count && depth < 100; i++) {
        const DnObject *ref = dn_model_by_id(model, object->depends_on.items[i]);
        const DnRelation *relation = (const DnRelation *)ref;
        if (!ref || ref == &matview->object || ref == object) {
            continue;
        }
        if (ref->kind == DN_KIND_TABLE && relation->relkind == 'm') {
            if (relation->data) {
                dn_depend(model, matview->data, relation->data->id);
            }
            populated = populated && relation->populated;
        } else if (ref->kind == DN_KIND_RULE || ref->kind == DN_KIND_VIEW) {
            populated = add_refresh_order(model, matview, ref, depth + 1) && populated;
        }
    }
    return populated;
}

static void order_refreshes(DnModel *model) {
    size_t count = model->objects.count;
    for (size_t i = 0; i < count; i++) {
        DnRelation *r = (DnRelation *)model->objects.items[i];
        if (r->object.kind == DN_KIND_TABLE && r->relkind == 'm' && r->data &&
            !add_refresh_order(model, r, &r->object, 0)) {
            r->populated = false; /* it reads a matview that has nothing to give */
        }
    }
}

/* Where the keys are there before the rows, rows must come after those that their keys point to: without the
   schema (data only), and in tables that CREATE EXTENSION makes. */
static void order_rows_by_keys(DnCatalog *catalog) {
    DnModel *model = catalog->model;
    bool all = catalog->selection.data_only;
    size_t count = model->objects.count;
    for (size_t i = 0; i < count; i++) {
        const DnConstraint *key = (const DnConstraint *)model->objects.items[i];
        if (key->object.kind != DN_KIND_FK_CONSTRAINT || !key->table || !key->table->data) {
            continue;
        }
        const DnRelation *referenced = dn_model_relation(model, key->foreign_table);
        if (referenced && referenced->data && (all || key->table->is_config)) {
            if (referenced == key->table && catalog->selection.stand_in) {
                /* One COPY fills the table before its keys are checked, so ours says nothing; pg_dump
                   warns. */
                dn_depend_on_itself(model, key->table->data);
            }
            dn_depend(model, key->table->data, referenced->data->id);
        }
    }
}

/* ---- Statistics ------------------------------------------------------------------ */

static DnStatisticsData *add_statistics(DnModel *model, const DnObject *relation, const DnObject *of) {
    DnStatisticsData *statistics =
        DN_ADD(model, DnStatisticsData, DN_KIND_STATISTICS_DATA, 0, relation->name, of->schema);
    if (statistics) {
        statistics->object.dump = DN_PART_ALL;
        statistics->relation = relation;
        dn_depend(model, &statistics->object, relation->id);
    }
    return statistics;
}

/* REFRESH makes a materialized view's storage anew, and with it what is known of it. */
static void add_table_statistics(DnModel *model, const DnRelation *r) {
    DnStatisticsData *statistics = add_statistics(model, &r->object, &r->object);
    if (statistics && r->relkind == 'm' && r->data) {
        statistics->post_data = true;
        dn_depend(model, &statistics->object, r->data->id);
    }
}

static void add_index_statistics(DnModel *model, const DnIndex *index) {
    DnStatisticsData *statistics = add_statistics(model, &index->object, &index->table->object);
    if (statistics) {
        statistics->post_data = true;
        statistics->of_index = true;
        if (index->constraint) {
            dn_depend(model, &statistics->object, index->constraint->object.id);
        }
    }
}

/* A table of the system or of an extension, of which only privileges or policies are written. */
static bool is_only_amended(const DnRelation *table) {
    return table->object.dump && !(table->object.dump & (DN_PART_DEFINITION | DN_PART_DATA));
}

static void add_all_statistics(DnModel *model) {
    size_t count = model->objects.count;
    for (size_t i = 0; i < count; i++) {
        const DnObject *object = model->objects.items[i];
        if (object->kind == DN_KIND_TABLE && ((const DnRelation *)object)->has_statistics) {
            add_table_statistics(model, (const DnRelation *)object);
        } else if (object->kind == DN_KIND_INDEX && !is_only_amended(((const DnIndex *)object)->table)) {
            add_index_statistics(model, (const DnIndex *)object);
        }
    }
}

static DnObject *add_boundary(DnModel *model, DnKind kind) {
    return dn_model_add(model, sizeof(DnObject), kind, 0, "", NULL);
}

void dn_complete_data(DnCatalog *catalog) {
    DnModel *model = catalog->model;
    size_t count = model->objects.count;
    for (size_t i = 0; i < count; i++) {
        DnRelation *r = (DnRelation *)model->objects.items[i];
        bool relation = r->object.kind == DN_KIND_TABLE || r->object.kind == DN_KIND_SEQUENCE;
        bool rows = relation && has_data(&catalog->selection, r);
        if (relation && dn_readable(catalog, r, rows) && rows) {
            add_data(model, r);
        }
    }
    if (catalog->selection.statistics) {
        add_all_statistics(model);
    }
    order_refreshes(model);
    order_rows_by_keys(catalog);
    model->pre_boundary = add_boundary(model, DN_KIND_PRE_BOUNDARY);
    model->post_boundary = add_boundary(model, DN_KIND_POST_BOUNDARY);
}

/* ---- What the selection needs ---------------------------------------------------- */

static void need_extension(DnModel *model, DnObject *object) {
    DnExtension *extension = (DnExtension *)object;
    if (dn_is_builtin(object->oid) || (object->dump & DN_PART_DEFINITION)) {
        return;
    }
    object->needed = true;
    object->dump |= DN_PART_DEFINITION;
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *schema = model->objects.items[i];
        if (schema->kind != DN_KIND_SCHEMA || !extension->schema_name ||
            strcmp(schema->name, extension->schema_name) != 0) {
            continue;
        }
        dn_depend(model, object, schema->id);
        if (!dn_is_builtin(schema->oid) && !(schema->dump & DN_PART_DEFINITION) &&
            schema->member_of != extension && !((const DnSchema *)schema)->managed) {
            schema->needed = true;
            schema->dump |= DN_PART_DEFINITION;
        }
    }
}

static void need(DnCatalog *catalog, DnObject *ref);

static void need_extension_named(DnModel *model, const char *name) {
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        if (object->kind == DN_KIND_EXTENSION && strcmp(object->name, name) == 0) {
            need_extension(model, object);
        }
    }
}

/* Rows of an extension's configuration table have no other place to go. */
static bool is_config_table(const DnObject *object) {
    return (object->kind == DN_KIND_TABLE || object->kind == DN_KIND_SEQUENCE) &&
           ((const DnRelation *)object)->is_config;
}

static void need_all(DnCatalog *catalog, const DnObject *object) {
    for (size_t i = 0; i < object->depends_on_extensions.count; i++) {
        need_extension_named(catalog->model, object->depends_on_extensions.items[i]);
    }
    for (size_t i = 0; i < object->depends_on.count; i++) {
        DnObject *ref = dn_model_by_id(catalog->model, object->depends_on.items[i]);
        if (ref) {
            need(catalog, ref);
        }
    }
}

static void need(DnCatalog *catalog, DnObject *ref) {
    if (ref->kind == DN_KIND_EXTENSION) {
        need_extension(catalog->model, ref);
    } else if (ref->member_of) {
        need_extension(catalog->model, (DnObject *)(uintptr_t)ref->member_of);
    } else if (dn_kind_need(ref->kind) == DN_NEED_ALONG && !dn_is_builtin(ref->oid) &&
               !(ref->dump & DN_PART_DEFINITION)) {
        ref->needed = true;
        ref->dump |= DN_PART_DEFINITION;
        need_all(catalog, ref);
    }
}

/* The object that the user would name: a table or view, not its row type, its default, or its rule. */
static const DnObject *visible(const DnModel *model, const DnObject *object) {
    if (object->kind == DN_KIND_IMPLICIT_TYPE) {
        const DnType *type = (const DnType *)object;
        const DnRelation *table = dn_model_relation(model, type->relation);
        const DnType *element = dn_model_type(model, type->element);
        return table ? &table->object : element ? visible(model, &element->object) : object;
    }
    if (object->kind == DN_KIND_RULE) {
        return &((const DnRule *)object)->table->object;
    }
    return object->kind == DN_KIND_DEFAULT ? &((const DnDefault *)object)->table->object : object;
}

static bool is_told(DnMap *told, const DnObject *object) {
    return dn_map_get(told, dn_map_key(0, (uint32_t)object->id)) != NULL;
}

static void warn_of_missing(DnCatalog *catalog, DnMap *told, const DnObject *object, const DnObject *ref) {
    ref = visible(catalog->model, ref);
    bool missing = dn_kind_need(ref->kind) == DN_NEED_TOLD && ref->schema && !ref->schema->managed &&
                   !ref->member_of && !dn_is_builtin(ref->oid) && !(ref->dump & DN_PART_DEFINITION);
    if (!missing || is_told(told, ref)) {
        return;
    }
    const DnRelation *relation = (const DnRelation *)ref;
    if (ref->kind == DN_KIND_TABLE && relation->relkind == 'c') {
        return; /* told of as the type */
    }
    dn_map_put(&catalog->model->arena, told, dn_map_key(0, (uint32_t)ref->id), (void *)(uintptr_t)ref);
    DnBuf text = {0};
    object = visible(catalog->model, object);
    dn_buf_fmt(&text, "%s%s%s needs %s.%s, which is not in the dump: restoring needs it in place first",
               object->schema ? object->schema->object.name : "", object->schema ? "." : "", object->name,
               ref->schema->object.name, ref->name);
    catalog->warn(catalog->ctx, dn_buf_text(&text));
    dn_buf_deinit(&text);
}

static bool has_needs(const DnObject *object) {
    return (object->dump & DN_PART_DEFINITION) && !object->member_of && object->kind != DN_KIND_EXTENSION &&
           object->kind != DN_KIND_SCHEMA;
}

void dn_complete_needed(DnCatalog *catalog) {
    DnModel *model = catalog->model;
    DnMap told = {0};
    if (!catalog->selection.with_needed || catalog->selection.data_only) {
        return;
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        if (is_config_table(object)) {
            need(catalog, object);
        }
        if (has_needs(object)) {
            need_all(catalog, object);
        }
    }
    /* Only now, as what is carried along has needs itself. */
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        for (size_t d = 0; has_needs(object) && d < object->depends_on.count; d++) {
            const DnObject *ref = dn_model_by_id(model, object->depends_on.items[d]);
            if (ref) {
                warn_of_missing(catalog, &told, object, ref);
            }
        }
    }
}
