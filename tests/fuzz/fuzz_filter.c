/* Files of name patterns: a pattern that was read, written as a line, is read as the same. */
#include "common/buf.h"
#include "common/err.h"
#include "common/filter.h"
#include "tests/fuzz/fuzz.h"

/* Only what stands in quotes has escapes. */
static void add_line(DnBuf *lines, const char *pattern) {
    bool quoted = false;
    dn_buf_str(lines, "include table ");
    for (const char *p = pattern; *p; p++) {
        quoted = quoted != (*p == '"');
        if (quoted && (*p == '\n' || *p == '\\')) {
            dn_buf_str(lines, *p == '\n' ? "\\n" : "\\\\");
        } else {
            dn_buf_char(lines, *p);
        }
    }
    dn_buf_char(lines, '\n');
}

static void check_again(const DnFilter *filter, DnFilterList list) {
    DnBuf lines = {0};
    DnFilter again = {0};
    DnErr err = {0};
    for (size_t i = 0; i < filter->lists[list].count; i++) {
        add_line(&lines, filter->lists[list].items[i]);
    }
    must(dn_filter_parse(&again, NULL, dn_buf_text(&lines), &err) == DN_OK);
    must(again.lists[DN_FILTER_TABLES].count == filter->lists[list].count);
    for (size_t i = 0; i < filter->lists[list].count; i++) {
        must(strcmp(again.lists[DN_FILTER_TABLES].items[i], filter->lists[list].items[i]) == 0);
    }
    dn_filter_deinit(&again);
    dn_buf_deinit(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    DnFilter filter = {0};
    DnErr err = {0};
    DnStatus status = dn_filter_parse(&filter, "f", text, &err);
    must(!status || (err.status == status && *err.message));
    for (int list = 0; list < DN_FILTER_COUNT; list++) {
        check_again(&filter, (DnFilterList)list);
    }
    dn_filter_deinit(&filter);
    free(text);
    return 0;
}
