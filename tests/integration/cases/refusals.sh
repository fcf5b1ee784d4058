#!/bin/bash
# What is said when a server can't be reached, or won't have us: a table of situations, each with a message and a
# remedy of its own. And TLS with the host's name verified, through the race of its addresses. In network namespaces
# (tests/lib/namespaces.sh), with a server of the case's own that has a certificate for secure.test.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/namespaces.sh
. tests/lib/namespaces.sh

if ! own_server; then
    skip "refusals" "it takes a server of our own"
    exit 0
fi
trap network_stop EXIT
network_start "refusals" || exit 0

# ---- The server ----------------------------------------------------------------------------------

# Its programs run in its namespace.
as_server_user() { (cd / && exec ip netns exec "$server" runuser -u "$(server_user)" -- "$@"); }

server_settings() {
    cat <<-END
	listen_addresses = '*'
	unix_socket_directories = '$server_dir'
	fsync = off
	lc_messages = 'C'
	password_encryption = 'scram-sha-256'
	ssl_min_protocol_version = 'TLSv1.3'
	END
}

cleanup() {
    server_stop
    network_stop
}
server_start "$MAJOR" || exit 1
trap cleanup EXIT
export SERVER="host=$PGHOST port=$PGPORT user=postgres"
port=$PGPORT socket=$PGHOST/.s.PGSQL.$PGPORT user=postgres db=shop

(
    cd "$WORK" && certificate authority authority && certificate stranger stranger &&
        openssl req -newkey rsa:2048 -nodes -subj /CN=secure.test -keyout server.key -out server.csr &&
        openssl x509 -req -days 2 -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial \
            -extfile <(echo subjectAltName=DNS:secure.test) -out server.crt
) >"$WORK/signing.log" 2>&1 || not_ok "refusals: certificates" "$(cat "$WORK/openssl.log" "$WORK/signing.log")"
install -o "$(server_user)" -m 600 "$WORK"/server.{key,crt} "$server_data"
cat >"$server_data/pg_hba.conf" <<'END'
local   all all     trust
hostssl all encrypted all trust
host    all keeper all scram-sha-256
host    all postgres,no_such_role,crowded all trust
END
sql postgres -c 'ALTER SYSTEM SET ssl = on' -c 'SELECT pg_reload_conf()' -c 'CREATE ROLE encrypted LOGIN' \
    -c "CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 's3cr3t'" -c 'CREATE ROLE crowded LOGIN CONNECTION LIMIT 0' \
    -c "CREATE DATABASE $db" -c 'CREATE DATABASE bare' -o /dev/null
sql $db -c 'CREATE TABLE t AS SELECT 1 AS n' -c 'REVOKE ALL ON t FROM PUBLIC'
unset "${!PG@}"

serve 5432 relay "$socket"
serve 5433 refuse 57P03 1000 "$socket"
serve 5434 silent
both_answer "$port"
# Networks that this machine's own table of routes refuses.
in_client ip route add unreachable 10.97.0.0/24
in_client ip route add prohibit 10.96.0.0/24

named db.test 10.99.0.2
named secure.test 10.99.0.66 fd99::66 10.99.0.2
named other.test 10.99.0.66 10.99.0.2
named dead.test 10.99.0.66 fd99::66
named fails.test fail
named noroute.test 10.98.0.1
named nohost.test 10.97.0.1
named forbidden.test 10.96.0.1

# ---- The host's name, verified ---------------------------------------------------------------------

dumps -h 10.99.0.2 -p "$port" $db
fastest=$took
check "refusals: the server answers" dumped_t
verified="host=secure.test port=$port dbname=$db sslmode=verify-full sslrootcert=$WORK/authority.crt"
reached="10\\.99\\.0\\.2 \\(IPv4\\) port $port: reached"
reaches "a host by its certificate, two of its addresses dead" "$reached" -d "$verified"
echo "secure.test:$port:*:keeper:s3cr3t" >"$WORK/passwords"
chmod 600 "$WORK/passwords"
PGPASSFILE=$WORK/passwords reaches "the password of the host's name, bound to the channel" "$reached" \
    -d "$verified user=keeper channel_binding=require"

# ---- The table ---------------------------------------------------------------------------------------

# refusal SITUATION LIMIT MESSAGE HINT ARGUMENT...: status 1 within LIMIT milliseconds, one error and one hint, the
# patterns in them.
refusal() {
    local situation=$1 limit=$2 message=$3 hint=$4 said
    shift 4
    dumps "$@"
    said=$(grep '^dumpnative: hint: ' "$WORK/stderr")
    if [[ $status == 1 ]] && ((took < limit)) && [[ $(grep -c '^dumpnative: error: ' "$WORK/stderr") == 1 ]] &&
        grep -qE "^dumpnative: error: .*$message" "$WORK/stderr" && grep -qE -- "$hint" <<<"$said"; then
        ok "refusals: $situation"
    else
        not_ok "refusals: $situation" "status $status, $took ms: $(grep -v '^dumpnative: reading' "$WORK/stderr")"
    fi
    echo "$said" >>"$WORK/hints"
    cat "$WORK/stderr" >>"$WORK/messages"
}

