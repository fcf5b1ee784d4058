#!/bin/bash
# Checks `dumpnative restore -j`: dumps of ours and of pg_dump give the same database over several sessions, big tables in pieces;
# what fails or is killed at any moment goes on with --resume, and leaves nothing of ours behind.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_jobs "no pg_dump $MAJOR to make the other dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END'
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, path text DEFAULT E'a\\b;\n''c');
INSERT INTO shop.orders (name) SELECT CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN E'\\.' ELSE E'a\tb\n;\\' END FROM generate_series(1, 3000) n;
CREATE TABLE shop.lines (order_id int NOT NULL REFERENCES shop.orders ON DELETE CASCADE, price numeric CHECK (price > 0), UNIQUE (order_id, price));
INSERT INTO shop.lines SELECT id, id * 1.5 FROM shop.orders;
CREATE INDEX lines_price ON shop.lines (price);
COMMENT ON INDEX shop.lines_price IS 'of a key';
ALTER TABLE shop.lines CLUSTER ON lines_price;
CREATE TABLE shop.wide (id int PRIMARY KEY, words text);
INSERT INTO shop.wide SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 75000) n;
CREATE INDEX wide_hash ON shop.wide (md5(words));
CREATE TABLE shop.middle (id int, words text);
INSERT INTO shop.middle SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 3000) n;
CREATE TABLE shop.parts (id int, at int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE shop.parts_1 PARTITION OF shop.parts FOR VALUES FROM (1) TO (100);
CREATE TABLE shop.parts_2 PARTITION OF shop.parts FOR VALUES FROM (100) TO (200);
INSERT INTO shop.parts SELECT n, n % 199 + 1 FROM generate_series(1, 1000) n;
CREATE TABLE shop.refers (id int, at int, FOREIGN KEY (id, at) REFERENCES shop.parts);
CREATE VIEW shop.grouped AS SELECT id, name FROM shop.orders GROUP BY id;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) FROM shop.lines;
CREATE UNIQUE INDEX ON shop.sums (count);
CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.name := 'changed'; RETURN new; END $$;
CREATE TRIGGER t BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.f();
DO $$ BEGIN PERFORM lo_from_bytea(0, 'large; object'); END $$;
END

# Pieces of a table come in any order: lines are compared sorted, as all else must be where it was.
whole_sorted "$source_db" >"$WORK/source.sql"
same() {
    whole_sorted "$1" >"$WORK/target.sql" && diff "$WORK/source.sql" "$WORK/target.sql" | cut -c 1-300 | head -n 20
    cmp -s "$WORK/source.sql" "$WORK/target.sql"
}

"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
"$pg_dump" --rows-per-insert=500 -f "$WORK/inserts.sql" "$(conninfo "$source_db")"
"$pg_dump" --clean --if-exists -t shop.wide -t shop.middle -t shop.lines -t shop.sums -f "$WORK/clean.sql" "$(conninfo "$source_db")"
ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
"$WORK/pg_dump" -f "$WORK/ours.sql" "$(conninfo "$source_db")"
for file in theirs inserts ours; do
    db=$(new_db "")
    run_restore -j 3 "$WORK/$file.sql" "$(conninfo "$db")"
    check "restore -j: $file" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
done
check "restore -j: big tables in pieces" eval '[[ $(sql "$db" -At -c "SELECT count(DISTINCT xmin::text) FROM shop.wide") == 2 ]]'
# COPY FREEZE marks pages as visible to all since 14; nobody has vacuumed them
all_visible() { [[ $(sql "$1" -At -c 'ANALYZE shop.middle' -c "SELECT relallvisible > 0 FROM pg_class WHERE oid = 'shop.middle'::regclass") == t ]]; }
((MAJOR < 14)) || check "restore -j: tables in one piece are frozen" all_visible "$db"
run_restore -j 2 "$WORK/clean.sql" "$(conninfo "$db")"
check "restore -j: --clean over what is there" eval '((status == 0)) && same "$db"'
"$pg_dump" -a -f "$WORK/rows.sql" "$(conninfo "$source_db")"
db=$(new_db "")
"$pg_dump" -s "$(conninfo "$source_db")" | sed '/^CREATE TRIGGER/d' | sql "$db" >/dev/null
run_restore -j 2 "$WORK/rows.sql" "$(conninfo "$db")"
check "restore -j: rows alone, in their order, since foreign keys are there" eval '((status == 0)) && ours_is_gone "$db"'

