#include "catalog/helper.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/err.h"
#include "common/thread.h"

/* How much of what was answered may wait for its turn. */
enum { MOST_HELD = 16 << 20 };

typedef enum State { OPEN, TAKEN, ANSWERED } State;

typedef struct Place {
    const DnTask *task;
    State state;
    DnRows *rows; /* owned while ANSWERED */
} Place;

struct DnHelper {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    DnHelperOpen open;
    void *ctx;
    DnCancel *stop;
    DnConn *conn; /* the thread's; what it leaves behind */
    /* Under the mutex: */
    Place *places; /* of the batch at work; NULL between batches */
    size_t count;
    size_t next; /* the place whose rows are handed over next */
    size_t held; /* bytes in the answers that wait */
    bool locked; /* the tables are */
    bool busy;   /* the helper is at a place */
    bool ended;
};

/* ---- Who takes what ---------------------------------------------------------------- */

static Place *take(DnHelper *h, size_t place) {
    bool has_room = h->held < MOST_HELD || place == h->next;
    if (place == h->count || !has_room) {
        return NULL;
    }
    h->places[place].state = TAKEN;
    return &h->places[place];
}

static size_t first_open(const DnHelper *h) {
    size_t i = h->next;
    while (i < h->count && h->places[i].state != OPEN) {
        i++;
    }
    return i;
}

/* What the helper takes: before there are locks from the end, where the tasks are that need none. */
static Place *take_for_helper(DnHelper *h) {
    if (!h->places) {
        return NULL;
    }
    for (size_t i = 0; i < h->count; i++) {
        size_t back = h->count - 1 - i;
        if (!h->locked && h->places[back].state == OPEN && h->places[back].task->unlocked) {
            return take(h, back);
        }
        if (h->locked && h->places[i].state == OPEN && h->places[i].task->slow) {
            return take(h, i);
        }
    }
    return h->locked ? take(h, first_open(h)) : NULL;
}

static void answered(DnHelper *h, Place *place, DnRows *rows) {
    place->rows = rows;
    place->state = ANSWERED;
    h->held += dn_rows_memory(rows);
}

/* Whatever the helper waits for. */
static void end(DnHelper *h) {
    h->ended = true;
    dn_cancel_request(h->stop);
    (void)pthread_cond_broadcast(&h->changed);
}

/* ---- The thread -------------------------------------------------------------------- */

/* False when the session is of no more use. */
static bool work(DnHelper *h, Place *place) {
    DnErr err;
    DnRows *rows = NULL;
    h->busy = true;
    (void)pthread_mutex_unlock(&h->mutex);
    DnStatus status = dn_conn_request(h->conn, &place->task->request, &err);
    if (status == DN_OK) {
        status = dn_conn_answer(h->conn, &place->task->request, &rows, &err);
    }
    (void)pthread_mutex_lock(&h->mutex);
    h->busy = false;
    if (status == DN_OK) {
        answered(h, place, rows);
    } else {
        place->state = OPEN; /* the other session will tell what is wrong with it */
    }
    (void)pthread_cond_broadcast(&h->changed);
    return status == DN_OK;
}

static void *run(void *ctx) {
    DnHelper *h = ctx;
    DnErr err;
    bool goes = h->open(h->ctx, &h->conn, &err) == DN_OK;
    (void)pthread_mutex_lock(&h->mutex);
    while (goes && !h->ended) {
        Place *place = take_for_helper(h);
        if (place) {
            goes = work(h, place);
        } else {
            (void)pthread_cond_wait(&h->changed, &h->mutex);
        }
    }
    (void)pthread_mutex_unlock(&h->mutex);
    if (!goes) {
        dn_conn_close(h->conn);
        h->conn = NULL;
    }
    return NULL;
}

/* ---- The calling thread ------------------------------------------------------------ */

/* Hands over the rows whose turn it is, without the mutex. */
static DnStatus hand_over(DnHelper *h, DnErr *err) {
    Place *place = &h->places[h->next];
    const DnRequest *request = &place->task->request;
    (void)pthread_mutex_unlock(&h->mutex);
    DnStatus status = request->rows ? request->rows(request->ctx, place->rows, err) : DN_OK;
    (void)pthread_mutex_lock(&h->mutex);
    h->held -= dn_rows_memory(place->rows);
    h->next++;
    dn_rows_free(place->rows);
    place->rows = NULL;
    (void)pthread_cond_broadcast(&h->changed);
    return status;
}

