/* text_search.h - text search parsers, templates, dictionaries and configurations. */
#ifndef DN_CATALOG_MODEL_TEXT_SEARCH_H
#define DN_CATALOG_MODEL_TEXT_SEARCH_H

#include "catalog/model/object.h"

/* Functions are spelled as regproc does it: with a schema unless it is pg_catalog. */
typedef struct DnTsParser {
    DnObject object;
    const char *start, *get_token, *end, *lextypes;
    const char *headline; /* or NULL */
} DnTsParser;

typedef struct DnTsTemplate {
    DnObject object;
    const char *init; /* or NULL */
    const char *lexize;
} DnTsTemplate;

typedef struct DnTsDictionary {
    DnObject object;
    const char *template_schema, *template_name;
    const char *options; /* "stopwords = 'english'" or NULL */
} DnTsDictionary;

/* A token goes through its dictionaries in the order of the list. */
typedef struct DnTsMapping {
    const char *token;      /* asciiword, ... as the parser calls it */
    const char *dictionary; /* quoted, as regdictionary does it */
} DnTsMapping;

typedef struct DnTsConfiguration {
    DnObject object;
    const char *parser_schema, *parser_name;
    DN_VEC(DnTsMapping) mappings; /* by token; all of one token together */
} DnTsConfiguration;

#endif
