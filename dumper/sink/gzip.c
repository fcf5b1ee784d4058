/* gzip.c - gzip by libdeflate where it is built in, else by zlib. */
#include "dumper/sink/gzip.h"

#ifdef DN_HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#endif

#include "dumper/sink/members.h"

enum { USUAL_LEVEL = 6 };

#ifdef DN_HAVE_LIBDEFLATE

/* The fastest of the library's levels whose files are no larger than zlib's of the level asked for; measured
   on SQL text. */
static const int levels[] = {[1] = 1, 2, 3, 4, 5, 5, 6, 7, 9};

static void *open_codec(int level) {
    return libdeflate_alloc_compressor(levels[level]);
}

static void close_codec(void *state) {
    libdeflate_free_compressor(state);
}

static size_t bound(void *state, size_t size) {
    return libdeflate_gzip_compress_bound(state, size);
}

static size_t compress_member(void *state, const void *plain, size_t size, void *out, size_t room) {
    return libdeflate_gzip_compress(state, plain, size, out, room);
}

#else

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8, HEADER_ROOM = 64 };

static void *open_codec(int level) {
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream &&
        deflateInit2(stream, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static void close_codec(void *state) {
    (void)deflateEnd(state);
    free(state);
}

static size_t bound(void *state, size_t size) {
    return deflateBound(state, (uLong)size) + HEADER_ROOM;
}

static size_t compress_member(void *state, const void *plain, size_t size, void *out, size_t room) {
    z_stream *stream = state;
    stream->next_in = (unsigned char *)(uintptr_t)plain; /* zlib's pointer is not const */
    stream->avail_in = (uInt)size;
    stream->next_out = out;
    stream->avail_out = (uInt)room;
    size_t made = deflate(stream, Z_FINISH) == Z_STREAM_END ? room - stream->avail_out : 0;
    return deflateReset(stream) == Z_OK ? made : 0;
}

#endif

static const DnMemberCodec codec = {
    .open = open_codec, .close = close_codec, .bound = bound, .compress = compress_member};

DnStatus dn_gzip_sink_open(int level, DnSink **chain, DnErr *err) {
    return dn_members_sink_open(&codec, level == DN_GZIP_DEFAULT ? USUAL_LEVEL : level, chain, err);
}
