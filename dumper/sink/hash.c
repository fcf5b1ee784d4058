/* The EVP functions fetch their algorithm from a provider, for which OpenSSL 3.0 allocates a thousand times,
   and when one of these fails, it crashes. These functions are the same code, need no memory, and can't
   fail. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "dumper/sink/hash.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include "common/err.h"

struct DnHash {
    SHA256_CTX context;
    uint64_t bytes;
};

static DnStatus refused(DnErr *err) {
    return dn_err(err, DN_E_INTERNAL, "OpenSSL could not compute a SHA-256");
}

DnHash *dn_hash_new(DnErr *err) {
    DnHash *hash = calloc(1, sizeof *hash);
    if (!hash) {
        (void)dn_err_nomem(err);
    } else if (SHA256_Init(&hash->context) != 1) {
        (void)refused(err);
        free(hash);
        hash = NULL;
    }
    return hash;
}

DnStatus dn_hash_add(DnHash *hash, const void *bytes, size_t size, DnErr *err) {
    hash->bytes += size;
    return SHA256_Update(&hash->context, bytes, size) == 1 ? DN_OK : refused(err);
}

DnStatus dn_hash_end(DnHash *hash, DnDigest *digest, DnErr *err) {
    static const char hex[] = "0123456789abcdef";
    unsigned char raw[SHA256_DIGEST_LENGTH];
    if (SHA256_Final(raw, &hash->context) != 1) {
        return refused(err);
    }
    for (size_t i = 0; i < sizeof raw; i++) {
        digest->sha256[2 * i] = hex[raw[i] >> 4];
        digest->sha256[2 * i + 1] = hex[raw[i] & 15];
    }
    digest->sha256[sizeof digest->sha256 - 1] = '\0';
    digest->bytes = hash->bytes;
    return DN_OK;
}

void dn_hash_free(DnHash *hash) {
    free(hash);
}

typedef struct HashSink {
    DnSink sink;
    DnHash *hash;
} HashSink;

static void free_sink(HashSink *self) {
    dn_hash_free(self->hash);
    free(self);
}

/* Hashed first: the bytes are in the cache when the kernel copies them. */
static DnStatus hash_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    HashSink *self = (HashSink *)sink;
    DnStatus status = dn_hash_add(self->hash, bytes, size, err);
    return status ? status : dn_sink_write(sink->next, bytes, size, err);
}

static DnStatus hash_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    HashSink *self = (HashSink *)sink;
    DnSink *next = sink->next;
    DnDigest *digest = sink->phase == DN_SINK_PLAIN_HASH ? &summary->plain : &summary->stored;
    DnStatus status = dn_hash_end(self->hash, digest, err);
    free_sink(self);
    return dn_sink_finish_next(next, status, summary, err);
}

static void hash_abort(DnSink *sink) {
    DnSink *next = sink->next;
    free_sink((HashSink *)sink);
    dn_sink_abort(next);
}

static const DnSinkOps hash_ops = {.write = hash_write, .finish = hash_finish, .abort = hash_abort};

DnStatus dn_hash_sink_open(DnSinkPhase phase, DnSink **chain, DnErr *err) {
    HashSink *self = calloc(1, sizeof *self);
    if (!self) {
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &hash_ops, .phase = phase};
    self->hash = dn_hash_new(err);
    if (!self->hash || dn_sink_link(&self->sink, *chain, err)) {
        free_sink(self);
        return err->status;
    }
    *chain = &self->sink;
    return DN_OK;
}
