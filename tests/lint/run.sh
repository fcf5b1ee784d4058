#!/bin/bash
# Checks the sources without running them; what `make lint` calls.
#
# usage: tests/lint/run.sh [CHECK...]     default: all, in the order of the list at the end of this file
#
# What a check finds is shown below its name. The last line is "lint: N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

out=build/lint
jobs=$(nproc)
mkdir -p "$out"

rooms=(common catalog sqlgen dumper restore)
mapfile -t library < <(find "${rooms[@]}" -name '*.c' -not -path 'dumper/cli/*' | sort)
mapfile -t command < <(ls dumper/cli/*.c)
mapfile -t tests < <(find tests -name '*.c' | sort)
mapfile -t headers < <(find include "${rooms[@]}" -name '*.h' | sort)
mapfile -t test_headers < <(find tests -name '*.h' | sort)
mapfile -t scripts < <(find . -name '*.sh' -not -path './.deps/*' -not -path './build*/*' | sort; echo .ci/run)

read -r -a flags <<<"-std=c17 -I. -Iinclude -D_XOPEN_SOURCE=700 -DDN_VERSION=\"0\" -DDN_PG_DUMP_VERSION=\"0\" -DDN_HAVE_ZSTD -DDN_HAVE_LZ4 -DDN_HAVE_LIBDEFLATE $(pkg-config --cflags libpq libcrypto zlib libzstd liblz4 libdeflate)"

# ---- Layout ------------------------------------------------------------------------

layers() { bash tests/lint/layers.sh; }

# The ledger of catalog columns tells the truth about the sources.
ledger() { bash tests/lint/ledger.sh; }

# Each kind of object is complete, and known to its own files only.
kinds() { bash tests/lint/kinds.sh; }

format() {
    local file status=0
    for file in "${library[@]}" "${command[@]}" "${tests[@]}" "${headers[@]}" "${test_headers[@]}"; do
        if ! clang-format "$file" | cmp -s - "$file"; then
            echo "$file is not laid out as .clang-format says: run make format"
            status=1
        fi
    done
    return $status
}

# SC2119, SC2120: functions may well have arguments that can be left out.
shell() { shellcheck -x -e SC2119,SC2120 "${scripts[@]}"; }

# ---- Words that may not occur ------------------------------------------------------

# find_calls NAMES FILE...: prints where functions of these names are called; comments and strings do not count.
find_calls() {
    local names=$1
    shift
    NAMES=$names perl -0777 -ne '
        s{/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\x27(?:\\.|[^\x27\\\n])*\x27}{ my $t = $&; $t =~ s/[^\n]//g; $t }gse;
        my $line = 0;
        for (split /\n/) {
            $line++;
            print "$ARGV:$line: $1() is banned\n" while /(?<![\w.>])($ENV{NAMES})\s*\(/g;
        }' "$@"
}

# Functions that can't be used safely; ways to start another program; and, in the library, what ends or talks for
# the whole process, or changes its state.
banned() {
    local unsafe='v?sprintf|strcpy|strcat|strncpy|strncat|strtok|gets|ato[ifl]|atoll|alloca|localtime|gmtime|asctime|ctime|mktemp|tmpnam|tempnam'
    local starts='system|popen|v?fork|exec[lv]p?e?|execvpe|fexecve|posix_spawnp?|dlopen'
    local process='exit|_exit|_Exit|quick_exit|abort|atexit|v?printf|v?fprintf|puts|fputs|putchar|perror|psignal|assert'
    process+='|signal|sigaction|setenv|unsetenv|putenv|setlocale|chdir|umask|srand|rand|strerror'
    local found
    found=$(find_calls "$unsafe|$starts" "${library[@]}" "${command[@]}" "${headers[@]}"
        find_calls "$unsafe" "${tests[@]}" "${test_headers[@]}"
        find_calls "$process" "${library[@]}")
    [[ -z $found ]] || { echo "$found" && false; }
}

# ---- Compilers ---------------------------------------------------------------------

build_with() { make -s -j"$jobs" BUILD="$out/$1" CC="$1" WERROR=-Werror all unit bench-tools; }
gcc_build() { build_with gcc; }
clang_build() { build_with clang; }

# Each header stands by itself; the public one is also C99 and C++.
header_alone() {
    local header status=0
    for header in "${headers[@]}"; do
        clang "${flags[@]}" -Wall -Wextra -Werror -Wno-pragma-once-outside-header -Wno-unused-function -fsyntax-only \
            -x c "$header" || status=1
    done
    clang -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c include/dumpnative.h || status=1
    clang -std=c++11 -Wall -Wextra -Werror -fsyntax-only -x c++ include/dumpnative.h || status=1
    return $status
}

# The shared library shows what the header declares, no more and no less.
symbols() {
    gcc_build || return
    diff <(sed -n 's/^DN_API.*[ *]\(dn_[a-z0-9_]*\)(.*/\1/p' include/dumpnative.h | sort) \
        <(nm -D --defined-only "$out/gcc/libdumpnative.so" | awk '{ print $3 }' | sort)
}

# The library has no variables of its own: two dumps in one process know nothing of each other. But for one of each
# thread: dn_nomem_count().
global_state() {
    gcc_build || return
    size -A -d "$out/gcc/libdumpnative.a" | awk '
        / :$|  \(ex / { object = $1 }
        ($1 ~ /^\.(data|bss|tdata|tbss)(\.|$)/) && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 &&
            !(object == "nomem.o" && $1 == ".tbss" && $2 == 8) {
            print object ": " $2 " bytes of variables in " $1
            bad = 1
        }
        END { exit bad }'
}

# ---- Analysers ---------------------------------------------------------------------

# unusedStructMember: it does not see members that only tables and bsearch() use.
cppcheck() {
    command cppcheck --quiet -j"$jobs" --std=c11 --library=posix --enable=warning,style,performance,portability \
        --inline-suppr --suppress=unusedStructMember --suppress=missingInclude --error-exitcode=1 \
        -I. -DDN_VERSION='"0"' -DLIBPQ_HAS_PIPELINING=1 -D__GNUC__ "${library[@]}" "${command[@]}"
}

# One file a call, so that all processors have something to do until the end.
tidy() {
    export tidy_flags="${flags[*]}"
    # shellcheck disable=SC2016
    printf '%s\n' "${library[@]}" "${command[@]}" "${tests[@]}" | xargs -P "$jobs" -n 1 sh -c '
        found=$(clang-tidy --quiet "$0" -- $tidy_flags 2>&1) || { printf "%s\n" "$found" | grep -v "^[0-9]* warning"; exit 1; }'
}

# ---- Running them ------------------------------------------------------------------

checks=(layers ledger kinds format shell banned gcc_build clang_build header_alone symbols global_state cppcheck tidy)
[[ $# == 0 ]] || checks=("$@")
passed=0 failed=0
for check in "${checks[@]}"; do
    if ! declare -F "$check" >/dev/null; then
        echo "run.sh: no check '$check'; there are: ${checks[*]}" >&2
        exit 2
    fi
    start=$SECONDS
    if "$check" >"$out/$check.log" 2>&1; then
        printf 'ok   lint/%s (%d s)\n' "$check" $((SECONDS - start))
        passed=$((passed + 1))
    else
        printf 'FAIL lint/%s\n' "$check"
        sed "s|$PWD/||; s/^/     /" "$out/$check.log"
        failed=$((failed + 1))
    fi
done
echo "lint: $passed passed, $failed failed"
((failed == 0))
