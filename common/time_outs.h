/*
 * time_outs.h - the server's limits on how long a session may take, which its role or database may have set:
 * they are no business of ours, whose work takes as long as it takes.
 */
#ifndef DN_COMMON_TIME_OUTS_H
#define DN_COMMON_TIME_OUTS_H

/* SET needs no catalog and so no time: it comes before a limit of a millisecond is over, where a call of
   set_config() wouldn't. */
typedef struct DnTimeOut {
    int since;               /* server version */
    const char *off;         /* for the session; ends with a semicolon, to stand in a row */
    const char *off_locally; /* for the transaction; NULL = the limit is on what is between these */
} DnTimeOut;

enum { DN_TIME_OUTS = 5 };
extern const DnTimeOut dn_time_outs[DN_TIME_OUTS];

#endif
