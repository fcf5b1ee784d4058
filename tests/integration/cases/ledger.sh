#!/bin/bash
# The ledger of catalog columns is the server's own list; and what stands in no ledger is named by each dump.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/ledger.sh
. tests/lib/ledger.sh

# ---- The columns -------------------------------------------------------------------------------------

sql "${MAINTENANCE_DB:-postgres}" -At -F '|' -c "$(server_columns)" >"$WORK/server"
cut -d'|' -f1 "$WORK/server" | LC_ALL=C sort >"$WORK/columns"
grep '|t$' "$WORK/server" | cut -d'|' -f1 | LC_ALL=C sort >"$WORK/letters"

same_columns() { diff <(ledger_columns "$MAJOR") "$WORK/columns"; }
check "ledger: $(wc -l <"$WORK/columns") columns of the server's catalogs, and no others" same_columns

# Letters that are read have their row; from 14 to 15 substream was a boolean, which has no third value.
read_columns() { ledger_rows | awk -F'|' '$5 == "READ" { print $1, $2 }' | LC_ALL=C sort; }
letters_known() { diff <(LC_ALL=C comm -12 "$WORK/letters" <(read_columns)) <(value_columns "$MAJOR"); }
check "ledger: $(wc -l <"$WORK/letters") columns of letters, with the letters of those that are read" letters_known

# ---- Letters that no release knows -------------------------------------------------------------------

db=$(new_db "")
database=$(conninfo "$db")
sql "$db" -o /dev/null 2>"$WORK/load.log" <<'SQL'
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY x;
CREATE POLICY p ON t USING (true);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP CAST') EXECUTE FUNCTION e();
CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;
CREATE TYPE y AS ENUM ('a');
CREATE CAST (text AS y) WITH INOUT;
CREATE FUNCTION h(y, y) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION i(y, y) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR <<< (LEFTARG = y, RIGHTARG = y, FUNCTION = i);
CREATE OPERATOR CLASS c FOR TYPE y USING btree AS OPERATOR 1 <<<, FUNCTION 1 h(y, y);
CREATE AGGREGATE s(int) (SFUNC = int4pl, STYPE = int);
CREATE COLLATION l FROM "C";
CREATE PUBLICATION b;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
SQL
subscription=dumpnative_ledger_$$
trap 'drop_dbs >/dev/null 2>&1' EXIT
sql "$db" -c "CREATE SUBSCRIPTION $subscription CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false)" 2>/dev/null

mkdir -p "$WORK/bin"
ln -sf "$DUMPNATIVE" "$WORK/bin/pg_dump"

# A shared catalog has rows of other databases.
declare -A ours=([pg_subscription]="subname = '$subscription'")

# Letter z for the column, then a dump, then what was there.
changed() {
    sql "$db" -At -c "SET allow_system_table_mods = on" -c "WITH x AS (SELECT ctid AS place, $2 AS letter FROM pg_catalog.$1
        WHERE $3 >= 16384 AND ${ours[$1]:-true} ORDER BY $3 LIMIT 1) UPDATE pg_catalog.$1 c SET $2 = '$5' FROM x WHERE $4 RETURNING $3::oid, x.letter"
}
names() {
    local catalog=$1 column=$2 key=$3 row status
    row=$(changed "$catalog" "$column" "$key" "c.ctid = x.place" z) && [[ -n $row ]] || return
    "$WORK/bin/pg_dump" -f "$WORK/out.sql" -d "$database" >/dev/null 2>"$WORK/stderr"
    status=$?
    if [[ $column == relkind ]]; then
        run_dump -f "$WORK/own.sql" -d "$database"
        [[ $status == 3 ]] && grep -q "dumpnative: left out: the unknown value" "$WORK/stderr" || status=own
    fi
    sql "$db" -c "SET allow_system_table_mods = on" -c "UPDATE pg_catalog.$catalog SET $column = '${row#*|}'
        WHERE $key = ${row%%|*} AND $column = 'z'"
    # The server itself may refuse to go on.
    [[ $status == 1 ]] && grep -q 'invalid relpersistence: z' "$WORK/stderr" && return
    [[ $status == 0 || $column == relkind && $status == 3 ]] &&
        grep -q "left out: the unknown value \"z\" in $catalog.$column of " "$WORK/stderr"
}
clean() { run_dump -f "$WORK/clean.sql" -d "$database" && [[ $status == 0 ]]; }

if ! changed pg_cast castmethod oid false z >"$WORK/change.log" 2>&1; then
    skip "ledger: letters that no release knows" "the server's catalogs can't be written to: $(head -n 1 "$WORK/change.log")"
    exit 0
fi
sed -nE 's/^DN_VALUES\(([a-z_]+), ([a-z0-9_]+), ([0-9]+), ([a-z_]+), ([a-z]+), ([a-z_]+), ([a-z]+),.*/\1 \2 \3 \5/p' \
    catalog/values.def >"$WORK/values"
while read -r catalog column since key; do
    # Nobody can connect to a database whose provider is not known.
    if ((since > MAJOR * 10000)) || [[ $catalog == pg_database ]]; then
        continue
    fi
    check "ledger: a new letter in $catalog.$column is named" names "$catalog" "$column" "$key"
done <"$WORK/values"
check "ledger: nothing is named when all is known" clean
