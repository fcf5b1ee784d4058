#!/bin/bash
# Checks that a copy of a database is the same, on the same major version and on a newer one, by `compare` and `verify --db`; and
# that what was changed in the copy is found all the same. (cases/copies.sh copies the fixtures.)
# shellcheck disable=SC2016 # it is eval's to expand
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh
# shellcheck source=tests/lib/copies.sh
. tests/lib/copies.sh

# From the oldest to the newest; over the versions that changed most: views in 16, NOT NULL in 18.
case $MAJOR in
12 | 17) newer=18 ;;
15) newer=16 ;;
18) newer=18 ;;
*) exit 0 ;;
esac
if ((newer != MAJOR)) && ! { own_server && pg_bin "$newer" >/dev/null; }; then
    skip "copies" "no server $newer of our own"
    exit 0
fi
here=$SERVER there=$SERVER
if ((newer != MAJOR)); then
    server_start "$newer" || exit 1
    there="host=$PGHOST port=$PGPORT user=$PGUSER"
fi

run_clone() { ours clone -j 2 "$(on_source conninfo "$1")" "$(on_target conninfo "$2")" >"$WORK/stdout"; }
# differences SOURCE TARGET: prints what compare says of the two, whatever its status.
differences() {
    ours compare --whole-database "$(on_source conninfo "$1")" "$(on_target conninfo "$2")"
    status=$?
}
same() { differences "$1" "$2" && ((status == 0)); }

source=$(on_source new_db "") target=$(on_target new_db "")
on_source sql "$source" >/dev/null <<'END'
CREATE TABLE goods (id serial PRIMARY KEY, name text DEFAULT 'x', price numeric NOT NULL);
INSERT INTO goods (name, price) SELECT 'name ' || n, n FROM generate_series(1, 1000) n;
CREATE TABLE parts (id int, at int) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
INSERT INTO parts VALUES (1, 1), (2, 2);
CREATE TABLE few AS SELECT generate_series(1, 3) n;
CREATE INDEX by_name ON goods (name);
COMMENT ON TABLE goods IS 'a comment';
GRANT SELECT ON goods TO PUBLIC;
CREATE VIEW one AS SELECT g.id, g.name FROM goods g WHERE g.price > 1;
CREATE VIEW two AS SELECT g.id, few.n FROM goods g, few WHERE g.id = few.n;
CREATE RULE two_r AS ON UPDATE TO two DO INSTEAD UPDATE few AS f SET n = new.n WHERE f.n = old.n;
CREATE MATERIALIZED VIEW kept AS SELECT name, price FROM goods;
CREATE PROCEDURE p(a integer) LANGUAGE sql AS 'SELECT 1';
CREATE TYPE span AS RANGE (subtype = integer);
CREATE OPERATOR CLASS ints FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=,
    OPERATOR 5 >, OPERATOR 1 <(integer, bigint), FUNCTION 1 btint4cmp(integer, integer), FUNCTION 2 btint4sortsupport(internal);
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE TABLE words (json int, "user" text, "system_user" text DEFAULT 'x' CHECK ("system_user" <> 'z'));
CREATE VIEW of_words AS SELECT w.json, w."user" FROM words w WHERE w."system_user" <> 'y';
CREATE SCHEMA z;
CREATE TYPE z."json_query" AS (a int);
CREATE TABLE z."json" (id serial, a int);
CREATE TABLE z."""json""" (a int);
CREATE SEQUENCE z."json_exists";
CREATE TABLE z.named (a int DEFAULT nextval('z."json_exists"'), b regclass DEFAULT 'z."json"'::regclass);
CREATE FUNCTION z."json_value"(a z."json_query") RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW z."system_user" AS SELECT a FROM z."json";
CREATE DOMAIN z.d AS int CONSTRAINT nn NOT NULL;
COMMENT ON FUNCTION z."json_value"(z."json_query") IS 'a comment';
SELECT lo_from_bytea(4711, 'bytes'), lo_from_bytea(4712, 'bytes');
END
# No server makes more of the word, and 18 refuses it.
((MAJOR == 18)) || on_source sql "$source" -c "CREATE UNLOGGED TABLE unlogged (a int) PARTITION BY LIST (a)"
dump=$WORK/out.sql
"$DUMPNATIVE" --whole-database -f "$dump" -d "$(on_source conninfo "$source")"
check "copies: a database for changes" run_clone "$source" "$target"
check "copies: ... is the same" same "$source" "$target"
same_schemas() { timeout -k 5 120 "$DUMPNATIVE" compare -n '*' "$(on_source conninfo "$source")" "$(on_target conninfo "$target")"; }
check "copies: ... is the same, schemas with their owners" same_schemas
check "copies: ... is the same as the dump" "$DUMPNATIVE" verify --db "$(on_target conninfo "$target")" "$dump"

