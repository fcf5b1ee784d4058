#include "common/env_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/env_vars.h"
#include "common/err.h"

/* ---- Secrets --------------------------------------------------------------------- */

/* memset() before free() is what compilers leave out. */
static void wipe(void *bytes, size_t size) {
    volatile char *byte = bytes;
    while (size--) {
        *byte++ = 0;
    }
}

void dn_env_free_value(char *value) {
    if (value) {
        wipe(value, strlen(value));
        free(value);
    }
}

char *dn_env_copy(const char *text, size_t size) {
    char *out = malloc(size + 1);
    if (out) {
        memcpy(out, text, size);
        out[size] = '\0';
    }
    return out;
}

void dn_env_file_free(DnEnvFile *file) {
    if (file) {
        for (size_t i = 0; i < file->count; i++) {
            dn_env_free_value(file->items[i].value);
            free(file->items[i].name);
        }
        free(file->items);
        free(file);
    }
}

/* ---- Variables ------------------------------------------------------------------- */

DnEnvVariable *dn_env_find(const DnEnvFile *file, const char *name, size_t size) {
    for (size_t i = 0; i < file->count; i++) {
        if (strlen(file->items[i].name) == size && memcmp(file->items[i].name, name, size) == 0) {
            return &file->items[i];
        }
    }
    return NULL;
}

/* Takes `value`. The last one of a name counts, in the place of the first. */
static bool set(DnEnvFile *file, const char *name, size_t size, char *value) {
    DnEnvVariable *known = value ? dn_env_find(file, name, size) : NULL;
    if (known) {
        dn_env_free_value(known->value);
        known->value = value;
        return true;
    }
    DnEnvVariable *items = value ? realloc(file->items, (file->count + 1) * sizeof *items) : NULL;
    char *own = items ? dn_env_copy(name, size) : NULL;
    file->items = items ? items : file->items;
    if (!own) {
        dn_env_free_value(value);
        return false;
    }
    file->items[file->count++] = (DnEnvVariable){.name = own, .value = value};
    return true;
}

const char *dn_env_file_value(const DnEnvFile *file, const char *name) {
    const DnEnvVariable *variable = file ? dn_env_find(file, name, strlen(name)) : NULL;
    return variable ? variable->value : NULL;
}

const char *dn_env_file_get(const DnEnvFile *file, const char *name) {
    const char *own = getenv(name);
    return own ? own : dn_env_file_value(file, name);
}

/* ---- Lines: dotenv --------------------------------------------------------------- */

static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\v' || c == '\f';
}

bool dn_env_is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_spaces(const char *p) {
    while (is_space(*p)) {
        p++;
    }
    return p;
}

/* After a value: nothing more in its line, or a comment. */
static bool ends_line(const char *p) {
    while (is_space(*p) && *p != '\n') {
        p++;
    }
    return *p == '\0' || *p == '\n' || *p == '#';
}

/* The end of a quoted value, past its last quote; NULL when it is none. A quote after a backslash is part of
   the value, unless only so the line comes out. */
static const char *quoted_end(const char *start) {
    const char *last = NULL;
    for (const char *p = start + 1; *p; p++) {
        if (*p == '\\' && p[1] == *start) {
            p++;
            last = ends_line(p + 1) ? p + 1 : last;
        } else if (*p == *start) {
            return ends_line(p + 1) ? p + 1 : last;
        }
    }
    return last;
}

static const char *key_end(const char *key) {
    while (dn_env_is_word(*key) || *key == '.' || *key == '-') {
        key++;
    }
    return key;
}

/* After "=" or ": "; NULL when there is neither. */
static const char *past_separator(const char *p) {
    const char *sign = skip_spaces(p);
    return *sign == '=' ? sign + 1 : *p == ':' && is_space(p[1]) ? p + 2 : NULL;
}

/* The line's key, after "export" where that is no key itself; NULL when the line has none. */
static const char *find_key(const char *line, const char **end, const char **value) {
    const char *key = skip_spaces(line);
    if (strncmp(key, "export", 6) == 0 && is_space(key[6])) {
        const char *exported = skip_spaces(key + 6);
        *end = key_end(exported);
        *value = *end > exported ? past_separator(*end) : NULL;
        if (*value) {
            return exported;
        }
    }
    *end = key_end(key);
    *value = *end > key ? past_separator(*end) : NULL;
    return *value ? key : NULL;
}

