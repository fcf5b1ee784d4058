#!/bin/bash
# Gets pg_dump, psql and pg_restore of other major versions, from Debian's packages, into .deps/oracle/MAJOR.
#
# usage: tests/setup/oracle.sh [MAJOR...]     default: 13 15 17 18, without those that the distribution has
#
# Each version comes from the Debian suite that carries it, from the mirror that this machine is configured
# for, through a private apt root: signatures are checked, nothing is installed, root is not needed.
# The programs run through their own suite's loader and libraries. A suite that can't be had is named, and
# left out; the tests then count as skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."

# shellcheck source=tests/setup/apt.sh
. tests/setup/apt.sh

# fetch SUITE PACKAGE APT_ROOT: downloads the package, with all that it depends on, to APT_ROOT/archives.
fetch() {
    apt_root "$1" "$3"
    apt_in "$3" apt-get install -y -qq --download-only "$2"
}

# A program that runs the real one through its own loader, so that neither chroot nor root is needed.
write_wrapper() {
    local program=$1 major=$2 tree=$3
    cat >"$tree/bin/$program" <<-END
	#!/bin/sh
	# Runs $program of PostgreSQL $major with the C library that it was built for.
	root=\$(cd "\$(dirname "\$0")/.." && pwd)
	for loader in "\$root"/lib/$multiarch/ld-*.so* "\$root"/usr/lib/$multiarch/ld-*.so*; do
	    [ -e "\$loader" ] && break
	done
	libraries=\$root/lib/$multiarch:\$root/usr/lib/$multiarch
	exec "\$loader" --library-path "\$libraries" "\$root/usr/lib/postgresql/$major/bin/$program" "\$@"
	END
    chmod +x "$tree/bin/$program"
}

install_oracle() {
    local major=$1 suite=$2 apt tree deb program
    echo "getting pg_dump $major from Debian $suite"
    work=$(mktemp -d "$PWD/.deps/oracle/.$major.XXXXXX")
    apt=$work/apt tree=$work/tree
    mkdir -p "$tree/bin"
    if ! fetch "$suite" "postgresql-client-$major" "$apt"; then
        grep -E '^[EW]:' "$apt/log" | tail -n 3 >&2 || true
        rm -rf "$work"
        return 1
    fi
    for deb in "$apt"/archives/{lib,zlib,postgresql-client-"$major"}*.deb; do
        case ${deb##*/} in
        libperl*) ;;
        *) dpkg-deb -x "$deb" "$tree" ;;
        esac
    done
    for program in pg_dump psql pg_restore; do
        write_wrapper "$program" "$major" "$tree"
    done
    if ! "$tree/bin/pg_dump" --version >/dev/null; then
        rm -rf "$work"
        return 1
    fi
    rm -rf "${tree:?}/usr/share" ".deps/oracle/$major"
    chmod -R go+rX "$tree"
    mv "$tree" ".deps/oracle/$major"
    rm -rf "$work"
}

if ! apt_available; then
    echo "no apt with Debian's keyring here: no pg_dump of other versions to compare with" >&2
    exit 0
fi

multiarch=$(uname -m)-linux-gnu
mkdir -p .deps/oracle
if [[ $# == 0 ]]; then
    for major in 13 15 17 18; do
        [[ -x /usr/lib/postgresql/$major/bin/pg_dump ]] || set -- "$@" "$major"
    done
fi

for major in "$@"; do
    .deps/oracle/"$major"/bin/pg_dump --version >/dev/null 2>&1 && continue
    if ! suites=$(suites_of "$major"); then
        echo "oracle.sh: no Debian suite carries PostgreSQL $major; there are: 13 15 17 18" >&2
        exit 2
    fi
    found=
    for suite in $suites; do
        install_oracle "$major" "$suite" && found=1 && break
    done
    [[ -n $found ]] || echo "pg_dump $major can't be had from: $suites; its tests will be skipped" >&2
done
