#!/bin/bash
# Checks that the same database gives the same bytes twice, and that memory does not grow with the data.
# once
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

# ---- The same bytes ---------------------------------------------------------------------------

db=$(new_db "")
sql "$db" -o /dev/null -f fixtures/demo/loft_rental.sql
for options in "" "-s" "--inserts" "-c --if-exists" "-a --disable-triggers"; do
    for n in 1 2; do
        # shellcheck disable=SC2086
        run_dump -f "$WORK/$n.sql" $options -d "$(conninfo "$db")"
        ((status == 0)) || not_ok "dump number $n [$options]" "status $status: $(cat "$WORK/stderr")"
    done
    check "the same bytes twice [$options]" cmp "$WORK/1.sql" "$WORK/2.sql"
    check "and the same digest [$options]" test "$(cut -c 1-64 "$WORK/1.sql.sha256")" = "$(cut -c 1-64 "$WORK/2.sql.sha256")"
done

# ---- Memory -----------------------------------------------------------------------------------

if sanitized; then
    skip "memory does not grow" "AddressSanitizer keeps what is freed"
    exit 0
fi

# grows_not NAME OPTION...
grows_not() {
    local name=$1 small small_file big big_file
    shift
    read -r small small_file < <(peak "$few" "$@")
    read -r big big_file < <(peak "$many" "$@")
    check "memory does not grow$name: $small kB for $small_file MB, $big kB for $big_file MB" \
        test "${small:-0}" -gt 1000 -a "${big:-0}" -gt 1000 -a "${big_file:-0}" -gt $((15 * ${small_file:-1000})) \
        -a "${big:-0}" -lt $((${small:-0} + 3000))
}

# A row of a few hundred bytes, as many as make up that many MB.
make_db() {
    local db
    db=$(new_db "")
    sql "$db" -c "CREATE TABLE t AS SELECT n, repeat(md5(n::text), 15) FROM generate_series(1, $1 * 2050) n" &&
        sql "$db" -c "CREATE TABLE u AS SELECT n FROM generate_series(1, $1 * 1000) n" && echo "$db"
}
few=$(make_db 10)
many=$(make_db 200)
grows_not "" -j 1
grows_not " with INSERT commands" -j 1 --inserts -T u
grows_not " with INSERT commands of many rows" -j 1 --rows-per-insert=1000000 -T u

# Several connections read ahead of what is written, as far as a fixed limit.
read -r big big_file < <(peak "$many" -j 4)
check "memory is bounded with 4 connections: ${big:-?} kB for ${big_file:-?} MB" \
    test "${big:-0}" -gt 1000 -a "${big:-0}" -lt 65536 -a "${big_file:-0}" -gt 150
rm -f "$WORK"/big.sql*
