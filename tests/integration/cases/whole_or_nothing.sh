#!/bin/bash
# Checks that a dump which does not end well leaves nothing behind: no file, no temporary, no session on the server;
# and that an earlier dump of that name stays as it was.
# once
# shellcheck disable=SC2016 # conditions for eval
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

folder=$WORK/folder
maintenance=${MAINTENANCE_DB:-postgres}
pid='' mounted=''

cleanup() {
    [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
    [[ -z $mounted ]] || umount "$mounted"
    release
}
trap cleanup EXIT

ask() { sql "$maintenance" -At -c "$1" </dev/null; }

db=$(new_db "")
ask "ALTER DATABASE $db SET synchronous_commit = off"
# When the first table is done, the second one streams for a while; its lock holds up the reading of the catalog.
sql "$db" <<'SQL'
CREATE TABLE a (id serial PRIMARY KEY, t text);
INSERT INTO a (t) SELECT 'row ' || n FROM generate_series(1, 1000) n;
CREATE TABLE b (id int, t text);
ALTER TABLE b ALTER t SET STORAGE PLAIN;
INSERT INTO b SELECT n, repeat(md5(n::text), 60) FROM generate_series(1, 80000) n;
SQL

# ---- What the dump is doing ---------------------------------------------------------------

# Of our session: its state, what it waits for, its query.
session() {
    ask "SELECT state, wait_event_type, wait_event, left(query, 300) FROM pg_stat_activity
         WHERE datname = '$db' AND application_name = 'dumpnative'"
}
no_session() { [[ -z $(session) ]]; }
waits_for_lock() { [[ $(session) == active*Lock* ]]; }
streams() { [[ $(session) == active*ClientWrite*COPY* ]]; }

hold() {
    PGAPPNAME=holder sql "$db" -c 'BEGIN; LOCK TABLE b IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)' \
        >"$WORK/holder" 2>&1 </dev/null &
    holder=$!
    wait_for 10 held
}
held() { [[ $(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND query LIKE '%pg_sleep(300)'
                   AND wait_event = 'PgSleep'") == 1 ]]; }
release() {
    [[ -n ${holder:-} ]] || return 0
    ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$db'
         AND query LIKE '%pg_sleep(300)'" >/dev/null
    wait "$holder" 2>/dev/null
    holder=
}

# Starts a dump in the background. A shell without job control has it ignore SIGINT, unless env helps.
start() {
    : >"$WORK/stderr"
    env --default-signal=INT,QUIT "$DUMPNATIVE" -v --retries=0 -f "$folder/out.sql" -d "$(conninfo "$db")" \
        >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
    pid=$!
}

# Starts a dump and returns when it is just there; what streams is stopped, and needs a SIGCONT.
start_until() {
    local i
    case $1 in
    locking)
        hold && start && wait_for 20 waits_for_lock
        ;;
    streaming)
        start
        for ((i = 0; i < 5000; i++)); do
            grep -q 'table 1 of 2' "$WORK/stderr" && break
        done
        kill -STOP "$pid" && wait_for 5 streams
        ;;
    esac || {
        not_ok "$name: the dump did not get to $1" "$(session)"$'\n'"$(tail -n 3 "$WORK/stderr")"
        return 1
    }
}

finish() {
    wait "$pid" 2>/dev/null
    status=$?
    pid=
}

# ---- What is left -------------------------------------------------------------------------

# Where files always have a name, nobody is left after SIGKILL to remove the hidden one.
named_after_kill() {
    case $(stat -f -c %T "$folder") in
    ext* | xfs | btrfs | tmpfs) return 1 ;;
    *) [[ $status == 137 ]] ;;
    esac
}

listing() {
    ! named_after_kill || find "$1" -name '.dumpnative-*.tmp' -delete
    (cd "$1" && find . -mindepth 1 -printf '%P %i %y %m %s %T@\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

# prepare fresh|earlier: empties the folder, or puts an earlier dump there.
prepare() {
    status=0
    mkdir -p "$folder"
    find "$folder" -mindepth 1 -delete
    if [[ $1 == earlier ]]; then
        cp "$WORK/small.sql" "$folder/out.sql"
        (cd "$folder" && sha256sum out.sql >out.sql.sha256)
        cp "$WORK/small.sql.manifest.json" "$folder/out.sql.manifest.json"
    fi
    listing "$folder" >"$WORK/before"
}

# nothing_left NAME STATUS [TEXT]: the last dump ended so, and said TEXT in its error.
nothing_left() {
    local problem=
    [[ $status == "$2" ]] || problem+="status $status, not $2"$'\n'
    listing "$folder" >"$WORK/after"
    diff "$WORK/before" "$WORK/after" >"$WORK/diff" || problem+="the folder has changed:"$'\n'"$(cat "$WORK/diff")"$'\n'
    if [[ -n ${3:-} ]]; then
        grep -qE "^dumpnative: error: .*$3" "$WORK/stderr" || problem+="no error that says '$3'"$'\n'
        grep -q '^dumpnative: hint: ' "$WORK/stderr" || problem+="no hint"$'\n'
    fi
    wait_for 5 no_session || problem+="a session is left: $(session)"$'\n'
    if [[ -z $problem ]]; then
        ok "$1"
    else
        not_ok "$1" "$problem$(tail -n 4 "$WORK/stderr")"
    fi
}

# ---- Signals ------------------------------------------------------------------------------

prepare fresh
started=${EPOCHREALTIME/[.,]/}
run_dump -f "$folder/out.sql" -d "$(conninfo "$db")"
duration=$((${EPOCHREALTIME/[.,]/} - started))
check "a dump that is left alone ends well" "$DUMPNATIVE" verify "$folder/out.sql"
run_dump -t a -s -f "$WORK/small.sql" -d "$(conninfo "$db")"

# stop_by SIGNAL STATUS MOMENT fresh|earlier
stop_by() {
    local name="SIG$1 while $3, $4" began took
    prepare "$4"
    start_until "$3" || return
    began=${EPOCHREALTIME/[.,]/}
    {
        kill -"$1" "$pid"
        kill -CONT "$pid"
        finish
    } 2>/dev/null
    # The lock's holder still holds it: a dump that waits for it can only be gone because it was cancelled. After
    # SIGKILL nobody is left who could cancel, and the server notices when it next has something to send.
    [[ $1 != KILL ]] || release
    if wait_for 5 no_session; then
        took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
        if [[ $1 != KILL ]] && ((took > 2000)); then
            not_ok "$name: is quick" "it took $took ms until the session was gone"
        fi
    fi
    if [[ $1 == KILL ]]; then
        nothing_left "$name" "$2"
    else
        nothing_left "$name" "$2" "stopped by SIG$1"
    fi
    release
}

for moment in locking streaming; do
    for state in fresh earlier; do
        stop_by INT 130 "$moment" "$state"
        stop_by TERM 143 "$moment" "$state"
        stop_by KILL 137 "$moment" "$state"
    done
    stop_by HUP 129 "$moment" earlier
    stop_by QUIT 131 "$moment" fresh
done

# Kills come before the end, or when all is done and the shell has not yet seen it: then all of it must be there. Within
# the few system calls that give the files their names (dumper/sink/file.h has the reasons), a new companion may already
# stand beside what was there before, which then does not verify; and the earlier files may have second, hidden names.
killed=0 whole=0 between=0
after_kill() {
    local companions hidden
    listing "$folder" >"$WORK/after"
    ((status != 137)) || killed=$((killed + 1))
    if [[ $status == 137 ]] && cmp -s "$WORK/before" "$WORK/after"; then
        return
    fi
    companions=$(awk '$1 ~ /^out\.sql\./ { print $2 }' "$WORK/before")
    hidden=$(awk '/^\.dumpnative-/ { print $2 }' "$WORK/after")
    if [[ -n $hidden ]] && ! grep -qxF "${companions:-none}" <<<"$hidden"; then
        wrong+="$1: a temporary, before the files got their names:"$'\n'"$(cat "$WORK/after")"$'\n'
    elif [[ ! -e $folder/out.sql ]] || cmp -s "$folder/out.sql" "$WORK/small.sql"; then
        between=$((between + 1))
    elif "$DUMPNATIVE" verify "$folder/out.sql" >"$WORK/verify.log" 2>&1; then
        whole=$((whole + 1))
    else
        wrong+="$1, status $status:"$'\n'"$(cat "$WORK/after" "$WORK/verify.log")"$'\n'
    fi
}

# A machine's speed changes: when kills come too late, the next ones come earlier.
wrong=
n=0
while ((n < 20 || (killed < 8 && n < 100))); do
    n=$((n + 1))
    state=fresh
    ((n % 2)) || state=earlier
    prepare "$state"
    pause=$((RANDOM * RANDOM % (duration + duration / 10)))
    {
        start
        sleep "$(printf '%d.%06d' $((pause / 1000000)) $((pause % 1000000)))"
        kill -KILL "$pid"
        finish
    } 2>/dev/null
    after_kill "after $pause us"
    [[ $status == 137 ]] || duration=$((duration * 9 / 10 + 1000))
done
name="SIGKILL at $n random moments: $killed came before the end"
if [[ -z $wrong && $killed -ge 8 ]]; then
    ok "$name"
else
    not_ok "$name" "$wrong"
fi
check "no session stays after them" wait_for 10 no_session

# ---- Each system call of the end ----------------------------------------------------------

# inject CALL:WHAT:when=N: dumps the small table while strace spoils the Nth such call.
inject() {
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$WORK/trace" -e trace="${1%%:*}" -e inject="$1" \
        "$DUMPNATIVE" -t a -f "$folder/out.sql" -d "$(conninfo "$db")" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
}

if ! command -v strace >/dev/null || ! strace -f -qq -o "$WORK/trace" -e inject=fsync:error=EIO true 2>"$WORK/stderr"; then
    skip "system calls that fail or kill" "strace can't be used"
else
    for state in fresh earlier; do
        spoiled=0 wrong='' killed=0 whole=0 between=0
        for call in write fsync flock linkat renameat unlinkat; do
            for n in {1..9}; do
                prepare "$state"
                { inject "$call:signal=KILL:when=$n"; } 2>/dev/null
                ((status != 0)) || break
                after_kill "SIGKILL at $call $n"
                [[ $call != write && $call != flock && $call != unlinkat ]] || continue
                prepare "$state"
                inject "$call:error=EIO:when=$n"
                spoiled=$((spoiled + 1))
                if ((status == 0)); then # there was another way to do it
                    check "$call number $n fails, $state: all is well" \
                        eval '"$DUMPNATIVE" verify "$folder/out.sql" && (($(find "$folder" -type f | wc -l) == 3))'
                else
                    nothing_left "$call number $n fails, $state" 1 "out\.sql.*Input/output error"
                fi
            done
        done
        name="SIGKILL at $killed system calls, $state: $between while names are given, $whole when all is there"
        if [[ -z $wrong && $killed -ge 8 && $spoiled -ge 4 ]]; then
            ok "$name"
        else
            not_ok "$name" "$spoiled calls failed"$'\n'"$wrong"
        fi
    done
    check "no session stays after these" wait_for 10 no_session
fi

# ---- The server goes away -----------------------------------------------------------------

cut_sessions() {
    ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = '$db' AND application_name = 'dumpnative'" >/dev/null
}

for state in fresh earlier; do
    name="connection cut while locking, $state"
    prepare "$state"
    if start_until locking; then
        cut_sessions
        finish
        nothing_left "$name" 1 "locking the tables"
    fi
    release

    name="connection cut while streaming, $state"
    prepare "$state"
    if start_until streaming; then
        cut_sessions
        wait_for 5 no_session
        kill -CONT "$pid"
        finish
        nothing_left "$name" 1 "public\.b: .*(connection|terminat)"
    fi

    name="query cancelled on the server while streaming, $state"
    prepare "$state"
    if start_until streaming; then
        ask "SELECT pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE datname = '$db' AND application_name = 'dumpnative'" >/dev/null
        kill -CONT "$pid"
        finish
        nothing_left "$name" 1 "public\.b: .*cancel"
    fi
done

# ---- No place to write to -----------------------------------------------------------------

database=$(conninfo "$db")
for state in fresh earlier; do
    prepare "$state"
    (
        ulimit -f 8000
        run_dump -f "$folder/out.sql" -d "$database"
        exit "$status"
    )
    status=$?
    nothing_left "file size limit, $state" 1 'out\.sql'
done

prepare earlier
run_dump -f "$folder/missing/out.sql" -d "$database"
nothing_left "a folder that is missing" 1 "$folder/missing"
run_dump -f "$folder" -d "$database"
nothing_left "a folder in place of a file" 1 "$folder"

prepare fresh
mkdir "$folder/out.sql.manifest.json"
listing "$folder" >"$WORK/before"
run_dump -f "$folder/out.sql" -d "$(conninfo "$db")"
nothing_left "a folder in place of the manifest" 1 'out\.sql\.manifest\.json'
prepare fresh
mkdir "$folder/out.sql.sha256"
listing "$folder" >"$WORK/before"
run_dump -f "$folder/out.sql" -d "$database"
nothing_left "a folder in place of the digest" 1 'out\.sql\.sha256'

name="a folder that is not writable"
if [[ $(id -u) != 0 ]]; then
    prepare earlier
    chmod 555 "$folder"
    run_dump -f "$folder/new.sql" -d "$database"
    nothing_left "$name" 1 'new\.sql.*[Pp]ermission denied'
    chmod 755 "$folder"
elif [[ -d /sys/kernel ]]; then
    prepare earlier
    run_dump -f /sys/kernel/out.sql -d "$database"
    nothing_left "$name" 1 '/sys/kernel/out\.sql'
else
    skip "$name" "root may write to every folder, and there is no /sys"
fi

timeout 60 "$DUMPNATIVE" -d "$database" >/dev/full 2>"$WORK/stderr" </dev/null
status=$?
nothing_left "standard output that is full" 1 'standard output'

timeout 60 "$DUMPNATIVE" -d "$database" 2>"$WORK/stderr" </dev/null | head -c 100 >/dev/null
status=${PIPESTATUS[0]}
check "a reader of standard output that goes away: status $status" \
    eval '((status == 1)) && grep -q "^dumpnative: error: .*reader" "$WORK/stderr" && wait_for 5 no_session'

name="full disk"
disk=$WORK/disk
mkdir -p "$disk"
if [[ $(id -u) != 0 ]] || ! mount -t tmpfs -o size=2m tmpfs "$disk" 2>"$WORK/mount.log"; then
    skip "$name" "a small tmpfs can't be mounted: $(tail -n 1 "$WORK/mount.log" 2>/dev/null)"
else
    mounted=$disk folder=$disk
    for state in fresh earlier; do
        prepare "$state"
        run_dump -f "$folder/out.sql" -d "$database"
        nothing_left "$name, $state" 1 'out\.sql.*No space left'
    done
    # Not even a name fits in: the disk has no inode left for the file.
    prepare earlier
    mount -o remount,nr_inodes=3 "$disk" 2>/dev/null &&
        run_dump -f "$folder/new.sql" -t a -d "$database" &&
        nothing_left "a disk without room for one more file" 1 'new\.sql'
    mount -o remount,ro "$disk"
    run_dump -f "$folder/out.sql" -t a -d "$database"
    nothing_left "a disk that is read-only" 1 'out\.sql.*[Rr]ead-only'
fi
