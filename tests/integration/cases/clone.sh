#!/bin/bash
# Checks `dumpnative clone`: the copy is what pg_dump and compare call the same, in steps and in one transaction; what is in the way
# is named and stays, or is replaced when asked for; a database is not cloned into itself; what fails leaves what was promised.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip clone "no pg_dump $MAJOR to compare with"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" >/dev/null <<'END'
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('sad', 'glad');
CREATE DOMAIN shop.price AS numeric CHECK (VALUE > 0);
CREATE TABLE shop.orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, path text DEFAULT E'a\\b;\n''c', mood shop.mood, twice int GENERATED ALWAYS AS (length(name) * 2) STORED);
INSERT INTO shop.orders (name, mood) SELECT CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN E'\\.' ELSE E'a\tb\n;\\ \u00e4' END, 'glad' FROM generate_series(1, 3000) n;
CREATE TABLE shop.lines (order_id int NOT NULL REFERENCES shop.orders ON DELETE CASCADE, price shop.price, UNIQUE (order_id, price));
INSERT INTO shop.lines SELECT id, id * 1.5 FROM shop.orders;
CREATE INDEX lines_price ON shop.lines (price);
COMMENT ON INDEX shop.lines_price IS 'of a key';
ALTER TABLE shop.lines CLUSTER ON lines_price;
CREATE TABLE shop.kinds (a bool, b bytea, c timestamptz, d date, e interval, f numeric(10, 2)[], g jsonb, h uuid, i inet, j float8, k "char", l regclass, m text[], n point, o int4range, p name, q bit(3), r shop.mood[], s money);
INSERT INTO shop.kinds SELECT n % 2 = 0, decode(md5(n::text), 'hex'), now() + n * interval '1 hour', 'today', '1 day 2 hours', ARRAY[n, NULL], '{"a": [1, null]}', md5(n::text)::uuid, '10.0.0.1/8', n / 3.0, 'x', 'shop.lines', ARRAY['a,b', NULL, E'\\'], '(1,2)', '[1,5)', 'name', B'101', '{sad,glad}', 3.5 FROM generate_series(1, 500) n;
CREATE TABLE shop.wide (id int PRIMARY KEY, words text);
INSERT INTO shop.wide SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 75000) n;
CREATE INDEX wide_hash ON shop.wide (md5(words));
CREATE TABLE shop.toasted (id int, words text);
ALTER TABLE shop.toasted ALTER words SET STORAGE EXTERNAL;
INSERT INTO shop.toasted SELECT n, repeat(md5(n::text), 30000) FROM generate_series(1, 70) n;
CREATE TABLE shop.none ();
INSERT INTO shop.none DEFAULT VALUES;
CREATE TABLE shop.parts (id int, at int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM (1) TO (100);
CREATE TABLE shop.parts_2 PARTITION OF shop.parts FOR VALUES FROM (100) TO (200);
INSERT INTO shop.parts SELECT n, n % 199 + 1 FROM generate_series(1, 1000) n;
CREATE TABLE shop.refers (id int, at int, FOREIGN KEY (id, at) REFERENCES shop.parts);
CREATE TABLE shop.parent (a int);
CREATE TABLE shop.child (b int) INHERITS (shop.parent);
INSERT INTO shop.parent VALUES (1);
INSERT INTO shop.child VALUES (2, 3);
CREATE VIEW shop.grouped AS SELECT id, name FROM shop.orders GROUP BY id;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) FROM shop.lines;
CREATE UNIQUE INDEX ON shop.sums (count);
CREATE SEQUENCE shop.numbers;
SELECT setval('shop.numbers', 77);
CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.name := 'changed'; RETURN new; END $$;
CREATE TRIGGER t BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.f();
CREATE TABLE public.plain (a int);
INSERT INTO public.plain VALUES (1);
DO $$ BEGIN PERFORM lo_from_bytea(0, 'large; object'); PERFORM lo_from_bytea(0, convert_to(repeat('0123456789', 100000), 'UTF8')); PERFORM lo_from_bytea(0, ''); END $$;
END

