#!/bin/bash
# Prints the rows that catalog/ledger.def lacks for a server, to be completed and moved there, and those that end with
# the version before it. What to do for a new major version of PostgreSQL.
#
# usage: tests/ledger/missing.sh CONNINFO
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/ledger.sh
. tests/lib/ledger.sh

[[ $# == 1 ]] || { echo "usage: tests/ledger/missing.sh CONNINFO" >&2 && exit 2; }
major=$(psql -X -At -d "$1" -c "SELECT pg_catalog.current_setting('server_version_num')::int / 10000")
has=$(psql -X -At -d "$1" -c "$(server_columns)" | cut -d'|' -f1 | LC_ALL=C sort)
LC_ALL=C comm -13 <(ledger_columns "$major") - <<<"$has" |
    sed -E "s/(.*) (.*)/DN_COLUMN(\1, \2, $major, 0, NONE, \"TODO\")/"
LC_ALL=C comm -23 <(ledger_columns "$major") - <<<"$has" | sed "s|\(.*\)|/* until $((major - 1)): \1 */|"
