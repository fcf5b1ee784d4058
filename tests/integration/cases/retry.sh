#!/bin/bash
# Checks what becomes of a dump whose connections are lost, or that the server ends for reasons which pass: a part is
# read again, or the whole begins anew; and that time-outs of a role, locks and slow answers cut nothing short.
# shellcheck disable=SC2016 # conditions for eval
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
database=$(conninfo "$db")
role=dumpnative_test_$$
trap 'drop_dbs; sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE IF EXISTS $role"' EXIT
# Enough for several jobs a connection, so that some of what is lost was written already.
sql "$db" -o /dev/null <<'SQL'
CREATE TABLE a (id int, t text);
ALTER TABLE a ALTER t SET STORAGE PLAIN;
INSERT INTO a SELECT n, repeat(md5(n::text), 40) FROM generate_series(1, 50000) n;
CREATE TABLE b AS SELECT n FROM generate_series(1, 1000) n;
CREATE TABLE slow AS SELECT 1 AS n;
SQL
reference=$WORK/reference.sql
run_dump -j 1 -f "$reference" -d "$database"
check "retry: the reference" test "$status" = 0

ask() { sql "$db" -At -c "$1" </dev/null; }
# Those of the dump, in the order in which they came: the first one holds the snapshot.
sessions="SELECT pid, row_number() OVER (ORDER BY backend_start) AS n FROM pg_stat_activity
          WHERE datname = '$db' AND application_name = 'dumpnative'"
end_sessions() { ask "SELECT count(pg_terminate_backend(pid)) FROM ($sessions) s WHERE $1" >"$WORK/ended"; }
says() { grep -qE -- "$1" "$WORK/stderr"; }
says_not() { ! says "$1"; }
same() { cmp "$reference" "$WORK/$1"; }

# ---- Half way, on standard output ----------------------------------------------------------

