#include "restore/meta.h"

#include <stdio.h>
#include <string.h>

DnMeta dn_meta_parse(const DnSqlItem *item) {
    DnMeta meta = {0};
    const char *text = item->text + item->start + 1;
    size_t length = strcspn(text, " \t\r\n");
    (void)snprintf(meta.name, sizeof meta.name, "%.*s", (int)length, text);
    meta.arguments = text + length + strspn(text + length, " \t");
    meta.arguments_size = strcspn(meta.arguments, "\r\n");
    while (meta.arguments_size && strchr(" \t", meta.arguments[meta.arguments_size - 1])) {
        meta.arguments_size--;
    }
    length = strcspn(meta.arguments, " \t\r\n");
    (void)snprintf(meta.argument, sizeof meta.argument, "%.*s", (int)length, meta.arguments);
    return meta;
}

bool dn_meta_connects(const DnMeta *meta) {
    return strcmp(meta->name, "connect") == 0 || strcmp(meta->name, "c") == 0;
}

static bool add(char *text, size_t size, size_t *length, char c) {
    if (*length + 1 >= size) {
        return false;
    }
    text[(*length)++] = c;
    text[*length] = '\0';
    return true;
}

/* All of the text is one argument: "..." with doubled quotes, or no blank and no quote. */
static bool one_argument(const char *text, size_t text_size, char *argument, size_t size) {
    bool quoted = text_size >= 2 && text[0] == '"' && text[text_size - 1] == '"';
    size_t length = 0;
    argument[0] = '\0';
    for (size_t i = quoted; i < text_size - quoted; i++) {
        bool doubled = quoted && text[i] == '"' && i + 1 < text_size - quoted && text[i + 1] == '"';
        if ((quoted && text[i] == '"' && !doubled) || (!quoted && strchr(" \t\"'`:", text[i])) ||
            !add(argument, size, &length, text[i])) {
            return false;
        }
        i += doubled;
    }
    return length > 0;
}

/* dbname='NAME' with its backslashes, or dbname=NAME. */
static bool conninfo_database(const char *text, char *database, size_t size) {
    static const char key[] = "dbname=";
    if (strncmp(text, key, strlen(key)) != 0) {
        return false;
    }
    text += strlen(key);
    bool quoted = *text == '\'';
    size_t length = 0;
    for (text += quoted; *text && !(quoted && *text == '\''); text++) {
        text += text[0] == '\\' && text[1];
        if ((!quoted && *text == ' ') || !add(database, size, &length, *text)) {
            return false;
        }
    }
    return length > 0 && (quoted ? text[0] == '\'' && !text[1] : true);
}

bool dn_meta_database(const DnMeta *meta, char *database, size_t size) {
    static const char reuse[] = "-reuse-previous=on";
    if (strcmp(meta->argument, reuse) != 0) {
        /* psql takes a connection string in place of a name, too */
        return one_argument(meta->arguments, meta->arguments_size, database, size) &&
               !strchr(database, '=') && !strstr(database, "://") && database[0] != '-';
    }
    char conninfo[512] = "";
    size_t skip = strlen(reuse);
    while (skip < meta->arguments_size && strchr(" \t", meta->arguments[skip])) {
        skip++;
    }
    return one_argument(meta->arguments + skip, meta->arguments_size - skip, conninfo, sizeof conninfo) &&
           conninfo_database(conninfo, database, size);
}