# Pieces of a table come in any order: lines are compared sorted, as all else must be where it was.
whole_sorted "$source_db" >"$WORK/source.sql"
same() {
    whole_sorted "$1" >"$WORK/target.sql" && diff "$WORK/source.sql" "$WORK/target.sql" | cut -c 1-300 | head -n 20
    cmp -s "$WORK/source.sql" "$WORK/target.sql" &&
        "$DUMPNATIVE" compare --whole-database "$(conninfo "$source_db")" "$(conninfo "$1")"
}
is_empty() { [[ $(sql "$1" -At -c "SELECT count(*) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')") == 0 ]]; }

from=$(conninfo "$source_db")
for how in "-j 1" "-j 3" "--single-transaction"; do
    db=$(new_db "")
    # shellcheck disable=SC2086
    run_clone $how "$from" "$(conninfo "$db")"
    check "clone $how: the same" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
done
check "clone: tells how much" grep -qE 'cloned [0-9,]+ statements, 8[0-9],[0-9]+ rows in [0-9]+ tables' "$WORK/stderr"

# ---- What is in the way --------------------------------------------------------------

run_clone "$from" "$(conninfo "$db")"
check "clone: refuses what is in the way, and names all of it" eval '((status == 1)) && grep -qF "relation \"shop\".\"wide\" is there already" "$WORK/stderr" && grep -qF "type \"shop\".\"mood\" is there already" "$WORK/stderr"'
check "clone: ... and changes nothing" same "$db"
run_clone --drop-target-objects "$from" "$(conninfo "$db")"
check "clone --drop-target-objects: refuses without a terminal" eval '((status == 1)) && grep -qF -- "--yes" "$WORK/stderr" && same "$db"'
check "clone --drop-target-objects: tells which database" grep -qF "database \"$db\" at " "$WORK/stderr"
for how in "-j 2" "--single-transaction"; do
    sql "$db" -c "UPDATE shop.wide SET words = 'other'" -c "CREATE TABLE public.other (a int)" -c "INSERT INTO public.other VALUES (1)" >/dev/null
    # shellcheck disable=SC2086
    run_clone --drop-target-objects --yes $how "$from" "$(conninfo "$db")"
    kept=$(sql "$db" -At -c "SELECT count(*) FROM public.other" -c "DROP TABLE public.other")
    check "clone --drop-target-objects $how: replaces, and drops nothing else" eval '((status == 0)) && same "$db" && [[ $kept == 1 ]]'
done
# The target has other columns, and depends the other way round.
newer=$(new_db "")
sql "$newer" <<END
CREATE TABLE t (a int, id serial);
CREATE VIEW a AS SELECT 1 AS n;
CREATE VIEW b AS SELECT n FROM a;
CREATE TABLE computed (a text);
CREATE FUNCTION f(computed) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT \$1.a';
CREATE INDEX ON computed (f(computed.*));
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base IMMUTABLE STRICT LANGUAGE internal AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'textout';
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text);
CREATE SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE SUBSCRIPTION $newer CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = 'of_the_source');
END
for how in "-j 2" "--single-transaction"; do
    older=$(new_db "")
    "$pg_dump" "$(conninfo "$newer")" | sql "$older" >/dev/null
    sql "$older" -c "ALTER TABLE t DROP COLUMN id; DROP VIEW b, a; CREATE VIEW b AS SELECT 2 AS n; CREATE VIEW a AS SELECT n FROM b" \
        -c "ALTER EXTENSION hstore SET SCHEMA public"
    # shellcheck disable=SC2086
    run_clone --drop-target-objects --yes $how "$(conninfo "$newer")" "$(conninfo "$older")"
    check "clone --drop-target-objects $how: over older definitions" eval '((status == 0)) && "$DUMPNATIVE" compare "$(conninfo "$newer")" "$(conninfo "$older")"'
    check "clone --drop-target-objects $how: doesn't tell of what isn't there" eval '! grep -q skipping "$WORK/stderr"'
done
run_clone --dry-run --drop-target-objects "$from" "$(conninfo "$db")"
check "clone --dry-run: changes nothing" eval '((status == 0)) && same "$db"'

sql "$db" -c "CREATE TABLE public.mine PARTITION OF shop.parts FOR VALUES FROM (100000) TO (200000)"
for how in "-j 2" "--single-transaction"; do
    # shellcheck disable=SC2086
    run_clone --drop-target-objects --yes $how "$from" "$(conninfo "$db")"
    check "clone --drop-target-objects $how: refuses to take somebody's partition along" eval '((status == 1)) && grep -qF "partition mine is not in the source" "$WORK/stderr" && grep -q "hint: Detach" "$WORK/stderr"'
