#!/bin/bash
# Runs PostgreSQL's own test suite of pg_dump with dumpnative in pg_dump's place.
#
# usage: tests/tap/run.sh [PART...]      only scripts whose name has PART in it, such as 002
#
#   DUMPNATIVE   the program; default build/dumpnative
#   PG_MAJORS    the versions; default "15 17 18"
#   TEST_DIR     where logs and the suite's dumps go; default build/tap
#   REFERENCE    when not empty, the real pg_dump is tested: what fails there isn't ours to pass
#
# The suites come from PostgreSQL's sources (tests/setup/sources.sh) and run as they are, but for the runs that write archives, which
# PlainRuns.pm takes out. Assertions of the other scripts that need an archive or are about pg_restore alone
# (`archives` below) are neither passed nor failed, but skipped.
#
# An empty dump passes about half of the assertions, those that ask for something to be absent. So those that ask
# for something to be in a dump are counted apart, as positive. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
DUMPNATIVE=$(realpath -m "${DUMPNATIVE:-build/dumpnative}")
test_dir=$(realpath -m "${TEST_DIR:-build/tap}")
# shellcheck source=tests/lib/server.sh
. tests/lib/server.sh
# shellcheck source=tests/tap/programs.sh
. tests/tap/programs.sh

scripts=(
    src/bin/pg_dump/t/001_basic.pl
    src/bin/pg_dump/t/002_pg_dump.pl
    src/bin/pg_dump/t/003_pg_dump_with_server.pl
    src/bin/pg_dump/t/005_pg_dump_filterfile.pl
    src/bin/pg_dump/t/010_dump_connstr.pl
    src/test/modules/test_pg_dump/t/001_base.pl
)
archives='pg_restore( |: )|parallel (dump|restore)|dump all tables$|dump all objects from sourcedb$'
archives+='|restore (tables|function) with filter$|(un)?wanted .* restored$'
archives+='|invalid syntax: (in|ex)clusion of unallowed object:'

