#!/bin/bash
# Checks that large objects are streamed: many small ones in one message, a big one in little memory; and what becomes
# of those that the role may not read.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

# make_db MEGABYTES SMALL: prints the name of a database with a large object of that size and so many small ones.
make_db() {
    local db
    db=$(new_db "") || return
    sql "$db" -o /dev/null -c "SELECT lo_create(100000)" \
        -c "SELECT lo_put(100000, n * 1000000, convert_to(repeat(md5(n::text), 31250), 'UTF8'))
            FROM generate_series(0, $1 - 1) n" \
        -c "SELECT lo_from_bytea(200000 + n, convert_to('number ' || n, 'UTF8')) FROM generate_series(1, $2) n" &&
        echo "$db"
}

contents() {
    sql "$1" -At -c "SELECT count(*), sum(length(lo_get(oid))), md5(string_agg(md5(lo_get(oid)), ',' ORDER BY oid)) \
        FROM pg_largeobject_metadata"
}

few=$(make_db 1 3)
many=$(make_db 50 3000)
restored=$(new_db "")

if sanitized; then
    run_dump -b -f "$WORK/big.sql" -d "$(conninfo "$many")"
    check "large objects: dumped" test "$status" = 0
else
    read -r small small_file < <(peak "$few" -b)
    read -r big big_file < <(peak "$many" -b)
    check "large objects: memory does not grow, ${small:-?} kB for ${small_file:-?} MB, ${big:-?} kB for ${big_file:-?} MB" \
        test "${small:-0}" -gt 1000 -a "${big:-0}" -gt 1000 -a "${big_file:-0}" -ge 100 -a "${big:-0}" -lt $((${small:-0} + 4000))
fi
check "large objects: the dump is whole" "$DUMPNATIVE" verify "$WORK/big.sql"
check "large objects: restored" sql "$restored" -o /dev/null -f "$WORK/big.sql"
check "large objects: the same after the restore" test "$(contents "$many")" = "$(contents "$restored")"
check "large objects: all of them" test "$(contents "$restored" | cut -d '|' -f 1)" = 3001

# Statements that reach the server; a message of many counts as one.
statements() {
    local from
    from=$(stat -c %s "$log")
    PGOPTIONS='-c log_statement=all' run_dump -b -f "$WORK/out.sql" -d "$(conninfo "$1")"
    tail -c +$((from + 1)) "$log" | grep -cE ' LOG:  (statement|execute)'
}
log=${PGHOST:-}/log
if own_server && [[ -r $log ]]; then
    three=$(statements "$few") thousands=$(statements "$many")
    check "large objects: $three statements for 3 of them, $thousands for 3,000" test "$three" -gt 5 -a "$three" -eq "$thousands"
fi

# ---- Refused ----------------------------------------------------------------------------------

role=dumpnative_test_$$
sql "$few" -c "CREATE ROLE $role"
trap 'drop_dbs; sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE $role"' EXIT
run_dump -b --role="$role" -f "$WORK/refused.sql" -d "$(conninfo "$few")"
check "large objects: refused to a role without privileges" test "$status" = 1 -a ! -e "$WORK/refused.sql"
check "large objects: and told why" grep -q "large object 100000 and 3 more can't be read: no SELECT privilege" "$WORK/stderr"
check "large objects: and what to do" grep -q 'hint: .* -B' "$WORK/stderr"
run_dump -B --role="$role" -f "$WORK/out.sql" -d "$(conninfo "$few")"
check "large objects: -B does without them" test "$status" = 0
ln -sf "$(realpath "$DUMPNATIVE")" "$WORK/pg_dump"
"$WORK/pg_dump" --role="$role" -d "$(conninfo "$few")" >"$WORK/stdout" 2>"$WORK/stderr"
check "large objects: refused in pg_dump's words" test "$? $(cat "$WORK/stderr")" = \
    "1 pg_dump: error: could not open large object 100000: ERROR:  permission denied for large object 100000"
