#!/bin/bash
# Checks that `restore` restores the file that it has verified: a dump that takes its name meanwhile is another one, and what
# writes into it is noticed.
# shellcheck disable=SC2016
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

make_dump() { # ROWS
    printf -- '--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (n integer, words text);\n'
    printf 'COPY public.t (n, words) FROM stdin;\n'
    awk -v rows="$1" 'BEGIN { for (n = 1; n <= rows; n++) printf "%d\t%0*d\n", n, 60 + rows % 7, n }'
    printf '\\.\n\nCREATE INDEX t_n ON public.t (n);\n\n--\n-- PostgreSQL database dump complete\n--\n\n'
}
make_dump 30000 >"$WORK/old.sql"
make_dump 40001 >"$WORK/new.sql"
sessions() { sql postgres -At -c "SELECT pid FROM pg_stat_activity WHERE datname = '$db' AND $1"; }
# A session that waits while it begins has no name in pg_stat_activity yet.
waits() { [[ $(sql postgres -At -c "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = '$db' AND NOT granted") != 0 ]]; }
sleeps() { [[ $(sessions "wait_event = 'PgSleep'") ]]; }

# during COMMAND OPTION...: that is done when a restore of $WORK/dump.sql, with these options, has looked at the file and waits
# for what the target answers.
during() {
    local change=$1 holder pid
    shift
    db=$(new_db "")
    cp "$WORK/old.sql" "$WORK/dump.sql"
    sql "$db" -o /dev/null -c BEGIN -c 'LOCK TABLE pg_catalog.pg_namespace IN ACCESS EXCLUSIVE MODE' -c 'SELECT pg_sleep(300)' 2>/dev/null &
    holder=$!
    wait_for 60 sleeps
    "$DUMPNATIVE" restore "$@" "$WORK/dump.sql" "$(conninfo "$db")" >"$WORK/stdout" 2>"$WORK/stderr" &
    pid=$!
    check "restore $*: waits for the target" wait_for 60 waits
    eval "$change"
    sql postgres -o /dev/null -c "SELECT pg_terminate_backend($(sessions "wait_event = 'PgSleep'"))"
    wait "$holder" 2>/dev/null
    wait "$pid"
    status=$?
}
rows() { sql "$db" -At -c "SELECT count(*), min(length(words)), max(length(words)) FROM t"; }
for jobs in 1 2; do
    during 'mv "$WORK/new.sql" "$WORK/dump.sql"' -j "$jobs"
    check "restore -j $jobs: what was verified is restored" eval '((status == 0)) && [[ $(rows) == "30000|65|65" ]]'
    mv "$WORK/dump.sql" "$WORK/new.sql"
    during 'cat "$WORK/new.sql" >"$WORK/dump.sql"' -j "$jobs"
    check "restore -j $jobs: what is written into it is noticed" test "$status" = 1
done
during 'cat "$WORK/new.sql" >"$WORK/dump.sql"'
check "restore: what is written into it is not restored" eval 'grep -q "was written to while it was read" "$WORK/stderr" && untouched "$db"'
