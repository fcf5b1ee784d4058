#!/bin/bash
# A server that is newer than the program knows: it says so, and names what new catalogs and columns hold. The program
# of this test, build/tests/older/dumpnative, knows PostgreSQL up to 17 only.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

((MAJOR == 18)) || exit 0
older=$(dirname "$DUMPNATIVE")/tests/older/dumpnative
if [[ ! -x $older ]]; then
    skip "newer_server" "$older is not there; run make unit"
    exit 0
fi
mkdir -p "$WORK/bin"
ln -sf "$older" "$WORK/bin/pg_dump"
db=$(new_db "")
database=$(conninfo "$db")
version="left out: what is new in PostgreSQL 18: the newest version known to this program is 17"

options=()

# says STATUS PROGRAM MESSAGE...: what a dump says, line by line.
says() {
    local wanted=$1 program=$2 status
    shift 2
    PGOPTIONS='-c client_min_messages=error' "$program" "${options[@]}" -f "$WORK/out.sql" -d "$database" >/dev/null 2>"$WORK/stderr"
    status=$?
    [[ $status == "$wanted" ]] && diff <(for line; do echo "$line"; done) "$WORK/stderr"
}
counted() { echo "dumpnative: warning: the dump is done, but leaves out $1, named above"; }

sql "$db" -c "CREATE TABLE t (a int PRIMARY KEY CHECK (a > 0), b int REFERENCES t)"
check "newer_server: the version is named" says 3 "$older" "dumpnative: $version" "$(counted '1 thing')"
check "newer_server: the dump is there all the same" "$older" verify "$WORK/out.sql"
check "newer_server: a warning for pg_dump's face" says 0 "$WORK/bin/pg_dump" "pg_dump: warning: $version"
check "newer_server: nothing for a program that knows" says 0 "$DUMPNATIVE"

# Columns that 18 brought, with other values than those of the server's own rows.
sql "$db" -c "ALTER TABLE t ALTER CONSTRAINT t_b_fkey NOT ENFORCED" -c "CREATE TABLE u (a int4range, b int4range,
    PRIMARY KEY (a, b WITHOUT OVERLAPS), UNIQUE (b, a WITHOUT OVERLAPS))"
check "newer_server: new columns that hold something are named" says 3 "$older" "dumpnative: $version" \
    "dumpnative: left out: the unknown column pg_constraint.conenforced, which holds something in 1 row" \
    "dumpnative: left out: the unknown column pg_constraint.conperiod, which holds something in 2 rows" \
    "$(counted '3 things')"

# A catalog of a version to come: nobody but the server can make one, so one is moved there.
if sql "$db" -c "CREATE TABLE pg_new (a oid, b int)" -c "INSERT INTO pg_new VALUES (1), (16384), (16385)" \
    -c "SET allow_system_table_mods = on" -c "UPDATE pg_class SET relnamespace = 'pg_catalog'::regnamespace, oid = 9999
    WHERE relname = 'pg_new'" -c "UPDATE pg_attribute SET attrelid = 9999 WHERE attrelid = (SELECT typrelid FROM pg_type
    WHERE typname = 'pg_new')" -c "UPDATE pg_type SET typrelid = 9999 WHERE typname = 'pg_new'" >"$WORK/new.log" 2>&1; then
    check "newer_server: new catalogs with rows are named" says 3 "$older" "dumpnative: $version" \
        "dumpnative: left out: the unknown column pg_constraint.conenforced, which holds something in 1 row" \
        "dumpnative: left out: the unknown column pg_constraint.conperiod, which holds something in 2 rows" \
        "dumpnative: left out: the unknown catalog pg_new, which holds something in 2 rows" "$(counted '4 things')"
    role=dumpnative_newer_$$
    trap 'drop_dbs; sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE $role"' EXIT
    sql "$db" -c "CREATE ROLE $role" -c "GRANT SELECT ON t, u TO $role"
    options=(--role="$role")
    check "newer_server: so are new columns that may not be read" says 3 "$older" "dumpnative: $version" \
        "dumpnative: left out: the unknown column pg_new.a, which may not be read" \
        "dumpnative: left out: the unknown column pg_new.b, which may not be read" \
        "dumpnative: left out: the unknown column pg_constraint.conenforced, which holds something in 1 row" \
        "dumpnative: left out: the unknown column pg_constraint.conperiod, which holds something in 2 rows" \
        "$(counted '5 things')"
else
    skip "newer_server: new catalogs" "$(head -n 1 "$WORK/new.log")"
fi
