#!/bin/bash
# Installs the Debian packages that the named groups need; does nothing when all are there.
#
# usage: tests/setup/packages.sh GROUP...     groups: build test tap lint coverage valgrind bench docker
#
# As root, or with sudo, it installs; otherwise it prints the line to run and exits 1.
set -euo pipefail

# What a group needs: a package name, or command:package where the command may have come from elsewhere.
group_needs() {
    case $1 in
    build) echo gcc make pkg-config:pkg-config libc6-dev libpq-dev libssl-dev zlib1g-dev libzstd-dev liblz4-dev libdeflate-dev libjansson-dev libxxhash-dev ;;
    test) echo libcmocka-dev pgbouncer:pgbouncer postgresql psql:postgresql-client node:nodejs npm:npm ca-certificates ;;
    tap) echo perl:perl libipc-run-perl bzip2:bzip2 lz4:lz4 zstd:zstd ;;
    lint) echo libcmocka-dev clang-tidy:clang-tidy clang-format:clang-format cppcheck:cppcheck clang:clang shellcheck:shellcheck ;;
    coverage) echo gcovr:gcovr ;;
    valgrind) echo valgrind:valgrind libc6-dbg ;;
    bench) echo pigz:pigz zstd:zstd pgcopydb:pgcopydb ;;
    docker) echo docker:docker.io dockerd:docker.io iptables:iptables debootstrap:debootstrap ;;
    *)
        echo "packages.sh: no group '$1'; there are: build test tap lint coverage valgrind bench docker" >&2
        exit 2
        ;;
    esac
}

is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Sets the array `missing` to the packages that the groups need and the machine lacks.
find_missing() {
    local group need
    missing=()
    for group in "$@"; do
        for need in $(group_needs "$group"); do
            case $need in
            *:*) PATH=$PATH:/usr/sbin:/sbin command -v "${need%%:*}" >/dev/null || missing+=("${need#*:}") ;;
            *) is_installed "$need" || missing+=("$need") ;;
            esac
        done
    done
}

# Tests start their own servers, so a new postgresql package need not make and start a cluster.
no_cluster=/etc/postgresql-common/createcluster.d/dumpnative-tests.conf

install_as() {
    local -a as=("$@")
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        "${as[@]}" mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' | "${as[@]}" tee "$no_cluster" >/dev/null
        # shellcheck disable=SC2064
        trap "${as[*]} rm -f $no_cluster; ${as[*]} rmdir --ignore-fail-on-non-empty ${no_cluster%/*}" EXIT
    fi
    echo "installing: ${missing[*]}"
    "${as[@]}" apt-get update -qq || echo "apt-get update had errors; trying with the lists there are" >&2
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "${missing[@]}" >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        return 1
    }
}

main() {
    [[ $# -gt 0 ]] || set -- build
    if ! command -v apt-get >/dev/null; then
        echo "packages.sh: this is not a Debian-like system; install by hand what '$*' needs" >&2
        exit 1
    fi
    find_missing "$@"
    [[ ${#missing[@]} -gt 0 ]] || return 0

    log=$(mktemp)
    if [[ $(id -u) == 0 ]]; then
        install_as env
    elif command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
        install_as sudo
    else
        echo "These packages are missing; please run this as root, then try again:" >&2
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    rm -f "$log"

    if is_installed libpq-dev && ! pkg-config --atleast-version=14 libpq; then
        echo "packages.sh: libpq $(pkg-config --modversion libpq) is too old; dumpnative needs 14 or newer" >&2
        exit 1
    fi
}

main "$@"
