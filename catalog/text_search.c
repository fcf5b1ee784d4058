/*
 * Text search: parsers, templates, dictionaries, and configurations with their mappings. They all live in
 * schemas, and none has privileges; parsers and templates don't even have an owner, since only superusers
 * can make them.
 */
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/* A function as regproc spells it; NULL where there is none. */
#define FUNCTION(column)                                                                                     \
    "CASE WHEN " column "::pg_catalog.oid <> 0 THEN " column "::pg_catalog.regproc::pg_catalog.text END"

/* ---- Parsers --------------------------------------------------------------------- */

enum { PRS_OID, PRS_NAME, PRS_SCHEMA, PRS_START, PRS_TOKEN, PRS_END, PRS_HEADLINE, PRS_LEXTYPES };

static const DnSqlPart parser_columns[] = {
    [PRS_OID] = {.text = "p.oid"},
    [PRS_NAME] = {.text = "p.prsname"},
    [PRS_SCHEMA] = {.text = "p.prsnamespace"},
    [PRS_START] = {.text = FUNCTION("p.prsstart")},
    [PRS_TOKEN] = {.text = FUNCTION("p.prstoken")},
    [PRS_END] = {.text = FUNCTION("p.prsend")},
    [PRS_HEADLINE] = {.text = FUNCTION("p.prsheadline")},
    [PRS_LEXTYPES] = {.text = FUNCTION("p.prslextype")},
};

static const DnSqlPart parser_from[] = {
    {.text = "FROM pg_catalog.pg_ts_parser p WHERE p.oid >= " DN_FIRST_OID " ORDER BY p.oid"},
};

