# shellcheck shell=bash
# Gets packages and sources from any Debian suite without installing them and without root; to be sourced.
#
#   apt_available              tells whether there is an apt, with Debian's keyring, to do that with
#   suites_of MAJOR            prints the Debian suites that carry that PostgreSQL, the best one first
#   apt_root SUITE FOLDER      makes FOLDER a private apt root for the suite, with its lists; signatures are checked
#   apt_in FOLDER PROGRAM ...  runs apt-get or apt-cache there; what it says is added to FOLDER/log
#
# The packages come from the mirror that this machine is configured for.

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

apt_available() { command -v apt-get >/dev/null && [[ -r $debian_keyring ]]; }

suites_of() {
    case $1 in
    13) echo bullseye ;;
    15) echo bookworm ;;
    17) echo trixie ;;
    18) echo sid forky ;;
    *) return 1 ;;
    esac
}

# mirror_of PATH: the address of the configured Debian archive whose address ends in PATH.
mirror_of() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        sed -n "\\|$1/*\$|{s|/*\$||p;q;}"
}

# The archive's oldest and newest suites may be past their Valid-Until date on a mirror that is a snapshot;
# that check is about freshness, so it is off here, while signatures are checked as always.
write_sources() {
    local suite=$1 main security kind
    local flags="signed-by=$debian_keyring check-valid-until=no"
    main=$(mirror_of /debian)
    security=$(mirror_of /debian-security)
    for kind in deb deb-src; do
        echo "$kind [$flags] ${main:?no Debian mirror is configured in apt} $suite main"
        if [[ -n $security && $suite != sid && $suite != forky ]]; then
            echo "$kind [$flags] $security $suite-security main"
        fi
    done
}

apt_in() {
    local root=$1
    shift
    APT_CONFIG=$root/apt.conf "$@" >>"$root/log" 2>&1
}

apt_root() {
    local suite=$1 root=$2
    mkdir -p "$root"/{lists/partial,archives/partial,etc}
    : >"$root/status"
    write_sources "$suite" >"$root/etc/sources.list"
    cat >"$root/apt.conf" <<-END
	Dir::State "$root";
	Dir::State::status "$root/status";
	Dir::Cache "$root";
	Dir::Etc::sourcelist "$root/etc/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Acquire::Languages "none";
	APT::Install-Recommends "false";
	APT::Sandbox::User "";
	END
    # A security suite may be gone from the mirror; the main suite then gives the package alone.
    apt_in "$root" apt-get update -qq || true
}
