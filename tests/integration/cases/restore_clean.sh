#!/bin/bash
# Checks `dumpnative restore --clean`: what the dump creates is dropped before, in the same transaction, and nothing else ever is.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_clean "no pg_dump $MAJOR to make the other dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('good', 'bad');
CREATE TYPE shop.pair AS (a int, b text);
CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE shop.lone;
CREATE FUNCTION shop.f(a int, b shop.mood DEFAULT 'good', VARIADIC c text[] DEFAULT '{a,b}') RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION shop.f(a text, OUT x int, OUT y text) LANGUAGE sql AS $$ SELECT 1, $1 $$;
CREATE FUNCTION shop.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE PROCEDURE shop.p(a int, INOUT b int = 2) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE AGGREGATE shop.agg(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE AGGREGATE shop.counts(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE OPERATOR shop.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
CREATE OPERATOR shop.!~! (FUNCTION = int4um, RIGHTARG = int);
CREATE OPERATOR CLASS shop.ops FOR TYPE int USING hash AS OPERATOR 1 shop.===(int, int);
CREATE CAST (shop.pair AS text) WITH INOUT;
CREATE COLLATION shop.c FROM "C";
CREATE TEXT SEARCH CONFIGURATION shop.cfg (COPY = pg_catalog.english);
CREATE TEXT SEARCH DICTIONARY shop.dict (TEMPLATE = simple);
CREATE FOREIGN DATA WRAPPER dumpnative_clean_w;
CREATE SERVER dumpnative_clean_s FOREIGN DATA WRAPPER dumpnative_clean_w;
CREATE USER MAPPING FOR PUBLIC SERVER dumpnative_clean_s OPTIONS (a 'b');
CREATE FOREIGN TABLE shop.far (a int) SERVER dumpnative_clean_s;
CREATE TABLE shop.orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, mood shop.mood DEFAULT 'good', n int DEFAULT nextval('shop.lone'),
    CHECK (shop.f(id) > 0));
CREATE TABLE shop.lines (id serial PRIMARY KEY, order_id int REFERENCES shop.orders);
ALTER TABLE shop.orders ADD COLUMN best int REFERENCES shop.lines;
CREATE TABLE shop.parts (a int) PARTITION BY RANGE (a);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM (1) TO (10);
CREATE FUNCTION shop.h(o shop.orders) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE INDEX ON shop.orders (shop.f(n));
CREATE VIEW shop.v AS SELECT 1 AS a;
CREATE VIEW shop.w AS SELECT a, shop.h(o) FROM shop.v, shop.orders o;
CREATE OR REPLACE VIEW shop.v AS SELECT (SELECT count(*)::int FROM shop.w) AS a;
CREATE VIEW shop.grouped AS SELECT id, mood FROM shop.orders GROUP BY id;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) FROM shop.lines;
CREATE RULE r AS ON DELETE TO shop.grouped DO INSTEAD NOTHING;
CREATE TRIGGER t BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.g();
CREATE POLICY p ON shop.orders USING (id > 0);
CREATE STATISTICS shop.st ON id, n FROM shop.orders;
CREATE FUNCTION public.noted() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER dumpnative_clean_e ON ddl_command_end EXECUTE FUNCTION public.noted();
INSERT INTO shop.orders (mood) SELECT 'good' FROM generate_series(1, 1000);
INSERT INTO shop.lines (order_id) SELECT id FROM shop.orders;
INSERT INTO shop.parts VALUES (1), (2);
REFRESH MATERIALIZED VIEW shop.sums;
DO $$ BEGIN PERFORM lo_from_bytea(4711, 'large; object'); END $$;
END_SQL
"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
"$DUMPNATIVE" -n shop -n public -b -f "$WORK/ours.sql" -d "$(conninfo "$source_db")" 2>"$WORK/stderr"

# same DATABASE: what it has of these schemas is what the source has.
same() {
    whole_sorted "$1" -n shop -n public >"$WORK/target.sql" && whole_sorted "$source_db" -n shop -n public >"$WORK/expected.sql" &&
        diff "$WORK/expected.sql" "$WORK/target.sql"
}
# What somebody may have changed since.
change() {
    sql "$1" -c 'DELETE FROM shop.lines WHERE id > 3' -c 'ALTER TABLE shop.orders ADD COLUMN more text' -c 'CREATE INDEX more ON shop.lines (order_id)' \
        -c 'DROP VIEW shop.grouped' -c "ALTER TYPE shop.mood ADD VALUE 'meh'" -c 'CREATE SCHEMA mine' -c 'CREATE TABLE mine.orders AS SELECT 1 AS a' \
        -c "SELECT lo_put(4711, 0, 'S'), lo_from_bytea(4712, 'mine')" >/dev/null
}
mine_is_there() { [[ $(sql "$1" -At -c "SELECT a, (SELECT count(*) FROM pg_largeobject_metadata) FROM mine.orders") == "1|2" ]]; }

