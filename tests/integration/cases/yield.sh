#!/bin/bash
# A session that waits for a lock of the dump is told of; with --yield-to-ddl the dump gives up for it, even while nobody takes
# what it writes.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
sql "$db" -o /dev/null <<'SQL'
CREATE TABLE big (id int, t text);
INSERT INTO big SELECT n, repeat('x', 500) FROM generate_series(1, 60000) n;
CREATE TABLE small (id int);
SQL
fifo=$WORK/fifo
mkfifo "$fifo"

# A dump into a pipe that nobody reads from yet; descriptor 3 is its other end.
dump_begins() {
    "$DUMPNATIVE" "$@" -d "$(conninfo "$db")" >"$fifo" 2>"$WORK/stderr" </dev/null &
    dump=$!
    exec 3<"$fifo"
    wait_for 20 locked
}
locked() {
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE relation = 'small'::regclass AND mode = 'AccessShareLock'
                           AND granted" </dev/null) -gt 0 ]]
}
# Somebody who wants to change a table, and somebody behind.
others_wait() {
    sql "$db" -c "ALTER TABLE $1 ADD COLUMN c$2 text DEFAULT 'a secret'" >"$WORK/alter" 2>&1 </dev/null &
    alter=$!
    wait_for 20 queued 1
    sql "$db" -o /dev/null -c "SELECT 'a secret' FROM $1 LIMIT 1" >"$WORK/select" 2>&1 </dev/null &
    select_=$!
    wait_for 20 queued 2
}
queued() { [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE NOT granted" </dev/null) -ge $1 ]]; }
dump_ends() {
    timeout 60 cat <&3 >"$WORK/out.sql"
    exec 3<&-
    wait "$dump"
    status=$?
}
no_sessions() {
    [[ $(sql "${MAINTENANCE_DB:-postgres}" -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db'
                                                    AND application_name = 'dumpnative'" </dev/null) == 0 ]]
}

for jobs in 1 2; do
    dump_begins -j "$jobs" --yield-to-ddl=1
    others_wait small "$jobs"
    # Nothing has been read from the pipe yet, and yet they go on.
    check "yield: -j $jobs: who changes a table gets it" wait_for 20 eval "! kill -0 $alter 2>/dev/null"
    check "yield: -j $jobs: and so does who waits behind" wait_for 20 eval "! kill -0 $select_ 2>/dev/null"
    dump_ends
    check "yield: -j $jobs: the dump has failed" test "$status" = 1
    check "yield: -j $jobs: it says for what" grep -qE 'error: the dump gives up, as it was asked to: session [0-9]+ \(ALTER TABLE\) has waited [0-9]+ s for AccessExclusiveLock on "public.small", which this dump holds; 1 more waits behind it' "$WORK/stderr"
    check "yield: -j $jobs: and what to do" grep -q 'hint: .*--yield-to-ddl' "$WORK/stderr"
    check "yield: -j $jobs: it tells no values" test "$(grep -c secret "$WORK/stderr")" = 0
    check "yield: -j $jobs: no session is left" wait_for 5 no_sessions
done

dump_begins -j 1 --yield-to-ddl=1
sleep 2.5
dump_ends
check "yield: nobody waits: the dump is whole" test "$status/$(tail -n 3 "$WORK/out.sql" | grep -c 'dump complete')" = 0/1

dump_begins -j 2
others_wait big 3
sleep 12.5
dump_ends
wait "$alter" "$select_"
check "yield: without the option: the dump is whole" test "$status" = 0
check "yield: without the option: told" grep -qE 'warning: session [0-9]+ \(ALTER TABLE\) has waited 1[0-9] s for AccessExclusiveLock on "public.big"' "$WORK/stderr"
check "yield: without the option: told once" test "$(grep -c 'has waited' "$WORK/stderr")" = 1

ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
check "yield: none of pg_dump's options" grep -q 'unrecognized option' <("$WORK/pg_dump" --yield-to-ddl=1 2>&1)

# ---- The other way round: a lock that the dump can't have --------------------------------------------

DUMPNATIVE=$(readlink "$WORK/pg_dump")
mkfifo "$WORK/held"
PGAPPNAME='the other' "$PSQL" -X -q -d "$(conninfo "$db")" <"$WORK/held" >"$WORK/holder" 2>&1 &
holder=$!
exec 4>"$WORK/held"
echo "BEGIN; ALTER TABLE small ADD COLUMN held text; SELECT 'done' \\g $WORK/begun" >&4
wait_for 20 test -e "$WORK/begun"
run_dump -f "$WORK/held.sql" --lock-wait-timeout=500ms -d "$(conninfo "$db")"
check "yield: a lock that can't be had in time" test "$status" = 1 -a ! -e "$WORK/held.sql"
check "yield: the table, and who has it" grep -qE 'error: table "public.small" could not be locked within 500ms: session [0-9]+ of "the other" has it locked, in a transaction of [0-9]+ s \(idle in transaction\)' "$WORK/stderr"
"$WORK/pg_dump" --lock-wait-timeout=500 -d "$(conninfo "$db")" >"$WORK/stdout" 2>"$WORK/stderr"
check "yield: the other face has the server's words" grep -q 'ERROR:  canceling statement due to statement timeout' "$WORK/stderr"
echo 'ROLLBACK;' >&4
exec 4>&-
wait "$holder"
