#!/bin/bash
# Checks that FILE.manifest.json tells what is in a dump, that verify locates damage by it, and that verify --db and
# compare name each difference between a dump, or a database, and another database.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

source=$(new_db "")
sql "$source" >/dev/null <<'SQL'
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE "Two Words" (id serial PRIMARY KEY, name text DEFAULT 'x', m mood);
COMMENT ON TABLE "Two Words" IS 'a comment';
GRANT SELECT ON "Two Words" TO PUBLIC;
INSERT INTO "Two Words" (name, m) SELECT 'name ' || n, 'glad' FROM generate_series(1, 1000) n;
CREATE TABLE big (n int, t text);
INSERT INTO big SELECT n % 1000, repeat(chr(97 + n % 26), 100) FROM generate_series(1, 100000) n;
CREATE TABLE few AS SELECT generate_series(1, 3) n;
CREATE TABLE none (x int);
CREATE INDEX by_name ON "Two Words" (name);
CREATE VIEW v AS SELECT name FROM "Two Words";
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT lo_from_bytea(4711, 'bytes of a large object');
SQL
file=$WORK/out.sql

field() { node -e 'const m = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(eval(process.argv[2]))' "$file.manifest.json" "$1"; }

run_dump -b -f "$file" -d "$(conninfo "$source")"
check "the file's bytes and digest" test "$(field 'm.file.bytes + " " + m.file.sha256')" == \
    "$(stat -c %s "$file") $(sha256sum "$file" | cut -d' ' -f1)"
check "nobody else may read it" test "$(stat -c %a "$file.manifest.json")" == 600
check "rows of each table" test "$(field 'm.tables.map(t => t.name + " " + t.rows).join()')" == \
    "Two Words 1000,big 100000,few 3,none 0,large objects 0"
check "where they stand" test \
    "$(field 'm.tables[0].offset + " " + m.tables[0].bytes' | { read -r at size; tail -c +$((at + 1)) "$file" | head -c "$size" | md5sum; })" == \
    "$(sql "$source" -c 'COPY "Two Words" TO STDOUT' | md5sum)"
check "sections make up the text" test "$(field 'm.sections.reduce((at, s) => at === s.offset ? at + s.bytes : -1e9, 0)')" == "$(stat -c %s "$file")"
check "no password in it" test "$(grep -c 'password\|dbname=' "$file.manifest.json")" == 0

for jobs in 1 3; do
    run_dump -b -j "$jobs" -Z gzip -f "$WORK/jobs.sql" -d "$(conninfo "$source")"
    # shellcheck disable=SC2016 # it is eval's to expand
    check "the same of $jobs connections, compressed" eval \
        'diff <(grep "\"checksum\"" "$file.manifest.json") <(grep "\"checksum\"" "$WORK/jobs.sql.manifest.json") >"$WORK/diff"'
    check "verify holds the compressed file against it" "$DUMPNATIVE" verify "$WORK/jobs.sql"
done
(cd "$WORK" && ln -sf "$DUMPNATIVE" pg_dump && ./pg_dump -f stand_in.sql -d "$(conninfo "$source")")
check "in pg_dump's place there is none" test ! -e "$WORK/stand_in.sql.manifest.json"

# ---- Damage ------------------------------------------------------------------------

# damaged NAME TEXT COMMAND...: what the command does to a copy is found, and told so.
damaged() {
    local name=$1 text=$2
    shift 2
    cp "$file" "$WORK/bad.sql"
    cp "$file.manifest.json" "$WORK/bad.sql.manifest.json"
    cp "$file.sha256" "$WORK/bad.sql.sha256"
    (cd "$WORK" && "$@")
    if "$DUMPNATIVE" verify "$WORK/bad.sql" >"$WORK/verify.log" 2>&1 || ! grep -q "$text" "$WORK/verify.log"; then
        not_ok "$name" "$(cat "$WORK/verify.log")"
    else
        ok "$name"
    fi
}

sign() { "$@" && sha256sum bad.sql >bad.sql.sha256; }
swap_rows() { sed -i '/^7\tname 7\t/{h;d};/^8\tname 8\t/{G}' bad.sql; }
damaged "a changed row" 'what differs: the section data, rows of public.Two Words$' sed -i 's/^7\tname 7\t/7\tname 8\t/' bad.sql
damaged "a changed definition" 'what differs: the section pre-data$' sed -i 's/a comment/b comment/' bad.sql
damaged "rows in another order: the same rows, another text" 'what differs: the section data$' swap_rows
damaged "a changed row with a digest of its own" 'manifest tells.*rows of public.Two Words' sign sed -i 's/^7\tname 7\t/7\tname 8\t/' bad.sql
damaged "a cut manifest" 'malformed' truncate -s -20 bad.sql.manifest.json
damaged "another dump's manifest" 'not what its manifest tells' cp jobs.sql.manifest.json bad.sql.manifest.json

