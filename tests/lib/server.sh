# shellcheck shell=bash
# Functions that find PostgreSQL programs, and start and stop a throwaway server; to be sourced.
#
#   pg_bin MAJOR          prints the folder of that server's programs; fails when there is none
#   pg_client PROGRAM     prints the path of the newest psql (or other client program) of the distribution
#   oracle_for MAJOR      prints the pg_dump of that major, or else of the next newer one that is there
#   oracle_exact MAJOR    tells whether the pg_dump of just that major is there
#   server_start MAJOR    initialises and starts a server; exports PGHOST PGPORT PGUSER PGDATABASE
#   server_stop           stops it and removes its files; also called when the shell ends, however it ends
#
# SUPERUSER, when set, is the superuser's name in place of postgres.
# SERVER_LOG, when set, is where server_stop leaves the server's log.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
newest_major=18

pg_bin() {
    local dir
    for dir in "/usr/lib/postgresql/$1/bin" "$repository/.deps/servers/$1/bin"; do
        if [[ -x $dir/postgres && -x $dir/initdb ]]; then
            echo "$dir"
            return 0
        fi
    done
    return 1
}

# The distribution's /usr/bin/psql is a Perl script that looks for clusters first; the program itself is quicker.
pg_client() {
    local program
    program=$(printf '%s\n' /usr/lib/postgresql/*/bin/"$1" | sort -V | tail -n 1)
    if [[ -x $program ]]; then
        echo "$program"
    else
        command -v "$1"
    fi
}

exact_oracle() {
    local program
    for program in "/usr/lib/postgresql/$1/bin/pg_dump" "$repository/.deps/oracle/$1/bin/pg_dump"; do
        if [[ -x $program ]]; then
            echo "$program"
            return 0
        fi
    done
    return 1
}

oracle_exact() { exact_oracle "$1" >/dev/null; }

oracle_for() {
    local major
    for ((major = $1; major <= newest_major; major++)); do
        exact_oracle "$major" && return 0
    done
    return 1
}

# The server refuses to run as root.
server_user() {
    if [[ $(id -u) != 0 ]]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

as_server_user() {
    if [[ $(id -u) == 0 ]]; then
        (cd / && exec runuser -u "$(server_user)" -- "$@")
    else
        "$@"
    fi
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which the kernel takes ports for outgoing connections.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        port_is_free "$port" && break
    done
    echo "$port"
}

# A checkout in root's home is out of reach for the server's user: it gets a copy of the programs.
reachable_bin() {
    local bin=$1
    if ! as_server_user test -x "$bin/postgres"; then
        cp -a "${bin%/bin}" "$server_dir/programs"
        bin=$server_dir/programs/bin
    fi
    echo "$bin"
}

# Copying a template database costs a tenth in memory of what it costs on disk.
data_base() {
    local room memory
    room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
    memory=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
    if [[ -w /dev/shm && ${room:-0} -ge 2097152 && ${memory:-0} -ge 4194304 ]]; then
        echo /dev/shm
    else
        echo /tmp
    fi
}

# The end of the server's postgresql.conf; a script that wants others writes a function of this name.
server_settings() {
    cat <<-END
	listen_addresses = '127.0.0.1'
	unix_socket_directories = '$server_dir'
	fsync = off
	full_page_writes = off
	synchronous_commit = off
	max_prepared_transactions = 2
	shared_buffers = 64MB
	max_wal_size = 256MB
	lc_messages = 'C'
	timezone = 'UTC'
	log_line_prefix = '%m [%p] %d '
	END
}

server_start() {
    local major=$1 attempt
    server_bin=$(pg_bin "$major") || {
        echo "no PostgreSQL $major server here; run tests/setup/servers.sh $major" >&2
        return 1
    }
    unset "${!PG@}" && export LC_ALL=C.UTF-8
    trap server_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # Not under TMPDIR: its path may be too long for a socket, or closed to the server's user.
    server_dir=$(mktemp -d "/tmp/dumpnative-$major.XXXXXX")
    server_data=$(mktemp -d "$(data_base)/dumpnative-$major.XXXXXX")
    chmod 755 "$server_dir"
    [[ $(id -u) != 0 ]] || chown "$(server_user)" "$server_dir" "$server_data"
    server_bin=$(reachable_bin "$server_bin")

    if ! as_server_user "$server_bin/initdb" --pgdata="$server_data" --username="${SUPERUSER:-postgres}" --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$server_dir/initdb.log" 2>&1; then
        server_failed initdb initdb.log
        return 1
    fi
    server_settings >>"$server_data/postgresql.conf"

    # Another process may take the port between the look and the start.
    for attempt in 1 2 3 4 5; do
        PGPORT=$(free_port)
        if as_server_user "$server_bin/pg_ctl" start --silent --wait --pgdata="$server_data" \
            --log="$server_dir/log" --options="-p $PGPORT" >/dev/null; then
            export PGHOST=$server_dir PGPORT PGUSER=${SUPERUSER:-postgres} PGDATABASE=postgres
            return 0
        fi
        grep -q 'Address already in use' "$server_dir/log" || break
    done
    server_failed "start (attempt $attempt)" log
    return 1
}

server_failed() {
    echo "PostgreSQL: $1 failed; the end of its log:" >&2
    tail -n 20 "$server_dir/$2" >&2
}

server_stop() {
    [[ -n ${server_dir:-} && -d $server_dir ]] || return 0
    # A second signal must not end the shell before the server is gone.
    trap '' INT TERM HUP
    if [[ -e $server_data/postmaster.pid ]]; then
        as_server_user "$server_bin/pg_ctl" stop --silent --mode=fast --pgdata="$server_data" || true
    fi
    [[ -z ${SERVER_LOG:-} || ! -e $server_dir/log ]] || cp "$server_dir/log" "$SERVER_LOG"
    rm -rf "$server_dir" "$server_data"
    server_dir=
    trap - INT TERM HUP
}
