#!/bin/bash
# Dumps from a server that can't be trusted: one that bites who calls what isn't pg_catalog's, and one behind a relay
# that alters what it answers (tests/hostile/attack.py). ATTACKS is how many of them to try, by default 60; or all.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

# ---- Shadows of pg_catalog (CVE-2018-1058) -------------------------------------------------------

db=$(new_db "")
sql "$db" -f tests/hostile/shadows.sql >/dev/null 2>&1
shadows() {
    local count
    count=$(sql "$db" -Atc "SELECT pg_catalog.count(1) FROM pg_catalog.pg_operator WHERE oprnamespace OPERATOR(pg_catalog.=) 2200")
    [[ $count -gt 500 ]]
}
check "operators and functions of pg_catalog have shadows" shadows

# unbitten ARGUMENT...: the dump ends well, and has the table.
unbitten() {
    run_dump "$@" -d "$(conninfo "$db")"
    [[ $status == 0 ]] && grep -q 'CREATE TABLE public.t (' "$WORK/stdout"
}
pg_dump=$WORK/pg_dump
ln -sf "$DUMPNATIVE" "$pg_dump"
for program in "$DUMPNATIVE" "$pg_dump"; do
    for options in "" "-t t -t q" "-n public -N no*" "-n p*" "--inserts" "-C"; do
        # shellcheck disable=SC2086
        DUMPNATIVE=$program check "$(basename "$program") $options calls none of them" unbitten $options
    done
done

# ---- Altered answers -----------------------------------------------------------------------------

if ! own_server || ! command -v python3 >/dev/null; then
    skip "altered answers" "needs a socket within reach, and python3"
    exit 0
fi
# Roles and the like are the whole server's: one database is enough, and a run at a time.
target=$(new_db "")
if ! sql "$target" -f tests/hostile/schema.sql >/dev/null 2>"$WORK/schema.log"; then
    not_ok "altered answers: the database" "$(cat "$WORK/schema.log")"
    exit 0
fi
attack() {
    local count=${ATTACKS:-60}
    [[ $count != all ]] || count=1000000
    python3 tests/hostile/attack.py "$DUMPNATIVE" "$PSQL" "$PGHOST/.s.PGSQL.$PGPORT" "$PGUSER" "$target" "$WORK" "$count"
}
check "altered answers run nothing in psql" attack
