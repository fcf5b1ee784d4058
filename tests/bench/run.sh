#!/bin/bash
# Measures dumps of the data sets by us and by the others in turn, and compares with the goals; what `make bench` calls.
#
# usage: tests/bench/run.sh
#
#   DUMPNATIVE   the program; default build/dumpnative
#   TOOLS        the folder of measure, relay and drain; default build/tests/bench
#   PG_MAJOR     the server's version; default 15
#   BENCH        the data sets; default "a b c d e f". "big" is there too: 10 GB, for memory
#   ONLY         an expression that commands' names must match; default: all of them
#   RUNS         rounds, each of which runs every command once; default 5
#   SCALE        small: a twentieth of each data set, for a quick try
#   BENCH_DIR    where the server's files and the dumps go; default /tmp
#
# The server is a throwaway one in its default configuration, but for what server_settings() says below. Before a data
# set's rounds each of our commands runs once more, with its statements logged, and the dump is restored and compared:
# the schema by pg_dump -s, the rows by count and MD5. The report is printed, and kept in tests/bench/results (of a quick
# try in build/bench). The exit status is 0, however slow we are, unless a dump fails or is wrong.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/server.sh
. tests/lib/server.sh
# shellcheck source=tests/bench/commands.sh
. tests/bench/commands.sh

export DUMPNATIVE=${DUMPNATIVE:-$PWD/build/dumpnative} TOOLS=${TOOLS:-$PWD/build/tests/bench}
major=${PG_MAJOR:-15}
runs=${RUNS:-5}
parts=$([[ ${SCALE:-} == small ]] && echo 1 || echo 20)
read -r -a sets <<<"${BENCH:-a b c d e f}"
wrong=0

say() { printf '%s\n' "$*" >&2; }
fail() { say "WRONG: $*"; wrong=$((wrong + 1)); }

# ---- The server --------------------------------------------------------------------

data_base() { echo "${BENCH_DIR:-/tmp}"; }

# More locks than by default: pg_dump, which takes them one by one, fails at 8,000 tables otherwise, and so do we. No
# autovacuum: all is vacuumed before it is measured, and no worker shall run beside a dump.
server_settings() {
    cat <<-END
	unix_socket_directories = '$server_dir'
	listen_addresses = ''
	fsync = off
	autovacuum = off
	max_locks_per_transaction = 1024
	lc_messages = 'C'
	END
}

sql() {
    local db=$1
    shift
    "$psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$db" "$@"
}

cleanup() {
    [[ -z ${relay_pid:-} ]] || kill "$relay_pid" 2>/dev/null
    server_stop
    rm -rf "$work"
}

start() {
    THEIRS=$(oracle_for "$major") psql=$(pg_client psql) pgbench=$(pg_client pgbench)
    if [[ -z $THEIRS || -z $psql || -z $pgbench ]]; then
        say "bench: no pg_dump, psql or pgbench of PostgreSQL $major or newer here"
        exit 1
    fi
    pg_restore=$(pg_client pg_restore)
    export psql pg_restore TARGET=bench_target
    export THEIRS # its pg_dump; server_start clears what begins with PG
    work=$(mktemp -d "${BENCH_DIR:-/tmp}/dumpnative-bench.XXXXXX")
    export FILES=$work/files
    server_start "$major" || exit 1
    trap cleanup EXIT
    postmaster=$(head -n 1 "$server_data/postmaster.pid")
    socket_host=$PGHOST socket_port=$PGPORT
}

# ---- Data sets ---------------------------------------------------------------------

# As autovacuum would, which leaves tables of a few rows alone. The catalog's own statistics always matter.
vacuum() {
    case $1 in
    c | e | f)
        cat <<-'SQL'
		SELECT format('VACUUM ANALYZE pg_catalog.%I', relname) FROM pg_class
		WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY 1 \gexec
		SQL
        ;;
    *) echo 'VACUUM ANALYZE;' ;;
    esac
}

