/*
 * Publications, and the tables and schemas that they publish. A publication belongs to no schema: it is
 * dumped with the whole database only, and so is what it publishes.
 */
#include "catalog/fetch.h"
#include "common/err.h"
#include "common/pgarray.h"

/* ---- Publications ---------------------------------------------------------------- */

enum {
    PUB_OID,
    PUB_NAME,
    PUB_OWNER,
    PUB_ALL_TABLES,
    PUB_INSERT,
    PUB_UPDATE,
    PUB_DELETE,
    PUB_TRUNCATE,
    PUB_VIA_ROOT,
    PUB_GENERATED
};

static const DnSqlPart publication_columns[] = {
    [PUB_OID] = {.text = "p.oid"},
    [PUB_NAME] = {.text = "p.pubname"},
    [PUB_OWNER] = {.text = "pg_catalog.pg_get_userbyid(p.pubowner)"},
    [PUB_ALL_TABLES] = {.text = "p.puballtables"},
    [PUB_INSERT] = {.text = "p.pubinsert"},
    [PUB_UPDATE] = {.text = "p.pubupdate"},
    [PUB_DELETE] = {.text = "p.pubdelete"},
    [PUB_TRUNCATE] = {.text = "p.pubtruncate"},
    [PUB_VIA_ROOT] = {.text = "p.pubviaroot", .since = 130000, .otherwise = "false"},
    [PUB_GENERATED] = {.text = "p.pubgencols = 's'", .since = 180000, .otherwise = "false"},
};

static const DnSqlPart publication_from[] = {
    {.text = "FROM pg_catalog.pg_publication p ORDER BY p.oid"},
};