/* In double quotes \n and \r are line ends; it shrinks in its place. */
static void unescape(char *value) {
    char *out = value;
    for (const char *p = value; *p; p++) {
        bool escape = *p == '\\' && (p[1] == 'n' || p[1] == 'r');
        *out++ = escape ? (char)(*++p == 'n' ? '\n' : '\r') : *p;
    }
    *out = '\0';
}

static char *make_value(const char *start, const char *end) {
    while (start < end && is_space(*start)) {
        start++;
    }
    while (end > start && is_space(end[-1])) {
        end--;
    }
    char first = start < end ? *start : '\0';
    bool quoted = end - start > 1 && end[-1] == first && strchr("'\"`", first);
    char *value = dn_env_copy(start + quoted, (size_t)(end - start) - 2 * (size_t)quoted);
    if (value && first == '"') {
        unescape(value);
    }
    return value;
}

/* Takes the assignment at the beginning of `line`, and moves on behind it; false when memory is out. */
static bool take_line(DnEnvFile *file, const char **line) {
    const char *name_end;
    const char *value;
    const char *name = find_key(*line, &name_end, &value);
    const char *end = *line;
    bool taken = true;
    if (name) {
        const char *quote = skip_spaces(value);
        end = *quote && strchr("'\"`", *quote) ? quoted_end(quote) : NULL;
        end = end ? end : value + strcspn(value, "#\n");
        taken = set(file, name, (size_t)(name_end - name), make_value(value, end));
    }
    end += strcspn(end, "\n");
    *line = *end ? end + 1 : end;
    return taken;
}

/* ---- The whole ------------------------------------------------------------------- */

/* A copy with line ends of one kind, without a byte order mark. */
static char *make_text(const char *bytes, size_t size) {
    char *text = calloc(1, size + 1);
    char *out = text;
    size_t i = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (; text && i < size; i++) {
        if (bytes[i] != '\r') {
            *out++ = bytes[i];
        } else if (i + 1 == size || bytes[i + 1] != '\n') {
            *out++ = '\n';
        }
    }
    return text;
}

DnStatus dn_env_file_parse(const char *name, const char *bytes, size_t size, DnEnvLookup lookup,
                           DnEnvFile **out, DnErr *err) {
    *out = NULL;
    if (size > DN_ENV_FILE_MOST || (size && memchr(bytes, '\0', size))) {
        return dn_err(err, DN_E_USAGE, "%s: this is no file of environment variables", name);
    }
    char *text = make_text(bytes, size);
    DnEnvFile *file = calloc(1, sizeof *file);
    DnStatus status = DN_OK;
    if (!text || !file) {
        dn_env_free_value(text);
        dn_env_file_free(file);
        return dn_err_nomem(err);
    }
    for (const char *line = text; status == DN_OK && *line;) {
        status = take_line(file, &line) ? DN_OK : dn_err_nomem(err);
    }
    for (size_t i = 0; status == DN_OK && i < file->count; i++) {
        status = dn_env_expand(file, &file->items[i], name, lookup, err);
    }
    dn_env_free_value(text);
    if (status != DN_OK) {
        dn_env_file_free(file);
        return status;
    }
    *out = file;
    return DN_OK;
}

static const char *environment(const char *name) {
    return getenv(name);
}

DnStatus dn_env_file_read(const char *path, DnEnvFile **out, DnErr *err) {
    size_t room = DN_ENV_FILE_MOST + 1;
    *out = NULL;
    *err = (DnErr){0};
    FILE *stream = fopen(path, "rbe");
    if (!stream) {
        DnStatus status = dn_err_errno(err, errno, path, "could not open the env file");
        dn_err_hint(err, "Check the name given with --env-file; it is looked for in the current folder.");
        return status;
    }
    (void)setvbuf(stream, NULL, _IONBF, 0); /* no second copy of secrets */
    char *bytes = malloc(room);
    size_t size = bytes ? fread(bytes, 1, room, stream) : 0;
    DnStatus status = !bytes           ? dn_err_nomem(err)
                      : ferror(stream) ? dn_err_errno(err, errno, path, "could not read the env file")
                                       : dn_env_file_parse(path, bytes, size, environment, out, err);
    (void)fclose(stream);
    if (bytes) {
        wipe(bytes, size);
    }
    free(bytes);
    return status;
}
