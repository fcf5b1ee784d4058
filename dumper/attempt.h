/*
 * attempt.h - a dump from beginning to end, under one snapshot; retry.h says when there is another one.
 */
#ifndef DN_DUMPER_ATTEMPT_H
#define DN_DUMPER_ATTEMPT_H

#include "common/filter.h"
#include "dumper/manifest/manifest.h"

struct DnSource; /* source.h */

typedef struct DnAttempt {
    const DnDumpOptions *options;
    DnFilter filter;      /* all patterns */
    DnManifest *manifest; /* to be filled, or NULL; borrowed */
    bool only_record;     /* in place of writing the dump anywhere */
    int spelled_as; /* likewise: see DnModel; a version that is newer than the server's is passed over */
    struct DnSource *source; /* who is lent the database, in place of writing the dump anywhere; or NULL */
    int taken_by;            /* by a server of this major version; 0 = not known */
    bool is_lent;            /* set when that has begun: it can't begin anew */
    double started;          /* the first attempt, dn_now() */
    unsigned earlier;        /* attempts that failed */
    char cause[1024];        /* why the last of them did */
    bool is_final;           /* set when bytes have gone where they can't be taken back */
} DnAttempt;

DnStatus dn_attempt(DnAttempt *attempt, DnDumpResult *result, DnErr *err) DN_MUST_USE;

#endif