static DnStatus take_publications(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnPublication *publication =
            DN_ADD(model, DnPublication, DN_KIND_PUBLICATION, dn_rows_oid(rows, i, PUB_OID),
                   dn_rows_str(rows, i, PUB_NAME), NULL);
        if (!publication) {
            return dn_err_nomem(err);
        }
        publication->object.owner = dn_row_text(model, rows, i, PUB_OWNER);
        publication->all_tables = dn_rows_bool(rows, i, PUB_ALL_TABLES);
        publication->inserts = dn_rows_bool(rows, i, PUB_INSERT);
        publication->updates = dn_rows_bool(rows, i, PUB_UPDATE);
        publication->deletes = dn_rows_bool(rows, i, PUB_DELETE);
        publication->truncates = dn_rows_bool(rows, i, PUB_TRUNCATE);
        publication->via_root = dn_rows_bool(rows, i, PUB_VIA_ROOT);
        publication->generated_columns = dn_rows_bool(rows, i, PUB_GENERATED);
        dn_select_object(catalog, &publication->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_publications = {.what = "reading publications",
                                       .scope = DN_SCOPE_ALL,
                                       .only_with = DN_WITH_PUBLICATION,
                                       DN_COLUMNS(publication_columns),
                                       DN_FROM(publication_from),
                                       .rows = take_publications};

/* A table that is not created can be added to nothing either; but 18's pg_dump trusts that it is there. */
static bool is_there_to_publish(const DnCatalog *catalog, unsigned dumped_parts) {
    return dumped_parts || (catalog->selection.stand_in && dn_model_major(catalog->model) >= 18);
}

/* What is published follows the whole database, not the schema of the table. */
static void select_published(const DnCatalog *catalog, DnObject *object) {
    if (!dn_select_member(catalog, object)) {
        object->dump = catalog->selection.whole_database ? DN_PART_ALL : DN_PART_NONE;
    }
}

static const DnPublication *find_publication(const DnModel *model, uint32_t oid) {
    return (const DnPublication *)dn_model_find(model, DN_CLASS_PUBLICATION, oid);
}

/* ---- Their tables ---------------------------------------------------------------- */

enum { TAB_OID, TAB_PUBLICATION, TAB_RELATION, TAB_COLUMNS, TAB_FILTER };

static const DnSqlPart table_columns[] = {
    [TAB_OID] = {.text = "r.oid"},
    [TAB_PUBLICATION] = {.text = "r.prpubid"},
    [TAB_RELATION] = {.text = "r.prrelid"},
    [TAB_COLUMNS] = {.text =
                         "CASE WHEN r.prattrs IS NOT NULL THEN ARRAY(SELECT a.attname "
                         "FROM pg_catalog.unnest(r.prattrs::pg_catalog.int2[]) WITH ORDINALITY c(number, n) "
                         "JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = c.number "
                         "ORDER BY c.n) END",
                     .since = 150000},
    [TAB_FILTER] = {.text = "pg_catalog.pg_get_expr(r.prqual, r.prrelid)", .since = 150000},
};

static const DnSqlPart table_from[] = {
    {.text = "FROM pg_catalog.pg_publication_rel r ORDER BY r.oid"},
};

static bool take_columns(DnModel *model, DnPublicationTable *published, const char *text) {
    const char **names;
    int count = dn_pgarray_split(&model->arena, text, &names);
    for (int i = 0; i < count; i++) {
        DN_PUSH(&model->arena, &published->columns, names[i]);
    }
    return count >= 0;
}

static DnStatus take_tables(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        const DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, i, TAB_RELATION));
        const DnPublication *publication = find_publication(model, dn_rows_oid(rows, i, TAB_PUBLICATION));
        if (!publication || !table ||
            !is_there_to_publish(catalog, table->object.dump & DN_PART_DEFINITION)) {
            continue;
        }
        DnPublicationTable *published =
            DN_ADD(model, DnPublicationTable, DN_KIND_PUBLICATION_TABLE, dn_rows_oid(rows, i, TAB_OID),
                   table->object.name, table->object.schema);
        if (!published || !take_columns(model, published, dn_rows_text(rows, i, TAB_COLUMNS))) {
            return dn_err_nomem(err);
        }
        published->object.owner = publication->object.owner;
        published->publication = publication;
        published->table = table;
        published->filter = dn_row_text(model, rows, i, TAB_FILTER);
        select_published(catalog, &published->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_publication_tables = {.what = "reading the tables of publications",
                                             .scope = DN_SCOPE_ALL,
                                             .only_with = DN_WITH_PUBLICATION,
                                             DN_COLUMNS(table_columns),
                                             DN_FROM(table_from),
                                             .rows = take_tables};

/* ---- Their schemas (15) ---------------------------------------------------------- */

enum { SCH_OID, SCH_PUBLICATION, SCH_SCHEMA };

static const DnSqlPart schema_columns[] = {
    [SCH_OID] = {.text = "s.oid"},
    [SCH_PUBLICATION] = {.text = "s.pnpubid"},
    [SCH_SCHEMA] = {.text = "s.pnnspid"},
};

static const DnSqlPart schema_from[] = {
    {.text = "FROM pg_catalog.pg_publication_namespace s ORDER BY s.oid"},
};

static DnStatus take_schemas(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        const DnSchema *schema = dn_model_schema(model, dn_rows_oid(rows, i, SCH_SCHEMA));
        const DnPublication *publication = find_publication(model, dn_rows_oid(rows, i, SCH_PUBLICATION));
        /* public is published even where initdb makes it and the dump does not. */
        if (!publication || !schema || !is_there_to_publish(catalog, schema->object.dump)) {
            continue;
        }
        DnPublicationSchema *published = DN_ADD(model, DnPublicationSchema, DN_KIND_PUBLICATION_SCHEMA,
                                                dn_rows_oid(rows, i, SCH_OID), schema->object.name, NULL);
        if (!published) {
            return dn_err_nomem(err);
        }
        published->object.owner = publication->object.owner;
        published->publication = publication;
        select_published(catalog, &published->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_publication_schemas = {.what = "reading the schemas of publications",
                                              .scope = DN_SCOPE_ALL,
                                              .only_with = DN_WITH_PUBLICATION,
                                              .since = 150000,
                                              DN_COLUMNS(schema_columns),
                                              DN_FROM(schema_from),
                                              .rows = take_schemas};
