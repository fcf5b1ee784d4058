# shellcheck shell=bash
# Two network namespaces, a resolver of our own, and dumps from one into the other; to be sourced after case.sh.
#
#   network_case NAME        starts it all for a case of that name, with a database: sets $db, the server's $socket and $user
#   network_start            makes both, and the resolver; fails, having said why, where it can't
#   network_stop             removes them, and ends what runs in them
#   in_client, in_server     run a command in that namespace
#   serve PORT MODE ...      runs tests/lib/net.py MODE PORT ... in the server's, until it listens
#   named NAME ADDRESS...    what the resolver says of a name from now on
#   answers ADDRESS [PORT]   whether a connection comes about
#   both_answer [PORT]       waits until it does with each of the server's addresses
#   dumps ARGUMENT...        runs the program in the client's; sets $status and $took (milliseconds)
#
# The client's namespace has a link to the server's, where 10.99.0.2 and fd99::2 answer. Packets to 10.99.0.66,
# 10.99.0.67, fd99::66 and fd99::67 go to a machine that isn't there: they vanish.

# shellcheck source=tests/lib/certificate.sh
. "$(dirname "${BASH_SOURCE[0]}")/certificate.sh"

client=dn_c_$$ server=dn_s_$$ names=$WORK/names jobs=()

in_client() { ip netns exec "$client" "$@"; }
in_server() { ip netns exec "$server" "$@"; }

network_stop() {
    # Those of the jobs, which run below shells, too.
    mapfile -t -O "${#jobs[@]}" jobs < <(ip netns pids "$client"; ip netns pids "$server")
    kill "${jobs[@]}" 2>/dev/null
    ip netns del "$client" 2>/dev/null
    ip netns del "$server" 2>/dev/null
    rm -rf "/etc/netns/$client"
}

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

network_start() {
    if [[ $EUID != 0 ]] || ! command -v ip >/dev/null || ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
        skip "$1" "needs root, ip, python3 and openssl"
        return 1
    fi
    # Not a shim of it, which would leave a child behind.
    python=$(python3 -c 'import sys; print(sys.executable)')
    if ! make_network 2>"$WORK/network.log"; then
        skip "$1" "no network namespaces here: $(head -n 1 "$WORK/network.log")"
        return 1
    fi
    : >"$names"
    in_client "$python" tests/lib/net.py dns 127.0.0.1 "$names" 2>"$WORK/dns.log" >/dev/null </dev/null &
    jobs+=($!)
    wait_for 10 listening "$client" "sport = :53"
}

# shellcheck disable=SC2034
network_case() {
    if ! own_server; then
        skip "$1" "needs a server of our own"
        exit 0
    fi
    trap 'network_stop; drop_dbs' EXIT
    network_start "$1" || exit 0
    socket=$PGHOST/.s.PGSQL.$PGPORT user=$PGUSER
    db=$(new_db "")
    sql "$db" -c 'CREATE TABLE t AS SELECT 1 AS n'
    unset "${!PG@}"
}

listening() { [[ -n $(ip netns exec "$1" ss -Hln "$2" 2>/dev/null) ]]; }

serve() {
    local port=$1 mode=$2
    shift 2
    in_server "$python" tests/lib/net.py "$mode" "$port" "$@" 2>"$WORK/$mode.log" >/dev/null </dev/null &
    jobs+=($!)
    wait_for 10 listening "$server" "sport = :$port"
}

# The first packets over a link that has just come up may be lost.
answers() { in_client "$python" -c "import socket; socket.create_connection(('$1', ${2:-5432}), 1)" 2>/dev/null; }

both_answer() { wait_for 20 answers fd99::2 "$@" && wait_for 20 answers 10.99.0.2 "$@"; }

named() {
    local name=$1 address
    shift
    for address; do echo "$name $address"; done >>"$names"
}

# shellcheck disable=SC2034,SC2154 # $user is the caller's
dumps() {
    local began=${EPOCHREALTIME/[.,]/}
    timeout -k 5 60 ip netns exec "$client" "$DUMPNATIVE" -w -v -U "$user" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
}

# reaches NAME PATTERN ARGUMENT...: a whole dump within a second of the $fastest; -v tells PATTERN.
# shellcheck disable=SC2154 # $fastest is the caller's
reaches() {
    local name="reaches: $1" pattern=$2
    shift 2
    dumps "$@"
    if [[ $status == 0 ]] && dumped_t && grep -qE "$pattern" "$WORK/stderr" && ((took < fastest + ${slack:-1000})); then
        ok "$name"
    else
        not_ok "$name" "status $status, $took ms (fastest: $fastest): $(grep -v reading "$WORK/stderr" | head -n 20)"
    fi
}