for file in theirs ours; do
    for options in "" "-j 2" "--no-transaction"; do
        read -r -a given <<<"$options"
        db=$(new_db "")
        run_restore --clean "${given[@]}" "$WORK/$file.sql" "$(conninfo "$db")"
        check "clean: $file into an empty database [$options]" eval '((status == 0)) && same "$db"'
        change "$db"
        run_restore -c "${given[@]}" "$WORK/$file.sql" "$(conninfo "$db")"
        check "clean: $file over what is there [$options]" eval '((status == 0)) && same "$db" && mine_is_there "$db"'
    done
done
check "clean: tells nothing of what isn't there" eval '! grep -q "does not exist" "$WORK/stderr"'

# ---- What is in the way -----------------------------------------------------------------

# stays NAME STATEMENT WORDS OPTION...: somebody has made this, and so nothing is changed.
stays() {
    local name=$1 statement=$2 words=$3
    shift 3
    db=$(new_db "")
    run_restore "$WORK/theirs.sql" "$(conninfo "$db")"
    sql "$db" -c "$statement"
    whole_sorted "$db" >"$WORK/before.sql"
    run_restore --clean "$@" "$WORK/theirs.sql" "$(conninfo "$db")"
    whole_sorted "$db" >"$WORK/after.sql"
    check "clean: $name [$*]" eval '((status == 1)) && grep -qF -- "$words" "$WORK/stderr" && ! grep -q "server is back" "$WORK/stderr" && cmp "$WORK/before.sql" "$WORK/after.sql"'
}
for options in "" "-j 2"; do
    read -r -a given <<<"$options"
    stays "a view of somebody else's" 'CREATE VIEW public.mine AS SELECT * FROM shop.lines' 'view public.mine' "${given[@]}"
    stays "a table in the schema" 'CREATE TABLE shop.mine (a int)' 'shop.mine' "${given[@]}"
    stays "a column of the type" 'CREATE TABLE public.mine (a shop.mood)' 'mine' "${given[@]}"
    stays "a foreign key" 'CREATE TABLE public.mine (a int REFERENCES shop.orders)' 'mine' "${given[@]}"
    stays "a partition" 'CREATE TABLE public.mine PARTITION OF shop.parts FOR VALUES FROM (10) TO (20)' 'mine is not in the dump' "${given[@]}"
    stays "another kind of object" 'DROP VIEW shop.grouped; CREATE TABLE shop.grouped (a int)' '"grouped" is not a view' "${given[@]}"
done
sed 's/^CREATE VIEW shop.grouped/CREATE VEIW shop.grouped/' "$WORK/theirs.sql" >"$WORK/bad.sql"
db=$(new_db "")
run_restore "$WORK/theirs.sql" "$(conninfo "$db")"
change "$db"
whole_sorted "$db" >"$WORK/before.sql"
run_restore --clean "$WORK/bad.sql" "$(conninfo "$db")"
whole_sorted "$db" >"$WORK/after.sql"
check "clean: a restore that fails has dropped nothing" eval '((status == 1)) && grep -q "syntax error" "$WORK/stderr" && cmp "$WORK/before.sql" "$WORK/after.sql"'

# ---- With other options -----------------------------------------------------------------

db=$(new_db "")
run_restore "$WORK/theirs.sql" "$(conninfo "$db")"
sql "$db" -c 'CREATE SCHEMA mine' -c 'CREATE TABLE mine.lines AS SELECT 1 AS a'
run_restore --clean --only-table shop.parts --only-table 'shop.parts_*' "$WORK/theirs.sql" "$(conninfo "$db")"
check "clean: of a part" eval '((status == 0)) && same "$db"'
run_restore --clean --schema-map shop=mine "$WORK/theirs.sql" "$(conninfo "$db")"
check "clean: by the names in the target" eval '((status == 1)) && grep -q "dumpnative_clean" "$WORK/stderr" && same "$db"'
"$pg_dump" --clean --if-exists -f "$WORK/drops.sql" "$(conninfo "$source_db")"
run_restore --clean "$WORK/drops.sql" "$(conninfo "$db")"
check "clean: a dump that drops itself" eval '((status == 0)) && same "$db"'
"$pg_dump" --section=post-data -f "$WORK/post.sql" "$(conninfo "$source_db")"
sql "$db" -c 'DROP VIEW shop.grouped' # it has no DROP of its own there, and needs a key
run_restore --clean "$WORK/post.sql" "$(conninfo "$db")"
check "clean: indexes, constraints and triggers alone" eval '((status == 0)) && same "$db"'
run_restore --clean - "$(conninfo "$db")"
check "clean: not from a pipe" eval '((status == 2)) && grep -q "name a file" "$WORK/stderr"'
run_restore --clean --create "$WORK/theirs.sql" "$(conninfo "$db")"
check "clean: not of a new database" eval '((status == 2)) && grep -q "nothing to drop" "$WORK/stderr"'
