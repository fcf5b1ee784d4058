#!/bin/bash
# Checks `dumpnative restore --only-table`: the tables that match come with all that is a part of them, and nothing else does; what
# they need from elsewhere is looked for beforehand.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_only "no pg_dump $MAJOR to make the other dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE SCHEMA shop;
CREATE SCHEMA other;
CREATE TYPE shop.mood AS ENUM ('good', 'bad');
CREATE FUNCTION shop.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE SEQUENCE shop.lone START 7;
CREATE TABLE shop.orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text DEFAULT 'x', mood shop.mood, key serial UNIQUE);
INSERT INTO shop.orders (name, mood) SELECT 'name ' || n, 'good' FROM generate_series(1, 3000) n;
CREATE TABLE shop.lines (order_id int REFERENCES shop.orders, price numeric);
INSERT INTO shop.lines SELECT id, id FROM shop.orders;
CREATE TABLE other.orders (a int);
INSERT INTO other.orders VALUES (1);
CREATE TABLE other."Orders" (a int);
CREATE TABLE shop.parts (a int, b int, PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM (1) TO (10);
CREATE TABLE shop.parts_2 PARTITION OF shop.parts FOR VALUES FROM (10) TO (20);
INSERT INTO shop.parts SELECT n, n FROM generate_series(1, 19) n;
CREATE INDEX lines_names ON shop.orders (name);
CREATE INDEX orders_price ON shop.lines (price);
COMMENT ON INDEX shop.lines_names IS 'of orders';
COMMENT ON INDEX shop.orders_price IS 'of lines';
CREATE STATISTICS shop.st ON id, name FROM shop.orders;
COMMENT ON STATISTICS shop.st IS 'st';
ALTER TABLE shop.orders CLUSTER ON lines_names;
CREATE VIEW shop.v AS SELECT id, name FROM shop.orders;
CREATE RULE r AS ON DELETE TO shop.v DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) FROM shop.orders;
CREATE TRIGGER t BEFORE UPDATE OF name ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.g();
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON shop.orders USING (id > 0);
COMMENT ON TABLE shop.orders IS 'orders';
COMMENT ON COLUMN shop.orders.name IS 'name';
COMMENT ON CONSTRAINT orders_pkey ON shop.orders IS 'key';
COMMENT ON TRIGGER t ON shop.orders IS 't';
GRANT SELECT ON shop.orders TO PUBLIC;
GRANT SELECT (name) ON shop.orders TO PUBLIC;
GRANT USAGE ON SEQUENCE shop.orders_key_seq TO PUBLIC;
GRANT SELECT ON shop.lines TO PUBLIC;
DO $$ BEGIN PERFORM lo_from_bytea(0, 'large; object'); END $$;
END_SQL
"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
"$pg_dump" --inserts -f "$WORK/inserts.sql" "$(conninfo "$source_db")"
"$pg_dump" --clean --if-exists -f "$WORK/clean.sql" "$(conninfo "$source_db")"
"$DUMPNATIVE" -n shop -n other -b -f "$WORK/ours.sql" -d "$(conninfo "$source_db")"

prepared() {
    local db
    db=$(new_db "")
    sql "$db" -c 'CREATE SCHEMA shop' -c 'CREATE SCHEMA other' -c "CREATE TYPE shop.mood AS ENUM ('good', 'bad')" \
        -c 'CREATE FUNCTION shop.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$' >&2
    echo "$db"
}
# What pg_dump has of the tables alone: -t is meant to be the same.
part() {
    local db=$1
    shift
    "$pg_dump" "$@" -d "$(conninfo "$db")" | sed -E 's/^(.(un)?restrict) .*/\1/' | LC_ALL=C sort
}
relations() { sql "$1" -At -c "SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid >= 16384 AND relkind NOT IN ('t', 'i', 'I') AND nspname <> 'pg_toast' ORDER BY 1" | tr '\n' ' '; }

