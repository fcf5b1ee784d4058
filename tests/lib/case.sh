# shellcheck shell=bash
# What integration tests report with, and how they get databases; to be sourced.
#
#   ok NAME                  reports a test that passed
#   not_ok NAME [DETAIL]     reports one that failed; DETAIL is shown below it
#   skip NAME REASON         reports one that could not be run
#   new_db [OPTIONS]         creates an empty database, prints its name; OPTIONS are appended to CREATE DATABASE
#   drop_dbs                 drops the databases that new_db made; called when the shell ends
#   conninfo DATABASE        prints the connection string for it
#   sql DATABASE ...         runs psql there, without ~/.psqlrc, stopping at the first error
#   run_dump ARGUMENT...     runs the program; sets $status, writes $WORK/stdout and $WORK/stderr
#   dumped_t                 whether what it wrote is a whole dump of a database with table t
#   peak DATABASE ...        dumps, and tells how much memory that took
#   check NAME COMMAND...    reports a test that passes when the command does
#   wait_for SECONDS COMMAND...  tries the command until it succeeds
#   own_server, sanitized    tell what kind of server and of program this is
#
# The runner sets, for each script of cases/: MAJOR (the server's version), DUMPNATIVE (the program), WORK (a folder
# of its own), SERVER (connection string without a database), RESULTS (where results are counted); the working
# directory is the repository's root.

# shellcheck source=tests/lib/server.sh
. "$(dirname "${BASH_SOURCE[0]}")/server.sh"

PSQL=${PSQL:-$(pg_client psql)}

# shellcheck disable=SC2153
ok() {
    printf 'ok   %s %s\n' "$MAJOR" "$1"
    echo ok >>"$RESULTS"
}

not_ok() {
    printf 'FAIL %s %s\n%s' "$MAJOR" "$1" "${2:+"     ${2//$'\n'/$'\n'     }"$'\n'}"
    echo "FAIL $MAJOR $1" >>"$RESULTS"
}

skip() {
    printf 'skip %s %s: %s\n' "$MAJOR" "$1" "$2"
    echo skip >>"$RESULTS"
}

# The last dbname of a connection string wins, in both of its forms.
conninfo() {
    case $SERVER in
    postgres*://*\?*) echo "$SERVER&dbname=$1" ;;
    postgres*://*) echo "$SERVER?dbname=$1" ;;
    *) echo "$SERVER dbname=$1" ;;
    esac
}

sql() {
    local database=$1
    shift
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$(conninfo "$database")" "$@"
}

new_db() {
    local name="dumpnative_test_$$_${EPOCHREALTIME/[.,]/}"
    sql "${MAINTENANCE_DB:-postgres}" -c "CREATE DATABASE $name TEMPLATE template0 $*" >&2 || return 1
    echo "$name" >>"$WORK/databases"
    echo "$name"
}

# A subscription keeps its database; those of tests have no slot to be dropped with them.
drop_subscriptions() {
    sql "$1" -c "DO \$\$ DECLARE name text; BEGIN
        FOR name IN SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid AND d.datname = '$1' LOOP
            EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', name);
            EXECUTE format('DROP SUBSCRIPTION %I', name);
        END LOOP;
    END \$\$" </dev/null
}

drop_db() {
    sql "${MAINTENANCE_DB:-postgres}" -c "DROP DATABASE IF EXISTS $1" </dev/null 2>/dev/null || {
        drop_subscriptions "$1"
        sql "${MAINTENANCE_DB:-postgres}" -c "DROP DATABASE IF EXISTS $1" </dev/null
    }
}

drop_dbs() {
    local name
    [[ -e $WORK/databases ]] || return 0
    while read -r name; do
        drop_db "$name" || true
    done <"$WORK/databases"
    rm -f "$WORK/databases"
}

# run_dump ARGUMENT...: leaves the status in $status, and what the program wrote in $WORK/stdout and $WORK/stderr.
# shellcheck disable=SC2034
run_dump() {
    timeout -k 5 60 "$DUMPNATIVE" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
}

dumped_t() { grep -q '^COPY public.t (n) FROM stdin;$' "$WORK/stdout" && tail -n 3 "$WORK/stdout" | grep -q complete; }

# peak DATABASE OPTION...: dumps; prints the greatest size in kB that the process had, and the file's size in MB.
peak() {
    local db=$1 pid line peak=0
    shift
    "$DUMPNATIVE" -f "$WORK/big.sql" "$@" -d "$(conninfo "$db")" 2>"$WORK/stderr" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        while read -r line; do
            [[ $line == VmHWM:* && $line =~ [0-9]+ ]] && peak=${BASH_REMATCH[0]}
        done <"/proc/$pid/status"
    done 2>/dev/null
    wait "$pid" && echo "$peak $(($(stat -c %s "$WORK/big.sql") / 1000000))"
}

# check NAME COMMAND...: a test that passes when the command does; else its output and our last messages are shown.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        ok "$name"
    else
        [[ ! -s $WORK/stderr ]] || output+=$'\n'"standard error: $(head -c 2000 "$WORK/stderr")"
        not_ok "$name" "failed: $*"$'\n'"$(head -c 4000 <<<"$output")"
    fi
}

# wait_for SECONDS COMMAND...: tries the command until it succeeds; fails when the time is over.
wait_for() {
    local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < end)) || return 1
        sleep 0.02
    done
}

# Whether the server is the harness's own: its log and its configuration are then within reach.
own_server() { [[ -z ${PG_URL:-} ]]; }

# Whether the program carries AddressSanitizer, which has its own ideas of memory and of ptrace.
sanitized() { grep -q __asan_init "$DUMPNATIVE"; }
