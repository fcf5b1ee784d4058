#!/bin/bash
# Checks that `dumpnative restore` finds cut files, swapped blocks and flipped bits before it changes anything: by digest or manifest,
# and as far as it shows without them; and text that the database's encoding can't hold.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_damage "no pg_dump $MAJOR to make the other dump"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

source_db=$(new_db "")
sql "$source_db" <<'END_SQL'
CREATE TABLE orders (id int PRIMARY KEY, name text, price numeric, at date);
INSERT INTO orders SELECT n, 'größe ' || n, n * 1.5, '2020-01-01'::date + n FROM generate_series(1, 3000) n;
CREATE TABLE lines (id int, words text);
INSERT INTO lines SELECT n, repeat(chr(97 + n % 26), n % 90) FROM generate_series(1, 3000) n;
CREATE INDEX ON lines (id);
END_SQL
"$DUMPNATIVE" -f "$WORK/ours.sql" -d "$(conninfo "$source_db")"
"$pg_dump" -f "$WORK/theirs.sql" "$(conninfo "$source_db")"
target=$(new_db "")

# Without a transaction: what is changed before the damage is found would stay.
finds() {
    local name=$1 words=$2 options=$3 given
    read -r -a given <<<"$options"
    run_restore "${given[@]}" "$WORK/bad.sql" "$(conninfo "$target")"
    if ((status != 1)) || ! grep -qE -- "$words" "$WORK/stderr" || ! untouched "$target"; then
        not_ok "$name" "status $status"$'\n'"$(cat "$WORK/stderr")"
        exit 0
    fi
}

# damage HOW SEED FILE: spoils $WORK/bad.sql, a copy of FILE, at a place that follows from the seed.
damage() {
    cp "$WORK/$3" "$WORK/bad.sql"
    python3 - "$1" "$2" "$WORK/bad.sql" <<'END_PYTHON'
import random, sys
how, seed, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
chance = random.Random(seed)
text = bytearray(open(path, 'rb').read())
if how == 'cut':
    del text[chance.randrange(1, len(text) - 40):]
elif how == 'swap':
    a, b = sorted(chance.sample(range(len(text) // 4096), 2))
    text[a * 4096:a * 4096 + 4096], text[b * 4096:b * 4096 + 4096] = text[b * 4096:b * 4096 + 4096], text[a * 4096:a * 4096 + 4096]
else:
    text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
open(path, 'wb').write(text)
END_PYTHON
}

for proof in digest manifest both; do
    rm -f "$WORK"/bad.sql*
    cp "$WORK/ours.sql.sha256" "$WORK/bad.sql.sha256"
    cp "$WORK/ours.sql.manifest.json" "$WORK/bad.sql.manifest.json"
    [[ $proof != digest ]] || rm "$WORK/bad.sql.manifest.json"
    [[ $proof != manifest ]] || rm "$WORK/bad.sql.sha256"
    for how in cut swap flip; do
        for seed in 1 2 3 4 5 6; do
            damage "$how" "$seed" ours.sql
            finds "restore: $how by $proof, seed $seed" 'truncated|was changed|not what its manifest' "$( ((seed % 2)) && echo --no-transaction || echo -j 2)"
        done
        ok "restore: finds a file that was damaged ($how), by $proof"
    done
done

# ---- Without both -----------------------------------------------------------------------

rm -f "$WORK"/bad.sql*
for ((seed = 1; seed <= 20; seed++)); do
    damage cut "$seed" theirs.sql
    finds "restore: a cut file without digest, seed $seed" 'truncated|in the middle' "$( ((seed % 2)) && echo --no-transaction || echo -j 2)"
done
ok "restore: finds a cut file without digest"
damage_here() { python3 -c 'import sys
text = open(sys.argv[1], "rb").read()
old, new = sys.argv[2].encode().decode("unicode_escape").encode("latin1"), sys.argv[3].encode().decode("unicode_escape").encode("latin1")
assert old in text
open(sys.argv[4], "wb").write(text.replace(old, new, 1))' "$WORK/theirs.sql" "$1" "$2" "$WORK/bad.sql"; }
line=$(grep -n '^2000	gr' "$WORK/theirs.sql" | cut -d: -f1)
for options in --no-transaction "-j 2" --dry-run; do
    damage_here '\n2000\tgr' '\n2000\x08gr'
    finds "restore: a tab that is none" "line $line of the dump: the row has 3 values, and its COPY has 4 columns" "$options"
    damage_here '2000\tgr\xc3' '2000\tgr\x43'
    finds "restore: half a character" "line $line of the dump is no text in UTF-8" "$options"
    damage_here '\n2000\tgr' '\n2000\tg\xf2'
    finds "restore: a byte that is no text" "line $line of the dump is no text in UTF-8" "$options"
    # blocks of rows that are not cut between rows
    python3 - "$WORK/theirs.sql" "$WORK/bad.sql" <<'END_PYTHON'
import sys
text = open(sys.argv[1], 'rb').read()
a, b = text.index(b'\n100\tgr') + 3, text.index(b'\n2100\tgr') + 9
open(sys.argv[2], 'wb').write(text[:a] + text[b:b + 512] + text[a + 512:b] + text[a:a + 512] + text[b + 512:])
END_PYTHON
    finds "restore: swapped blocks" "the row has .* values, and its COPY has 4 columns" "$options"
done
ok "restore: finds damage that shows in rows without digest"
cp "$WORK/theirs.sql" "$WORK/bad.sql"
run_restore "$WORK/bad.sql" "$(conninfo "$target")"
check "restore: what is not damaged is fine" eval '((status == 0)) && [[ $(sql "$target" -At -c "SELECT count(*) FROM orders") == 3000 ]]'

# ---- Encodings ---------------------------------------------------------------------------

latin1() { new_db "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"; }
target=$(latin1)
run_restore "$WORK/theirs.sql" "$(conninfo "$target")"
check "restore: into another encoding that has all characters" eval '((status == 0)) && [[ $(sql "$target" -At -c "SELECT octet_length(name) FROM orders WHERE id = 1") == 7 ]]'
target=$(latin1)
sed 's/^2000	gr/2000	€ 漢 gr/' "$WORK/theirs.sql" >"$WORK/bad.sql"
for options in --no-transaction "-j 2" --dry-run; do
    finds "restore: characters that the encoding lacks" 'has the character "€"' "$options"
    check "restore: each of them [$options]" grep -q 'has the character "漢"' "$WORK/stderr"
done
sed "s/^SET client_encoding = .*/SET client_encoding = 'KOI8R';/" "$WORK/theirs.sql" >"$WORK/bad.sql"
finds "restore: an encoding without a conversion" 'encoding "KOI8R" can.t be converted to the database.s, "LATIN1"' --no-transaction
sed "s/^SET client_encoding = .*/SET client_encoding = 'KLINGON';/" "$WORK/theirs.sql" >"$WORK/bad.sql"
finds "restore: an encoding that nobody knows" 'does not know the dump.s encoding "KLINGON"' -j\ 2
ok "restore: encodings are compared beforehand"
"$pg_dump" -E LATIN1 -f "$WORK/latin1.sql" "$(conninfo "$source_db")"
target=$(new_db "")
run_restore "$WORK/latin1.sql" "$(conninfo "$target")"
check "restore: a dump in another encoding" eval '((status == 0)) && [[ $(sql "$target" -At -c "SELECT octet_length(name) FROM orders WHERE id = 1") == 9 ]]'
