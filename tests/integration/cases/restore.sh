#!/bin/bash
# Checks `dumpnative restore`: dumps of ours and of pg_dump give the same database; what fails names its line and leaves
# nothing changed; damaged dumps are refused before anything is changed.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

# What a newer pg_dump writes need not restore into an older server.
oracle_exact "$MAJOR" || { skip restore "no pg_dump $MAJOR to make the other dumps"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END'
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('good', 'it''s bad');
CREATE TABLE shop.orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text, mood shop.mood DEFAULT 'good',
    path text DEFAULT E'a\\b;\n''c', tags text[]);
INSERT INTO shop.orders (name, tags) SELECT CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN E'\\.' WHEN 2 THEN E'a\tb\n;\\' ELSE '$$' END,
    ARRAY[E'\\N', '--'] FROM generate_series(1, 3000) n;
CREATE TABLE shop.lines (order_id int NOT NULL REFERENCES shop.orders ON DELETE CASCADE, price numeric CHECK (price > 0));
INSERT INTO shop.lines SELECT id, id * 1.5 FROM shop.orders;
CREATE INDEX ON shop.lines (order_id);
CREATE VIEW shop.all_lines AS SELECT * FROM shop.orders JOIN shop.lines ON id = order_id;
CREATE RULE gone AS ON DELETE TO shop.all_lines DO INSTEAD (DELETE FROM shop.lines WHERE order_id = old.id; DELETE FROM shop.orders WHERE id = old.id);
CREATE FUNCTION shop.f(a int) RETURNS text LANGUAGE plpgsql AS $_$ BEGIN /* ; */ RETURN '$$;' || $1; END $_$;
COMMENT ON FUNCTION shop.f(int) IS E'one; \\connect two\n\\! id\n-- three';
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) FROM shop.lines;
DO $$ BEGIN PERFORM lo_from_bytea(0, 'large; object'); END $$;
END
if ((MAJOR >= 14)); then
    sql "$source_db" -c 'CREATE FUNCTION shop.g(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END; SELECT 4; END'
fi

# Without the random key.
whole "$source_db" >"$WORK/source.sql"

# same DATABASE: the database is the source again.
same() {
    whole "$1" >"$WORK/target.sql" && diff "$WORK/source.sql" "$WORK/target.sql" | head -n 20
    cmp -s "$WORK/source.sql" "$WORK/target.sql"
}


# restores NAME FILE [OPTION...]: into an empty database, which then is the same.
restores() {
    local name=$1 file=$2 db
    shift 2
    db=$(new_db "")
    run_restore "$@" "$file" "$(conninfo "$db")" </dev/null
    check "restore: $name" eval '((status == 0)) && same "$db"'
}

ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
"$WORK/pg_dump" -f "$WORK/ours.sql" "$(conninfo "$source_db")"
restores "ours in pg_dump's place" "$WORK/ours.sql"
restores "ours, without a transaction" "$WORK/ours.sql" --no-transaction
for method in gzip zstd lz4; do
    "$DUMPNATIVE" -n shop -b -Z "$method" -f "$WORK/ours.$method" -d "$(conninfo "$source_db")" &&
        restores "ours, $method" "$WORK/ours.$method"
done
"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
restores "pg_dump's" "$WORK/theirs.sql"
"$pg_dump" -Z 6 -f "$WORK/theirs.gz" "$(conninfo "$source_db")"
restores "pg_dump's, gzip" "$WORK/theirs.gz"
"$pg_dump" --inserts -f "$WORK/inserts.sql" "$(conninfo "$source_db")"
restores "pg_dump's --inserts" "$WORK/inserts.sql"
"$pg_dump" --clean --if-exists -f "$WORK/clean.sql" "$(conninfo "$source_db")"
restores "pg_dump's --clean --if-exists" "$WORK/clean.sql"
db=$(new_db "")
run_restore - "$(conninfo "$db")" < <(cat "$WORK/theirs.sql")
check "restore: from a pipe" eval '((status == 0)) && same "$db"'
run_restore "$WORK/clean.sql" "$(conninfo "$db")"
check "restore: --clean over what is there" eval '((status == 0)) && same "$db"'
PGOPTIONS='-c standard_conforming_strings=off' "$pg_dump" -f "$WORK/off.sql" "$(conninfo "$source_db")"
check "restore: that dump is of the old kind" grep -q '^SET standard_conforming_strings = off' "$WORK/off.sql"
restores "standard_conforming_strings off" "$WORK/off.sql"
{ printf '\xef\xbb\xbf' && cat "$WORK/theirs.sql"; } >"$WORK/mark.sql"
restores "a byte order mark before it" "$WORK/mark.sql"

