#!/bin/bash
# Feeds what reads foreign text with inputs of libFuzzer's making; what `make fuzz` calls.
#
# usage: tests/fuzz/run.sh [TARGET...]     default: all, two at a time
#
# FUZZ_SECONDS is how long each runs, by default 60. Inputs that crash stay in build/fuzz, as does what libFuzzer
# learnt. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

seconds=${FUZZ_SECONDS:-60}
out=build/fuzz
mkdir -p "$out"

if [[ $# == 0 ]]; then
    mapfile -t targets < <(basename -s .c tests/fuzz/fuzz_*.c | sed 's/^fuzz_//')
    set -- "${targets[@]}"
fi
passed=0 failed=0
finish() {
    echo "$passed passed, $failed failed, $1 skipped"
    ((failed == 0))
    exit
}

if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n); int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' |
    clang -fsanitize=fuzzer,address -x c - -o "$out/probe" 2>/dev/null; then
    echo "skip fuzz: no clang with libFuzzer here"
    finish $#
fi
if ! make -s -j"$(nproc)" SAN=fuzz fuzz-targets; then
    failed=$#
    finish 0
fi

fuzz() {
    local target=$1
    mkdir -p "$out/corpus/$target"
    "$out/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -artifact_prefix="$out/$target-" \
        "$out/corpus/$target" "tests/fuzz/corpus/$target"
}

while (($#)); do
    declare -A jobs=()
    for target in "${@:1:2}"; do
        fuzz "$target" >"$out/$target.log" 2>&1 &
        jobs[$!]=$target
    done
    for job in "${!jobs[@]}"; do
        if wait "$job"; then
            echo "ok   fuzz/${jobs[$job]}: $(tail -n 1 "$out/${jobs[$job]}.log")"
            passed=$((passed + 1))
        else
            echo "FAIL fuzz/${jobs[$job]}"
            tail -n 30 "$out/${jobs[$job]}.log"
            failed=$((failed + 1))
        fi
    done
    unset jobs
    shift $(($# < 2 ? $# : 2))
done
finish 0
