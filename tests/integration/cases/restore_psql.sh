#!/bin/bash
# Checks that dumps of pg_dump 13, 15, 17 and 18, whatever their options, restore as with psql: over one session and over two.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

case $MAJOR in 13 | 15 | 17 | 18) ;; *) exit 0 ;; esac
oracle_exact "$MAJOR" || { skip restore_psql "no pg_dump $MAJOR to make the dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")
maintenance=${MAINTENANCE_DB:-postgres}

source_db=$(new_db "")
sql "$source_db" -o /dev/null -f tests/chaos/small.sql
# DROPs of what isn't there fail with psql, and it goes on.
by_psql() { "$PSQL" -X -q -o /dev/null -d "$(conninfo "$1")" -f "$WORK/dump.sql" >"$WORK/psql.log" 2>&1; }

# as_psql OPTION...: such a dump.
as_psql() {
    local db jobs
    "$pg_dump" "$@" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
    db=$(new_db "")
    [[ " $* " != *" -a "* ]] || "$pg_dump" --section=pre-data -B "$(conninfo "$source_db")" | sql "$db" -o /dev/null
    sql "$maintenance" -c "CREATE DATABASE ${db}_ours TEMPLATE $db" -c "CREATE DATABASE ${db}_two TEMPLATE $db"
    printf '%s\n' "${db}_ours" "${db}_two" >>"$WORK/databases"
    by_psql "$db"
    whole "$db" >"$WORK/psql.sql"
    check "restore as psql${*:+ $*}: psql brings rows" grep -q '^300	' "$WORK/psql.sql"
    run_restore "$WORK/dump.sql" "$(conninfo "${db}_ours")"
    check "restore as psql${*:+ $*}" eval '((status == 0)) && whole "${db}_ours" | diff "$WORK/psql.sql" -'
    run_restore -j 2 "$WORK/dump.sql" "$(conninfo "${db}_two")"
    check "restore -j 2 as psql${*:+ $*}" eval '((status == 0)) && whole "${db}_two" | diff "$WORK/psql.sql" -'
}
as_psql
as_psql --inserts
as_psql --column-inserts --rows-per-insert=7 --on-conflict-do-nothing
as_psql --clean --if-exists
as_psql --clean --if-exists --inserts
as_psql -a -B # with them, their creation is before the rows in 16 and older, and here twice
as_psql --quote-all-identifiers --disable-dollar-quoting --load-via-partition-root
if "$pg_dump" --help | grep -q -- --restrict-key; then
    as_psql --restrict-key=Abc123
    check "restore as psql: the dump is restricted" grep -qx '.restrict Abc123' "$WORK/dump.sql"
fi

# --clean alone: over a database that has it all.
"$pg_dump" --clean -f "$WORK/dump.sql" "$(conninfo "$source_db")"
whole "$source_db" >"$WORK/source.sql"
for jobs in 1 2; do
    run_restore -j "$jobs" "$WORK/dump.sql" "$(conninfo "$source_db")"
    check "restore -j $jobs: --clean over the same database" eval '((status == 0)) && whole "$source_db" | diff "$WORK/source.sql" -'
done

# A dump that makes its database, which is dropped before: psql's, then ours.
made=$(new_db "")
sql "$made" -o /dev/null -f tests/chaos/small.sql
for options in --create "--create --clean --if-exists" "--create --inserts"; do
    read -r -a given <<<"$options"
    "$pg_dump" "${given[@]}" -f "$WORK/dump.sql" "$(conninfo "$made")"
    sql "$maintenance" -c "DROP DATABASE $made"
    by_psql "$maintenance"
    whole "$made" >"$WORK/psql.sql"
    for jobs in 1 2; do
        sql "$maintenance" -c "DROP DATABASE $made"
        run_restore --create -j "$jobs" "$WORK/dump.sql" "$(conninfo "$maintenance")"
        check "restore -j $jobs as psql $options" eval '((status == 0)) && grep -q "^300	" "$WORK/psql.sql" && whole "$made" | diff "$WORK/psql.sql" -'
    done
done
