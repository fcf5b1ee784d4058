/* Files of environment variables: any file is read or refused, and what stands in back quotes is read as it
   is. */
#include "common/buf.h"
#include "common/env_file.h"
#include "common/err.h"
#include "tests/fuzz/fuzz.h"

/* The process's own variables: one. */
static const char *lookup(const char *name) {
    return strcmp(name, "HOME") == 0 ? "/root" : NULL;
}

static void check_quoted(const char *value) {
    DnBuf text = {0};
    DnEnvFile *file;
    DnErr err = {0};
    dn_buf_fmt(&text, "A=1\nexport B=`%s`\nA='2'", value);
    must(dn_env_file_parse("f", dn_buf_text(&text), text.size, lookup, &file, &err) == DN_OK);
    must(strcmp(dn_env_file_value(file, "A"), "2") == 0);
    must(strcmp(dn_env_file_value(file, "B"), value) == 0);
    dn_env_file_free(file);
    dn_buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnEnvFile *file;
    DnErr err = {0};
    DnStatus status = dn_env_file_parse("f", (const char *)data, size, lookup, &file, &err);
    must(status ? !file && err.status == status && *err.message : file != NULL);
    dn_env_file_free(file);
    char *text = fuzz_text(data, size);
    size_t length = strlen(text);
    if (!strpbrk(text, "`$\r") && (!length || text[length - 1] != '\\')) {
        check_quoted(text);
    }
    free(text);
    return 0;
}
