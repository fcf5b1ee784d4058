/*
 * thread.h - threads of the library's own.
 */
#ifndef DN_COMMON_THREAD_H
#define DN_COMMON_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts a thread that takes no signals: those are for the program's own threads. `thread` is for
   pthread_join(); without it nobody waits for its end. False when the system has no thread to give. */
bool dn_thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx);

#endif
