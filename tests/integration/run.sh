#!/bin/bash
# Dumps every fixture from every server version, restores it, and compares with what pg_dump says.
#
# usage: tests/integration/run.sh [FILTER]
#
# FILTER, or the variable of that name, picks tests by a part of their name (tables/, cases/verify).
#   PG_MAJORS    server versions to use; default "12 13 14 15 16 17 18"; those not installed are skipped
#   PG_URL       use this server instead of our own, in databases that are created and dropped there
#   DUMPNATIVE   the program to test; default build/dumpnative
#   FIXTURES     the folder to take fixtures from; default fixtures
#   JOBS         how many versions to test at the same time; default: one for each processor
#   TEST_DIR     where the tests' files go; default build/test; two runs at a time need one each
#   TEST_TIMEOUT seconds that one command may take; default 120
#
# What a fixture's first comments may ask for stands in tests/lib/fixture.sh; how a script of cases/ reports stands
# in tests/lib/case.sh. Files stay in TEST_DIR/MAJOR/. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh

filter=${1:-${FILTER:-}}
fixtures=${FIXTURES:-fixtures}
test_dir=${TEST_DIR:-build/test}
time_limit=${TEST_TIMEOUT:-120}
DUMPNATIVE=$(realpath -m "${DUMPNATIVE:-build/dumpnative}")
export LC_ALL=C.UTF-8 PSQL DUMPNATIVE

wanted() { [[ $1 == *"$filter"* ]]; }

# try LABEL COMMAND...: runs it with its output in $out/LABEL.log; a failure is reported as the test's.
try() {
    local label=$1 status
    shift
    timeout -k 5 "$time_limit" "$@" >"$out/$label.log" 2>&1 </dev/null
    status=$?
    [[ $status == 0 ]] && return 0
    not_ok "$test_name: $label failed, status $status" "$(tail -n 20 "$out/$label.log")"
    return 1
}

try_sql() { try "$1" "$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$(conninfo "$2")" "${@:3}"; }

# same LABEL A B: the files must be equal.
same() {
    diff -u "$2" "$3" >"$out/$1.diff" && rm "$out/$1.diff" && return 0
    not_ok "$test_name: $1 differs, ${out#"$PWD"/}/$1.diff" "$(head -n 22 "$out/$1.diff")"
    return 1
}

# Runs pg_dump with $oracle_options; its random key is not part of the text.
oracle_dump() {
    try "$1" "$oracle" "${oracle_options[@]}" -f "$out/$1.sql" -d "$(conninfo "$2")" &&
        sed -i -E '/^\\(un)?restrict [A-Za-z0-9]+$/{N;d}' "$out/$1.sql"
}

normalise() { sed -E -f tests/lib/known_differences.sed "$1" >"$2"; }

# Dumps source_db to $out/out.sql; the status, and the files, must be as expected.
dump() {
    local status
    rm -f "$out"/out.sql*
    timeout -k 5 "$time_limit" "$DUMPNATIVE" -f "$out/out.sql" "${options[@]}" -d "$(conninfo "$source_db")" \
        >"$out/dump.out" 2>"$out/dump.log" </dev/null
    status=$?
    if [[ $status != "${run_exit[run]}" ]]; then
        not_ok "$test_name: dump ended with status $status, not ${run_exit[run]}" "$(tail -n 20 "$out/dump.log")"
    elif [[ -s $out/dump.out ]]; then
        not_ok "$test_name: dump wrote to standard output" "$(head -n 20 "$out/dump.out")"
    elif ! grep -qF -e "${run_stderr[run]}" "$out/dump.log" && [[ -n ${run_stderr[run]} ]]; then
        not_ok "$test_name: standard error lacks '${run_stderr[run]}'" "$(tail -n 20 "$out/dump.log")"
    elif [[ $status == [12] ]] && compgen -G "$out/out.sql*" >/dev/null; then
        not_ok "$test_name: a failed dump left a file" "$(ls -l "$out"/out.sql*)"
    else
        return 0
    fi
    return 1
}

restore() {
    target_db=$(new_db "" 2>"$out/create.log") || {
        not_ok "$test_name: no target database" "$(cat "$out/create.log")"
        return 1
    }
    if [[ -n ${run_restore_before[run]} ]]; then
        try_sql restore-before "$target_db" -c "${run_restore_before[run]}" || return 1
    fi
    try_sql restore "$target_db" --single-transaction -f "$out/out.sql"
}

# One dump of the fixture, with one set of options.
test_run() {
    local compare=${run_compare[run]} options oracle_options
    mapfile -t options < <(split_options "${run_options[run]}")
    mapfile -t oracle_options < <(pg_dump_options "${run_options[run]}" "${run_oracle_options[run]}")
    out=$WORK/$fixture/$run
    mkdir -p "$out"

    dump || return
    if [[ ${run_exit[run]} != [12] ]]; then
        try sha256sum env -C "$out" sha256sum -c --quiet out.sql.sha256 || return
        try verify "$DUMPNATIVE" verify "$out/out.sql" || return
        if [[ ${run_restore[run]} == yes ]]; then
            restore || return
        elif [[ $compare == all ]]; then
            compare=text
        fi
        if [[ $compare != none ]]; then
            oracle_dump source "$source_db" || return
        fi
        if [[ $compare == all || $compare == roundtrip ]]; then
            oracle_dump restored "$target_db" &&
                same restored "$out/source.sql" "$out/restored.sql" || return
        fi
        if [[ $compare == all || $compare == text ]] && oracle_exact "$MAJOR"; then
            normalise "$out/source.sql" "$out/expected.sql"
            normalise "$out/out.sql" "$out/actual.sql"
            same text "$out/expected.sql" "$out/actual.sql" || return
        fi
    fi
    ok "$test_name"
}