wanted() {
    local part
    ((${#parts[@]} > 0)) || return 0
    for part in "${parts[@]}"; do
        [[ $1 != *"$part"* ]] || return 0
    done
    return 1
}

# The suite with its one change: a call after the table of runs.
copy_suite() {
    local module=$work/suite/src/test/modules/test_pg_dump
    local part
    for part in src/bin/pg_dump/t src/test/perl src/test/modules/test_pg_dump; do
        mkdir -p "$work/suite/$part" && cp -a ".deps/sources/$major/$part/." "$work/suite/$part" || return 1
    done
    cp tests/tap/PlainRuns.pm "$work" || return 1
    sed -i '/^my %pgdump_runs = (/,/);$/s/);$/&\nuse PlainRuns;\nPlainRuns::keep_plain(\\%pgdump_runs);/' \
        "$work"/suite/src/bin/pg_dump/t/002_*.pl "$module"/t/001_*.pl
    cp "$module"/test_pg_dump{.control,--*.sql} "$extensions"
}

run_script() {
    local script=$1 name log status
    name=$(basename "${script%%/t/*}")/$(basename "$script" .pl)
    wanted "$name" || return 0
    log=$test_dir/$major/$name.log
    rm -rf "${test_dir:?}/$major/$name"
    mkdir -p "$test_dir/$major/$name"
    # The suite calls pg_regress to configure authentication, which does something on Windows only.
    (
        cd "$work" || exit 1
        as_server_user env PATH="$programs:$PATH" TESTDIR="$work" TESTDATADIR="$work/tmp_check" \
            TESTLOGDIR="$work/tmp_check/log" PG_REGRESS=true PG_DUMP_VERSION="$version" with_icu=yes \
            GZIP_PROGRAM=gzip LZ4=lz4 ZSTD=zstd PG_TEST_NOCLEAN=1 \
            timeout -k 10 1800 perl -I "$work" -I "$work/suite/src/test/perl" "$work/suite/$script"
    ) >"$log" 2>&1 </dev/null
    status=$?
    # With PG_TEST_NOCLEAN the suite leaves its dumps, and its servers' folders.
    find "$work/tmp_check" -maxdepth 2 -path '*/tmp_test_*' -type f -exec mv -t "$test_dir/$major/$name" {} +
    rm -rf "$work/tmp_check"
    report
}

# count_results PATTERN: how many assertions that are ours to pass begin so.
count_results() { grep -E '^(not )?ok [0-9]+ - ' "$log" | grep -vE "^(not )?ok [0-9]+ - ($archives)" | grep -cE "$1"; }

# Counts a script's assertions. One that ends early has lost those that it did not come to.
report() {
    local ok not_ok skip positive positive_failed result=ok
    ok=$(count_results '^ok ') not_ok=$(count_results '^not ok ')
    positive=$(count_results '^ok .*: should dump ') positive_failed=$(count_results '^not ok .*: should dump ')
    skip=$(grep -cE "^(not )?ok [0-9]+ (# skip|- ($archives))|^1\.\.0 # SKIP" "$log")
    if ! grep -q '^1\.\.[0-9]' "$log"; then
        echo "     $major $name did not come to its end (status $status):"
        tail -n 5 "$log" | sed 's/^/     /'
        not_ok=$((not_ok + 1))
    fi
    grep -E '^not ok ' "$log" | grep -vE "^not ok [0-9]+ - ($archives)" |
        sed -E "s|^not ok [0-9]+ - |FAIL $major $name: |"
    ((not_ok == 0)) || result=FAIL
    printf '%-4s %s %s: %d passed (%d positive), %d failed (%d positive), %d skipped%s\n' "$result" "$major" "$name" \
        "$ok" "$positive" "$not_ok" "$positive_failed" "$skip" \
        "$(grep -c '^# run left out: ' "$log" | sed '/^0$/d;s/.*/, & runs left out/')"
    passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skip))
    major_passed=$((major_passed + ok)) major_failed=$((major_failed + not_ok))
    major_positive=$((major_positive + positive)) major_positive_failed=$((major_positive_failed + positive_failed))
}

run_major() {
    local script
    major_passed=0 major_failed=0 major_positive=0 major_positive_failed=0
    if [[ ! -e .deps/sources/$major/src/bin/pg_dump/t ]] || ! pg_bin "$major" >/dev/null || ! oracle_exact "$major"; then
        echo "skip $major: the suite, the server or the clients are missing; see tests/setup/"
        skipped=$((skipped + 1))
        return
    fi
    work=$(mktemp -d "/tmp/dumpnative-tap-$major.XXXXXX")
    chmod 755 "$work"
    mkdir "$work/suite" "$work/programs"
    if ! make_programs "$major" "$work/programs" || ! copy_suite; then
        echo "FAIL $major: no folder of programs could be made"
        failed=$((failed + 1))
        return
    fi
    [[ $(id -u) != 0 ]] || chown "$(server_user)" "$work"
    for script in "${scripts[@]}"; do
        [[ ! -e $work/suite/$script ]] || run_script "$script"
    done
    printf '     %s: %d of %d assertions passed; of the positive ones %d of %d\n' "$major" "$major_passed" \
        $((major_passed + major_failed)) "$major_positive" $((major_positive + major_positive_failed))
    rm -rf "$work"
}

if [[ ! -x $DUMPNATIVE ]]; then
    echo "$DUMPNATIVE is not there; run make first" >&2
    exit 1
fi
parts=("$@")
passed=0 failed=0 skipped=0 work=
trap '[[ -z $work ]] || rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
read -r -a majors <<<"${PG_MAJORS:-15 17 18}"
unset "${!PG@}"
tests/setup/servers.sh || true
tests/setup/oracle.sh || true
tests/setup/sources.sh "${majors[@]}" || true
for major in "${majors[@]}"; do
    run_major
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
