#!/bin/bash
# Reaches a server over networks that swallow, refuse or misdirect, and with resolvers that fail: in network
# namespaces, with a resolver of our own (tests/lib/net.py) and the server behind a relay.
#
# The client's namespace has a link to the server's, where 10.99.0.2 and fd99::2 answer. Packets to 10.99.0.66,
# 10.99.0.67, fd99::66 and fd99::67 go to a machine that isn't there: they vanish.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

if ! own_server; then
    skip "network" "the server's socket is not within reach"
    exit 0
fi

# Not a shim of it, which would leave a child behind.
python=$(python3 -c 'import sys; print(sys.executable)')
client=dn_c_$$ server=dn_s_$$ names=$WORK/names jobs=()
cleanup() {
    # Those of the jobs, which run below shells, too.
    mapfile -t -O "${#jobs[@]}" jobs < <(ip netns pids "$client"; ip netns pids "$server")
    kill "${jobs[@]}" 2>/dev/null
    ip netns del "$client" 2>/dev/null
    ip netns del "$server" 2>/dev/null
    rm -rf "/etc/netns/$client"
    drop_dbs
}

in_client() { ip netns exec "$client" "$@"; }
in_server() { ip netns exec "$server" "$@"; }

make_network() {
    local address
    ip netns add "$client" && ip netns add "$server" &&
        ip link add v0 netns "$client" type veth peer name v0 netns "$server" || return 1
    for address in 10.99.0.2/24 fd99::2/64; do in_server ip addr add "$address" dev v0 nodad; done
    for address in 10.99.0.1/24 fd99::1/64; do in_client ip addr add "$address" dev v0 nodad; done
    in_client ip link set lo up && in_client ip link set v0 up && in_server ip link set v0 up || return 1
    for address in 10.99.0.66 10.99.0.67 fd99::66 fd99::67; do
        in_client ip neigh add "$address" lladdr 02:00:00:00:00:66 dev v0 || return 1
    done
    mkdir -p "/etc/netns/$client" && echo "nameserver 127.0.0.1" >"/etc/netns/$client/resolv.conf" &&
        echo "127.0.0.1 localhost" >"/etc/netns/$client/hosts"
}

if [[ $EUID != 0 ]] || ! command -v ip >/dev/null || ! command -v python3 >/dev/null; then
    skip "network" "needs root, ip and python3"
    exit 0
fi
trap cleanup EXIT
if ! make_network 2>"$WORK/network.log"; then
    skip "network" "no network namespaces here: $(head -n 1 "$WORK/network.log")"
    exit 0
fi

socket=$PGHOST/.s.PGSQL.$PGPORT user=$PGUSER
db=$(new_db "")
sql "$db" -c 'CREATE TABLE t AS SELECT 1 AS n'
unset "${!PG@}"

: >"$names"
in_client "$python" tests/lib/net.py dns 127.0.0.1 "$names" 2>"$WORK/dns.log" >/dev/null </dev/null &
jobs+=($!)
in_server "$python" tests/lib/net.py relay 5432 "$socket" 2>"$WORK/relay.log" >/dev/null </dev/null &
jobs+=($!)
listening() { [[ -n $(ip netns exec "$1" ss -Hln "$2" 2>/dev/null) ]]; }
wait_for 10 listening "$server" "sport = :5432"
wait_for 10 listening "$client" "sport = :53"

# The first packets over a link that has just come up may be lost.
answers() { in_client "$python" -c "import socket; socket.create_connection(('$1', 5432), 1)" 2>/dev/null; }
wait_for 10 answers fd99::2
wait_for 10 answers 10.99.0.2

# named NAME ADDRESS...: what the resolver says of a name.
named() {
    local name=$1 address
    shift
    for address; do echo "$name $address"; done >>"$names"
}

# dumps ARGUMENT...: sets $status and $took (milliseconds).
dumps() {
    local began=${EPOCHREALTIME/[.,]/}
    timeout -k 5 60 ip netns exec "$client" "$DUMPNATIVE" -w -v -U "$user" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
}

whole() { grep -q '^COPY public.t (n) FROM stdin;$' "$WORK/stdout" && tail -n 3 "$WORK/stdout" | grep -q complete; }