build_set() {
    local set=$1 db=bench_$1 begin=$SECONDS
    sql postgres -c "CREATE DATABASE $db TEMPLATE template0"
    case $set in
    a) "$pgbench" -i -q -s $((5 * parts)) "$db" >"$work/build.log" 2>&1 ;;
    big) "$pgbench" -i -q -s $((50 * parts)) "$db" >"$work/build.log" 2>&1 ;;
    *) sql "$db" -v parts="$parts" -f "tests/bench/data/$set.sql" >"$work/build.log" 2>&1 ;;
    esac || {
        cat "$work/build.log" >&2
        exit 1
    }
    vacuum "$set" | sql "$db" >/dev/null
    sql "$db" -c CHECKPOINT
    say "($set) ${set_title[$set]}${SCALE:+ (SCALE=$SCALE)}: built in $((SECONDS - begin)) s"
}

# commands SET: those to be measured.
commands() { set_commands "$1" | grep -E -- "${ONLY:-}"; }

# ---- One dump ----------------------------------------------------------------------

# A target of its own for each command that fills a database.
new_target() {
    sql postgres -c "DROP DATABASE IF EXISTS $TARGET" -c "CREATE DATABASE $TARGET TEMPLATE template0" -c CHECKPOINT 2>/dev/null
}

# What is restored: our plain file, and the same in pg_dump's format for parallel restores.
make_files() {
    mkdir "$FILES"
    "$DUMPNATIVE" --no-sync -f "$FILES/plain.sql" "$db" 2>/dev/null || fail "nothing of ours to restore of $db"
    "$THEIRS" -Fd -j2 -Z0 --no-sync -f "$FILES/dir" "$db" || fail "nothing of pg_dump's to restore of $db"
}

# run_command NAME: measures it once; sets `cost`, the numbers of measure, and `bytes`.
run_command() {
    local status
    rm -rf "$work"/out*
    case $1 in *clone* | *restore* | *psql* | pgcopydb*) new_target ;; esac
    cost=$(DB=$db OUT=$work/out "$TOOLS/measure" "$postmaster" bash -o pipefail -c "${command_text[$1]}" 2>"$work/stderr")
    status=${cost##* }
    cost=${cost% *}
    bytes=$(find "$work" -path "$work/out*" -type f ! -name '*.sha256' ! -name '*.manifest.json' -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }')
    [[ $status == 0 ]] || fail "$1 on $db ended with ${status:-nothing}: $(head -n 3 "$work/stderr")"
}

# The relay's connection ends a moment after the client. The first one's own round trip does not count.
trips_of_run() {
    sleep 0.2
    awk '{ n += $1 } END { print n ? n - 1 : 0 }' "$work/trips"
}

one_round() {
    local set=$1 round=$2 name trips=0
    while IFS= read -r name; do
        : >"$work/trips"
        run_command "$name"
        [[ $set != e ]] || trips=$(trips_of_run)
        printf '%s\t%s\t%s\t%s\t%s\n' "$set" "$name" "${cost// /$'\t'}" "$bytes" "$trips" >>"$work/costs.tsv"
        say "  round $round: $name: ${cost%% *} s"
    done < <(commands "$set")
}

# A server far away, as long as the data set lasts.
use_relay() {
    local port attempt
    port=$(free_port)
    : >"$work/trips"
    "$TOOLS/relay" "$port" "$socket_host/.s.PGSQL.$socket_port" 25 "$work/trips" &
    relay_pid=$!
    for ((attempt = 0; attempt < 50; attempt++)); do
        port_is_free "$port" || break
        sleep 0.1
    done
    # Nothing but the startup packet and its answer comes before the first query.
    export PGHOST=127.0.0.1 PGPORT=$port PGSSLMODE=disable PGGSSENCMODE=disable
}

leave_relay() {
    kill "$relay_pid"
    wait "$relay_pid" 2>/dev/null
    relay_pid=
    unset PGSSLMODE PGGSSENCMODE
    export PGHOST=$socket_host PGPORT=$socket_port
}