# Told once a second: what is at work while the last statement sleeps.
sed 's/^REFRESH MATERIALIZED VIEW/SELECT pg_sleep(3);\n&/' "$WORK/theirs.sql" >"$WORK/sleeps.sql"
db=$(new_db "")
run_restore -j 2 --progress=always --log-format=json "$WORK/sleeps.sql" "$(conninfo "$db")"
check "restore -j: progress tells rows and tables" grep -qE '"event":"progress".*"rows":85[0-9]{3},' "$WORK/stderr"

# ---- What fails, and goes on --------------------------------------------------------

# That row is in the second piece; what the message says must be its line in the file.
sed '/^COPY shop.wide/,/^..$/ s/^70000\t/x70000\t/' "$WORK/theirs.sql" >"$WORK/bad.sql"
db=$(new_db "")
run_restore -j 2 "$WORK/bad.sql" "$(conninfo "$db")"
line=$(grep -n -m 1 '^x70000' "$WORK/bad.sql" | cut -d: -f1)
check "restore -j: names the row's line" eval '((status == 1)) && grep -qF "line $line, of the COPY at line" "$WORK/stderr"'
check "restore -j: tells what is done" grep -qE '[0-9]+ of [0-9]+ steps are done, and stay' "$WORK/stderr"
run_restore -j 2 "$WORK/bad.sql" "$(conninfo "$db")"
check "restore -j: doesn't begin again over it" eval '((status == 1)) && grep -q -- "--resume" "$WORK/stderr"'
run_restore -j 2 --resume "$WORK/theirs.sql" "$(conninfo "$db")"
check "restore -j: --resume refuses another dump" eval '((status == 1)) && grep -q "of another dump" "$WORK/stderr"'
run_restore -j 2 --resume "$WORK/theirs.sql" "$(conninfo "$(new_db "")")"
check "restore -j: --resume refuses where nothing was begun" eval '((status == 1)) && grep -q "no unfinished restore" "$WORK/stderr"'

sed 's/^CREATE INDEX wide_hash.*/SELECT 1 \/ (SELECT count(*) FROM public.mended);\n&/' "$WORK/theirs.sql" >"$WORK/mend.sql"
db=$(new_db "")
sql "$db" -c 'CREATE TABLE public.mended (a int)'
run_restore -j 2 "$WORK/mend.sql" "$(conninfo "$db")"
check "restore -j: stops at an index" eval '((status == 1)) && grep -q "division by zero" "$WORK/stderr"'
sql "$db" -c 'INSERT INTO public.mended VALUES (1)'
run_restore --resume --schema-map shop=elsewhere "$WORK/mend.sql" "$(conninfo "$db")"
check "restore -j: --resume refuses other options" eval '((status == 1)) && grep -q "begun with other options" "$WORK/stderr"'
run_restore --resume "$WORK/mend.sql" "$(conninfo "$db")"
sql "$db" -c 'DROP TABLE public.mended'
check "restore -j: --resume goes on behind what was mended" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'

gzip -k "$WORK/theirs.sql"
run_restore -j 2 "$WORK/theirs.sql.gz" "$(conninfo "$db")"
check "restore -j: refuses a compressed file" eval '((status == 1)) && grep -q "is compressed" "$WORK/stderr"'
run_restore -j 2 - "$(conninfo "$db")" <"$WORK/theirs.sql"
check "restore -j: refuses a pipe" eval '((status == 2)) && grep -q "name a file" "$WORK/stderr"'
run_restore -j 2 --no-transaction --on-error=continue "$WORK/theirs.sql" "$(conninfo "$db")"
check "restore -j: refuses to go on" eval '((status == 2))'

# ---- Killed at any moment -----------------------------------------------------------

db=$(new_db "")
restore_in_steps() { exec "$DUMPNATIVE" restore -j 2 "$@" "$WORK/theirs.sql" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr"; }
kill_at_moments restore_in_steps "$db"
if begun "$db"; then
    run_restore -j 2 --resume "$WORK/theirs.sql" "$(conninfo "$db")"
fi
check "restore -j: killed $kills times, and the same in the end" eval '((status == 0 && kills > 0)) && same "$db" && ours_is_gone "$db"'

# all of its sessions ended by the server, in the middle
db=$(new_db "")
"$DUMPNATIVE" restore -j 2 "$WORK/theirs.sql" "$(conninfo "$db")" >/dev/null 2>"$WORK/stderr" &
pid=$!
check "restore -j: has begun" wait_for 20 begun "$db"
sql postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$db' AND application_name = 'dumpnative'" >/dev/null
wait "$pid"
status=$?
check "restore -j: its sessions ended by the server" eval '((status == 1)) && grep -q "steps are done" "$WORK/stderr"'
run_restore -j 2 --resume "$WORK/theirs.sql" "$(conninfo "$db")"
check "restore -j: --resume behind that" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
