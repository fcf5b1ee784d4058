#!/bin/bash
# Runs all tests: the unit tests that make has built, then the integration tests; what `make test` calls.
#
# usage: tests/run.sh
#
#   BUILD         the folder of what was built; default build
#   UNIT_RUNNER   a program to run the unit tests under, such as "valgrind -q --error-exitcode=9"
#   UNIT_ONLY     when not empty, leaves the integration tests out
#   FILTER        picks integration tests by a part of their name, and leaves the unit tests out
#   PG_MAJORS, PG_URL, and others: see tests/integration/run.sh
#
# Servers and other versions of pg_dump are installed first where they are missing. The last line is
# "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

build=${BUILD:-build}
log=${TEST_DIR:-$build/test}/log
export TEST_DIR=${TEST_DIR:-$build/test}
export DUMPNATIVE=${DUMPNATIVE:-$build/dumpnative}
passed=0 failed=0 skipped=0
mkdir -p "$log"

# run_unit NAME PROGRAM [ARGUMENT]...: counts the results of one program, which it gives in the TAP format.
run_unit() {
    local name=$1 status
    shift
    # shellcheck disable=SC2086
    CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 600 ${UNIT_RUNNER:-} "$@" >"$log/unit.log" 2>&1
    status=$?
    local ok not_ok skip
    # cmocka says "not ok N # SKIP" of a skipped test.
    skip=$(grep -cE '^(not )?ok\b.*# SKIP' "$log/unit.log")
    ok=$(grep -E '^ok\b' "$log/unit.log" | grep -cv '# SKIP')
    not_ok=$(grep -E '^not ok\b' "$log/unit.log" | grep -cv '# SKIP')
    # A crash, or an error that valgrind or a sanitizer reports, is a failure too.
    if ((status != 0 && not_ok == 0)); then
        not_ok=1
    fi
    if ((not_ok > 0)); then
        printf 'FAIL %s: %d failed, status %d\n' "$name" "$not_ok" "$status"
        grep -vE '^ok\b' "$log/unit.log" | head -n 60 | sed 's/^/     /'
    else
        printf 'ok   %s: %d passed\n' "$name" "$ok"
    fi
    passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
}

run_integration() {
    local count status
    if [[ -z ${PG_URL:-} ]]; then
        tests/setup/servers.sh || true
    fi
    tests/setup/oracle.sh || true
    tests/integration/run.sh | tee "$log/integration.log"
    status=${PIPESTATUS[0]}
    count=$(tail -n 1 "$log/integration.log")
    if [[ $count =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + BASH_REMATCH[3]))
        ((status == 0 || BASH_REMATCH[2] > 0)) || failed=$((failed + 1))
    else
        echo "FAIL the integration tests did not end with their count"
        failed=$((failed + 1))
    fi
}

if [[ -z ${FILTER:-} ]]; then
    while IFS= read -r program; do
        run_unit "unit/$(basename "$program")" "$program"
    done < <(find "$build/tests/unit" -type f -name 'test_*' -perm -u+x 2>/dev/null | sort)
    # What libFuzzer starts from is tried without it, too.
    for source in tests/fuzz/fuzz_*.c; do
        target=$(basename "$source" .c)
        run_unit "fuzz/${target#fuzz_}" "$build/tests/fuzz/$target" "tests/fuzz/corpus/${target#fuzz_}"
    done
fi
[[ -n ${UNIT_ONLY:-} ]] || run_integration

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