dumps -h 10.99.0.2 "$db"
fastest=$took
if [[ $status != 0 ]] || ! whole; then
    not_ok "connects by an address" "$(cat "$WORK/stderr" "$WORK"/*.log)"
    exit 0
fi
ok "connects by an address"

# reaches NAME PATTERN ARGUMENT...: a whole dump within a second of the fastest; -v tells PATTERN.
reaches() {
    local name="reaches: $1" pattern=$2
    shift 2
    dumps "$@"
    if [[ $status == 0 ]] && whole && grep -qE "$pattern" "$WORK/stderr" && ((took < fastest + ${slack:-1000})); then
        ok "$name"
    else
        not_ok "$name" "status $status, $took ms (fastest: $fastest): $(grep -v reading "$WORK/stderr" | head -n 20)"
    fi
}

named v4.test 10.99.0.2
named v6.test fd99::2
named both.test 10.99.0.2 fd99::2
named hole6.test 10.99.0.2 fd99::66
named hole4.test 10.99.0.66 fd99::2
named holes4.test 10.99.0.66 10.99.0.67 fd99::2
named third.test 10.99.0.66 10.99.0.2
named mute6.test 10.99.0.2 mute6
named mute4.test mute4 fd99::2
named dead.test 10.99.0.66 fd99::66
named fails.test fail
named far4.test 10.98.0.1
named closed.test 10.99.0.2

reaches "a host with IPv4 only" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h v4.test "$db"
reaches "a host with IPv6 only" 'fd99::2 \(IPv6\) port 5432: reached' -h v6.test "$db"
reaches "IPv4 before IPv6" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h both.test "$db"
reaches "IPv6 first when preferred" 'fd99::2 \(IPv6\) port 5432: reached' -h both.test --prefer=ipv6 "$db"
reaches "an IPv6 black hole" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h hole6.test --prefer=ipv6 "$db"
reaches "an IPv4 black hole" 'fd99::2 \(IPv6\) port 5432: reached' -h hole4.test "$db"
reaches "two IPv4 black holes" 'fd99::2 \(IPv6\) port 5432: reached' -h holes4.test "$db"
reaches "the first address dead" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h third.test "$db"
reaches "no answer about IPv6" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h mute6.test "$db"
reaches "no answer about IPv4" 'fd99::2 \(IPv6\) port 5432: reached' -h mute4.test "$db"
slack=4000 reaches "a fallback address, the resolver failing" 'falling back to address fd99::2' -h fails.test \
    --connect-timeout=2 --fallback-hostaddr=fd99::2 "$db"
slack=4000 reaches "a fallback host" 'falling back to host v6.test' -h dead.test --connect-timeout=2 --fallback-host=v6.test "$db"
reaches "hostaddr, which is libpq's business" 'connected' -d "host=nowhere.test hostaddr=10.99.0.2 dbname=$db"
reaches "several hosts, likewise" 'connected' -d "host=far4.test,10.99.0.2 port=5432,5432 dbname=$db"

# A resolver that is down and comes back.
named late.test fail
(sleep 1 && sed -i 's/^late.test .*/late.test 10.99.0.2/' "$names") &
slack=4000 reaches "a resolver that comes back" 'looking up IPv. addresses of "late.test": .* after' -h late.test "$db"

# ---- Refusals that pass --------------------------------------------------------------------------

port=5433
for state in 57P03 53300; do
    port=$((port + 1))
    in_server "$python" tests/lib/net.py refuse $port $state 2 "$socket" 2>"$WORK/refuse.log" >/dev/null </dev/null &
    jobs+=($!)
    wait_for 10 listening "$server" "sport = :$port"
    slack=5000 reaches "after two refusals with $state" 'trying again' -h v4.test -p $port "$db"
done

# ---- What is said when it fails ------------------------------------------------------------------

# fails NAME LIMIT ERROR HINT ARGUMENT...: status 1 within LIMIT milliseconds, one error and one hint as patterns.
fails() {
    local name="says it: $1" limit=$2 error=$3 hint=$4
    shift 4
    dumps "$@"
    if [[ $status == 1 ]] && ((took < limit)) && grep -qE "^dumpnative: error: .*$error" "$WORK/stderr" &&
        grep -qE "^dumpnative: hint: .*$hint" "$WORK/stderr"; then
        ok "$name"
    else
        not_ok "$name" "status $status, $took ms: $(cat "$WORK/stderr")"
    fi
}

