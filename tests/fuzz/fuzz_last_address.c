/* The cache of addresses: from any text, what is found is an address; what was put is found again, and the
   rest of the text still is. */
#include "common/last_address.h"
#include "tests/fuzz/fuzz.h"

static void check_put(const char *text, size_t size, const char *other, const char *before) {
    char address[DN_LAST_ADDRESS_SIZE];
    DnBuf out = {0};
    DnBuf again = {0};
    must(dn_last_address_put(text, size, "db.test", "5432", "192.0.2.7", &out));
    must(dn_last_address_find(dn_buf_text(&out), out.size, "db.test", "5432", address));
    must(strcmp(address, "192.0.2.7") == 0);
    if (*before) {
        must(dn_last_address_find(dn_buf_text(&out), out.size, other, "5432", address));
        must(strcmp(address, before) == 0);
    }
    must(dn_last_address_put(dn_buf_text(&out), out.size, "db.test", "5432", "192.0.2.7", &again));
    must(strcmp(dn_buf_text(&out), dn_buf_text(&again)) == 0);
    dn_buf_deinit(&out);
    dn_buf_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char address[DN_LAST_ADDRESS_SIZE] = "";
    if (dn_last_address_find((const char *)data, size, "a", "5432", address)) {
        must(dn_is_address(address));
    }
    /* Of more lines the last ones are forgotten. */
    check_put((const char *)data, size, "a", size < 600 ? address : "");
    char *text = fuzz_text(data, size);
    DnBuf out = {0};
    char found[DN_LAST_ADDRESS_SIZE];
    if (dn_last_address_put("", 0, text, "1", "::1", &out)) {
        must(dn_last_address_find(dn_buf_text(&out), out.size, text, "1", found) && !strcmp(found, "::1"));
    }
    dn_buf_deinit(&out);
    free(text);
    return 0;
}
