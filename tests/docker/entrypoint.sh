#!/bin/bash
# Entry point of the image that image.sh builds: initialises a PostgreSQL server at the first start, and runs it.
set -euo pipefail

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
data=${PGDATA:-/var/lib/postgresql/data}
bin=$(echo /usr/lib/postgresql/*/bin)

as_postgres() { runuser -u postgres -- "$@"; }

if [[ ! -s $data/PG_VERSION ]]; then
    if [[ -z ${POSTGRES_PASSWORD:-} && $method != trust ]]; then
        echo "POSTGRES_PASSWORD is not set, and POSTGRES_HOST_AUTH_METHOD is not trust" >&2
        exit 1
    fi
    install -d -o postgres -m 700 "$data"
    install -o postgres -m 600 <(printf '%s\n' "${POSTGRES_PASSWORD:-unused}") /tmp/password
    as_postgres "$bin/initdb" --pgdata="$data" --username="$user" --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=trust --auth-host="$method" --pwfile=/tmp/password
    rm /tmp/password
    echo "host all all all $method" >>"$data/pg_hba.conf"
    if [[ $database != postgres ]]; then
        as_postgres "$bin/pg_ctl" start --silent --wait --pgdata="$data" --options="-c listen_addresses="
        as_postgres "$bin/createdb" --username="$user" "$database"
        as_postgres "$bin/pg_ctl" stop --silent --pgdata="$data"
    fi
fi
[[ ${1:-} != postgres ]] || shift
exec runuser -u postgres -- "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