fifo=$WORK/fifo
mkfifo "$fifo"
streaming() {
    (($(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND application_name = 'dumpnative'
             AND wait_event = 'ClientWrite'") >= $1))
}
# to_stdout SESSIONS CONDITION: ends the sessions for which that holds, once a megabyte was read and all is full.
to_stdout() {
    : >"$WORK/stderr"
    timeout -k 5 60 "$DUMPNATIVE" -v -j "$1" -d "$database" >"$fifo" 2>"$WORK/stderr" </dev/null &
    local pid=$!
    exec 3<"$fifo"
    head -c 1000000 <&3 >"$WORK/out.sql"
    wait_for 20 streaming 1
    sleep 0.3
    end_sessions "$2"
    timeout 60 cat <&3 >>"$WORK/out.sql"
    exec 3<&-
    wait "$pid"
    status=$?
}

if ((MAJOR >= 14)); then # before, one connection reads the whole table
    to_stdout 3 "n > 1"
    check "retry: all connections but the first are lost: dumped" test "$status" = 0
    check "retry: all connections but the first are lost: told" says 'a connection was lost, and what it read is read again: '
    check "retry: all connections but the first are lost: nothing is there twice" same out.sql
fi
to_stdout 2 "n = 1"
check "retry: the first connection is lost, after bytes were written: failed" test "$status" = 1
check "retry: ... and told why it can't begin anew" says 'hint: .*could not begin anew by itself'

# ---- Half way, to a file --------------------------------------------------------------------

no_sessions() { [[ $(ask "SELECT count(*) FROM ($sessions) s") == 0 ]]; }
# to_file OPTION...: ends all sessions while rows stream.
to_file() {
    : >"$WORK/stderr"
    rm -f "$WORK"/out.sql*
    "$DUMPNATIVE" -j 1 -v -f "$WORK/out.sql" -d "$database" "$@" 2>"$WORK/stderr" </dev/null &
    local pid=$! i
    for ((i = 0; i < 20000; i++)); do
        says 'connected to database' && break
    done
    kill -STOP "$pid"
    wait_for 20 streaming 1
    end_sessions true
    kill -CONT "$pid"
    wait "$pid"
    status=$?
}
to_file --retries=0
check "retry: --retries=0: failed" test "$status" = 1
check "retry: --retries=0: no file is left" eval '! ls "$WORK"/out.sql*'
to_file
check "retry: the whole begins anew: dumped" test "$status" = 0
check "retry: the whole begins anew: -v tells" says '^dumpnative: beginning anew under another snapshot in [0-9]+ ms \(1 of 3\): '
check "retry: the whole begins anew: a warning at the end" says 'warning: the dump was begun anew 1 time; what is written is of one snapshot'
check "retry: the whole begins anew: and why" says 'detail: .*(lost|terminat)'
check "retry: the whole begins anew: the same" same out.sql
check "retry: the whole begins anew: verified" "$DUMPNATIVE" verify "$WORK/out.sql"
check "retry: no session is left" wait_for 5 no_sessions

# ---- What passes, and what doesn't ----------------------------------------------------------

sql "$db" -c "CREATE ROLE $role LOGIN" -c "GRANT SELECT ON ALL TABLES IN SCHEMA public TO $role" \
    -c 'ALTER TABLE slow ENABLE ROW LEVEL SECURITY' \
    -c "CREATE FUNCTION fails(code text, until timestamptz) RETURNS bool LANGUAGE plpgsql VOLATILE AS \
        'BEGIN IF clock_timestamp() < until THEN RAISE EXCEPTION ''not now'' USING ERRCODE = code; END IF; RETURN true; END'"
# with_policy EXPRESSION OPTION...: dumps as a role to which the rows of a table show if that is true.
with_policy() {
    sql "$db" -c 'DROP POLICY IF EXISTS p ON slow' -c "CREATE POLICY p ON slow USING ($1)" 2>"$WORK/policy.log"
    shift
    run_dump -v --enable-row-security -t slow -f "$WORK/slow.sql" -d "$database user=$role" "$@"
}
for code in 40001 40P01; do
    with_policy "fails('$code', '$(date -u -d '+3 seconds' '+%F %T.%N%z')')" --retries=9
    check "retry: $code passes" test "$status" = 0
    check "retry: $code: it was tried again" says 'beginning anew .*not now'
done
with_policy "fails('42501', '$(date -u -d '+60 seconds' '+%F %T.%N%z')')" --retries=5
check "retry: 42501 does not pass" test "$status" = 1
check "retry: 42501: it was not tried again" says_not 'beginning anew'
with_policy "fails('57014', '$(date -u -d '+60 seconds' '+%F %T.%N%z')')" --retries=5
check "retry: a cancelled query is not tried again" eval '((status == 1)) && says_not "beginning anew"'

# ---- Silence that is work -------------------------------------------------------------------

with_policy "pg_sleep(2.5) IS NOT NULL" --stall-timeout=1 --retries=0
check "stall: a server that computes is left alone" test "$status" = 0
sql "$db" -c 'BEGIN; LOCK TABLE b; SELECT pg_sleep(2.5)' >/dev/null </dev/null &
holder=$!
held() { [[ $(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND wait_event = 'PgSleep'") == 1 ]]; }
wait_for 5 held
run_dump -t b --stall-timeout=1 --retries=0 -d "$database"
check "stall: one that waits for a lock is left alone" test "$status" = 0
wait "$holder"

# ---- Time-outs of the role ------------------------------------------------------------------

sql "$db" -c 'DROP POLICY p ON slow' -c 'ALTER TABLE slow DISABLE ROW LEVEL SECURITY'
timeouts=(statement_timeout lock_timeout idle_in_transaction_session_timeout)
((MAJOR < 17)) || timeouts+=(transaction_timeout)
for name in "${timeouts[@]}"; do
    sql "$db" -c "ALTER ROLE $role SET $name = '1ms'"
done
# Its clock runs before our first word, too.
((MAJOR < 14)) || sql "$db" -c "ALTER ROLE $role SET idle_session_timeout = '200ms'"
run_dump -j 1 -x -f "$reference" -d "$database"
run_dump -j 3 -x --retries=9 -f "$WORK/out.sql" -d "$database user=$role"
check "time-outs: of a millisecond, for all that a role can have" test "$status" = 0
check "time-outs: no connection is missing" says_not 'one connection less'
check "time-outs: the same" same out.sql
sql "$db" -c "DROP OWNED BY $role"
