#!/usr/bin/env bash
# A dump through pgbouncer: with --supabase its transaction mode is refused, session mode is as good as the server; and
# either way the pooled session is after us as it was before. A restore or clone in steps needs sessions as well.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

PATH=$PATH:/usr/sbin
if ! own_server || ! command -v pgbouncer >/dev/null; then
    skip "pooler" "needs a server of our own and pgbouncer"
    exit 0
fi
db=$(new_db "")
sql "$db" -c 'CREATE TABLE t AS SELECT 1 AS n'
source=$(new_db "")
sql "$source" -c 'CREATE TABLE copied AS SELECT 1 AS n'
"$DUMPNATIVE" -f "$WORK/dump.sql" -d "$(conninfo "$source")" 2>"$WORK/stderr"
dir=$WORK/pool
mkdir -p "$dir" && chmod 777 "$dir"
echo "\"$PGUSER\" \"\"" >"$dir/users"
pools=() as=()
[[ $EUID != 0 ]] || as=(-u "$(server_user)") # it refuses to be root
cleanup() {
    kill "${pools[@]}" 2>/dev/null
    wait
    wait_for 10 sessions_gone "$db"
    drop_dbs
}
trap cleanup EXIT

# pool MODE SIZE: starts a pooler that shares so many processes of the server; sets $through.
pool() {
    local port
    port=$(free_port)
    cat >"$dir/$1.ini" <<-END
	[databases]
	* = host=$PGHOST port=$PGPORT
	[pgbouncer]
	listen_addr = 127.0.0.1
	listen_port = $port
	unix_socket_dir =
	auth_type = any
	auth_file = $dir/users
	pool_mode = $1
	default_pool_size = $2
	server_reset_query =
	ignore_startup_parameters = extra_float_digits
	END
    sed -i "s/^\* = .*/& user=$PGUSER/" "$dir/$1.ini"
    pgbouncer -q "${as[@]}" "$dir/$1.ini" >"$dir/$1.log" 2>&1 </dev/null &
    pools+=($!)
    through="host=127.0.0.1 port=$port user=$PGUSER dbname=$db"
    wait_for 10 "$PSQL" -X -q -o /dev/null -d "$through" -c 'SELECT 1' 2>/dev/null
}
dump() { timeout -k 5 60 "$DUMPNATIVE" -w -d "$through" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null; }
settings() { "$PSQL" -X -At -d "$through" -c "SELECT pg_backend_pid(), md5(string_agg(name || '=' || setting, ',' ORDER BY name))
    FROM pg_settings WHERE name <> 'application_name'"; }
# The sessions that are idle in a transaction.
left_open() { sql "$db" -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND state LIKE 'idle in%'"; }

for size in 1 3; do
    pool transaction "$size" || exit 1
    before=$(settings)
    dump --supabase
    status=$?
    check "pooler: transaction mode, $size of the server's processes: refused" test "$status" = 2
    check "pooler: and what to use instead" grep -qE 'session mode, the same with port 5432: postgresql://.*:5432/' "$WORK/stderr"
    check "pooler: nothing is written" test ! -s "$WORK/stdout"
    dump -j 1
    check "pooler: without --supabase it is taken" dumped_t
    check "pooler: no transaction is left" test "$(left_open)" = 0
    [[ $size != 1 ]] || check "pooler: the session is as it was" test "$(settings)" = "$before"
    for tool in restore clone; do
        from=$WORK/dump.sql
        [[ $tool == restore ]] || from=$(conninfo "$source")
        timeout -k 5 60 "$DUMPNATIVE" "$tool" -j 2 "$from" "$through" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
        status=$?
        check "pooler: $tool in steps through it is refused" eval '((status == 1)) && grep -q "pooler in transaction mode" "$WORK/stderr" && grep -q "session mode" "$WORK/stderr"'
    done
    kill "${pools[-1]}" && wait "${pools[-1]}" 2>/dev/null
done

pool session 5 || exit 1
before=$(settings)
dump --supabase
check "pooler: session mode" dumped_t
check "pooler: no transaction is left" test "$(left_open)" = 0
check "pooler: the session is as it was" test "$(settings | cut -d'|' -f2)" = "$(cut -d'|' -f2 <<<"$before")"
check "pooler: session mode takes a restore in steps" timeout -k 5 60 "$DUMPNATIVE" restore -j 2 "$WORK/dump.sql" "$through"
