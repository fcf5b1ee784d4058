#!/bin/bash
# Reaches a server over networks that swallow, refuse or misdirect, and with resolvers that fail: in network
# namespaces (tests/lib/namespaces.sh), with the server behind a relay. What is said when it fails: refusals.sh.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/namespaces.sh
. tests/lib/namespaces.sh

network_case "network"
serve 5432 relay "$socket"
both_answer

dumps -h 10.99.0.2 "$db"
fastest=$took
if [[ $status != 0 ]] || ! dumped_t; then
    not_ok "connects by an address" "$(cat "$WORK/stderr" "$WORK"/*.log)"
    exit 0
fi
ok "connects by an address"

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

# A resolver that is slow, and one that is down and comes back.
named slow.test slow 10.99.0.2
slack=4000 reaches "a resolver that takes three seconds" '10\.99\.0\.2 \(IPv4\) port 5432: reached' -h slow.test "$db"

named late.test fail
(sleep 1 && sed -i 's/^late.test .*/late.test 10.99.0.2/' "$names") &
slack=4000 reaches "a resolver that comes back" 'looking up IPv. addresses of "late.test": .* after' -h late.test "$db"

# ---- Refusals that pass --------------------------------------------------------------------------

port=5433
for state in 57P03 53300; do
    port=$((port + 1))
    serve $port refuse "$state" 2 "$socket"
    slack=5000 reaches "after two refusals with $state" 'trying again' -h v4.test -p $port "$db"
done

dumps -h closed.test -p 5999 --retries=2 "$db"
check "a port that is closed is tried as often as was asked for" test "$status $(grep -c 'trying again' "$WORK/stderr")" = "1 2"

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
certificate supabase.test "$WORK/tls"
mapfile -t relays < <(ip netns pids "$server")
kill "${relays[@]}"
silent() { ! listening "$server" "sport = :5432"; }
wait_for 10 silent
serve 5432 tls "$socket" "$WORK/tls.pem"
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
check "the session pooler, where the project's own host isn't reached" dumped_t
check "says why" grep -q 'warning: host "db.black.supabase.co" has IPv6 addresses only, .* using "aws-0-test.pooler' "$WORK/stderr"
as_project --supabase-url https://black.supabase.co --connect-timeout=2 -d "dbname=$db"
check "no pooler is guessed" test "$status" = 1
check "but asked for" grep -q 'hint: db.black.supabase.co has IPv6 addresses only.*--pooler-host' "$WORK/stderr"
sql "$db" -c 'DROP ROLE "postgres.black"'
