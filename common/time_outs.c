#include "common/time_outs.h"

#define WITHIN(name) .off = "SET " name " = 0; ", .off_locally = "SET LOCAL " name " = 0"

const DnTimeOut dn_time_outs[DN_TIME_OUTS] = {
    {.since = 0, WITHIN("statement_timeout")},
    {.since = 170000, WITHIN("transaction_timeout")},
    {.since = 0, WITHIN("lock_timeout")},
    {.since = 0, WITHIN("idle_in_transaction_session_timeout")},
    {.since = 140000, .off = "SET idle_session_timeout = 0; "},
};
