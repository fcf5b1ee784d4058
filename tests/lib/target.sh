# shellcheck shell=bash
# What the cases of restore and clone do, and ask of a target; to be sourced behind tests/lib/case.sh.
# shellcheck disable=SC2034,SC2154

copy_limit=300 # seconds, after which a restore or clone is taken to hang

# run_restore ARGUMENT... and run_clone ARGUMENT...: set $status; what is said is in $WORK/stdout and $WORK/stderr.
run_copy() {
    timeout -k 5 "$copy_limit" "$DUMPNATIVE" "$@" >"$WORK/stdout" 2>"$WORK/stderr"
    status=$?
}
run_restore() { run_copy restore "$@"; }
run_clone() { run_copy clone "$@"; }

# whole DATABASE [OPTION...]: as $pg_dump has it; and its lines in order, for rows that came in pieces.
whole() { "$pg_dump" "${@:2}" -d "$(conninfo "$1")" | sed -E 's/^(.(un)?restrict) .*/\1/'; }
whole_sorted() { whole "$@" | LC_ALL=C sort; }

# Whether a run in steps has left its journal, to be gone on from; or nothing tells of one.
journals() { sql "$1" -At -c "SELECT count(*) FROM pg_namespace WHERE nspname = 'dumpnative_restore'"; }
begun() { [[ $(journals "$1") == 1 ]]; }
ours_is_gone() { [[ $(journals "$1") == 0 ]]; }
sessions_gone() { [[ $(sql postgres -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1'") == 0 ]]; }
untouched() { [[ $(sql "$1" -At -c "SELECT count(*) FROM pg_class WHERE oid >= 16384") == "${2:-0}" ]]; }

# kill_and_wait PID DATABASE: counts in $kills; one that comes too late isn't counted.
kill_and_wait() {
    kill -KILL "$1"
    wait "$1" 2>/dev/null
    status=$?
    ((status != 137)) || kills=$((kills + 1))
    wait_for 60 sessions_gone "$2"
}

# kill_at_moments START DATABASE [BEFORE]: lets `START [--resume]`, which is our program, begin and go on several times, and
# kills it each time; BEFORE is called with a number before each resume. Sets $kills.
kill_at_moments() {
    local n pid
    kills=0
    "$1" &
    pid=$!
    check "$1: is under way" wait_for 60 begun "$2"
    kill_and_wait "$pid" "$2"
    for n in 1 2 3 4 5; do
        begun "$2" || break
        [[ -z ${3:-} ]] || "$3" "$n"
        "$1" --resume &
        pid=$!
        sleep "0.$((RANDOM % 7 + 2))"
        kill_and_wait "$pid" "$2"
    done
}
