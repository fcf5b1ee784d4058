# shellcheck shell=bash
# certificate HOST PATH: makes PATH.key and PATH.crt, by which that host vouches for itself, and PATH.pem, which is both; to be
# sourced behind tests/lib/case.sh.

certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$2.key" -out "$2.crt" 2>"$WORK/openssl.log" &&
        cat "$2.key" "$2.crt" >"$2.pem"
}
