#include "dumper/sink/sink.h"

#include "common/err.h"

DnStatus dn_sink_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    return sink->ops->write(sink, bytes, size, err);
}

DnStatus dn_sink_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    return sink->ops->finish(sink, summary, err);
}

DnStatus dn_sink_finish_next(DnSink *next, DnStatus status, DnSinkSummary *summary, DnErr *err) {
    if (status) {
        dn_sink_abort(next);
        return status;
    }
    return dn_sink_finish(next, summary, err);
}

void dn_sink_abort(DnSink *sink) {
    if (sink) {
        sink->ops->abort(sink);
    }
}

DnStatus dn_sink_link(DnSink *sink, DnSink *next, DnErr *err) {
    if (sink->phase >= next->phase) {
        return dn_err(err, DN_E_INTERNAL, "sink of phase %d before one of phase %d", (int)sink->phase,
                      (int)next->phase);
    }
    sink->next = next;
    return DN_OK;
}
