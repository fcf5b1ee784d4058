#!/usr/bin/env bash
# Each extension that the server ships: created, its members used, dumped, restored, compared; in public, and the whole
# database in pg_dump's place. Then once more without the extensions: their members as objects of the user's own.
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

mkdir -p "$WORK/bin"
ln -sf "$DUMPNATIVE" "$WORK/bin/pg_dump"
oracle=$(oracle_for "$MAJOR") || exit 1
key=(--restrict-key=x)
! "$oracle" --restrict-key= 2>&1 | grep -q 'unrecognized option' || key=()

# same A B: equal but for who dumped.
same() { diff -u <(grep -v '^-- Dumped by ' "$1") <(grep -v '^-- Dumped by ' "$2"); }
same_but_known() { diff -u <(sed -E -f tests/lib/known_differences.sed "$1") <(sed -E -f tests/lib/known_differences.sed "$2"); }

# All rows of the user's tables, by table.
rows() {
    sql "$1" -At <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s t', c.oid::regclass, c.oid::regclass)
FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't'
    AND c.relnamespace <> 'pg_toast'::regnamespace ORDER BY c.oid::regclass::text COLLATE "C" \gexec
SQL
}
same_rows() { diff <(rows "$1") <(rows "$2"); }
restore() { sql "$1" -o /dev/null --single-transaction -f "$2"; }

# compare WHAT DATABASE: both faces' dumps with pg_dump's, and what comes of them with the source.
compare() {
    local what=$1 database=$2 target options face program
    for face in public whole; do
        [[ $face == public ]] && options=(-n public) || options=()
        target=$(new_db "")
        "$oracle" "${key[@]}" "${options[@]}" -f "$WORK/$what.$face.expected.sql" -d "$(conninfo "$database")"
        [[ $face == public ]] && program=("$DUMPNATIVE") || program=("$WORK/bin/pg_dump" "${key[@]}")
        check "extensions: $what, $face: dumped" "${program[@]}" -f "$WORK/$what.$face.sql" -d "$(conninfo "$database")"
        if oracle_exact "$MAJOR"; then
            if [[ $face == whole ]]; then
                check "extensions: $what, whole: text" same "$WORK/$what.whole.expected.sql" "$WORK/$what.whole.sql"
            else
                check "extensions: $what, public: text" same_but_known "$WORK/$what.public.expected.sql" "$WORK/$what.public.sql"
            fi
        fi
        check "extensions: $what, $face: restored" restore "$target" "$WORK/$what.$face.sql"
        "$oracle" "${key[@]}" "${options[@]}" -f "$WORK/$what.$face.restored.sql" -d "$(conninfo "$target")"
        check "extensions: $what, $face: restored the same" same "$WORK/$what.$face.expected.sql" "$WORK/$what.$face.restored.sql"
        check "extensions: $what, $face: the same rows" same_rows "$database" "$target"
    done
}

# Names of extensions that came with other packages than the server's own, or from another test.
of_others() {
    dpkg -S "/usr/share/postgresql/$MAJOR/extension/*.control" 2>/dev/null |
        sed -nE '/^postgresql(-pl[a-z0-9]+)?-[0-9]+:/!s|.*/(.*)\.control$|\1|p' | tr '\n' ' '
    echo -n dn_config_test
}

source=$(new_db "") || exit 1
if ! sql "$source" -At -v verbose=1 -v except="$(of_others)" -f tests/integration/extensions/use.sql >"$WORK/used" 2>"$WORK/used.err"; then
    not_ok "extensions: used" "$(tail -n 5 "$WORK/used.err")"
    exit 0
fi
while IFS='|' read -r name what detail; do
    case $what in
    created) ok "extensions: $name, $detail" ;;
    skipped) skip "extensions: $name" "$detail" ;;
    esac
done <"$WORK/used"
compare members "$source"

sql "$source" -o /dev/null -f tests/integration/extensions/unpack.sql
compare unpacked "$source"
