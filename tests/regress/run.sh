#!/bin/bash
# Dumps the database that PostgreSQL's core regression suite leaves behind, and compares with pg_dump.
#
# usage: tests/regress/run.sh
#
#   PG_MAJORS    server versions to use; default "12 13 14 15 16 17 18"; those not installed are skipped
#   DUMPNATIVE   the program to test; default build/dumpnative
#   TEST_DIR     where the tests' files go; default build/test-regress
#
# The suite comes from .deps/sources, see tests/setup/sources.sh; where a major's own can't be had, that of a
# neighbour is run as far as it goes. On majors whose pg_dump is there, the text is compared, whole and schema by
# schema, from both faces; on all, the dump is restored and the two databases are compared.
# Files stay in TEST_DIR/MAJOR/. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh
# shellcheck source=tests/regress/build.sh
. tests/regress/build.sh

test_dir=${TEST_DIR:-build/test-regress}
DUMPNATIVE=$(realpath -m "${DUMPNATIVE:-build/dumpnative}")
export LC_ALL=C.UTF-8

# Options of both, besides those under test.
common=(--restrict-key=x)

whole_options() {
    cat <<-'END'

	-s
	-a
	-c
	-c --if-exists
	-C
	-C -c --if-exists
	-O -x
	--inserts
	--column-inserts --on-conflict-do-nothing -a
	--rows-per-insert=7 -a
	--section=pre-data
	--section=data
	--section=post-data
	--quote-all-identifiers -s
	--disable-dollar-quoting -s
	--disable-triggers -a
	--load-via-partition-root -a
	--enable-row-security -a
	--use-set-session-authorization -s
	--no-comments --no-tablespaces --no-security-labels --no-publications --no-subscriptions -s
	--no-unlogged-table-data -a
	-N public
	-s -N 'pg_*'
	-T '*'
	END
}

query() { "$PSQL" -X -At -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }

# report NAME A B: passes when the files are equal.
report() {
    if diff -u "$2" "$3" >"$WORK/diff"; then
        ok "regress/$1"
    else
        not_ok "regress/$1: $(grep -c '^[-+]' "$WORK/diff") lines differ" "$(head -n 30 "$WORK/diff")"
    fi
}

# stand_in [OPTION]...: our text in pg_dump's face, with its messages and its status.
stand_in() {
    # shellcheck disable=SC2154
    PG_DUMP_VERSION=$claim "$WORK/bin/pg_dump" "${common[@]}" "$@" >"$WORK/ours.sql" 2>"$WORK/ours.err" </dev/null
    echo "status $?" >>"$WORK/ours.err"
}

theirs() {
    "$oracle" "${common[@]}" "$@" >"$WORK/theirs.sql" 2>"$WORK/theirs.err" </dev/null
    echo "status $?" >>"$WORK/theirs.err"
}

compare_stand_in() {
    stand_in "$@" regression
    theirs "$@" regression
    report "pg_dump${*:+ $*}: messages" "$WORK/theirs.err" "$WORK/ours.err" >"$WORK/messages"
    if cmp -s "$WORK/theirs.err" "$WORK/ours.err"; then
        sed -i '$d' "$RESULTS" # one result for both
        report "pg_dump${*:+ $*}: $(wc -l <"$WORK/theirs.sql") lines" "$WORK/theirs.sql" "$WORK/ours.sql"
    else
        cat "$WORK/messages"
    fi
}

compare_own_face() {
    local name
    theirs "$@" regression
    name="dumpnative $*"
    if ! "$DUMPNATIVE" "$@" -f "$WORK/own.sql" -d regression 2>"$WORK/own.err" </dev/null; then
        not_ok "regress/$name" "$(cat "$WORK/own.err")"
        return
    fi
    sed -E -f tests/lib/known_differences.sed "$WORK/theirs.sql" >"$WORK/expected.sql"
    sed -E -f tests/lib/known_differences.sed "$WORK/own.sql" >"$WORK/actual.sql"
    report "$name" "$WORK/expected.sql" "$WORK/actual.sql"
}