# ---- What fails ---------------------------------------------------------------------

# refuses NAME WORDS: $WORK/bad.sql fails with these words, and nothing is changed.
refuses() {
    local name=$1 words=$2 db
    shift 2
    db=$(new_db "")
    run_restore "$@" "$WORK/bad.sql" "$(conninfo "$db")" </dev/null
    check "restore: refuses $name" eval '((status == 1)) && grep -qF -- "$words" "$WORK/stderr" && untouched "$db"'
}
line_of() { grep -n -m 1 -- "$1" "$WORK/bad.sql" | cut -d: -f1; }

sed 's/^CREATE VIEW shop.all_lines/CREATE VEIW shop.all_lines/' "$WORK/theirs.sql" >"$WORK/bad.sql"
refuses "a wrong statement, with its line" "line $(line_of 'CREATE VEIW'): syntax error"
refuses "a wrong statement, with its object" "VIEW shop.all_lines"
sed '/^COPY shop.lines/,/^..$/ s/^700\t/x700\t/' "$WORK/theirs.sql" >"$WORK/bad.sql"
refuses "a wrong row, with its line" "line $(line_of 'x700'), of the COPY at line $(line_of 'COPY shop.lines')"
sed '0,/^SELECT/ s/^SELECT/\\! id\nSELECT/' "$WORK/theirs.sql" >"$WORK/bad.sql"
refuses "a meta-command" 'meta-command \! is refused'
{ echo '\connect postgres'; cat "$WORK/theirs.sql"; } >"$WORK/bad.sql"
refuses '\connect' 'meta-command \connect is refused'
{ echo 'ROLLBACK;'; cat "$WORK/theirs.sql"; } >"$WORK/bad.sql"
refuses "ROLLBACK" "rollback would end"
"$pg_dump" --clean -f "$WORK/bad.sql" "$(conninfo "$source_db")"
refuses "drops of what isn't there, with what to do" "--if-exists"
head -c -300 "$WORK/theirs.sql" >"$WORK/bad.sql"
refuses "a cut file" "truncated"
check "restore: before it connects" eval '! "$DUMPNATIVE" restore "$WORK/bad.sql" "host=/nowhere" 2>&1 | grep -q nowhere'
db=$(new_db "")
run_restore - "$(conninfo "$db")" <"$WORK/bad.sql"
check "restore: refuses a cut pipe" eval '((status == 1)) && grep -q "ends in the middle of a statement" "$WORK/stderr" && untouched "$db"'
db=$(new_db "")
run_restore - "$(conninfo "$db")" < <(sed '/^-- PostgreSQL database dump complete/d' "$WORK/theirs.sql")
check "restore: refuses a pipe without the closing line" eval '((status == 1)) && grep -q truncated "$WORK/stderr" && untouched "$db"'
"$pg_dump" -Fc -f "$WORK/bad.sql" "$(conninfo "$source_db")"
refuses "an archive" "this is an archive of pg_dump -Fc, not plain SQL"
run_restore - "$(conninfo "$db")" <"$WORK/bad.sql"
check "restore: refuses an archive from a pipe" eval '((status == 1)) && grep -q "pg_restore -f" "$WORK/stderr" && untouched "$db"'
printf '%s\n' 'SET a.b = 1;' -- '-- PostgreSQL database cluster dump complete' -- >"$WORK/bad.sql"
refuses "pg_dumpall's" "of a whole cluster"
head -c 2000 "$WORK/theirs.gz" >"$WORK/bad.sql"
refuses "a cut gzip file" "truncated"
# Not packed: the text stays text, and only the checksum behind it tells.
if command -v python3 >/dev/null; then
    python3 -c 'import gzip, sys; sys.stdout.buffer.write(gzip.compress(sys.stdin.buffer.read(), 0))' <"$WORK/theirs.sql" >"$WORK/bad.sql"
    LC_ALL=C sed -i '/^COPY shop.lines/,/^..$/ s/^700\t1/700\t2/' "$WORK/bad.sql"
    refuses "a changed row in a gzip file" "is damaged"
    run_restore - "$(conninfo "$db")" <"$WORK/bad.sql"
    check "restore: refuses a changed row in a gzip file from a pipe" eval '((status == 1)) && grep -q "is damaged" "$WORK/stderr" && untouched "$db"'
