#!/bin/bash
# Checks `dumpnative restore --schema-map`: what the dump has in one schema comes into another, and the database is then what the
# source is when its schema is renamed; text of functions is told; a map that doesn't fit the dump is refused.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_map "no pg_dump $MAJOR to make the other dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('good', 'shop.bad');
CREATE DOMAIN public.positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE shop."it's";
CREATE FUNCTION shop.f(a int, b shop.mood DEFAULT 'good') RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION shop.g() RETURNS trigger LANGUAGE plpgsql SET search_path TO 'shop', 'pg_temp' AS $$ BEGIN
    INSERT INTO shop.log VALUES (1);
    RETURN NEW;
END $$;
CREATE OPERATOR shop.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
CREATE TABLE shop.shop (shop int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, mood shop.mood DEFAULT 'good'::shop.mood,
    n int DEFAULT nextval('shop."it''s"'), r regclass DEFAULT 'shop.shop'::regclass, p public.positive, t text DEFAULT 'shop.shop',
    CHECK (shop.f(shop) OPERATOR(shop.===) shop));
INSERT INTO shop.shop (p, t, r) SELECT n, 'shop.shop', NULL FROM generate_series(1, 2000) n;
CREATE TABLE shop.lines (id serial, shop int REFERENCES shop.shop, PRIMARY KEY (shop, id)) PARTITION BY HASH (shop);
CREATE TABLE shop.lines_1 PARTITION OF shop.lines FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO shop.lines (shop) SELECT shop FROM shop.shop;
CREATE TABLE shop.log (a int);
CREATE INDEX ON shop.shop (shop.f(n));
CREATE VIEW shop.v AS SELECT shop.shop, shop.f(shop.shop) AS f, lines.id FROM shop.shop JOIN shop.lines ON shop.shop = lines.shop;
CREATE VIEW public.w AS SELECT shop.mood::text AS mood FROM shop.log shop_log, shop.shop, LATERAL (SELECT shop.n + 1 AS m FROM shop.log) l;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) AS shop FROM shop.lines;
CREATE RULE r AS ON DELETE TO shop.v DO INSTEAD DELETE FROM shop.shop WHERE shop.shop = old.shop;
CREATE TRIGGER t AFTER INSERT ON shop.shop FOR EACH ROW WHEN (new.shop > 0) EXECUTE FUNCTION shop.g('shop.shop');
ALTER TABLE shop.shop ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON shop.shop USING (EXISTS (SELECT FROM shop.lines WHERE lines.shop = shop.shop));
CREATE STATISTICS shop.st ON shop, n FROM shop.shop;
CREATE COLLATION shop.c FROM "C";
CREATE TEXT SEARCH CONFIGURATION shop.cfg (COPY = pg_catalog.english);
CREATE INDEX ON shop.shop USING gin (to_tsvector('shop.cfg'::regconfig, t COLLATE shop.c));
CREATE AGGREGATE shop.agg(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO PUBLIC;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
COMMENT ON SCHEMA shop IS 'shop';
COMMENT ON COLUMN shop.shop.shop IS 'shop.shop';
END_SQL
if ((MAJOR >= 14)); then
    sql "$source_db" -c 'CREATE FUNCTION shop.h(a int) RETURNS int BEGIN ATOMIC SELECT shop.shop FROM shop.shop WHERE shop.shop = shop.f(a); END'
fi
((MAJOR < 15)) || sql "$source_db" -c 'SET client_min_messages = error' -c 'CREATE PUBLICATION pub FOR TABLES IN SCHEMA shop, TABLE shop.shop' 2>"$WORK/stderr" || true

ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
"$pg_dump" --inserts --quote-all-identifiers -f "$WORK/quoted.sql" "$(conninfo "$source_db")"
"$pg_dump" --clean --if-exists -f "$WORK/clean.sql" "$(conninfo "$source_db")"
PGOPTIONS='-c standard_conforming_strings=off' "$pg_dump" -f "$WORK/off.sql" "$(conninfo "$source_db")"
"$WORK/pg_dump" -f "$WORK/stand_in.sql" "$(conninfo "$source_db")"
"$DUMPNATIVE" -n shop -n public -f "$WORK/ours.sql" -d "$(conninfo "$source_db")" 2>"$WORK/stderr"

# What is meant to come of it; pieces of a table come in any order, and so do names.
sql "$source_db" -c 'ALTER SCHEMA shop RENAME TO "tenant 1"'
# a sequence's own search path keeps the name that it was given
sql "$source_db" -c "ALTER FUNCTION \"tenant 1\".g() SET search_path TO 'tenant 1', 'pg_temp'"
whole_sorted "$source_db" >"$WORK/expected.sql"
same() {
    whole_sorted "$1" >"$WORK/target.sql" && diff "$WORK/expected.sql" "$WORK/target.sql" | cut -c 1-300 | head -n 20
    cmp -s "$WORK/expected.sql" "$WORK/target.sql"
}

for file in theirs quoted clean off stand_in; do
    for jobs in 1 2; do
        db=$(new_db "")
        run_restore -j "$jobs" --schema-map 'shop=tenant 1' "$WORK/$file.sql" "$(conninfo "$db")"
        check "schema-map: $file -j $jobs" eval '((status == 0)) && same "$db"'
        check "schema-map: $file -j $jobs tells of texts" eval 'grep -q "FUNCTION .*, line $(grep -n "INSERT INTO shop.log VALUES (1)" "$WORK/$file.sql" | cut -d: -f1)" "$WORK/stderr" && grep -q "TRIGGER \"\?t\"\?, line" "$WORK/stderr"'
    done
done
db=$(new_db "")
run_restore --schema-map 'shop=tenant 1' - "$(conninfo "$db")" < <(cat "$WORK/theirs.sql")
check "schema-map: from a pipe" eval '((status == 0)) && same "$db" && grep -q "shop.g(), line" "$WORK/stderr"'
db=$(new_db "")
run_restore --schema-map 'shop=tenant 1' "$WORK/ours.sql" "$(conninfo "$db")"
check "schema-map: ours" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT count(*) FROM \"tenant 1\".v") == 2000 ]]'
check "schema-map: nothing is left in the old one" eval '[[ $(sql "$db" -At -c "SELECT count(*) FROM pg_namespace WHERE nspname = '"'shop'"'") == 0 ]]'