compare_texts() {
    local line schema
    local -a options
    while IFS= read -r line; do
        mapfile -t options < <(split_options "$line")
        compare_stand_in "${options[@]}"
    done < <(whole_options)
    while IFS= read -r schema; do
        compare_stand_in -n "\"$schema\""
        compare_own_face -n "\"$schema\""
    done < <(query regression "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND
        nspname <> 'information_schema' ORDER BY 1")
}

# statements COMMAND...: how many the server's log has of the command's.
statements() {
    local from
    # shellcheck disable=SC2154
    from=$(stat -c %s "$PGHOST/log")
    PGOPTIONS='-c log_statement=all' "$@" >/dev/null 2>&1
    tail -c +$((from + 1)) "$PGHOST/log" | grep -acE ' regression LOG:  (statement|execute [^:]*):'
}

count_statements() {
    local ours tables
    ours=$(statements "$WORK/bin/pg_dump" "${common[@]}" regression)
    tables=$(query regression "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384")
    check "regress/statements: $ours for $tables tables; pg_dump sends $(statements "$oracle" "${common[@]}" regression)" \
        test "$ours" -gt 5 -a "$ours" -lt 80
}

# Restoring puts inherited columns first, ours and pg_dump's alike, and rows into other pages. So the sides are compared as
# sets of lines, and the rows of tables whose columns moved by name.
column_orders() {
    query "$1" "SELECT '\"' || n.nspname || '\".\"' || c.relname || '\"', string_agg(a.attname, ',' ORDER BY a.attnum)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relpersistence <> 't' GROUP BY 1" | LC_ALL=C sort
}

rows_by_name() {
    query "$1" "SELECT '$2', count(*), md5(string_agg(r, ',' ORDER BY r COLLATE \"C\"))
        FROM (SELECT to_jsonb(t)::text AS r FROM ONLY $2 t) t"
}

# compare_databases HOW A B
compare_databases() {
    local how=$1 side table
    local -a moved excluded
    shift
    for side in "$@"; do
        "$oracle" "${common[@]}" -s "$side" | sed 's/,$//' | LC_ALL=C sort >"$WORK/$side.lines"
        column_orders "$side" >"$WORK/$side.columns"
    done
    report "$how: definitions" "$WORK/$1.lines" "$WORK/$2.lines"

    mapfile -t moved < <(LC_ALL=C comm -23 "$WORK/$1.columns" "$WORK/$2.columns" | sed 's/|.*//')
    excluded=("${moved[@]/#/--exclude-table-data=}")
    for side in "$@"; do
        {
            "$oracle" "${common[@]}" -a "${excluded[@]}" "$side" 2>"$WORK/$side.err"
            for table in "${moved[@]}"; do
                rows_by_name "$side" "$table"
            done
        } | LC_ALL=C sort >"$WORK/$side.rows"
    done
    report "$how: rows, those of ${#moved[@]} tables by name" "$WORK/$1.rows" "$WORK/$2.rows"
}

new_target() {
    "$PSQL" -X -q -d postgres -c "CREATE DATABASE $1 TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
}

# restore FILE DATABASE: leaves the errors in DATABASE.errors; fails when there are some.
restore() {
    new_target "$2"
    "$PSQL" -X -q -o /dev/null -d "$2" -f "$1" >"$WORK/$2.log" 2>&1
    ! sed -n 's/^.*: ERROR: /ERROR: /p' "$WORK/$2.log" | tee "$WORK/$2.errors" | grep -q .
}

# only_moved DATABASE: compare names those tables and no others.
only_moved() {
    "$DUMPNATIVE" compare --whole-database dbname=regression "dbname=$1" >"$WORK/compared"
    sed -nE 's/^(TABLE|rows of) ([^:]*): .*/\2/p' "$WORK/compared" | LC_ALL=C sort -u >"$WORK/compared.tables"
    LC_ALL=C comm -23 <(column_orders regression) <(column_orders "$1") | sed 's/|.*//; s/"//g' | LC_ALL=C sort >"$WORK/moved"
    {
        LC_ALL=C comm -23 "$WORK/compared.tables" "$WORK/moved"
        grep -vE '^(TABLE|rows of) ' "$WORK/compared"
    } >"$WORK/unexpected"
    cat "$WORK/unexpected"
    [[ -s $WORK/moved && ! -s $WORK/unexpected ]]
}

# copy HOW DATABASE COMMAND...: the command makes a copy of the database, in which nothing differs.
copy() {
    local how=$1 target=$2
    shift 2
    new_target "$target"
    if ! "$@" >"$WORK/$target.log" 2>&1 </dev/null; then
        not_ok "regress/$how" "$(tail -n 20 "$WORK/$target.log")"
        return
    fi
    ok "regress/$how"
    check "regress/$how: what psql restored is the same" "$DUMPNATIVE" compare --whole-database dbname=restored "dbname=$target"
    check "regress/$how: what was copied differs in moved columns alone" only_moved "$target"
    compare_databases "$how" regression "$target"
}

test_copies() {
    check "regress/dump for restore -j" "$DUMPNATIVE" --whole-database -f "$WORK/whole.sql" -d regression
    copy "restore -j2" restored_parallel "$DUMPNATIVE" restore -j 2 "$WORK/whole.sql" dbname=restored_parallel
    copy "clone -j2" cloned "$DUMPNATIVE" clone -j 2 dbname=regression dbname=cloned
}

# Where older servers took what they cannot take back, pg_dump's own text must fail in the same way, and to the same effect.
test_restore() {
    stand_in regression
    if restore "$WORK/ours.sql" restored; then
        ok "regress/restored: without errors"
        compare_databases restored regression restored
        test_copies
        return
    fi
    theirs regression
    restore "$WORK/theirs.sql" restored_theirs || true
    report "restored: $(wc -l <"$WORK/restored.errors") errors, those of pg_dump's own text" \
        "$WORK/restored_theirs.errors" "$WORK/restored.errors"
    compare_databases restored restored_theirs restored
}

test_major() {
    local source
    source=$(regression_source "$MAJOR")
    if ! pg_bin "$MAJOR" >/dev/null; then
        skip "regress" "no server of that version; see tests/setup/servers.sh"
        return
    elif ! oracle=$(oracle_for "$MAJOR"); then
        skip "regress" "no pg_dump of that version or a newer one; see tests/setup/oracle.sh"
        return
    elif [[ ! -e .deps/sources/$source/include ]]; then
        skip "regress" "no source of PostgreSQL $source; see tests/setup/sources.sh"
        return
    elif ! server_start "$MAJOR" || ! build_regression "$MAJOR" regression >"$WORK/build.log" 2>&1; then
        not_ok "regress/build" "$(tail -n 20 "$WORK/build.log")"
        return
    fi
    check "regress/build: $regression_runs files of the suite of $source${regression_failed[*]:+, not all of ${regression_failed[*]}}" \
        test "$regression_runs" -gt 200 -a "${#regression_failed[@]}" -lt 5
    mkdir -p "$WORK/bin"
    ln -sf "$DUMPNATIVE" "$WORK/bin/pg_dump"
    claim=$("$oracle" -V | sed 's/^[^)]*) //')
    if oracle_exact "$MAJOR"; then
        compare_texts
    else
        skip "regress/text" "no pg_dump $MAJOR to be had"
    fi
    count_statements
    test_restore
}

if [[ ! -x $DUMPNATIVE ]]; then
    echo "$DUMPNATIVE is not there; run make first" >&2
    exit 1
fi
read -r -a majors <<<"${PG_MAJORS:-12 13 14 15 16 17 18}"
results=()
for MAJOR in "${majors[@]}"; do
    WORK=$(realpath -m "$test_dir/$MAJOR") RESULTS=$WORK/results
    rm -rf "$WORK"
    mkdir -p "$WORK"
    : >"$RESULTS"
    results+=("$RESULTS")
    (test_major)
done

count() { cat "${results[@]}" | grep -c "^$1"; }
passed=$(count ok) failed=$(count FAIL) skipped=$(count skip)
if ((failed > 0)); then
    echo "failed:"
    sed -n 's/^FAIL /  /p' "${results[@]}"
fi
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
