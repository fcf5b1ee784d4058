#!/bin/bash
# Runs the integration tests against a PostgreSQL image, in a container that is removed at the end.
#
# usage: tests/docker/run.sh IMAGE [FILTER]     for example: tests/docker/run.sh postgres:17
#
# As root, starts a Docker engine when none answers, and stops it at the end. An image that is neither here nor
# can be pulled is replaced by one that image.sh builds.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/server.sh
. tests/lib/server.sh

image=${1:?usage: tests/docker/run.sh IMAGE [FILTER]}
fallback=dumpnative-postgres
container='' engine='' engine_dir=''

clean_up() {
    [[ -z $container ]] || docker rm --force --volumes "$container" >/dev/null
    if [[ -n $engine ]]; then
        kill "$engine"
        wait "$engine" || true
    fi
    [[ -z $engine_dir ]] || rm -rf "$engine_dir"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Our own engine keeps its socket and process files apart from the system's, and its images in .deps/docker.
start_engine() {
    local second
    PATH=$PATH:/usr/sbin:/sbin
    if [[ $(id -u) != 0 ]] || ! command -v dockerd >/dev/null; then
        echo "no Docker engine answers; start one, or run this as root with dockerd installed" >&2
        exit 1
    fi
    engine_dir=$(mktemp -d)
    export DOCKER_HOST=unix://$engine_dir/docker.sock
    mkdir -p .deps/docker build
    echo "starting a Docker engine; its log is in build/dockerd.log"
    dockerd --host "$DOCKER_HOST" --data-root "$PWD/.deps/docker" --exec-root "$engine_dir/exec" \
        --pidfile "$engine_dir/pid" >build/dockerd.log 2>&1 &
    engine=$!
    for ((second = 0; second < 60; second++)); do
        docker info >/dev/null 2>&1 && return 0
        kill -0 "$engine" 2>/dev/null || break
        sleep 1
    done
    echo "the Docker engine did not start:" >&2
    tail -n 20 build/dockerd.log >&2
    exit 1
}

find_image() {
    docker image inspect "$image" >/dev/null 2>&1 && return 0
    timeout 600 docker pull --quiet "$image" && return 0
    echo "image $image is not here and can't be pulled; testing with $fallback instead" >&2
    image=$fallback
    docker image inspect "$image" >/dev/null 2>&1 || tests/docker/image.sh "$image"
}

# The official image answers on its socket while it is still being initialised, but on TCP only when it is ready.
wait_until_ready() {
    local second psql
    psql=$(pg_client psql)
    for ((second = 0; second < 90; second++)); do
        "$psql" -X -q -o /dev/null -d "$PG_URL" -c 'SELECT 1' 2>/dev/null && return 0
        [[ $(docker inspect -f '{{.State.Running}}' "$container") == true ]] || break
        sleep 1
    done
    echo "the server in $image did not become ready:" >&2
    docker logs --tail 20 "$container" >&2
    exit 1
}

docker info >/dev/null 2>&1 || start_engine
find_image

PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export PGPASSWORD
container=$(POSTGRES_PASSWORD=$PGPASSWORD docker run --detach --env POSTGRES_PASSWORD \
    --publish 127.0.0.1::5432 "$image" -c fsync=off)
port=$(docker port "$container" 5432/tcp | sed -n '1s/.*://p')
export PG_URL=postgresql://postgres@127.0.0.1:$port/postgres
echo "testing against $image on port $port"
wait_until_ready
tests/integration/run.sh "${@:2}"