done
sql "$db" -c "ALTER TABLE shop.parts DETACH PARTITION public.mine" -c "DROP TABLE public.mine"
check "clone --drop-target-objects: ... and has changed nothing" same "$db"

# ---- Not into itself -----------------------------------------------------------------

run_clone --drop-target-objects --yes "$from" "$(conninfo "$source_db") application_name=other"
check "clone: refuses the same database" eval '((status == 2)) && grep -q "are the same database" "$WORK/stderr"'
whole_sorted "$source_db" >"$WORK/target.sql"
check "clone: ... and does nothing to it" cmp "$WORK/source.sql" "$WORK/target.sql"

# ---- Parts ----------------------------------------------------------------------------

db=$(new_db "")
run_clone -s -n shop "$from" "$(conninfo "$db")"
check "clone -s: definitions only" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT count(*) FROM shop.wide") == 0 ]] && [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_class WHERE relname = '\''plain'\''") == 0 ]]'
db=$(new_db "")
run_clone --single-transaction -t 'shop.wide' -t shop.toasted --exclude-table-data=shop.toasted "$from" "$(conninfo "$db")"
check "clone -t needs its schema" eval '((status == 1)) && is_empty "$db"'
sql "$db" -c "CREATE SCHEMA shop"
run_clone --single-transaction -t 'shop.wide' -t shop.toasted --exclude-table-data=shop.toasted "$from" "$(conninfo "$db")"
check "clone -t: some tables" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT count(*) FROM shop.wide" -c "SELECT count(*) FROM shop.toasted") == "75000"$'\''\n'\''"0" ]]'
run_clone --single-transaction -j 2 "$from" "$(conninfo "$db")"
check "clone --single-transaction: is over one connection" eval '((status == 2)) && grep -qF -- "-j/--jobs" "$WORK/stderr"'

types_db=$(new_db "")
sql "$types_db" -c 'CREATE TABLE public.typed (a bigint, b timestamp)' -c "INSERT INTO public.typed VALUES (5, '2020-02-02 02:02')"
db=$(new_db "")
sql "$db" -c 'CREATE TABLE public.typed (a float8, b text)'
run_clone -a --single-transaction "$(conninfo "$types_db")" "$(conninfo "$db")"
check "clone -a: into columns of other types" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT * FROM public.typed") == "5|2020-02-02 02:02:00" ]]'

# ---- What fails -----------------------------------------------------------------------

