#!/bin/bash
# Checks that each kind of restore has the claim in its target, which keeps others out: also while a prepared transaction holds it,
# which is of no process. What only looks needs none.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

# The rows want the claim to be there as they come.
source_db=$(new_db "")
sql "$source_db" <<'END'
CREATE FUNCTION has_claim() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN current_setting('application_name') <> 'dumpnative' OR EXISTS (
    SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND granted
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    AND classid = 1685417328 AND objid = 1851880553 AND objsubid = 1); END $$;
CREATE TABLE t (n int CHECK (public.has_claim()));
INSERT INTO t VALUES (1);
END
"$DUMPNATIVE" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
"$DUMPNATIVE" --create -f "$WORK/create.sql" "$(conninfo "$source_db")"
for how in "" --no-transaction "-j 2"; do
    # shellcheck disable=SC2086
    run_restore $how "$WORK/dump.sql" "$(conninfo "$(new_db "")")"
    check "claim: restore $how" eval '((status == 0))'
done
sed "s/$source_db/${source_db}_made/g" "$WORK/create.sql" >"$WORK/made.sql"
for how in "" --no-transaction "-j 2"; do
    # shellcheck disable=SC2086
    run_restore $how --create "$WORK/made.sql" "$(conninfo postgres)"
    check "claim: restore --create $how" eval '((status == 0))'
    sql postgres -c "DROP DATABASE IF EXISTS ${source_db}_made"
done
for how in --single-transaction "-j 2"; do
    # shellcheck disable=SC2086
    run_clone $how "$(conninfo "$source_db")" "$(conninfo "$(new_db "")")"
    check "claim: clone $how" eval '((status == 0))'
done

# ---- Held by another ------------------------------------------------------------------

if [[ $(sql postgres -At -c 'SHOW max_prepared_transactions') == 0 ]]; then
    skip "claim: held by another" "max_prepared_transactions is 0"
    exit 0
fi
db=$(new_db "")
sql "$db" -c BEGIN -c 'SELECT pg_advisory_xact_lock(7238812305723585641)' -c "PREPARE TRANSACTION '$db'" >/dev/null
run_restore -j 2 --dry-run "$WORK/dump.sql" "$(conninfo "$db")"
check "claim: restore -j --dry-run only looks" eval '((status == 0))'
run_clone -j 2 --dry-run "$(conninfo "$source_db")" "$(conninfo "$db")"
check "claim: clone --dry-run only looks" eval '((status == 0))'
run_restore --no-transaction "$WORK/dump.sql" "$(conninfo "$db")"
check "claim: a holder without a process" eval '((status == 1)) && grep -q "at work in the target: process unknown" "$WORK/stderr" && grep -q "ROLLBACK PREPARED" "$WORK/stderr"'
sql "$db" -c "ROLLBACK PREPARED '$db'"
run_restore "$WORK/dump.sql" "$(conninfo "$db")"
check "claim: taken behind that" eval '((status == 0))'