# ---- Statements, and whether the dumps are right -------------------------------------

# logged NAME: runs it once and notes how many statements reach the server; many commands in one message are one.
logged() {
    local from
    from=$(stat -c %s "$server_dir/log")
    PGOPTIONS='-c log_statement=all' run_command "$1"
    tail -c +$((from + 1)) "$server_dir/log" >"$work/statements"
    printf '%s\t%s\t%s\n' "$set" "$1" \
        "$(grep -cE '^[-0-9]+ [.:0-9]+ [A-Z]+ \[[0-9]+\] LOG:  (statement|execute [^:]*): ?' "$work/statements")" >>"$work/facts.tsv"
}

schema_of() { "$THEIRS" -s "$1" | sed -E '/^\\(un)?restrict /d'; }

# Of each table its rows by count and a sum of their MD5s, and of each sequence its value.
rows_of() {
    sql "$1" <<-'SQL'
	SELECT format('SELECT %L, count(*), sum((''x'' || left(md5(t::text), 15))::bit(60)::bigint) FROM ONLY %s t',
	    c.oid::regclass, c.oid::regclass)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY c.oid::regclass::text
	\gexec
	SELECT * FROM pg_sequences ORDER BY 1, 2;
	SQL
}

# same_of WHAT [OTHER]: schema or rows, of both databases; what is empty or fails is not the same.
same_of() {
    "$1_of" "$db" >"$work/first" 2>"$work/diff" && "$1_of" "${2:-bench_restored}" >"$work/second" 2>"$work/diff" &&
        [[ -s $work/first ]] && diff "$work/first" "$work/second" >"$work/diff"
}

# restore_and_compare NAME FILE: into a new database, which must then be as the first.
restore_and_compare() {
    local name=$1 file=$2 begin=$SECONDS rows=yes
    [[ $name != *' -s' ]] || rows=no
    sql postgres -c 'DROP DATABASE IF EXISTS bench_restored' -c 'CREATE DATABASE bench_restored TEMPLATE template0' 2>/dev/null
    if ! PGOPTIONS='-c synchronous_commit=off' sql bench_restored -f "$file" >/dev/null 2>"$work/restore.log"; then
        fail "$name of $db does not restore: $(head -n 3 "$work/restore.log")"
    elif ! same_of schema; then
        fail "$name of $db: another schema after the restore: $(head -n 5 "$work/diff")"
    elif [[ $rows == yes ]] && ! same_of rows; then
        fail "$name of $db: other rows after the restore: $(head -n 5 "$work/diff")"
    else
        say "  $name: restored, the same ($((SECONDS - begin)) s)"
    fi
    sql postgres -c 'DROP DATABASE bench_restored'
}

# same_as_plain NAME FILE: what was restored and compared already, perhaps compressed.
same_as_plain() {
    local name=$1 file=$2 read=(cat)
    case $file in
    *.gz) read=(gzip -dc) ;;
    *.zst) read=(zstd -dcq) ;;
    esac
    if "${read[@]}" "$file" | cmp -s - "$work/plain"; then
        say "  $name: the same bytes"
    else
        fail "$name of $db: not the bytes of the plain dump"
    fi
}

# check_output NAME: of what the command has just written.
check_output() {
    local file
    file=$(find "$work" -name 'out.sql*' ! -name '*.sha256' ! -name '*.manifest.json')
    if [[ $1 == *' -s' || ! -e $work/plain ]]; then
        restore_and_compare "$1" "$file"
        [[ $1 == *' -s' ]] || mv "$file" "$work/plain"
    else
        same_as_plain "$1" "$file"
    fi
}

# check_clone NAME: what the command has just filled must be as the source.
check_clone() {
    if same_of schema "$TARGET" && same_of rows "$TARGET"; then
        say "  $1: the same"
    else
        fail "$1 of $db: not the same: $(head -n 5 "$work/diff")"
    fi
    sql postgres -c "DROP DATABASE $TARGET"
}

