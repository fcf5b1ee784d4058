#!/bin/bash
# Checks with strace that no other program is ever started: threads may be made, processes may not.
# once
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

export ASAN_OPTIONS=detect_leaks=0 # the leak checker cannot work inside strace

# processes_of COMMAND...: prints what makes or replaces a process, but for the start of the command itself.
processes_of() {
    strace -f -qq -e signal=none -e trace=execve,execveat,fork,vfork,clone,clone3 -o "$WORK/trace" "$@" \
        >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    sed 1d "$WORK/trace" | grep -v CLONE_THREAD
}

# starts_nothing NAME STATUS COMMAND...
starts_nothing() {
    local name="no process is started: $1" wanted=$2 seen
    shift 2
    processes_of "$@" >"$WORK/seen"
    seen=$(cat "$WORK/seen")
    if [[ $status == "$wanted" && -z $seen ]] && head -n 1 "$WORK/trace" | grep -q 'execve(.*= 0$'; then
        ok "$name"
    else
        not_ok "$name" "status $status, not $wanted; $seen"$'\n'"$(tail -n 5 "$WORK/stderr")"
    fi
}

if ! command -v strace >/dev/null; then
    skip "no process is started" "strace is not installed"
    exit 0
elif ! strace -f -o "$WORK/trace" true 2>"$WORK/stderr"; then
    skip "no process is started" "strace may not trace here: $(tail -n 1 "$WORK/stderr")"
    exit 0
fi

db=$(new_db "")
sql "$db" <<'SQL'
CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text DEFAULT 'x' UNIQUE);
CREATE TABLE child (id serial PRIMARY KEY, parent_id int REFERENCES parent);
INSERT INTO parent (name) SELECT 'name ' || n FROM generate_series(1, 5000) n;
INSERT INTO child (parent_id) SELECT id FROM parent;
CREATE VIEW both_of_them AS SELECT * FROM parent JOIN child USING (id);
SQL
database=$(conninfo "$db")

starts_nothing "a dump to a file" 0 "$DUMPNATIVE" -v -f "$WORK/out.sql" -d "$database"
starts_nothing "a dump to standard output" 0 "$DUMPNATIVE" -d "$database"
starts_nothing "a dump as INSERT commands" 0 "$DUMPNATIVE" --inserts --progress=always -d "$database"
starts_nothing "verify" 0 "$DUMPNATIVE" verify "$WORK/out.sql"
starts_nothing "a dump that fails" 1 "$DUMPNATIVE" -t no_such_table -d "$database"

# The check itself has to be able to fail.
processes_of sh -c "'$DUMPNATIVE' -d '$database' | cat" >"$WORK/seen"
check "the trace tells a process when there is one" grep -q 'execve(' "$WORK/seen"