fails "a name that doesn't exist" 2000 'host "nowhere.test" has no address' 'spelling' -h nowhere.test "$db"
fails "a resolver that fails" 4000 'the resolver does not answer' 'resolv.conf' -h fails.test --connect-timeout=2 "$db"
fails "no answer from any address" 4000 'no answer \(10\.99\.0\.66\), no answer \(fd99::66\)' 'firewall' \
    -h dead.test --connect-timeout=2 "$db"
fails "a network without a route" 2000 'Network is unreachable \(10\.98\.0\.1\)' 'no route' -h far4.test "$db"
fails "a port that is closed, at once" $((fastest + 500)) 'Connection refused \(10\.99\.0\.2\)' 'listen_addresses' -h closed.test -p 5999 "$db"
fails "a port that is closed, with retries" 8000 'Connection refused' 'listen_addresses' -h closed.test -p 5999 --retries=2 "$db"
check "retries are counted" test "$(grep -c 'trying again' "$WORK/stderr")" = 2
fails "a database that is missing" 2000 'database "no_such_db" does not exist' 'Create the database' -h v4.test no_such_db
fails "a role that is missing" 2000 'role "no_such_role" does not exist' 'pg_hba' -h v4.test -U no_such_role "$db"
fails "a server without TLS" 2000 'does not support SSL' 'sslmode' -d "host=v4.test dbname=$db sslmode=require"

# ---- Cancelling ----------------------------------------------------------------------------------

ip netns exec "$client" "$DUMPNATIVE" -w -U "$user" -h dead.test "$db" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
pid=$!
sleep 0.7
began=${EPOCHREALTIME/[.,]/}
kill -TERM $pid
wait $pid
check "stops at once while connecting" test $((${EPOCHREALTIME/[.,]/} - began)) -lt 500000

# ---- Supabase -------------------------------------------------------------------------------------

# On the platform's port there is TLS, and db.REF.supabase.co has an IPv6 address only, here one that nobody answers at.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=supabase.test -keyout "$WORK/tls.key" -out "$WORK/tls.crt" 2>"$WORK/tls.log"
cat "$WORK/tls.key" "$WORK/tls.crt" >"$WORK/tls.pem"
mapfile -t relays < <(ip netns pids "$server")
kill "${relays[@]}"
silent() { ! listening "$server" "sport = :5432"; }
wait_for 10 silent
in_server "$python" tests/lib/net.py tls 5432 "$socket" "$WORK/tls.pem" 2>"$WORK/relay.log" >/dev/null </dev/null &
jobs+=($!)
wait_for 10 answers fd99::2
named db.black.supabase.co fd99::66
named db.white.supabase.co fd99::2
named aws-0-test.pooler.supabase.com 10.99.0.2
sql "$db" -c 'CREATE ROLE "postgres.black" LOGIN SUPERUSER'
printf 'NEXT_PUBLIC_SUPABASE_URL="https://white.supabase.co" # the project\nexport SUPABASE_DB_PASSWORD=s3cr3t\n' >"$WORK/env"

reaches "the database of a Supabase project, from an env file" 'fd99::2 \(IPv6\) port 5432: reached' \
    --supabase --env-file "$WORK/env" -d "dbname=$db"
check "the password isn't told" test "$(grep -c s3cr3t "$WORK/stderr")" = 0
# as_project ARGUMENT...: as the user that follows from the project.
as_project() {
    timeout -k 5 60 ip netns exec "$client" env PGUSER= "$DUMPNATIVE" -w -v "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
}
as_project --supabase-url https://black.supabase.co --pooler-host aws-0-test.pooler.supabase.com --connect-timeout=2 -d "dbname=$db"
check "the session pooler, where the project's own host isn't reached" whole
check "says why" grep -q 'warning: host "db.black.supabase.co" has IPv6 addresses only, .* using "aws-0-test.pooler' "$WORK/stderr"
as_project --supabase-url https://black.supabase.co --connect-timeout=2 -d "dbname=$db"
check "no pooler is guessed" test "$status" = 1
check "but asked for" grep -q 'hint: db.black.supabase.co has IPv6 addresses only.*--pooler-host' "$WORK/stderr"
sql "$db" -c 'DROP ROLE "postgres.black"'