static DnStatus take_parsers(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTsParser *parser =
            DN_ADD(model, DnTsParser, DN_KIND_TS_PARSER, dn_rows_oid(rows, i, PRS_OID),
                   dn_rows_str(rows, i, PRS_NAME), dn_model_schema(model, dn_rows_oid(rows, i, PRS_SCHEMA)));
        if (!parser) {
            return dn_err_nomem(err);
        }
        parser->start = dn_row_text(model, rows, i, PRS_START);
        parser->get_token = dn_row_text(model, rows, i, PRS_TOKEN);
        parser->end = dn_row_text(model, rows, i, PRS_END);
        parser->headline = dn_row_text(model, rows, i, PRS_HEADLINE);
        parser->lextypes = dn_row_text(model, rows, i, PRS_LEXTYPES);
        dn_select_object(catalog, &parser->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_ts_parsers = {.what = "reading text search parsers",
                                     .scope = DN_SCOPE_ALL,
                                     .only_with = DN_WITH_TS_PARSER,
                                     DN_COLUMNS(parser_columns),
                                     DN_FROM(parser_from),
                                     .rows = take_parsers};

/* ---- Templates ------------------------------------------------------------------- */

enum { TMPL_OID, TMPL_NAME, TMPL_SCHEMA, TMPL_INIT, TMPL_LEXIZE };

static const DnSqlPart template_columns[] = {
    [TMPL_OID] = {.text = "t.oid"},
    [TMPL_NAME] = {.text = "t.tmplname"},
    [TMPL_SCHEMA] = {.text = "t.tmplnamespace"},
    [TMPL_INIT] = {.text = FUNCTION("t.tmplinit")},
    [TMPL_LEXIZE] = {.text = FUNCTION("t.tmpllexize")},
};

static const DnSqlPart template_from[] = {
    {.text = "FROM pg_catalog.pg_ts_template t WHERE t.oid >= " DN_FIRST_OID " ORDER BY t.oid"},
};

static DnStatus take_templates(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTsTemplate *template = DN_ADD(model, DnTsTemplate, DN_KIND_TS_TEMPLATE,
                                        dn_rows_oid(rows, i, TMPL_OID), dn_rows_str(rows, i, TMPL_NAME),
                                        dn_model_schema(model, dn_rows_oid(rows, i, TMPL_SCHEMA)));
        if (!template) {
            return dn_err_nomem(err);
        }
        template->init = dn_row_text(model, rows, i, TMPL_INIT);
        template->lexize = dn_row_text(model, rows, i, TMPL_LEXIZE);
        dn_select_object(catalog, &template->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_ts_templates = {.what = "reading text search templates",
                                       .scope = DN_SCOPE_ALL,
                                       .only_with = DN_WITH_TS_TEMPLATE,
                                       DN_COLUMNS(template_columns),
                                       DN_FROM(template_from),
                                       .rows = take_templates};

/* ---- Dictionaries ---------------------------------------------------------------- */

enum { DICT_OID, DICT_NAME, DICT_SCHEMA, DICT_OWNER, DICT_TEMPLATE_SCHEMA, DICT_TEMPLATE, DICT_OPTIONS };

static const DnSqlPart dictionary_columns[] = {
    [DICT_OID] = {.text = "d.oid"},
    [DICT_NAME] = {.text = "d.dictname"},
    [DICT_SCHEMA] = {.text = "d.dictnamespace"},
    [DICT_OWNER] = {.text = "pg_catalog.pg_get_userbyid(d.dictowner)"},
    [DICT_TEMPLATE_SCHEMA] = {.text = "n.nspname"},
    [DICT_TEMPLATE] = {.text = "t.tmplname"},
    [DICT_OPTIONS] = {.text = "d.dictinitoption"},
};

static const DnSqlPart dictionary_from[] = {
    {.text = "FROM pg_catalog.pg_ts_dict d"},
    {.text = "JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate"},
    {.text = "JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace"},
    {.text = "WHERE d.oid >= " DN_FIRST_OID " ORDER BY d.oid"},
};

static DnStatus take_dictionaries(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTsDictionary *dictionary = DN_ADD(model, DnTsDictionary, DN_KIND_TS_DICTIONARY,
                                            dn_rows_oid(rows, i, DICT_OID), dn_rows_str(rows, i, DICT_NAME),
                                            dn_model_schema(model, dn_rows_oid(rows, i, DICT_SCHEMA)));
        if (!dictionary) {
            return dn_err_nomem(err);
        }
        dictionary->object.owner = dn_row_text(model, rows, i, DICT_OWNER);
        dictionary->template_schema = dn_row_text(model, rows, i, DICT_TEMPLATE_SCHEMA);
        dictionary->template_name = dn_row_text(model, rows, i, DICT_TEMPLATE);
        dictionary->options = dn_row_text(model, rows, i, DICT_OPTIONS);
        dn_select_object(catalog, &dictionary->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_ts_dictionaries = {.what = "reading text search dictionaries",
                                          .scope = DN_SCOPE_ALL,
                                          .only_with = DN_WITH_TS_DICT,
                                          DN_COLUMNS(dictionary_columns),
                                          DN_FROM(dictionary_from),
                                          .rows = take_dictionaries};

/* ---- Configurations -------------------------------------------------------------- */

enum { CFG_OID, CFG_NAME, CFG_SCHEMA, CFG_OWNER, CFG_PARSER_SCHEMA, CFG_PARSER };

static const DnSqlPart configuration_columns[] = {
    [CFG_OID] = {.text = "c.oid"},
    [CFG_NAME] = {.text = "c.cfgname"},
    [CFG_SCHEMA] = {.text = "c.cfgnamespace"},
    [CFG_OWNER] = {.text = "pg_catalog.pg_get_userbyid(c.cfgowner)"},
    [CFG_PARSER_SCHEMA] = {.text = "n.nspname"},
    [CFG_PARSER] = {.text = "p.prsname"},
};

static const DnSqlPart configuration_from[] = {
    {.text = "FROM pg_catalog.pg_ts_config c"},
    {.text = "JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser"},
    {.text = "JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace"},
    {.text = "WHERE c.oid >= " DN_FIRST_OID " ORDER BY c.oid"},
};

static DnStatus take_configurations(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTsConfiguration *configuration =
            DN_ADD(model, DnTsConfiguration, DN_KIND_TS_CONFIGURATION, dn_rows_oid(rows, i, CFG_OID),
                   dn_rows_str(rows, i, CFG_NAME), dn_model_schema(model, dn_rows_oid(rows, i, CFG_SCHEMA)));
        if (!configuration) {
            return dn_err_nomem(err);
        }
        configuration->object.owner = dn_row_text(model, rows, i, CFG_OWNER);
        configuration->parser_schema = dn_row_text(model, rows, i, CFG_PARSER_SCHEMA);
        configuration->parser_name = dn_row_text(model, rows, i, CFG_PARSER);
        dn_select_object(catalog, &configuration->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_ts_configurations = {.what = "reading text search configurations",
                                            .scope = DN_SCOPE_ALL,
                                            .only_with = DN_WITH_TS_CONFIG,
                                            DN_COLUMNS(configuration_columns),
                                            DN_FROM(configuration_from),
                                            .rows = take_configurations};

/* ---- Mappings of configurations -------------------------------------------------- */

enum { MAP_CONFIGURATION, MAP_TOKEN, MAP_DICTIONARY };

/* The catalog knows tokens by number; what a number is called only the parser can tell. */
static const DnSqlPart mapping_columns[] = {
    [MAP_CONFIGURATION] = {.text = "m.mapcfg"},
    [MAP_TOKEN] = {.text = "(SELECT t.alias FROM pg_catalog.ts_token_type(c.cfgparser) t "
                           "WHERE t.tokid = m.maptokentype)"},
    [MAP_DICTIONARY] = {.text = "m.mapdict::pg_catalog.regdictionary"},
};

static const DnSqlPart mapping_from[] = {
    {.text = "FROM pg_catalog.pg_ts_config_map m JOIN pg_catalog.pg_ts_config c ON c.oid = m.mapcfg "
             "WHERE c.oid >= " DN_FIRST_OID " ORDER BY m.mapcfg, m.maptokentype, m.mapseqno"},
};

static DnStatus take_mappings(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTsConfiguration *configuration = (DnTsConfiguration *)dn_model_find(
            model, DN_CLASS_TS_CONFIG, dn_rows_oid(rows, i, MAP_CONFIGURATION));
        if (!configuration) {
            continue;
        }
        const DnTsMapping mapping = {.token = dn_row_text(model, rows, i, MAP_TOKEN),
                                     .dictionary = dn_row_text(model, rows, i, MAP_DICTIONARY)};
        DN_PUSH(&model->arena, &configuration->mappings, mapping);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_ts_mappings = {.what = "reading text search mappings",
                                      .scope = DN_SCOPE_ALL,
                                      .only_with = DN_WITH_TS_CONFIG,
                                      DN_COLUMNS(mapping_columns),
                                      DN_FROM(mapping_from),
                                      .rows = take_mappings};