else
    skip "restore: a changed row in a gzip file" "no python3"
fi
"$DUMPNATIVE" -n shop -f "$WORK/bad.sql" -d "$(conninfo "$source_db")"
sed -i '/^COPY shop.lines/,/^..$/ s/^700\t1/700\t2/' "$WORK/bad.sql"
refuses "a changed row" "was changed"
rm "$WORK"/bad.sql.*

sed 's/^CREATE VIEW shop.all_lines/CREATE VEIW shop.all_lines/; /^COPY shop.lines/,/^..$/ s/^700\t/x700\t/' "$WORK/theirs.sql" >"$WORK/bad.sql"
db=$(new_db "")
run_restore --no-transaction --on-error=continue "$WORK/bad.sql" "$(conninfo "$db")"
check "restore: goes on, and ends with 1" eval '((status == 1)) && grep -q "statements failed" "$WORK/stderr" &&
    [[ $(sql "$db" -At -c "SELECT count(*) FROM shop.orders") == 3000 && $(sql "$db" -At -c "SELECT count(*) FROM shop.lines") == 0 ]] &&
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_indexes WHERE tablename = '"'lines'"'") == 1 ]]'

# ---- SIGINT -------------------------------------------------------------------------

# interrupted NAME: after SIGINT to $pid it ends by that signal, and nothing is changed.
interrupted() {
    kill -INT "$pid"
    wait "$pid"
    status=$?
    check "restore: $1" eval '((status == 130)) && wait_for 5 untouched "$db"'
}
busy() { [[ $(sql "$1" -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$1' AND application_name = 'dumpnative' AND $2") == 1 ]]; }
sed 's/^CREATE VIEW shop.all_lines/SELECT pg_sleep(60);\n&/' "$WORK/theirs.sql" >"$WORK/bad.sql"
db=$(new_db "")
# a shell lets its background jobs ignore SIGINT
start() { exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$DUMPNATIVE" restore "$@"; }
start "$WORK/bad.sql" "$(conninfo "$db")" 2>"$WORK/stderr" &
pid=$!
check "restore: waits in a statement" wait_for 20 busy "$db" "query LIKE '%pg_sleep%' AND state = 'active'"
interrupted "SIGINT in a statement leaves nothing"
db=$(new_db "")
mkfifo "$WORK/pipe"
start - "$(conninfo "$db")" <"$WORK/pipe" 2>"$WORK/stderr" &
pid=$!
exec 4>"$WORK/pipe"
sed '/^COPY shop.lines/,$d' "$WORK/theirs.sql" >&4
{ grep '^COPY shop.lines' "$WORK/theirs.sql" && echo '1	2'; } >&4
check "restore: waits for rows" wait_for 20 busy "$db" "query LIKE 'COPY shop.lines%' AND state = 'active'"
interrupted "SIGINT while it waits for rows leaves nothing"
exec 4>&-
trap drop_dbs EXIT
