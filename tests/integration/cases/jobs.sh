#!/bin/bash
# Checks that a dump is the same over any number of connections, and what becomes of connections that can't be had.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

# Tables of many pages, of which some are empty, with values out of line; of no pages; small ones between. In the middle
# of b a row that was written later lies before older ones.
db=$(new_db "")
sql "$db" -o /dev/null <<'SQL'
CREATE TABLE a (id serial PRIMARY KEY, t text);
INSERT INTO a (t) SELECT repeat(md5(n::text), n % 40) FROM generate_series(1, 40000) n;
CREATE TABLE b (id int, gone text, t text, twice int GENERATED ALWAYS AS (id * 2) STORED);
ALTER TABLE b ALTER t SET STORAGE EXTERNAL;
INSERT INTO b SELECT n, 'x', repeat(chr(9) || E'\\' || n, n % 2000) FROM generate_series(1, 4000) n;
ALTER TABLE b DROP gone;
DELETE FROM b WHERE id BETWEEN 1000 AND 2000;
VACUUM b;
INSERT INTO b (id, t) VALUES (0, 'written last');
CREATE TABLE empty (id int);
CREATE TABLE columnless ();
INSERT INTO columnless SELECT FROM generate_series(1, 3);
CREATE TABLE parent (id int, t text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO parent SELECT n, repeat('parent', 100) FROM generate_series(1, 20000) n;
INSERT INTO child SELECT n, repeat('child', 100) FROM generate_series(1, 20000) n;
DO $$ BEGIN
    FOR n IN 1 .. 300 LOOP
        EXECUTE format('CREATE TABLE small_%s AS SELECT %s AS n', n, n);
    END LOOP;
END $$;
SELECT lo_from_bytea(70000 + n, convert_to('number ' || n, 'UTF8')) FROM generate_series(1, 3) n;
SQL

dump() { run_dump -f "$WORK/$1" -d "$(conninfo "$db")" "${@:2}"; }

one=$WORK/one.sql
for options in "" "--inserts" "--rows-per-insert=7" "-b -n *" "-Z gzip"; do
    read -r -a words <<<"$options"
    dump one.sql -j 1 "${words[@]}"
    check "jobs: dumped over one connection [$options]" test "$status" = 0
    for jobs in 2 5; do
        dump many.sql -j "$jobs" "${words[@]}"
        check "jobs: $jobs connections, the same bytes [$options]" cmp "$one" "$WORK/many.sql"
    done
done
run_dump -j 3 -d "$(conninfo "$db")"
mv "$WORK/stdout" "$WORK/straight.sql"
dump one.sql -j 1
check "jobs: the same on standard output" cmp "$one" "$WORK/straight.sql"
dump auto.sql -v
check "jobs: the same with as many as pay" cmp "$one" "$WORK/auto.sql"
check "jobs: -v tells how many, and why" grep -q 'reading [0-9]* MB of 30[0-9] tables over [0-9]* connections\?: ' "$WORK/stderr"
if ((MAJOR >= 14)); then
    dump many.sql -j 2 -t a
    check "jobs: one table, two connections" test "$status" = 0
fi

restored=$(new_db "")
check "jobs: restored" sql "$restored" -o /dev/null --single-transaction -f "$one"
check "jobs: the row that was written last" \
    test "$(sql "$restored" -At -c 'SELECT count(*), sum(id), sum(length(t)) FROM b')" = \
    "$(sql "$db" -At -c 'SELECT count(*), sum(id), sum(length(t)) FROM b')"

# ---- Connections that can't be had --------------------------------------------------------

role=dumpnative_test_$$
trap 'drop_dbs; sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE IF EXISTS $role"' EXIT
sql "$db" -c "CREATE ROLE $role LOGIN CONNECTION LIMIT 1" -c "GRANT SELECT ON ALL TABLES IN SCHEMA public TO $role" \
    -c "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO $role"
if own_server; then
    dump one.sql -j 1
    run_dump -j 4 -f "$WORK/limited.sql" -d "$(conninfo "$db") user=$role"
    check "jobs: a role with one connection: dumped" test "$status" = 0
    check "jobs: a role with one connection: told" grep -q 'going on with one connection less: .*too many connections' "$WORK/stderr"
    # The grants to that role are in both.
    check "jobs: a role with one connection: the same" cmp "$one" "$WORK/limited.sql"
    # Superusers look at the files, which others may not.
    measured() {
        run_dump -v -j 4 -f "$WORK/measured.sql" -d "$(conninfo "$db") $1"
        grep -o 'reading [0-9]* MB of [0-9]* tables' "$WORK/stderr"
    }
    as_large() {
        local ours
        ours=$(measured "") && [[ $ours != 'reading 0 '* && $ours == "$(measured "user=$role")" ]]
    }
    check "jobs: a role that is no superuser: the tables are as large" as_large
else
    skip "jobs: a role with one connection" "only on a server of the tests' own"
fi

# A queue behind our lock: a second session of ours would wait for somebody who waits for the first one.
sql "$db" -c "DROP OWNED BY $role"
dump one.sql -j 1
fifo=$WORK/fifo
mkfifo "$fifo"
"$DUMPNATIVE" -j 2 -v -d "$(conninfo "$db")" >"$fifo" 2>"$WORK/stderr" </dev/null &
pid=$!
exec 3<"$fifo"
locked() {
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE relation = 'small_300'::regclass AND mode = 'AccessShareLock'
                           AND granted" </dev/null) -gt 0 ]]
}
queued() {
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_locks WHERE relation = 'small_300'::regclass AND NOT granted" </dev/null) -gt 0 ]]
}
wait_for 20 locked
sql "$db" -c 'DROP TABLE small_300' >"$WORK/drop" 2>&1 </dev/null &
drop=$!
wait_for 20 queued
timeout 60 cat <&3 >"$WORK/queued.sql"
exec 3<&-
wait "$pid"
status=$?
wait "$drop"
check "jobs: a table that somebody waits to drop: dumped" test "$status" = 0
check "jobs: a table that somebody waits to drop: the same" cmp "$one" "$WORK/queued.sql"

# Some who manage servers for others take away the right to share a snapshot.
if own_server; then
    alone=$(new_db "OWNER $role")
    sql "$alone" -c "ALTER ROLE $role CONNECTION LIMIT -1" -c "CREATE TABLE t AS SELECT generate_series(1, 9) n" \
        -c "ALTER TABLE t OWNER TO $role" -c 'REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC'
    dump_alone() { run_dump -v -f "$WORK/$1" -d "$(conninfo "$alone") user=$role" "${@:2}"; }
    for option in --strict-names -s -a; do # the first of no consequence
        dump_alone one.sql -j 1 "$option"
        check "jobs: no right to share a snapshot: one connection [$option]" test "$status" = 0
        for jobs in "" -j3; do
            dump_alone many.sql ${jobs:+"$jobs"} "$option"
            check "jobs: no right to share a snapshot: the same [$option $jobs]" cmp "$one" "$WORK/many.sql"
            check "jobs: no right to share a snapshot: -v tells [$option $jobs]" \
                grep -q 'over \(one\|1\) connection: the role may not call pg_export_snapshot()' "$WORK/stderr"
        done
    done
else
    skip "jobs: no right to share a snapshot" "only on a server of the tests' own"
fi

# ---- Failures -------------------------------------------------------------------------------

sql "$db" -c "CREATE FUNCTION fails(i int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS \
        'BEGIN IF i = 30000 THEN RAISE EXCEPTION ''row %'', i; END IF; RETURN i; END'" \
    -c 'CREATE VIEW sight AS SELECT 1' -c "ALTER TABLE a ENABLE ROW LEVEL SECURITY" \
    -c "CREATE ROLE ${role}_b" -c "GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}_b" \
    -c "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}_b" -c 'CREATE POLICY p ON a USING (fails(id) > 0)'
rm -f "$WORK/failed.sql"
dump failed.sql -j 3 --role="${role}_b" --enable-row-security
check "jobs: an error in the middle of a table: status" test "$status" = 1
check "jobs: an error in the middle of a table: named" grep -q 'public.a: .*row 30000' "$WORK/stderr"
check "jobs: an error in the middle of a table: nothing is left" test ! -e "$WORK/failed.sql"
no_sessions() {
    [[ $(sql "${MAINTENANCE_DB:-postgres}" -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db'
                                                    AND application_name = 'dumpnative'" </dev/null) == 0 ]]
}
check "jobs: an error in the middle of a table: no session is left" wait_for 5 no_sessions
sql "$db" -c "DROP OWNED BY ${role}_b" -c "DROP ROLE ${role}_b"
