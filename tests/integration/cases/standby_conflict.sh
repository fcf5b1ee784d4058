#!/bin/bash
# On a standby that follows a primary, replay cancels what is in its way: the dump says so, and begins anew under another
# snapshot, or fails with what to do about it.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

if ! own_server; then
    skip "standby_conflict" "it takes servers of our own"
    exit 0
fi
server_start "$MAJOR" || exit 1
primary="host=$PGHOST port=$PGPORT user=postgres"
standby_data=$server_data.standby
export SERVER=$primary
pg_ctl() { as_server_user "$server_bin/pg_ctl" --silent --wait "$@" >/dev/null; }

# The row-level policy of `gate` waits for a lock, so that a dump can be held where it reads that table, while others are
# still to come. A holder of advisory locks that does nothing is in nobody's way.
sql postgres -o /dev/null <<'SQL'
ALTER SYSTEM SET autovacuum = off;
CREATE DATABASE held;
CREATE ROLE dumper LOGIN;
\c held
CREATE TABLE a (id int);
INSERT INTO a SELECT generate_series(1, 1000);
CREATE TABLE dropped (id int);
CREATE TABLE gate (id int);
INSERT INTO gate VALUES (1);
CREATE TABLE z (id int);
INSERT INTO z SELECT generate_series(1, 1000);
CREATE FUNCTION wait_here() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN true; END $$;
ALTER TABLE gate ENABLE ROW LEVEL SECURITY;
CREATE POLICY waits ON gate USING (wait_here());
GRANT SELECT ON ALL TABLES IN SCHEMA public TO dumper;
SQL
pg_ctl stop --pgdata="$server_data"
as_server_user cp -a "$server_data" "$standby_data"
as_server_user touch "$standby_data/standby.signal"
pg_ctl start --pgdata="$server_data" --log="$server_dir/log" --options="-p $PGPORT"
standby_port=$(free_port)
cleanup() {
    [[ ! -v holder_PID ]] || kill "$holder_PID"
    [[ ! -v dump ]] || kill "$dump" 2>/dev/null
    pg_ctl stop --mode=immediate --pgdata="$standby_data"
    rm -rf "$standby_data"
    server_stop
}
trap cleanup EXIT
cat >>"$standby_data/postgresql.conf" <<END
primary_conninfo = 'host=$PGHOST port=$PGPORT user=postgres'
max_standby_streaming_delay = 0
hot_standby_feedback = off
END
pg_ctl start --pgdata="$standby_data" --log="$server_dir/standby.log" --options="-p $standby_port" || {
    not_ok "standby_conflict: the standby did not start" "$(tail "$server_dir/standby.log")"
    exit 1
}
standby="host=$PGHOST port=$standby_port"
on_standby() { "$PSQL" -X -At -d "$standby user=postgres dbname=held" -c "$1" </dev/null; }
on_primary() { sql held -o /dev/null -c "$1" </dev/null; }

lsn_is_replayed() { [[ $(on_standby "SELECT pg_last_wal_replay_lsn() >= '$lsn'") == t ]]; }
caught_up() {
    local lsn
    lsn=$(sql held -At -c 'SELECT pg_current_wal_lsn()' </dev/null)
    wait_for 60 lsn_is_replayed
}
check "standby_conflict: the standby follows" caught_up

# gate shut | gate open: a session that waits for our next word, with or without the lock.
coproc holder { "$PSQL" -X -q -d "$standby user=postgres dbname=held" >"$WORK/holder" 2>&1; }
gate() {
    if [[ $1 == shut ]]; then
        echo 'SELECT pg_advisory_lock(1);' >&"${holder[1]}"
        wait_for 60 is_shut
    else
        echo 'SELECT pg_advisory_unlock(1);' >&"${holder[1]}"
    fi
}
is_shut() { [[ $(on_standby "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted") == 1 ]]; }
is_held() { [[ $(on_standby "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1 ]]; }
has_begun_anew() { grep -q 'beginning anew' "$WORK/stderr" && is_held; }

out=$WORK/out.sql
begin() {
    rm -f "$out"
    : >"$WORK/stderr"
    timeout -k 5 300 "$DUMPNATIVE" -v -f "$out" --enable-row-security -d "$standby user=dumper dbname=held" "$@" \
        >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
    dump=$!
    wait_for 60 is_held
}
end() {
    wait "$dump"
    status=$?
}
says() { grep -qE "$1" "$WORK/stderr"; }
# rows TABLE: how many of it are in the dump.
rows() { sed -n "/^COPY public.$1 /,/^\\\\\\./p" "$out" | grep -c '^[0-9]'; }

conflict='due to conflict with recovery'
for jobs in 1 3; do
    gate shut
    begin -j "$jobs" --retries 50
    on_primary 'DELETE FROM a WHERE id <= 100; DELETE FROM z WHERE id <= 100'
    on_primary 'VACUUM a, z'
    wait_for 60 has_begun_anew
    gate open
    end
    check "standby_conflict: VACUUM, $jobs connections: dumped in the end" test "$status" = 0
    check "standby_conflict: VACUUM, $jobs connections: named" says "beginning anew under another snapshot.*$conflict"
    check "standby_conflict: VACUUM, $jobs connections: told at the end" says 'warning: the dump was begun anew'
    left=$((1000 - 100))
    check "standby_conflict: VACUUM, $jobs connections: of the later snapshot" test "$(rows a) $(rows z)" = "$left $left"
    on_primary 'INSERT INTO a SELECT generate_series(1, 100); INSERT INTO z SELECT generate_series(1, 100)'
    caught_up
done

gate shut
begin -j 1 --retries 50
on_primary 'DROP TABLE dropped'
wait_for 60 has_begun_anew
gate open
end
check "standby_conflict: DROP TABLE: dumped in the end" test "$status" = 0
check "standby_conflict: DROP TABLE: named" says "beginning anew under another snapshot.*$conflict"
check "standby_conflict: DROP TABLE: without the table" test "$(grep -c 'public.dropped' "$out")" = 0

gate shut
begin -j 1 --retries 0
on_primary 'DELETE FROM a WHERE id <= 100'
on_primary 'VACUUM a'
end
gate open
check "standby_conflict: no retries: fails, and leaves nothing" test "$status $(ls "$out" 2>/dev/null)" = "1 "
check "standby_conflict: no retries: named" says "error: .*$conflict"
check "standby_conflict: no retries: what to do" says 'hint: .*hot_standby_feedback.*max_standby_streaming_delay'
