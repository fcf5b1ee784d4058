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
