/* Manifests: one that was read, written and read again is written the same. */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/err.h"
#include "dumper/manifest/manifest.h"
#include "tests/fuzz/fuzz.h"

static DnStatus keep(void *ctx, const char *text, size_t size, DnErr *err) {
    (void)err;
    dn_buf_add(ctx, text, size);
    return DN_OK;
}

/* A file that is in no folder. */
static DnStatus read_bytes(const void *bytes, size_t size, DnManifest *manifest) {
    char path[64];
    DnErr err = {0};
    int fd = memfd_create("manifest", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    DnStatus status = dn_manifest_read(path, manifest, &err);
    must(err.status == status && (!status || *err.message));
    (void)close(fd);
    return status;
}

static void check_again(const DnManifest *manifest) {
    DnBuf first = {0};
    DnBuf second = {0};
    DnManifest again;
    DnErr err = {0};
    must(dn_manifest_write(manifest, keep, &first, &err) == DN_OK);
    must(read_bytes(dn_buf_text(&first), first.size, &again) == DN_OK);
    must(dn_manifest_write(&again, keep, &second, &err) == DN_OK);
    must(first.size == second.size && memcmp(first.bytes, second.bytes, first.size) == 0);
    dn_manifest_deinit(&again);
    dn_buf_deinit(&first);
    dn_buf_deinit(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnManifest manifest;
    if (read_bytes(data, size, &manifest) == DN_OK) {
        DnDumpOptions options = {0};
        DnErr err = {0};
        DnStatus status = dn_manifest_options_read(&manifest, &options, &err);
        must(err.status == status && (!status || *err.message));
        check_again(&manifest);
    }
    dn_manifest_deinit(&manifest);
    return 0;
}