static DnStatus ask(DnHelper *h, DnConn *conn, const Place *place, DnErr *err) {
    (void)pthread_mutex_unlock(&h->mutex);
    DnStatus status = dn_conn_request(conn, &place->task->request, err);
    (void)pthread_mutex_lock(&h->mutex);
    return status;
}

static DnStatus take_answer(DnHelper *h, DnConn *conn, Place *place, DnErr *err) {
    DnRows *rows = NULL;
    (void)pthread_mutex_unlock(&h->mutex);
    DnStatus status = dn_conn_answer(conn, &place->task->request, &rows, err);
    (void)pthread_mutex_lock(&h->mutex);
    if (status == DN_OK) {
        answered(h, place, rows);
    }
    return status;
}

/* A query is always at work on the server while rows are handed over. */
static DnStatus take_part(DnHelper *h, DnConn *conn, DnErr *err) {
    DnStatus status = DN_OK;
    Place *mine = NULL;
    while (status == DN_OK && h->next < h->count) {
        if (!mine && (mine = take(h, first_open(h)))) {
            status = ask(h, conn, mine, err);
        } else if (h->places[h->next].state == ANSWERED) {
            status = hand_over(h, err);
        } else if (mine) {
            status = take_answer(h, conn, mine, err);
            mine = NULL;
        } else {
            (void)pthread_cond_wait(&h->changed, &h->mutex);
        }
    }
    return status;
}

/* The tasks are the caller's again once the helper is through with what it does. */
static void leave(DnHelper *h, Place *places) {
    while (h->busy) {
        (void)pthread_cond_wait(&h->changed, &h->mutex);
    }
    for (size_t i = 0; i < h->count; i++) {
        dn_rows_free(places[i].rows);
    }
    h->places = NULL;
    h->count = 0;
    free(places);
}

static void begin(DnHelper *h, Place *places, size_t count) {
    h->places = places;
    h->count = count;
    h->next = h->held = 0;
    h->locked = false;
    (void)pthread_cond_broadcast(&h->changed);
}

DnStatus dn_helper_batch(DnHelper *h, DnConn *conn, const DnRequest *before, size_t before_count,
                         const DnTask *tasks, size_t count, DnErr *err) {
    Place *places = calloc(count ? count : 1, sizeof *places);
    if (!places) {
        return dn_err_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        places[i].task = &tasks[i];
    }
    (void)pthread_mutex_lock(&h->mutex);
    begin(h, places, count);
    (void)pthread_mutex_unlock(&h->mutex);
    DnStatus status = before_count ? dn_conn_batch(conn, before, before_count, err) : DN_OK;
    (void)pthread_mutex_lock(&h->mutex);
    if (status == DN_OK) {
        h->locked = true;
        (void)pthread_cond_broadcast(&h->changed);
        status = take_part(h, conn, err);
    }
    if (status != DN_OK) {
        end(h);
    }
    leave(h, places);
    (void)pthread_mutex_unlock(&h->mutex);
    return status;
}

/* ---- Life -------------------------------------------------------------------------- */

DnHelper *dn_helper_start(DnHelperOpen open, void *ctx, DnCancel *stop) {
    DnHelper *h = calloc(1, sizeof *h);
    if (!h) {
        return NULL;
    }
    *h = (DnHelper){.open = open, .ctx = ctx, .stop = stop};
    bool has_mutex = pthread_mutex_init(&h->mutex, NULL) == 0;
    bool has_condition = has_mutex && pthread_cond_init(&h->changed, NULL) == 0;
    if (has_condition && dn_thread_start(&h->thread, run, h)) {
        return h;
    }
    if (has_condition) {
        (void)pthread_cond_destroy(&h->changed);
    }
    if (has_mutex) {
        (void)pthread_mutex_destroy(&h->mutex);
    }
    free(h);
    return NULL;
}

DnConn *dn_helper_end(DnHelper *h) {
    if (!h) {
        return NULL;
    }
    (void)pthread_mutex_lock(&h->mutex);
    end(h);
    (void)pthread_mutex_unlock(&h->mutex);
    (void)pthread_join(h->thread, NULL);
    (void)pthread_cond_destroy(&h->changed);
    (void)pthread_mutex_destroy(&h->mutex);
    DnConn *conn = h->conn;
    free(h);
    return conn;
}
