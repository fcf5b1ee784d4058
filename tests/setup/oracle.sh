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

declare -A suites=([13]=bullseye [15]=bookworm [17]=trixie [18]="sid forky")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror_of PATH: the address of the configured Debian archive whose address ends in PATH.
mirror_of() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        sed -n "\\|$1/*\$|{s|/*\$||p;q;}"
}

# The archive's oldest and newest suites may be past their Valid-Until date on a mirror that is a snapshot;
# that check is about freshness, so it is off here, while signatures are checked as always.
write_sources() {
    local suite=$1 file=$2 main security
    local flags="signed-by=$keyring check-valid-until=no"
    main=$(mirror_of /debian)
    security=$(mirror_of /debian-security)
    echo "deb [$flags] ${main:?no Debian mirror is configured in apt} $suite main" >"$file"
    if [[ -n $security && $suite != sid && $suite != forky ]]; then
        echo "deb [$flags] $security $suite-security main" >>"$file"
    fi
}

# fetch SUITE PACKAGE APT_ROOT: downloads the package, with all that it depends on, to APT_ROOT/archives.
fetch() {
    local suite=$1 package=$2 apt=$3
    mkdir -p "$apt"/{lists/partial,archives/partial,etc}
    : >"$apt/status"
    write_sources "$suite" "$apt/etc/sources.list"
    cat >"$apt/apt.conf" <<-END
	Dir::State "$apt";
	Dir::State::status "$apt/status";
	Dir::Cache "$apt";
	Dir::Etc::sourcelist "$apt/etc/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Acquire::Languages "none";
	APT::Install-Recommends "false";
	APT::Sandbox::User "";
	END
    # A security suite may be gone from the mirror; the main suite then gives the package alone.
    APT_CONFIG=$apt/apt.conf apt-get update -qq >"$apt/log" 2>&1 || true
    APT_CONFIG=$apt/apt.conf apt-get install -y -qq --download-only "$package" >>"$apt/log" 2>&1
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

if ! command -v apt-get >/dev/null || [[ ! -r $keyring ]]; then
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
    if [[ -z ${suites[$major]:-} ]]; then
        echo "oracle.sh: no Debian suite carries PostgreSQL $major; there are: 13 15 17 18" >&2
        exit 2
    fi
    found=
    for suite in ${suites[$major]}; do
        install_oracle "$major" "$suite" && found=1 && break
    done
    [[ -n $found ]] || echo "pg_dump $major can't be had from: ${suites[$major]}; its tests will be skipped" >&2
done
