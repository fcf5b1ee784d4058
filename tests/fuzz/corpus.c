/* Runs a fuzz target on each file of a folder, and tells of it as TAP does: usage: fuzz_NAME FOLDER */
#include <dirent.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool run_file(const char *folder, const char *name) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    bool good = file && fseek(file, 0, SEEK_END) == 0;
    long size = good ? ftell(file) : -1;
    /* Of just that size, for AddressSanitizer to see who reads on. */
    uint8_t *data = size >= 0 ? malloc(size ? (size_t)size : 1) : NULL;
    if (data) {
        rewind(file);
        good = fread(data, 1, (size_t)size, file) == (size_t)size &&
               LLVMFuzzerTestOneInput(data, (size_t)size) == 0;
    }
    if (file) {
        (void)fclose(file);
    }
    free(data);
    return data && good;
}

int main(int argc, char **argv) {
    struct dirent **entries = NULL;
    int count = argc == 2 ? scandir(argv[1], &entries, is_visible, alphasort) : -1;
    bool good = count > 0;
    if (!good) {
        (void)fprintf(stderr, "usage: %s FOLDER, with files in it\n", argv[0]);
    }
    for (int i = 0; i < count; i++) {
        /* Told beforehand: the target may abort. */
        printf("# %s\n", entries[i]->d_name);
        (void)fflush(stdout);
        bool passed = run_file(argv[1], entries[i]->d_name);
        printf("%s %d - %s\n", passed ? "ok" : "not ok", i + 1, entries[i]->d_name);
        good = good && passed;
        free(entries[i]);
    }
    free(entries);
    return good ? 0 : 1;
}
