#!/usr/bin/env bash
# Through a proxy that packs the server's words into full TLS records: what libpq's buffer had no room for waits in
# OpenSSL, while the socket is silent.
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/certificate.sh
. tests/lib/certificate.sh

if ! own_server || ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
    skip "tls_records" "needs a server of our own, python3 and openssl"
    exit 0
fi
db=$(new_db "")
trap 'kill $relay 2>/dev/null; wait; drop_dbs' EXIT
for ((i = 0; i < 200; i++)); do
    echo "CREATE TABLE table_$i (id int PRIMARY KEY, name text NOT NULL DEFAULT 'none', at timestamptz);"
    echo "COMMENT ON TABLE table_$i IS '${i}th of many, so that the answers fill more than a record of 16 KB';"
    echo "INSERT INTO table_$i SELECT n, md5(n::text) FROM generate_series(1, $i) n;"
done | sql "$db" -1
certificate localhost "$WORK/tls"
port=$(free_port)
python3 tests/lib/net.py records "$port" "$PGHOST/.s.PGSQL.$PGPORT" "$WORK/tls.pem" 2>"$WORK/relay.log" &
relay=$!
through="host=127.0.0.1 port=$port user=$PGUSER dbname=$db sslmode=require"
wait_for 30 "$PSQL" -X -q -o /dev/null -d "$through" -c 'SELECT 1' 2>/dev/null

run_dump -d "$(conninfo "$db")" -f "$WORK/straight.sql" --no-sync
check "tls_records: the dump without it" test "$status" = 0
# Who waits in vain is told so after the time of the stall.
through() {
    rm -f "$WORK/records.sql"
    run_dump -d "$through" -f "$WORK/records.sql" --no-sync --stall-timeout 20 -j "$1"
    check "tls_records: $2, $1 connections" test "$status" = 0
    check "tls_records: $2, $1 connections: the same dump" cmp "$WORK/straight.sql" "$WORK/records.sql"
}
through 1 "libpq of the system"
through 3 "libpq of the system"
# That may be one that takes all there is; the one that came with the server may not.
older=$(realpath "$(pg_bin "$MAJOR")/../lib")
if ((MAJOR < 14)) || ! ldd "$older/libpq.so.5" 2>/dev/null | grep -q libssl; then
    skip "tls_records: libpq of the server" "none with pipelines and TLS is there"
else
    export LD_LIBRARY_PATH=$older
    through 1 "libpq of the server"
    through 3 "libpq of the server"
fi
