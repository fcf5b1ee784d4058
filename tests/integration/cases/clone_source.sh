#!/bin/bash
# Checks what `dumpnative clone` makes of its sessions in the source when something fails in the middle.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

# ---- The session that holds snapshot and locks is ended by the server ----------------------

# The first row that comes into the target ends it. What its server says goes nowhere: the thread that hears it is not the caller's.
source_db=$(new_db "")
sql "$source_db" <<END_SQL
CREATE FUNCTION ends_holder() RETURNS bool LANGUAGE plpgsql AS \$\$ DECLARE n int; BEGIN
    IF current_database() <> '$source_db' THEN
        LOOP
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '$source_db' AND application_name = 'dumpnative' AND state = 'idle in transaction' AND query NOT LIKE '%COPY%';
            GET DIAGNOSTICS n = ROW_COUNT;
            EXIT WHEN n = 0;
            PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
        END LOOP;
    END IF;
    RETURN true; END \$\$;
CREATE TABLE a (n int CHECK (public.ends_holder()));
CREATE TABLE b (n int);
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (2);
END_SQL
run_clone -j 2 "$(conninfo "$source_db")" "$(conninfo "$(new_db "")")"
check "clone: its source's session is lost" eval '((status == 1)) && grep -q "holds its snapshot and locks was lost" "$WORK/stderr"'
check "clone: ... which is told once" eval '! grep -q "terminating connection" "$WORK/stderr"'

# ---- A deadlock in the target, in the middle of rows ------------------------------------------

# Of large objects, which are written as they come: their function's stand-in has one.
source_db=$(new_db "")
sql "$source_db" -c "SELECT lo_from_bytea(0, decode(repeat('00ff', 2500000), 'hex'))" >/dev/null
for jobs in 1 2; do
    db=$(new_db "")
    sql "$db" <<'END_SQL'
CREATE SEQUENCE attempts;
ALTER FUNCTION pg_catalog.lo_put(oid, bigint, bytea) RENAME TO lo_put_of_old;
CREATE FUNCTION pg_catalog.lo_put(oid, bigint, bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('public.attempts') = 1 THEN
        RAISE EXCEPTION 'once more' USING ERRCODE = '40P01';
    END IF;
END $$;
END_SQL
    run_clone -j "$jobs" "$(conninfo "$source_db")" "$(conninfo "$db")"
    check "clone -j $jobs: copies again behind a deadlock" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT last_value > 1 FROM attempts") == t ]]'
done

# ---- A source that is slow to end its transaction -------------------------------------------------

own_server || { skip "clone: its source stands still" "needs a server on this machine"; exit 0; }
source_db=$(new_db "")
sql "$source_db" <<'END'
CREATE TABLE t (n int);
INSERT INTO t VALUES (1);
CREATE INDEX ON t (n);
CREATE FUNCTION waits() RETURNS bool LANGUAGE sql AS $$ SELECT current_setting('application_name') <> 'dumpnative' OR pg_advisory_xact_lock(7) IS NOT NULL $$;
ALTER TABLE t ADD CHECK (public.waits());
END
db=$(new_db "")
coproc locker { "$PSQL" -X -q -At -d "$(conninfo "$db")" 2>&1; }
echo "SELECT 'locked' FROM pg_advisory_lock(7);" >&"${locker[1]}"
read -r -t 60 -u "${locker[0]}" _
"$DUMPNATIVE" clone -j 2 --progress=always "$(conninfo "$source_db")" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr" &
pid=$!
waits() { [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted") == 1 ]]; }
check "clone: its rows wait" wait_for 60 waits
holder=$(sql postgres -At -c "SELECT pid FROM pg_stat_activity WHERE datname = '$source_db' AND state = 'idle in transaction' AND query NOT LIKE '%COPY%'")
kill -STOP "$holder"
echo "SELECT pg_advisory_unlock(7);" >&"${locker[1]}"
has_rows() { [[ $(sql "$db" -At -c "SELECT count(*) FROM t") == 1 ]]; }
check "clone: its rows are there" wait_for 60 has_rows
sleep 1
size=$(stat -c %s "$WORK/stderr")
grows() { (($(stat -c %s "$WORK/stderr") > size)); }
check "clone: tells its progress while the source stands still" wait_for 20 grows
kill -CONT "$holder"
wait "$pid"
status=$?
echo '\q' >&"${locker[1]}"
wait_for 60 sessions_gone "$db"
check "clone: ... and goes on" eval '((status == 0))'