test_fixture() {
    local file=$1 statement source_db target_db run test_name out
    fixture=${file#"$fixtures"/} fixture=${fixture%.sql}
    wanted "$fixture" || return 0
    read_fixture "$file"
    fixture_is_for "$MAJOR" || return 0
    test_name=$fixture
    out=$WORK/$fixture
    rm -rf "$out"
    mkdir -p "$out"

    for statement in "${fixture_before[@]}"; do
        "$PSQL" -X -q -d "$(conninfo "$MAINTENANCE_DB")" -c "$statement" 2>"$out/before.log" </dev/null
        if grep 'ERROR:' "$out/before.log" | grep -qv 'already exists'; then
            not_ok "$fixture: the statement before it failed" "$(cat "$out/before.log")"
            return
        fi
    done
    source_db=$(new_db "" 2>"$out/create.log") || {
        not_ok "$fixture: no source database" "$(cat "$out/create.log")"
        return
    }
    if try_sql load "$source_db" -f "$file"; then
        for run in "${!run_options[@]}"; do
            test_name="$fixture${run_options[run]:+ [${run_options[run]}]}"
            test_run
        done
    fi
    drop_dbs
}

test_case() {
    local file=$1 name status
    name=cases/$(basename "$file" .sh)
    wanted "$name" || return 0
    if head -n 5 "$file" | grep -q '^# once' && [[ $MAJOR != "$once_major" ]]; then
        return 0
    fi
    (
        WORK=$WORK/$name
        rm -rf "$WORK"
        mkdir -p "$WORK"
        export MAJOR SERVER WORK RESULTS MAINTENANCE_DB
        trap drop_dbs EXIT
        timeout -k 5 $((time_limit * 5)) bash "$file" </dev/null
    )
    status=$?
    [[ $status == 0 ]] || not_ok "$name: the script ended with status $status"
}

# All tests on one server, which SERVER leads to.
test_server() {
    local file
    if ! oracle=$(oracle_for "$MAJOR"); then
        skip "all" "no pg_dump of that version or a newer one; see tests/setup/oracle.sh"
        return
    fi
    if ! oracle_exact "$MAJOR" && [[ " 13 15 17 18 " == *" $MAJOR "* ]]; then
        skip "comparison with pg_dump's text" "no pg_dump $MAJOR; see tests/setup/oracle.sh"
    fi
    while IFS= read -r file; do
        test_fixture "$file"
    done < <(find "$fixtures" -name '*.sql' -not -path '*/demo/*' -not -path '*/supabase/*' | sort)
    for file in tests/integration/cases/*.sh; do
        [[ ! -e $file ]] || test_case "$file"
    done
}

# Sets what a server's tests write to: $WORK and $RESULTS.
open_results() {
    WORK=$(realpath -m "$test_dir/$MAJOR")
    RESULTS=$WORK/results
    mkdir -p "$WORK"
    rm -f "$WORK/databases"
    : >"$RESULTS"
}

test_own_server() {
    MAINTENANCE_DB=postgres SERVER_LOG=$WORK/server.log
    if ! pg_bin "$MAJOR" >/dev/null; then
        skip "all" "no server of that version; see tests/setup/servers.sh"
        return
    fi
    if ! server_start "$MAJOR"; then
        not_ok "the server did not start"
        return
    fi
    SERVER="host=$PGHOST port=$PGPORT user=$PGUSER"
    test_server
}

test_given_server() {
    local answer
    SERVER=$PG_URL
    if ! answer=$("$PSQL" -X -At -F ' ' -d "$PG_URL" -c "SELECT current_setting('server_version_num')::int / 10000,
        current_database()"); then
        echo "PG_URL: the server does not answer" >&2
        exit 1
    fi
    read -r MAJOR MAINTENANCE_DB <<<"$answer"
    majors=("$MAJOR") once_major=$MAJOR
    open_results
    trap drop_dbs EXIT
    test_server
}

# Each version's tests run in their own process, as many at a time as there are processors.
test_own_servers() {
    local running=0
    trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    for MAJOR in "${majors[@]}"; do
        open_results
        if ((running >= ${JOBS:-$(nproc)})); then
            wait -n
            running=$((running - 1))
        fi
        (
            trap - EXIT
            exec {lock}>&-
            test_own_server
        ) &
        running=$((running + 1))
    done
    wait
    trap - EXIT
}

count() {
    local major
    for major in "${majors[@]}"; do
        cat "$test_dir/$major/results"
    done | grep -c "^$1"
}

if [[ ! -x $DUMPNATIVE ]]; then
    echo "$DUMPNATIVE is not there; run make first" >&2
    exit 1
fi

mkdir -p "$test_dir"
exec {lock}>"$test_dir/.lock"
if ! flock -n "$lock"; then
    echo "another run is using $test_dir; wait for it, or set TEST_DIR to another folder" >&2
    exit 1
fi

if [[ -n ${PG_URL:-} ]]; then
    test_given_server
else
    read -r -a majors <<<"${PG_MAJORS:-12 13 14 15 16 17 18}"
    once_major=${majors[0]}
    [[ " ${majors[*]} " != *" 15 "* ]] || once_major=15
    test_own_servers
fi

passed=$(count ok) failed=$(count FAIL) skipped=$(count skip)
if ((failed > 0)); then
    echo "failed:"
    for major in "${majors[@]}"; do
        sed -n 's/^FAIL /  /p' "$test_dir/$major/results"
    done
fi
if ((passed + failed + skipped == 0)); then
    echo "no test matches '$filter'" >&2
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
