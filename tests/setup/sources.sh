#!/bin/bash
# Gets PostgreSQL's sources, for its own test suites, and the server's headers, into .deps/sources/MAJOR.
#
# usage: tests/setup/sources.sh [MAJOR...]     default: 15 17 18
#
# .deps/sources/MAJOR is the source tree without its documentation and translations, and MAJOR/include has the
# headers that a module for the server is built with. Both are Debian's; see tests/setup/apt.sh. What can't be
# had is named, and the tests that need it then count as skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/setup/apt.sh
. tests/setup/apt.sh

# The newest source that the suite has; a list that names one which is gone from the mirror is no obstacle.
fetch_source() {
    local major=$1 root=$2 version
    for version in $(APT_CONFIG=$root/apt.conf apt-cache showsrc --only-source "postgresql-$major" 2>>"$root/log" |
        sed -n 's/^Version: //p' | sort -rV); do
        (cd "$root" && apt_in . apt-get source -qq --download-only --only-source "postgresql-$major=$version") && return
    done
    return 1
}

install_source() {
    local major=$1 suite=$2 work root tree
    echo "getting the source of PostgreSQL $major from Debian $suite"
    work=$(mktemp -d "$PWD/.deps/sources/.$major.XXXXXX")
    root=$work/apt tree=$work/tree
    apt_root "$suite" "$root"
    if ! fetch_source "$major" "$root" ||
        ! (cd "$root" && apt_in . apt-get download -qq "postgresql-server-dev-$major"); then
        grep -E '^[EW]:' "$root/log" | tail -n 3 >&2 || true
        rm -rf "$work"
        return 1
    fi
    mkdir "$tree"
    tar -xf "$root"/postgresql-"$major"_*.orig.tar.* -C "$tree" --strip-components=1 --no-same-owner \
        --exclude='doc/*' --exclude='po/*'
    dpkg-deb -x "$root"/postgresql-server-dev-"$major"_*.deb "$root/headers"
    mv "$root/headers/usr/include/postgresql/$major/server" "$tree/include"
    # The test suites read their files as the server's user.
    chmod -R go+rX "$tree"
    rm -rf ".deps/sources/$major"
    mv "$tree" ".deps/sources/$major"
    rm -rf "$work"
}

if ! apt_available; then
    echo "no apt with Debian's keyring here: no sources of PostgreSQL to test with" >&2
    exit 0
fi

mkdir -p .deps/sources
exec {lock}>.deps/sources/.lock
flock "$lock"
[[ $# -gt 0 ]] || set -- 15 17 18
for major in "$@"; do
    [[ ! -e .deps/sources/$major/include/postgres.h ]] || continue
    if ! suites=$(suites_of "$major"); then
        echo "sources.sh: no Debian suite carries PostgreSQL $major; there are: 13 15 17 18" >&2
        exit 2
    fi
    found=
    for suite in $suites; do
        install_source "$major" "$suite" && found=1 && break
    done
    [[ -n $found ]] || echo "the source of PostgreSQL $major can't be had from: $suites" >&2
done