check_set() {
    local name
    while IFS= read -r name; do
        case $name in
        *'/dev/null') ;;
        'ours clone'* | 'ours restore'*) logged "$name" && check_clone "$name" ;;
        ours*) logged "$name" && check_output "$name" ;;
        pg_dump | 'pg_dump -s') logged "$name" ;;
        esac
    done < <(commands "$set")
    rm -f "$work/plain"
}

# ---- The report --------------------------------------------------------------------

cpu_model() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1; }

describe() {
    cat <<-END
	dumpnative bench, $(date -u +%Y-%m-%d)$([[ $parts == 20 ]] || echo ', a twentieth of each data set')
	machine: $(nproc) cores, $(cpu_model), $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo) of memory, Linux $(uname -r | cut -d- -f1); load $(cut -d' ' -f1 /proc/loadavg) before the start
	versions: $("$DUMPNATIVE" --version) ($(git rev-parse --short HEAD 2>/dev/null || echo unknown)); server $(sql postgres -c 'SHOW server_version'); $("$THEIRS" --version); $(pigz --version 2>&1); $(zstd --version | grep -oE 'v[0-9.]+' | sed 's/^v/zstd /'); libpq $(pkg-config --modversion libpq)
	medians of $runs runs, the commands of a table in turn; user+sys, server: CPU seconds; memory: MiB of the client's biggest
	process; all without fsync, on $(stat -f -c %T "${BENCH_DIR:-/tmp}" | sed 's|ext2/ext3|ext4|'); ours with its SHA-256 (none into a device); statements: messages that the server logs
	END
}

report_name() {
    local folder=tests/bench/results name number=1
    [[ $parts == 20 ]] || folder=build/bench
    mkdir -p "$folder"
    name=$folder/$(date -u +%Y-%m-%d)-$(nproc)x-$(cpu_model | sed -E 's/\([A-Z]+\)//gi; s/ (CPU|Processor).*//I' |
        tr -cs 'A-Za-z0-9\n' '-' | tr '[:upper:]' '[:lower:]' | sed 's/-*$//')-pg$major
    while [[ -e $name$([[ $number == 1 ]] || echo "-$number").txt ]]; do number=$((number + 1)); done
    echo "$name$([[ $number == 1 ]] || echo "-$number").txt"
}

report_set() {
    printf '\n(%s) %s\n\n' "$1" "${set_title[$1]}"
    awk -F'\t' -v set="$1" -f tests/bench/report.awk "$work/costs.tsv" "$work/facts.tsv" "$work/goals"
}

measure_set() {
    local set=$1 db=bench_$1 rounds=$runs round
    build_set "$set"
    [[ $set != big ]] || rounds=1
    [[ $set != [ab] ]] || make_files
    [[ $set == big ]] || check_set
    [[ $set != e ]] || use_relay
    for ((round = 1; round <= rounds; round++)); do
        one_round "$set" "$round"
    done
    [[ $set != e ]] || leave_relay
    rm -rf "$work"/out* "$FILES"
    sql postgres -c "DROP DATABASE $db"
    report_set "$set" | tee -a "$report"
}

for set in "${sets[@]}"; do
    [[ -n ${set_title[$set]:-} ]] || {
        say "bench: no data set '$set'; there are: a b c d e f big"
        exit 2
    }
done
start
: >"$work/costs.tsv"
: >"$work/facts.tsv"
# A bar stands in the names of pipes, so the fields are parted anew: the goal is the last, the peer what is left.
goals | sed -E 's/^([^|]*)\|([^|]*)\|([^|]*)\|(.*)\|([^|]*)$/\1\t\2\t\3\t\4\t\5/' >"$work/goals"
report=$(report_name)
describe | tee "$report"
for set in "${sets[@]}"; do
    measure_set "$set"
done
echo
if ((wrong > 0)); then
    echo "$wrong dumps failed or were wrong" | tee -a "$report"
    exit 1
fi
echo "each dump was restored once and is the same; the report is in $report"
