#!/bin/bash
# Checks that `dumpnative restore` may rely on the places of rows that a manifest tells: the database is the same as without one,
# and a manifest that lies, or is another's, is found out before anything is changed.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

case $MAJOR in 12 | 15 | 18) ;; *) exit 0 ;; esac # nothing in it depends on the server but COPY's own text

source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE SCHEMA shop;
CREATE SCHEMA elsewhere;
CREATE FUNCTION elsewhere.fits(id int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE shop.accounts (id int PRIMARY KEY, words text, CHECK (elsewhere.fits(id)));
INSERT INTO shop.accounts SELECT n, 'COPY x FROM stdin; \.' || chr(10) || '--' || n FROM generate_series(1, 30000) n;
CREATE TABLE shop.empty (id int);
CREATE TABLE shop.wide (id int, words text);
INSERT INTO shop.wide SELECT n, repeat(md5(n::text), 40) FROM generate_series(1, 8000) n;
INSERT INTO shop.wide VALUES (9000, '漢');
CREATE INDEX ON shop.wide (md5(words));
CREATE TABLE shop.small (id int REFERENCES shop.accounts);
INSERT INTO shop.small SELECT generate_series(1, 100);
END_SQL
"$DUMPNATIVE" -n shop -n elsewhere -f "$WORK/dump.sql" -d "$(conninfo "$source_db")"
same() { "$DUMPNATIVE" compare -n shop -n elsewhere "$(conninfo "$source_db")" "$(conninfo "$1")"; }

for options in "-j 2" ""; do
    db=$(new_db "")
    read -r -a given <<<"$options"
    run_restore "${given[@]}" "$WORK/dump.sql" "$(conninfo "$db")"
    check "restore $options: with a manifest" eval '((status == 0)) && same "$db"'
done
db=$(new_db "")
run_restore -j 2 --only-table shop.wide --schema-map shop=public "$WORK/dump.sql" "$(conninfo "$db")"
check "restore -j: a table of it" eval '((status == 0)) && [[ $(sql "$db" -At -c "SELECT count(*), sum(id) FROM public.wide") == "8001|32013000" ]]'
cp "$WORK/dump.sql" "$WORK/alone.sql"
db=$(new_db "")
run_restore -j 2 "$WORK/alone.sql" "$(conninfo "$db")"
check "restore -j: without a manifest" eval '((status == 0)) && same "$db"'
"$DUMPNATIVE" -n shop -n elsewhere --rows-per-insert=100 -f "$WORK/inserts.sql" -d "$(conninfo "$source_db")"
db=$(new_db "")
run_restore -j 2 "$WORK/inserts.sql" "$(conninfo "$db")"
check "restore -j: INSERTs, with a manifest" eval '((status == 0)) && same "$db"'

# The line of a row behind rows that nobody has read.
"$DUMPNATIVE" -n shop -f "$WORK/shop.sql" -d "$(conninfo "$source_db")"
db=$(new_db "")
sql "$db" -c 'CREATE SCHEMA elsewhere' -c "CREATE FUNCTION elsewhere.fits(id int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT id <> 29000'"
run_restore -j 2 "$WORK/shop.sql" "$(conninfo "$db")"
line=$(grep -n '^29000	' "$WORK/shop.sql" | cut -d: -f1)
check "restore -j: names the row's line, with a manifest" eval '((status == 1)) && grep -qF "line $line, of the COPY at line" "$WORK/stderr"'

target=$(new_db "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
run_restore -j 2 "$WORK/dump.sql" "$(conninfo "$target")"
check "restore -j: characters that the encoding lacks, with a manifest" eval '((status == 1)) && untouched "$target" && grep -q "has the character \"漢\"" "$WORK/stderr"'

# ---- Manifests that lie -------------------------------------------------------------

target=$(new_db "")
# refuses NAME WORDS
refuses() {
    local options given
    for options in "-j 2" --no-transaction; do
        read -r -a given <<<"$options"
        run_restore "${given[@]}" "$WORK/bad.sql" "$(conninfo "$target")"
        if ((status != 1)) || ! grep -qE -- "$2" "$WORK/stderr" || ! untouched "$target"; then
            not_ok "restore $options: $1" "status $status"$'\n'"$(cat "$WORK/stderr")"
            return
        fi
    done
    ok "restore: $1"
}
# lies NAME WORDS PYTHON: what that makes of the manifest's tables, by name.
lies() {
    cp "$WORK/dump.sql" "$WORK/bad.sql"
    cp "$WORK/dump.sql.sha256" "$WORK/bad.sql.sha256"
    python3 - "$WORK/dump.sql.manifest.json" "$WORK/bad.sql.manifest.json" "$3" <<'END_PYTHON'
import json, sys
manifest = json.load(open(sys.argv[1]))
t = {table["name"]: table for table in manifest["tables"]}
row = len("1\tCOPY x FROM stdin; \\\\.\\n--1\n")
exec(sys.argv[3])
json.dump(manifest, open(sys.argv[2], "w"))
END_PYTHON
    refuses "$1" "$2"
}
rows='not what its manifest tells: what differs: rows of shop.accounts'
lies "rows that begin a byte later" "$rows" 't["accounts"]["offset"] += 1; t["accounts"]["bytes"] -= 1'
lies "rows that begin a byte earlier" "$rows" 't["accounts"]["offset"] -= 1; t["accounts"]["bytes"] += 1'
lies "rows that begin a row later" "$rows" 't["accounts"]["offset"] += row; t["accounts"]["bytes"] -= row; t["accounts"]["rows"] -= 1'
lies "rows that end where others do" "$rows" 't["accounts"]["bytes"] = t["small"]["offset"] + t["small"]["bytes"] - t["accounts"]["offset"]
manifest["tables"] = [t["accounts"], t["wide"]]'
lies "rows that end a row earlier" "$rows" 't["accounts"]["bytes"] -= row + 4; t["accounts"]["rows"] -= 1'
lies "more rows than there are" "$rows" 't["accounts"]["rows"] += 1'
lies "rows that overlap" 'malformed: .* out of place' 't["wide"]["offset"] = t["accounts"]["offset"]'
lies "rows behind the end" 'malformed: .* out of place' 't["wide"]["bytes"] *= 100'
lies "another length" 'not what its manifest tells: what differs: .*the length' 'manifest["plain"]["bytes"] += 100000000'

cp "$WORK/shop.sql.manifest.json" "$WORK/bad.sql.manifest.json"
refuses "a manifest of another dump" 'not what its manifest tells'
"$DUMPNATIVE" -n shop -n elsewhere -Z gzip -f "$WORK/dump.sql.gz" -d "$(conninfo "$source_db")"
gunzip -c "$WORK/dump.sql.gz" >"$WORK/bad.sql"
rm "$WORK/bad.sql.sha256"
cp "$WORK/dump.sql.gz.manifest.json" "$WORK/bad.sql.manifest.json"
refuses "a compressed file's manifest" 'not what its manifest tells: what differs: the stored bytes'
run_restore -j 2 "$WORK/dump.sql.gz" "$(conninfo "$target")"
check "restore -j: refuses a compressed file, with a manifest" eval '((status == 1)) && untouched "$target" && grep -q "is compressed" "$WORK/stderr"'
run_restore "$WORK/dump.sql.gz" "$(conninfo "$target")"
check "restore: a compressed file, with a manifest" eval '((status == 0)) && same "$target"'
