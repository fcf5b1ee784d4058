#!/bin/bash
# Checks what `dumpnative restore` leaves when the server kills one of its sessions (kill -9, and so all of them): a single
# transaction nothing, -j what is done, from where --resume goes on to an equal database.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

own_server || { skip restore_kill "the server isn't ours to be killed"; exit 0; }
oracle_exact "$MAJOR" || { skip restore_kill "no pg_dump $MAJOR to compare with"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

# Each phase of a restore waits as long as somebody holds the lock of its number: rows, an index, a materialized view.
source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE FUNCTION public.stop(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock_shared(n);
    RETURN true;
END $$;
CREATE TABLE a (id int PRIMARY KEY);
INSERT INTO a SELECT generate_series(1, 1000);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a, words text, CHECK (public.stop(1)));
INSERT INTO b SELECT id, repeat('x', 100) FROM a;
CREATE TABLE c (id int);
INSERT INTO c SELECT id FROM a;
CREATE INDEX ON c ((public.stop(2)));
CREATE MATERIALIZED VIEW m AS SELECT count(*), public.stop(3) FROM a;
END_SQL
"$pg_dump" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
whole() { "$pg_dump" -d "$(conninfo "$1")" | sed -E 's/^(.(un)?restrict) .*/\1/'; }
whole "$source_db" >"$WORK/source.sql"
same() { whole "$1" | diff "$WORK/source.sql" -; }

answers() { sql postgres -c 'SELECT 1' >/dev/null 2>&1; }
waiting() { [[ $(sql postgres -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND application_name = '$1' AND $2") -ge 1 ]]; }
holds() { [[ $(sql postgres -At -c "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND datname = '$db' AND objid = $1") == 1 ]]; }

# killed PHASE OPTION...: a restore that is killed in that phase; sets $status.
killed() {
    local phase=$1 holder pid victim
    shift
    status=
    sql "$db" -c "SELECT pg_advisory_lock($phase)" -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
    holder=$!
    wait_for 60 holds "$phase" || { kill "$holder"; return 1; }
    "$DUMPNATIVE" restore "$@" "$WORK/dump.sql" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr" &
    pid=$!
    wait_for 60 waiting dumpnative "wait_event = 'advisory'" || { kill "$holder" "$pid"; return 1; }
    victim=$(sql postgres -At -c "SELECT pid FROM pg_stat_activity WHERE datname = '$db' AND application_name = 'dumpnative' AND wait_event = 'advisory' LIMIT 1")
    kill -KILL "$victim"
    wait "$pid"
    status=$?
    wait "$holder" 2>/dev/null
    wait_for 120 answers
}

for phase in 1 2 3; do
    db=$(new_db "")
    killed "$phase"
    check "restore: in one transaction, killed in phase $phase: fails, and nothing is there" eval '[[ $status == 1 ]] && [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_class WHERE oid >= 16384") == 0 ]]'
done

db=$(new_db "")
resume=()
for phase in 1 2 3; do
    killed "$phase" -j 2 "${resume[@]}"
    check "restore -j 2 ${resume[*]}: killed in phase $phase: fails, and tells what is done" eval '[[ $status == 1 ]] && grep -qE "[0-9]+ of [0-9]+ steps are done" "$WORK/stderr" && grep -q -- "--resume" "$WORK/stderr"'
    resume=(--resume)
done
check "restore --resume: ends in the same database" eval '"$DUMPNATIVE" restore -j 2 --resume "$WORK/dump.sql" "$(conninfo "$db")" 2>"$WORK/stderr" && same "$db"'