# takes NAME RELATIONS PG_DUMP_OPTIONS -- OPTION... of all files, with one session and with two
takes() {
    local name=$1 expected=$2 file jobs db same=() options
    shift 2
    while [[ $1 != -- ]]; do same+=("$1"); shift; done
    shift
    options=("$@")
    part "$source_db" "${same[@]}" >"$WORK/expected.sql"
    for file in theirs inserts clean ours; do
        for jobs in 1 2; do
            db=$(prepared)
            run_restore -j "$jobs" "${options[@]}" "$WORK/$file.sql" "$(conninfo "$db")"
            check "only-table: $name, $file -j $jobs" eval '((status == 0)) && [[ $(relations "$db") == "$expected " ]] && part "$db" "${same[@]}" >"$WORK/got.sql" && diff "$WORK/expected.sql" "$WORK/got.sql"'
        done
    done
}
takes "a table with its sequences, indexes, ..." "shop.orders shop.orders_id_seq shop.orders_key_seq" -t shop.orders -- --only-table shop.orders
takes "any schema" "other.orders shop.orders shop.orders_id_seq shop.orders_key_seq" -t '*.orders' -- --only-table orders
takes "quotes keep case" "other.Orders" -t '"Orders"' -t 'other."Orders"' -- --only-table '"Orders"'
takes "wildcards, views, matviews" "shop.orders shop.orders_id_seq shop.orders_key_seq shop.sums shop.v" -t shop.orders -t shop.sums -t shop.v -- --only-table 'shop.order?' --only-table 'SHOP.su*' --only-table shop.v
takes "a sequence" "shop.lone" -t shop.lone -- --only-table lone
takes "a table and its partitions" "shop.parts shop.parts_1 shop.parts_2" -t 'shop.parts*' -- --only-table 'shop.parts*'

db=$(prepared)
run_restore --only-table shop.parts_2 "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: a partition without its parent is a table" eval '((status == 0)) && [[ $(relations "$db") == "shop.parts_2 " && $(sql "$db" -At -c "SELECT count(*), (SELECT count(*) FROM pg_indexes WHERE tablename LIKE '"'parts%'"') FROM shop.parts_2") == "10|1" ]]'
db=$(prepared)
run_restore --only-table shop.lines "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: what a foreign key refers to is looked for" eval '((status == 1)) && grep -qF "relation \"shop\".\"orders\", which a foreign key refers to, is not there" "$WORK/stderr" && [[ -z $(relations "$db" | tr -d " ") ]]'
run_restore --only-table shop.orders "$WORK/theirs.sql" "$(conninfo "$db")"
run_restore --only-table shop.lines "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: and when it is there, fine" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT count(*) FROM shop.lines") == 3000 ]]'
run_restore --only-table shop.orders "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: what is there already is in the way" eval '((status == 1)) && grep -qF "relation \"shop\".\"orders\" is there already" "$WORK/stderr"'
db=$(new_db "")
run_restore --only-table shop.orders "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: the schema is looked for" eval '((status == 1)) && grep -qF "schema \"shop\" is not there" "$WORK/stderr"'
run_restore --only-table shop.order "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: a pattern has to match" eval '((status == 1)) && grep -qF "no table, view or sequence that matches \"shop.order\"" "$WORK/stderr"'
run_restore --only-table shop.order -j 2 "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: a pattern has to match, -j" eval '((status == 1)) && grep -qF "no table, view or sequence that matches \"shop.order\"" "$WORK/stderr"'
run_restore --only-table shop.orders - "$(conninfo "$db")"
check "only-table: not from a pipe" eval '((status == 2)) && grep -q "name a file" "$WORK/stderr"'
db=$(prepared)
sql "$db" -c 'ALTER SCHEMA shop RENAME TO tenant'
run_restore --only-table shop.orders --schema-map shop=tenant -j 2 "$WORK/theirs.sql" "$(conninfo "$db")"
check "only-table: with --schema-map, by the dump's names" eval '((status == 0)) && [[ $(relations "$db") == "tenant.orders tenant.orders_id_seq tenant.orders_key_seq " ]]'