# ---- What doesn't fit ------------------------------------------------------------------

# refuses NAME STATUS WORDS OPTION...
refuses() {
    local name=$1 expected=$2 words=$3 db
    shift 3
    db=$(new_db "")
    run_restore "$@" "$(conninfo "$db")" <"$WORK/theirs.sql"
    check "schema-map: refuses $name" eval '((status == expected)) && grep -qF -- "$words" "$WORK/stderr" && untouched "$db"'
}
refuses "a schema that the dump hasn't" 1 'the dump has no schema "shops"' --schema-map shops=a "$WORK/theirs.sql"
refuses "a schema that the dump hasn't, -j" 1 'the dump has no schema "shops"' -j 2 --schema-map shops=a "$WORK/theirs.sql"
refuses "a schema that the pipe hasn't" 1 'the dump has no schema "shops"' --schema-map shops=a -
refuses "one that the dump has, too" 1 'has a schema "shop" already' --schema-map public=shop "$WORK/theirs.sql"
refuses "one that the pipe has, too" 1 'has a schema "shop" already' --schema-map public=shop -
refuses "one that nobody makes" 1 'schema "elsewhere" is not there' --schema-map public=elsewhere "$WORK/theirs.sql"
refuses "two into one" 2 'would make one schema of two' --schema-map shop=a --schema-map public=a "$WORK/theirs.sql"
refuses "nonsense" 2 'OLD=NEW' --schema-map shop "$WORK/theirs.sql"
db=$(new_db "")
run_restore --schema-map shop=public --schema-map public=shop "$WORK/ours.sql" "$(conninfo "$db")"
check "schema-map: two change places" eval '((status == 1)) && grep -q "schema \"public\" is there already" "$WORK/stderr" && untouched "$db"'