# ---- Against a database ------------------------------------------------------------

# compared NAME STATUS TEXT: what verify --db and compare say of the two databases.
compared() {
    local name=$1 expected=$2 text=$3 log=$WORK/compare.log status
    "$DUMPNATIVE" verify --db "$(conninfo "$target")" "$file" >"$log" 2>"$WORK/stderr"
    status=$?
    if [[ $status == "$expected" ]] && grep -qxE "$text" "$log" && { ((!expected)) || (($(wc -l <"$log") == ${4:-1})); }; then
        ok "verify --db: $name"
    else
        not_ok "verify --db: $name" "status $status"$'\n'"$(cat "$log" "$WORK/stderr")"
    fi
    "$DUMPNATIVE" compare -b "$(conninfo "$source")" "$(conninfo "$target")" >"$log" 2>"$WORK/stderr"
    status=$?
    text=${text//the dump/the source} text=${text//the database/the target}
    if [[ $status == "$expected" ]] && grep -qxE "$text" "$log"; then
        ok "compare: $name"
    else
        not_ok "compare: $name" "status $status"$'\n'"$(cat "$log" "$WORK/stderr")"
    fi
}

target=$(new_db "")
sql "$target" --single-transaction -f "$file" >/dev/null
same='the same: [0-9,]+ objects, 101,003 rows of 5 tables, [0-9.]+ s'
compared "a restored one is the same" 0 "$same"
sql "$target" -c 'CREATE TABLE again AS SELECT * FROM big ORDER BY random(); TRUNCATE big; INSERT INTO big SELECT * FROM again; DROP TABLE again'
compared "whatever the order of the rows" 0 "$same"

# differs NAME TEXT [LINES] COMMAND UNDO
differs() {
    sql "$target" -c "$3" >/dev/null
    compared "$1" 1 "$2" "${5:-1}"
    sql "$target" -c "$4" >/dev/null
}
differs "one changed byte in one row" 'rows of public.big: as many in both \(100000\), but not the same ones' \
    "UPDATE big SET t = 'b' || substr(t, 2) WHERE ctid = (SELECT min(ctid) FROM big WHERE n = 0 AND t ~ '^a')" \
    "UPDATE big SET t = 'a' || substr(t, 2) WHERE t ~ '^ba'"
differs "a missing row" 'rows of public.Two Words: 1000 in the dump, 999 in the database' \
    'DELETE FROM "Two Words" WHERE id = 1' "INSERT INTO \"Two Words\" VALUES (1, 'name 1', 'glad')"
differs "a duplicated row in the place of another" 'rows of public.few: as many in both \(3\), but not the same ones' \
    'UPDATE few SET n = 2 WHERE n = 1' 'TRUNCATE few; INSERT INTO few VALUES (3), (1), (2)'
differs "a duplicated row" 'rows of public.few: 3 in the dump, 4 in the database' \
    'INSERT INTO few VALUES (2)' 'TRUNCATE few; INSERT INTO few VALUES (3), (1), (2)'
differs "a sequence off by one" 'SEQUENCE SET public.Two Words_id_seq: is another value' \
    "SELECT setval('\"Two Words_id_seq\"', 1001)" "SELECT setval('\"Two Words_id_seq\"', 1000)"
differs "a missing index" 'INDEX public.by_name: is not in the database' \
    'DROP INDEX by_name' 'CREATE INDEX by_name ON "Two Words" (name)'
differs "a changed default" 'TABLE public.Two Words: is not defined the same' \
    "ALTER TABLE \"Two Words\" ALTER name SET DEFAULT 'y'" "ALTER TABLE \"Two Words\" ALTER name SET DEFAULT 'x'"
differs "a lost comment" 'COMMENT on TABLE "Two Words" in schema public: is not in the database' \
    'COMMENT ON TABLE "Two Words" IS NULL' "COMMENT ON TABLE \"Two Words\" IS 'a comment'"
differs "a lost grant" 'ACL on TABLE "Two Words" in schema public: is not in the database' \
    'REVOKE SELECT ON "Two Words" FROM PUBLIC' 'GRANT SELECT ON "Two Words" TO PUBLIC'
differs "one of two functions of a name" 'FUNCTION public.f\(text\): is not in the database' \
    'DROP FUNCTION f(text)' "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'"
differs "a changed large object" 'large objects: their bytes are not the same' \
    "SELECT lo_put(4711, 0, 'B')" "SELECT lo_put(4711, 0, 'b')"
differs "an enum with a value more" 'TYPE public.mood: is not defined the same' \
    "ALTER TYPE mood ADD VALUE 'meh'" "SELECT 1"
