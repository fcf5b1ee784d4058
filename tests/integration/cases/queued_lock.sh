#!/bin/bash
# A large catalog is read over two sessions, of which the first has the locks. Who waits for one of them stands in the second
# one's way, and the first can't let go before the second has answered.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
sql "$db" -o /dev/null <<'SQL'
CREATE TABLE a (id int);
INSERT INTO a VALUES (1);
CREATE VIEW seen AS SELECT id FROM a;
SELECT format('CREATE TABLE wide%s (%s)', n, (SELECT string_agg(format('c%s int', c), ', ') FROM generate_series(1, 500) c))
FROM generate_series(1, 100) n
\gexec
CREATE TABLE z (id int);
SQL
fifo=$WORK/fifo
mkfifo "$fifo"

# has_lock MODE TABLE true|false: whether some session of ours has such a lock, or waits for it.
has_lock() {
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE relation = '$2'::regclass AND mode = '$1' AND granted = $3" </dev/null) -gt 0 ]]
}

# The dump has locked a, and waits for z; then ALTER TABLE waits for a; then z is let go.
queue() {
    local holder waiter dump
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$(conninfo "$db")" <"$fifo" >"$WORK/holder" 2>&1 &
    holder=$!
    exec 4>"$fifo"
    echo 'BEGIN; LOCK TABLE z;' >&4
    wait_for 60 has_lock AccessExclusiveLock z true
    timeout -k 5 120 "$DUMPNATIVE" "$@" -f "$WORK/out.sql" -d "$(conninfo "$db")" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
    dump=$!
    wait_for 60 has_lock AccessShareLock z false && wait_for 60 has_lock AccessShareLock a true || echo "the dump didn't wait"
    sql "$db" -c 'ALTER TABLE a ALTER id TYPE bigint' -c 'ALTER TABLE a ALTER id TYPE int' </dev/null >"$WORK/waiter" 2>&1 &
    waiter=$!
    wait_for 60 has_lock AccessExclusiveLock a false || echo "nobody waited for the dump"
    echo 'COMMIT;' >&4
    exec 4>&-
    wait "$dump"
    status=$?
    wait "$holder" "$waiter"
    ((status == 0))
}

check "queued_lock: definitions, over two sessions" queue -s -j2
check "queued_lock: rows as well" queue -j2
check "queued_lock: they are there" grep -qx 1 "$WORK/out.sql"
