#!/bin/bash
# Builds a Docker image of the distribution's PostgreSQL, where the official one can't be pulled.
#
# usage: tests/docker/image.sh [NAME]     default: dumpnative-postgres; needs root and a Docker engine
#
# The image holds a debootstrap of this machine's Debian suite. Its entry point takes the official image's
# variables: POSTGRES_PASSWORD, POSTGRES_HOST_AUTH_METHOD, POSTGRES_USER, POSTGRES_DB; it listens on port 5432.
set -euo pipefail
cd "$(dirname "$0")/../.."

name=${1:-dumpnative-postgres}
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/*$')

if [[ $(id -u) != 0 ]]; then
    echo "image.sh: debootstrap needs root; please run: sudo $0 $*" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "building image $name from Debian $suite; the log is in $PWD/build/docker-image.log"
mkdir -p build
if ! debootstrap --variant=minbase --include=postgresql "$suite" "$work/root" "$mirror" >build/docker-image.log 2>&1; then
    tail -n 20 build/docker-image.log >&2
    exit 1
fi
rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/doc
install -m 755 tests/docker/entrypoint.sh "$work/root/usr/local/bin/docker-entrypoint.sh"

tar -C "$work/root" -c . | docker import \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
    --change 'EXPOSE 5432' \
    - "$name" >/dev/null
echo "built image $name"
