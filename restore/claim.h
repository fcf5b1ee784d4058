/*
 * claim.h - one run at a time in a target: each session of a restore or clone in steps, or without a
 * transaction, has a share of an advisory lock there for as long as it lives, and a run begins only where no
 * session of another has one.
 *
 * So a run whose client was killed counts until the server has ended the last of its sessions: as long as one
 * lives, what it was sent may still be committed. The lock is of a session, which poolers in transaction mode
 * don't have, and nor would the dump's settings fit theirs: they are refused.
 */
#ifndef DN_RESTORE_CLAIM_H
#define DN_RESTORE_CLAIM_H

#include "restore/run.h"

/* The run's first session. Waits some seconds for others to go; DN_E_MISMATCH, naming them, when they stay,
   and behind a pooler in transaction mode. */
DN_MUST_USE DnStatus dn_claim(DnRun *run, DnErr *err);
/* A further session. DN_E_MISMATCH when the first one is gone, and another run has begun. */
DN_MUST_USE DnStatus dn_claim_join(DnRun *run, DnErr *err);
/* For a run of one transaction, which is open: until it ends. */
DN_MUST_USE DnStatus dn_claim_transaction(DnRun *run, DnErr *err);
/* For a run on one session: begins its transaction, unless it has none, and claims for that long. */
DN_MUST_USE DnStatus dn_claim_begin(DnRun *run, DnErr *err);

#endif