on_target sql "$target" >/dev/null <<'END'
UPDATE goods SET name = 'Name 7' WHERE name = 'name 7';
DELETE FROM parts WHERE id = 1;
INSERT INTO few VALUES (3);
SELECT setval('goods_id_seq', 1001);
DROP INDEX by_name;
ALTER TABLE goods ALTER name SET DEFAULT 'y';
ALTER TABLE parts ALTER id SET NOT NULL;
COMMENT ON TABLE goods IS NULL;
REVOKE SELECT ON goods FROM PUBLIC;
CREATE OR REPLACE VIEW one AS SELECT g.id, g.name FROM goods g WHERE g.price > 2;
CREATE OR REPLACE VIEW two AS SELECT few.n AS id, few.n FROM goods g, few WHERE g.id = few.n;
DROP MATERIALIZED VIEW kept;
CREATE MATERIALIZED VIEW kept AS SELECT name, -price AS price FROM goods;
CREATE OR REPLACE PROCEDURE p(a integer) LANGUAGE sql AS 'SELECT 2';
SELECT lo_put(4712, 0, 'B');
ALTER TABLE parts DETACH PARTITION parts_1;
ALTER OPERATOR FAMILY ints USING btree DROP FUNCTION 2 (integer, integer);
ALTER TABLE z."""json""" ADD b int;
END
cat >"$WORK/expected" <<'END'
ACL on TABLE goods in schema public: is not in THERE
COMMENT on TABLE goods in schema public: is not in THERE
INDEX public.by_name: is not in THERE
MATERIALIZED VIEW public.kept: is not defined the same
OPERATOR FAMILY public.ints: is not defined the same
PROCEDURE public.p(integer): is not defined the same
SEQUENCE SET public.goods_id_seq: is another value
TABLE public.goods: is not defined the same
TABLE public.parts: is not defined the same
TABLE z."json": is not defined the same
VIEW public.one: is not defined the same
VIEW public.two: is not defined the same
large objects: their bytes are not the same
rows of public.few: 3 in HERE, 4 in THERE
rows of public.goods: as many in both (1000), but not the same ones
rows of public.parts_1: 2 in HERE, 1 in THERE
END
# Until 13 to be attached is a part of the partition's definition.
if ((MAJOR < 14)); then
    echo "TABLE public.parts_1: is not defined the same"
else
    echo "TABLE ATTACH public.parts_1: is not in THERE"
    echo "TABLE public.parts_1: is not defined the same"
fi >>"$WORK/expected"
differences "$source" "$target" >"$WORK/found"
sed -e 's/THERE/the target/; s/HERE/the source/' "$WORK/expected" >"$WORK/expected.compare"
check "compare: finds each change" eval '((status == 1)) && diff <(sort "$WORK/expected.compare") <(sort "$WORK/found")'
"$DUMPNATIVE" verify --db "$(on_target conninfo "$target")" "$dump" >"$WORK/found" 2>"$WORK/stderr"
status=$?
sed -e 's/THERE/the database/; s/HERE/the dump/' "$WORK/expected" >"$WORK/expected.verify"
check "verify --db: finds each change" eval '((status == 1)) && diff <(sort "$WORK/expected.verify") <(sort "$WORK/found")'
# A new database's public has another owner since 15, which is no difference; this is one.
on_target sql "$target" -c "ALTER SCHEMA public OWNER TO pg_monitor"
check "compare: finds another owner of public" eval '! same_schemas >"$WORK/found" && grep -qx "SCHEMA public: is not defined the same" "$WORK/found"'
on_source drop_db "$source"
on_target drop_db "$target"
