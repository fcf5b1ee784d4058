# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154
# Makes a folder of one version's programs as its installation has it, with our pg_dump among them; to be sourced
# after tests/lib/server.sh.
#
#   make_programs MAJOR FOLDER   fills FOLDER; sets $programs to where the programs are, $extensions to where the
#                                server looks for extensions, and $version to what pg_dump calls its version,
#                                which pg_dumpall compares with its own
#
# The programs are true copies: the server looks for its share folder, and pg_dumpall for its pg_dump, beside the
# file that a link leads to. With REFERENCE, the real pg_dump stays in its place.

make_programs() {
    local major=$1 tree=$2 server
    server=$(pg_bin "$major") && version=$("$(exact_oracle "$major")" --version) || return 1
    version=${version#pg_dump (PostgreSQL) }
    case $server in
    /usr/lib/postgresql/*) copy_installed "$major" "$tree" ;;
    *) copy_downloaded "$major" "$tree" "${server%/bin}" ;;
    esac || return 1
    if [[ -z ${REFERENCE:-} ]]; then
        cp --remove-destination "$DUMPNATIVE" "$programs/pg_dump" || return 1
    fi
    write_pg_config
}

# What the distribution has installed.
copy_installed() {
    local major=$1 tree=$2 lib=usr/lib/postgresql/$1 share=usr/share/postgresql/$1
    mkdir -p "$tree/$lib" "$tree/$share"
    cp -a "/$lib/bin" "$tree/$lib" && ln -s "/$lib/lib" "$tree/$lib/lib" || return 1
    cp -aL "/$share/." "$tree/$share" || return 1
    programs=$tree/$lib/bin extensions=$tree/$share/extension
}

# The server of tests/setup/servers.sh and the clients of tests/setup/oracle.sh, which need their own C library.
copy_downloaded() {
    local major=$1 tree=$2 server=$3 program
    local oracle=$repository/.deps/oracle/$major clients
    programs=$tree/bin extensions=$tree/share/postgresql/extension
    clients=$tree/clients/usr/lib/postgresql/$major/bin
    mkdir -p "$tree/clients"
    cp -a "$server/." "$tree" && cp -a "$oracle/." "$tree/clients" || return 1
    # pg_dumpall runs the program beside it as it is.
    mkdir "$clients/real" && mv "$clients/pg_dump" "$clients/real" || return 1
    for program in "$clients"/* "$clients/real/pg_dump"; do
        [[ -f $program ]] || continue
        sed -e "s|^root=.*|root=$tree/clients|" -e "s|\$root/usr/.*/pg_dump\"|$program\"|" \
            "$oracle/bin/pg_dump" >"$programs/${program##*/}"
        chmod +x "$programs/${program##*/}"
    done
    ln -s "$programs/pg_dump" "$clients/pg_dump"
}

# Not by a pipe to grep -q, which would end ldd by a signal now and then.
links_to() { [[ $(ldd "$1") == *"lib$2.so"* ]]; }

# The suite asks pg_config for a header that tells what the programs were built with.
write_pg_config() {
    local has="#define HAVE_LIBZ 1"
    # One word, lz4, stands for columns and, since 16, for dumps: the server must have it, and the dumper.
    if links_to "$programs/postgres" lz4 && { ((${version%%.*} < 16)) || links_to "$DUMPNATIVE" lz4; }; then
        has+=$'\n'"#define USE_LZ4 1"
    fi
    ! links_to "$DUMPNATIVE" zstd || has+=$'\n'"#define USE_ZSTD 1"
    echo "$has" >"$programs/pg_config.h"
    cat >"$programs/pg_config" <<-END
	#!/bin/sh
	case \$1 in
	--version) echo "PostgreSQL ${version%% *}" ;;
	*) echo "$programs" ;;
	esac
	END
    chmod +x "$programs/pg_config"
}
