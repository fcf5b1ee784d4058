#include "common/restrict_key.h"

#include <string.h>
#include <sys/random.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

enum { LETTERS = sizeof alphabet - 1, FAIR = 256 - 256 % LETTERS };

bool dn_restrict_key_make(char key[DN_RESTRICT_KEY_SIZE]) {
    size_t made = 0;
    while (made < DN_RESTRICT_KEY_SIZE - 1) {
        unsigned char bytes[DN_RESTRICT_KEY_SIZE];
        ssize_t got = getrandom(bytes, sizeof bytes, 0);
        if (got <= 0) {
            return false;
        }
        for (ssize_t i = 0; i < got && made < DN_RESTRICT_KEY_SIZE - 1; i++) {
            if (bytes[i] < FAIR) {
                key[made++] = alphabet[bytes[i] % LETTERS];
            }
        }
    }
    key[made] = '\0';
    return true;
}

bool dn_restrict_key_is_valid(const char *key) {
    return *key && strspn(key, alphabet) == strlen(key);
}
