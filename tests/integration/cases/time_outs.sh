#!/bin/bash
# Checks that no time-out of the target's role or database holds for the sessions of a restore or clone, not even behind a rollback:
# they may be idle for long while another session builds an index.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

# The index looks at the session that builds it. Its first attempt fails as a deadlock does: the next one comes behind RESET ALL.
source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE SEQUENCE attempts START 10;
CREATE FUNCTION looked_at(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE limits text; BEGIN
    IF pg_catalog.nextval('public.attempts') = 1 THEN RAISE EXCEPTION 'once more' USING ERRCODE = '40P01'; END IF;
    SELECT pg_catalog.string_agg(name, ', ') INTO limits FROM pg_catalog.pg_settings WHERE setting <> '0' AND name IN
        ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');
    IF limits IS NOT NULL THEN RAISE EXCEPTION 'limits: %', limits; END IF;
    RETURN n; END $$;
CREATE TABLE t (n int);
INSERT INTO t VALUES (1);
CREATE INDEX ON t (looked_at(n));
DO $do$ BEGIN PERFORM setval('attempts', 1, false); END $do$;
END_SQL

retried() { [[ $(sql "$1" -At -c "SELECT last_value >= 2 FROM attempts") == t ]]; }
new_target() {
    db=$(new_db "")
    for name in statement_timeout lock_timeout idle_in_transaction_session_timeout idle_session_timeout transaction_timeout; do
        [[ $(sql postgres -At -c "SELECT current_setting('$name', true) IS NULL") == t ]] || sql postgres -c "ALTER DATABASE $db SET $name = '1min'"
    done
}

"$DUMPNATIVE" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
new_target
run_restore -j 2 "$WORK/dump.sql" "$(conninfo "$db")"
check "restore -j: no time-out" eval '((status == 0)) && retried "$db"'
new_target
run_clone "$(conninfo "$source_db")" "$(conninfo "$db")" -j 2
check "clone -j: no time-out" eval '((status == 0)) && retried "$db"'
