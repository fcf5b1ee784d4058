#!/bin/bash
# Checks the dump of a standby: it has no rows of unlogged tables, and to ask for them would fail.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

if ! own_server; then
    skip "standby" "it takes a server of our own"
    exit 0
fi
server_start "$MAJOR" || exit 1
export SERVER="host=$PGHOST port=$PGPORT user=postgres"
sql postgres -c "CREATE TABLE kept (a int)" -c "INSERT INTO kept VALUES (1)" \
    -c "CREATE UNLOGGED TABLE lost (a int)" -c "INSERT INTO lost VALUES (1)"
pg_ctl() { as_server_user "$server_bin/pg_ctl" --silent --wait --pgdata="$server_data" "$@" >/dev/null; }
pg_ctl stop
as_server_user touch "$server_data/standby.signal"
pg_ctl start --log="$server_dir/log" --options="-p $PGPORT"

check "standby: it is one" test "$(sql postgres -At -c 'SELECT pg_is_in_recovery()')" = t
run_dump -d "$(conninfo postgres)"
check "standby: dumped" test "$status" = 0
check "standby: the rows of an unlogged table are left out, the others not" test \
    "$(grep '^COPY ' "$WORK/stdout")" = "COPY public.kept (a) FROM stdin;"
check "standby: the unlogged table is not" grep -q 'CREATE UNLOGGED TABLE public.lost' "$WORK/stdout"
