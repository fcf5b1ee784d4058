#!/bin/bash
# Checks that `dumpnative verify` accepts a whole dump and refuses a changed, cut or unsigned one.
# once
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
sql "$db" -c 'CREATE TABLE t AS SELECT generate_series(1, 1000) AS n'

# refuses NAME COMMAND...: a fresh dump, spoiled by the command, must not verify.
refuses() {
    local name=$1 status
    shift
    rm -f "$WORK"/out.sql*
    "$DUMPNATIVE" -f "$WORK/out.sql" -d "$(conninfo "$db")" || return
    "$@"
    "$DUMPNATIVE" verify "$WORK/out.sql" >"$WORK/verify.log" 2>&1
    status=$?
    if ((status == 1)); then
        ok "verify refuses $name"
    else
        not_ok "verify refuses $name" "status $status"$'\n'"$(cat "$WORK/verify.log")"
    fi
}

sign() { (cd "$WORK" && sha256sum out.sql >out.sql.sha256); }
cut_and_sign() { head -n 40 "$WORK/out.sql" >"$WORK/cut" && mv "$WORK/cut" "$WORK/out.sql" && sign; }

if "$DUMPNATIVE" -f "$WORK/out.sql" -d "$(conninfo "$db")" && "$DUMPNATIVE" verify "$WORK/out.sql" >"$WORK/verify.log" 2>&1; then
    ok "verify accepts a whole dump"
else
    not_ok "verify accepts a whole dump" "$(cat "$WORK/verify.log")"
fi
refuses "a changed byte" sed -i 's/^500$/501/' "$WORK/out.sql"
refuses "a cut file" truncate -s -100 "$WORK/out.sql"
refuses "a missing digest" rm "$WORK/out.sql.sha256"
refuses "a cut file with a digest of its own" cut_and_sign
