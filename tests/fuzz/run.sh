#!/bin/bash
# Feeds what reads foreign text with inputs of libFuzzer's making; what `make fuzz` calls.
#
# usage: tests/fuzz/run.sh [TARGET...]     default: all, two at a time
#
# FUZZ_SECONDS is how long each runs, by default 60. Inputs that crash stay in BUILD/fuzz.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

seconds=${FUZZ_SECONDS:-60}
out=${BUILD:-build}/fuzz
mkdir -p "$out"
sources=(common/{arena,buf,err,sql_scan}.c restore/reader.c sqlgen/statement.c)
flags=(-g -O1 "-fsanitize=fuzzer,address,undefined" -fno-sanitize-recover=undefined -std=c17 -I. -D_XOPEN_SOURCE=700)

[[ $# -gt 0 ]] || set -- reader statement
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n); int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' |
    clang -fsanitize=fuzzer,address -x c - -o "$out/probe" 2>/dev/null; then
    echo "0 passed, 0 failed, $# skipped: no clang with libFuzzer here"
    exit 0
fi

fuzz() {
    local target=$1
    clang "${flags[@]}" -o "$out/$target" "tests/fuzz/fuzz_$target.c" "${sources[@]}" &&
        mkdir -p "$out/corpus/$target" &&
        "$out/$target" -max_total_time="$seconds" -max_len=4096 -artifact_prefix="$out/$target-" "$out/corpus/$target" \
            "tests/fuzz/corpus/$target"
}

failed=0
while (($#)); do
    declare -A jobs=()
    for target in "${@:1:2}"; do
        fuzz "$target" >"$out/$target.log" 2>&1 &
        jobs[$!]=$target
    done
    for job in "${!jobs[@]}"; do
        if wait "$job"; then
            echo "ok   fuzz/${jobs[$job]}: $(tail -n 1 "$out/${jobs[$job]}.log")"
        else
            echo "FAIL fuzz/${jobs[$job]}"
            tail -n 30 "$out/${jobs[$job]}.log"
            failed=$((failed + 1))
        fi
    done
    unset jobs
    shift $(($# < 2 ? $# : 2))
done
((failed == 0))