at=(-h db.test -p "$port") once=(--retries=0)
root="sslrootcert=$WORK/authority.crt"

#       situation                      ms   message                                             hint
refusal "NXDOMAIN"                     2000 'host "nowhere.test" has no address: '              'spelling' -h nowhere.test $db
refusal "the resolver fails"           4000 '"fails.test": the resolver does not answer'        'resolv\.conf' -h fails.test --connect-timeout=2 $db
refusal "refused"         $((fastest + 500)) 'Connection refused \(10\.99\.0\.2\)'              'listen_addresses' -h db.test -p 5999 $db
refusal "no route"                     2000 'Network is unreachable \(10\.98\.0\.1\)'           'no route' -h noroute.test $db
refusal "no such machine"              2000 'No route to host \(10\.97\.0\.1\)'                 'No machine answers' -h nohost.test $db
refusal "forbidden"                    2000 'Permission denied \(10\.96\.0\.1\)'                'rule of this machine' -h forbidden.test $db
refusal "time-out"                     4000 'no answer \(10\.99\.0\.66\), no answer \(fd99::66\)' 'firewall drops' -h dead.test --connect-timeout=2 $db
refusal "reached, but silent"          4000 'no answer within 2 seconds'                        'says nothing' -h db.test -p 5434 --connect-timeout=2 $db
refusal "no TLS"                       2000 'does not support SSL'                              'ssl=on' -d "host=db.test dbname=$db sslmode=require"
refusal "TLS alone"                    2000 'no pg_hba.conf entry for host "10.99.0.1", user "encrypted"' 'TLS against .* pg_hba' "${at[@]}" -U encrypted -d "dbname=$db sslmode=disable"
refusal "TLS of an old version"        2000 'SSL error: .*protocol version'                     'versions' -d "$verified ssl_max_protocol_version=TLSv1.2"
refusal "certificate not trusted"      2000 'certificate verify failed'                         'authority in sslrootcert' -d "$verified sslrootcert=$WORK/stranger.crt"
refusal "no certificate to trust by"   2000 'root certificate file "/nowhere" does not exist'   'name its file' -d "$verified sslrootcert=/nowhere"
refusal "certificate of another host"  2000 'certificate for "secure.test" does not match host name "other.test"' 'name that the certificate has' -d "host=other.test port=$port dbname=$db sslmode=verify-full $root"
refusal "wrong password"               2000 'password authentication failed for user "keeper"'  'Check user and password' "${at[@]}" -d "user=keeper password=s3cr3t2 dbname=$db"
refusal "no password"                  2000 'no password supplied'                              'PGPASSWORD, or in the password file' "${at[@]}" -U keeper $db
refusal "missing database"             2000 'database "no_such_db" does not exist'              'Create the database' "${at[@]}" no_such_db
refusal "missing role"                 2000 'role "no_such_role" does not exist'                'Create the role' "${at[@]}" -U no_such_role $db
refusal "too many connections"         2000 'too many connections for role "crowded"'           'max_connections' "${at[@]}" "${once[@]}" -U crowded $db
refusal "starting up"                  2000 'the database system is starting up'                'starting up' -h db.test -p 5433 "${once[@]}" $db
refusal "no privilege"                 4000 'permission denied|t be read'                       '--skip-unreadable|--role' "${at[@]}" -U encrypted -d "dbname=$db sslmode=require"

# ---- A standby that is read only -----------------------------------------------------------------------

"$DUMPNATIVE" -d "host=$server_dir port=$port user=postgres dbname=$db" -f "$WORK/shop.sql"
pg_ctl() { as_server_user "$server_bin/pg_ctl" --silent --wait --pgdata="$server_data" "$@" >/dev/null; }
pg_ctl stop
as_server_user touch "$server_data/standby.signal"
pg_ctl start --log="$server_dir/log" --options="-p $port"
refusal "a standby, for a primary"     4000 'session is read-only|is in hot standby'            'target_session_attrs' "${at[@]}" -d "dbname=$db target_session_attrs=read-write"
restores() {
    in_client "$DUMPNATIVE" restore -w -U "$user" "$WORK/shop.sql" -d "$1" >"$WORK/stdout" 2>"$WORK/stderr"
    test $? = 1 && grep -q 'error: .*read-only transaction' "$WORK/stderr" && grep -q 'hint: .*primary' "$WORK/stderr"
}
check "refusals: a restore into a standby" restores "host=db.test port=$port dbname=bare"

check "refusals: none quotes a password" test "$(grep -c s3cr3t "$WORK/messages")" = 0
check "refusals: each has a hint, and its own" test "$(grep -c hint "$WORK/hints") $(sort "$WORK/hints" | uniq -d)" = "22 "
