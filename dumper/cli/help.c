#include "dumper/cli/help.h"

#include <string.h>

enum { HELP_COLUMN = 32, HELP_WIDTH = 80 };

/* Appends words from the current column on, broken before HELP_WIDTH and indented to HELP_COLUMN. */
static void add_wrapped(CliText *text, size_t column, const char *words) {
    if (column + 2 > HELP_COLUMN) {
        cli_text_str(text, "\n");
        column = 0;
    }
    cli_text_fmt(text, "%*s", (int)(HELP_COLUMN - column), "");
    column = HELP_COLUMN;
    while (*words) {
        size_t length = strcspn(words, " ");
        if (column > HELP_COLUMN && column + 1 + length >= HELP_WIDTH) {
            cli_text_fmt(text, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            cli_text_str(text, " ");
            column++;
        }
        cli_text_add(text, words, length);
        column += length;
        words += length + strspn(words + length, " ");
    }
    cli_text_str(text, "\n");
}

static void add_option(CliText *text, const CliOptionRow *row) {
    size_t start = text->size;
    if (row->letter) {
        cli_text_fmt(text, "  -%c, --%s", row->letter, row->name);
    } else {
        cli_text_fmt(text, "      --%s", row->name);
    }
    if (row->alias) {
        cli_text_fmt(text, ", --%s", row->alias);
    }
    if (row->arg) {
        cli_text_fmt(text, "=%s", row->arg);
    }
    add_wrapped(text, text->size - start, row->help);
}

static void add_section(CliText *text, const CliCommand *command, CliSection section) {
    bool any = false;
    for (size_t i = 0; i < cli_option_count; i++) {
        const CliOptionRow *row = &cli_option_rows[i];
        if (row->section == section && (row->commands & command->bit)) {
            if (!any) {
                cli_text_fmt(text, "\n%s:\n", cli_section_titles[section]);
            }
            any = true;
            add_option(text, row);
        }
    }
}

static void add_usage(CliText *text, const CliFace *face, const CliCommand *command) {
    cli_text_fmt(text, "  %s %s%s%s\n", face->program, command->name ? command->name : "",
                 command->name ? " " : "", command->synopsis);
}

void cli_help(CliText *text, const CliFace *face, const CliCommand *command, const CliCommand *commands,
              size_t count) {
    bool first = command->name == NULL;
    cli_text_fmt(text, "%s %s\n\nUsage:\n", face->program, command->summary);
    for (size_t i = 0; i < count; i++) {
        if (first || commands[i].bit == command->bit) {
            add_usage(text, face, &commands[i]);
        }
    }
    for (int section = 0; section < CLI_SECTION_COUNT; section++) {
        add_section(text, command, (CliSection)section);
    }
    if (first) {
        cli_text_str(
            text, "\nPATTERN is a name in which * and ? stand for anything; double quotes keep case, and a\n"
                  "dot separates schema from name. What the command line leaves open comes from PGHOST,\n"
                  "PGPORT, PGUSER, PGDATABASE, PGPASSWORD, PGSERVICE and ~/.pgpass, as with every libpq\n"
                  "program.\n");
    }
    cli_text_fmt(text, "\nExit status: 0 done, 1 failed, %d wrong usage", face->usage_status);
    if (command->bit & CLI_DUMP) {
        cli_text_fmt(text, ", %d done, but what standard error names is\nleft out", face->omission_status);
    }
    cli_text_str(text, ".\n");
}
