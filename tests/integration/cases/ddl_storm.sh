#!/bin/bash
# Dumps while other sessions create, alter, rename, attach, rewrite and drop all that there is, as fast as they can. Each
# dump must restore to what its own ledger says, or fail with an error that names the object and says what to do.
#
#   STORM_DUMPS  how many dumps; default 10 (make test-storm: 200)
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

dumps=${STORM_DUMPS:-10}
db=$(new_db "")
name=storm_$$

storm_ends() {
    sql "$db" -At -o /dev/null -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '$name'" </dev/null
    [[ ! -v workers ]] || wait "${workers[@]}" 2>/dev/null
}
trap 'storm_ends; drop_dbs' EXIT

# What no transaction can hold: new files for the same rows.
rewrites() {
    local verbs=("VACUUM (FULL)" "VACUUM" "ANALYZE" "REINDEX TABLE")
    while echo "SELECT '${verbs[RANDOM % 4]} ' || quote_ident(pick('table')) \\gexec" &&
        echo "REFRESH MATERIALIZED VIEW kept;"; do
        :
    done
}

storm_begins() {
    local worker
    workers=()
    for worker in 1 2 3; do
        PGAPPNAME=$name sql "$db" -c 'CALL storm()' </dev/null >"$WORK/worker$worker" 2>&1 &
        workers+=($!)
    done
    rewrites 2>/dev/null | PGAPPNAME=$name "$PSQL" -X -q -d "$(conninfo "$db")" -o /dev/null >"$WORK/rewrites" 2>&1 &
    workers+=($!)
}

# A failure must name something of the storm, or what it did, and none of the server's riddles about numbers.
failed_clearly() {
    [[ ! -e $WORK/storm.sql ]] && grep -qE 'by another session' "$WORK/stderr" &&
        ! grep -qE 'cache lookup|could not open relation|with OID' "$WORK/stderr"
}

# One dump: whole and as its ledger has it, or refused clearly. The result is counted.
one_dump() {
    local restored
    rm -f "$WORK"/storm.sql*
    run_dump -j "$1" -f "$WORK/storm.sql" --lock-wait-timeout=30s -d "$(conninfo "$db")"
    if ((status != 0)); then
        refused=$((refused + 1))
        failed_clearly || echo "dump $number, -j $1, status $status: $(cat "$WORK/stderr")"
        return
    fi
    restored=$(new_db "" 2>/dev/null)
    sql "$restored" -o /dev/null --single-transaction -f "$WORK/storm.sql" >"$WORK/restore" 2>&1 ||
        echo "dump $number, -j $1, does not restore: $(head -c 1000 "$WORK/restore")"
    sql "$restored" -At -c 'SELECT * FROM differences()' >"$WORK/differences" 2>&1
    [[ ! -s $WORK/differences ]] || {
        cp "$WORK/storm.sql" "$WORK/different.$number.sql"
        echo "dump $number, -j $1, is not one moment's: $(head -c 2000 "$WORK/differences")"
    }
    drop_db "$restored"
    sed -i "/^$restored$/d" "$WORK/databases"
}

sql "$db" -v tables=40 -f tests/lib/storm.sql
check "ddl_storm: the ledger is right before it" test -z "$(sql "$db" -At -c 'SELECT * FROM differences()')"
storm_begins
before=$(sql "$db" -At -c 'SELECT last_value FROM number')
refused=0
for ((number = 1; number <= dumps; number++)); do
    one_dump $((1 + number % 2))
done >"$WORK/wrong"
after=$(sql "$db" -At -c 'SELECT last_value FROM number')
storm_ends
check "ddl_storm: $dumps dumps, $refused refused, during $((after - before)) changes" test ! -s "$WORK/wrong" || true
[[ ! -s $WORK/wrong ]] || not_ok "ddl_storm: what was wrong" "$(head -c 6000 "$WORK/wrong")"
check "ddl_storm: there was a storm" test $((after - before)) -gt $((dumps * 10))
check "ddl_storm: nearly all dumps are whole" test $((refused * 10)) -le "$dumps"
sql "$db" -At -c 'SELECT * FROM differences()' >"$WORK/differences" 2>&1
check "ddl_storm: the ledger is right after it" diff /dev/null "$WORK/differences"