# The source refuses it in the middle: a row whose view of itself can't be computed.
bad_db=$(new_db "")
sql "$bad_db" <<'END'
CREATE TABLE public.a_first (a int);
INSERT INTO public.a_first SELECT generate_series(1, 1000);
CREATE FUNCTION public.bad(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE public.b_second (a int);
INSERT INTO public.b_second VALUES (1), (0);
CREATE INDEX b_bad ON public.b_second (bad(a));
CREATE OR REPLACE FUNCTION public.bad(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1 / $1';
END
db=$(new_db "")
run_clone --single-transaction "$(conninfo "$bad_db")" "$(conninfo "$db")"
check "clone --single-transaction: what fails leaves the target as it was" eval '((status == 1)) && grep -q "division by zero" "$WORK/stderr" && is_empty "$db" && ours_is_gone "$db"'
run_clone -j 2 "$(conninfo "$bad_db")" "$(conninfo "$db")"
check "clone: what fails in steps says what is there" eval '((status == 1)) && grep -q "division by zero" "$WORK/stderr" && grep -qE "[0-9]+ of [0-9]+ steps are done" "$WORK/stderr"'
check "clone: ... and it is there" eval '[[ $(sql "$db" -At -c "SELECT count(*) FROM a_first") == 1000 ]]'
run_clone -j 2 "postgresql://nobody:secret@127.0.0.1:1/x" "$(conninfo "$db")"
check "clone: no secret is told" eval '((status == 1)) && ! grep -q secret "$WORK/stderr"'

# ---- Resuming -------------------------------------------------------------------------

sql "$bad_db" -c "CREATE OR REPLACE FUNCTION public.bad(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'"
run_clone -j 2 --resume "$(conninfo "$bad_db")" "$(conninfo "$db")"
check "clone --resume: refuses other definitions" eval '((status == 1)) && grep -q "no unfinished clone of these definitions" "$WORK/stderr"'
run_clone -j 2 --drop-target-objects --yes "$(conninfo "$bad_db")" "$(conninfo "$db")"
check "clone --drop-target-objects: begins anew over what is unfinished" eval '((status == 0)) && ours_is_gone "$db" && [[ $(sql "$db" -At -c "SELECT count(*) FROM b_second") == 2 ]]'
run_clone --resume "$from" "$(conninfo "$(new_db "")")"
check "clone --resume: refuses where nothing was begun" eval '((status == 1)) && grep -q "no unfinished clone" "$WORK/stderr"'

# What is in the way of an index keeps it from being finished, again and again; meanwhile the source changes.
kept_db=$(new_db "")
sql "$kept_db" <<'END'
CREATE TABLE public.same (a int PRIMARY KEY);
INSERT INTO public.same SELECT generate_series(1, 100000);
CREATE TABLE public.moves (a int);
INSERT INTO public.moves VALUES (1);
CREATE SEQUENCE public.s;
CREATE FUNCTION public.blocked(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF current_setting('application_name') <> 'let me' THEN RAISE 'not yet'; END IF; RETURN 1; END $$;
SET application_name = 'let me';
CREATE INDEX moves_blocked ON public.moves (blocked(a));
END
db=$(new_db "")
run_clone -j 1 "$(conninfo "$kept_db")" "$(conninfo "$db")" # the key of the big table comes first
check "clone: is stopped by an index" eval '((status == 1)) && grep -q "not yet" "$WORK/stderr"'
sql "$kept_db" -c "SELECT setval('s', 42)" -c "SET application_name = 'let me'" -c "UPDATE same SET a = -a WHERE a = 77" >/dev/null
run_clone -j 2 --resume "$(conninfo "$kept_db")" "$(conninfo "$db")"
check "clone --resume: rows that have changed since, with keys on others: begins anew" eval 'grep -q "public.same is no longer what was copied" "$WORK/stderr" && [[ $(sql "$db" -At -c "SELECT count(*) FROM same WHERE a < 0") == 1 ]]'
run_clone -j 2 --resume "$(conninfo "$kept_db")" "$(conninfo "$db") application_name='let me'"
check "clone --resume: ends in the same" eval '((status == 0)) && ours_is_gone "$db" && "$DUMPNATIVE" compare --whole-database "$(conninfo "$kept_db")" "$(conninfo "$db")"'

# ---- Killed at any moment --------------------------------------------------------------

db=$(new_db "")
clone_in_steps() { exec "$DUMPNATIVE" clone -j 2 "$@" "$from" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr"; }
change_source() { sql "$source_db" -c "UPDATE shop.wide SET words = words || 'x' WHERE id = $1" -c "SELECT nextval('shop.numbers')" >/dev/null; }
kill_at_moments clone_in_steps "$db" change_source
if begun "$db"; then
    run_clone -j 2 --resume "$from" "$(conninfo "$db")"
fi
whole_sorted "$source_db" >"$WORK/source.sql"
check "clone: killed $kills times while the source changes, and the same in the end" eval '((status == 0 && kills > 0)) && same "$db" && ours_is_gone "$db"'

# all of its sessions in the one or the other database ended by the server, in the middle
for end in source target; do
    db=$(new_db "")
    "$DUMPNATIVE" clone -j 2 "$from" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr" &
    pid=$!
    check "clone: has begun" wait_for 60 begun "$db"
    sql postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$([[ $end == source ]] && echo "$source_db" || echo "$db")' AND application_name = 'dumpnative'" >/dev/null
    wait "$pid"
    status=$?
    check "clone: its sessions ended by the $end's server" eval '((status == 1)) && grep -q "steps are done" "$WORK/stderr"'
    run_clone -j 2 --resume "$from" "$(conninfo "$db")"
    check "clone --resume: behind that" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
done

# stopped by a signal, in one transaction
db=$(new_db "")
"$DUMPNATIVE" clone --single-transaction "$from" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr" &
pid=$!
at_work() { [[ $(sql postgres -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND state = 'active'") != 0 ]]; }
check "clone: is at work" wait_for 60 at_work
kill -TERM "$pid"
wait "$pid"
status=$?
check "clone: stopped by a signal, leaves the target as it was" eval '((status == 143)) && grep -q "Nothing was changed" "$WORK/stderr" && wait_for 60 sessions_gone "$db" && is_empty "$db"'
