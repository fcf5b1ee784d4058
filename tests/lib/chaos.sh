# shellcheck shell=bash
# shellcheck disable=SC2154 # what server_start sets
# A server for dumps that are spoilt (tests/chaos/); to be sourced after case.sh.
#
#   chaos_begin NAME     ends the script where there is nothing to spoil; else starts the server
#   chaos_server         starts one that takes TCP connections with TLS and without; databases "small" and "wide"
#   spoil NAME OFFSETS OPTION...   runs tests/chaos/streams.py, and reports its end as a test
#   spoil_targets NAME FAULTS   runs tests/chaos/targets.py likewise, on databases "mixed" and "other"
#   fail_calls NAME MOST   runs tests/chaos/calls.py likewise
#   no_sessions          no dump has left a session
#
# CHAOS_PARALLEL: how many dumps at a time; default: two for each processor, since most of them wait.
# CHAOS_MAJORS: the servers that are of interest, a sample.

# shellcheck source=tests/lib/certificate.sh
. "$(dirname "${BASH_SOURCE[0]}")/certificate.sh"

server_settings() {
    certificate localhost "$server_data/server"
    chmod 600 "$server_data/server.key"
    [[ $(id -u) != 0 ]] || chown "$(server_user)" "$server_data/server.key"
    cat <<-END
	listen_addresses = '127.0.0.1'
	unix_socket_directories = '$server_dir'
	ssl = on
	fsync = off
	max_connections = 200
	lc_messages = 'C'
	timezone = 'UTC'
	END
}

chaos_server() {
    server_start "$MAJOR" || return 1
    SERVER="host=$PGHOST port=$PGPORT user=postgres"
    chaos_port=$PGPORT
    unset "${!PG@}"
    sql postgres -c 'CREATE DATABASE small' -c 'CREATE DATABASE wide' &&
        sql small -o /dev/null -f tests/chaos/small.sql &&
        # three jobs for three connections
        sql wide -c "CREATE TABLE a (t text); CREATE TABLE b (t text); CREATE TABLE c (t text)" \
            -c "ALTER TABLE a ALTER t SET STORAGE PLAIN; ALTER TABLE b ALTER t SET STORAGE PLAIN;
                ALTER TABLE c ALTER t SET STORAGE PLAIN" \
            -c "INSERT INTO a SELECT repeat(md5(n::text), 60) FROM generate_series(1, 3600) n" \
            -c "INSERT INTO b SELECT * FROM a; INSERT INTO c SELECT * FROM a" -c 'ANALYZE'
}

chaos_begin() {
    if ! own_server; then
        skip "$1" "it takes a server of our own"
        exit 0
    fi
    if ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
        skip "$1" "needs python3 and openssl"
        exit 0
    fi
    [[ " ${CHAOS_MAJORS:-15 18} " == *" $MAJOR "* ]] || exit 0
    chaos_server || {
        not_ok "$1: the server did not start"
        exit 1
    }
}

# Rows in pieces of their own, too; the other database has another one of them.
chaos_targets() {
    sql postgres -c 'CREATE DATABASE mixed' &&
        sql mixed -o /dev/null -f tests/chaos/small.sql &&
        sql mixed -c 'CREATE TABLE many (id int PRIMARY KEY, t text)' \
            -c "INSERT INTO many SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, 6000) n" -c 'CREATE INDEX ON many (t)' &&
        sql postgres -c 'CREATE DATABASE other TEMPLATE mixed' &&
        sql other -c "UPDATE many SET t = t || '!' WHERE id = 5999"
}

no_sessions() {
    [[ $(sql postgres -At -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dumpnative'" </dev/null) == 0 ]]
}

spoil() {
    local name=$1 database=$2 offsets=$3
    shift 3
    if python3 tests/chaos/streams.py "$DUMPNATIVE" "user=postgres dbname=$database" "$chaos_port" "$WORK/streams" \
        "$offsets" "${CHAOS_PARALLEL:-$((2 * $(nproc)))}" "$@" >"$WORK/spoil.log" 2>&1; then
        ok "$name: $(tr '\n' ';' <"$WORK/spoil.log")"
    else
        not_ok "$name" "$(head -c 6000 "$WORK/spoil.log")"
    fi
}

spoil_targets() {
    if ! chaos_targets; then
        not_ok "$1: the databases"
    elif python3 tests/chaos/targets.py "$DUMPNATIVE" "$PSQL" "user=postgres" "$chaos_port" "$WORK/targets" "$2" \
        "${CHAOS_PARALLEL:-$((2 * $(nproc)))}" >"$WORK/spoil.log" 2>&1; then
        ok "$1: $(tr '\n' ';' <"$WORK/spoil.log")"
    else
        not_ok "$1" "$(head -c 6000 "$WORK/spoil.log")"
    fi
}

fail_calls() {
    local library
    library=$(dirname "$DUMPNATIVE")/tests/chaos/inject.so
    if sanitized; then
        skip "$1" "AddressSanitizer has its own malloc()"
    elif python3 tests/chaos/calls.py "$DUMPNATIVE" "$SERVER dbname=small" "$library" "$WORK/calls" "$2" \
        "${CHAOS_PARALLEL:-$((2 * $(nproc)))}" >"$WORK/calls.log" 2>&1; then
        ok "$1: $(tr '\n' ';' <"$WORK/calls.log")"
    else
        not_ok "$1" "$(head -c 6000 "$WORK/calls.log")"
    fi
}
