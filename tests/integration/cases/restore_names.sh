#!/bin/bash
# Checks `restore` of dumps in another encoding than the target's: what is in the way, and what --clean drops, is found by names that
# aren't ASCII.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_names "no pg_dump $MAJOR to compare with"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")
sql_utf8() { PGCLIENTENCODING=UTF8 sql "$@"; }
source_db=$(new_db "")
sql_utf8 "$source_db" <<'END_SQL'
CREATE SCHEMA "größe";
CREATE TYPE "größe"."stück" AS ENUM ('ä', 'ö');
CREATE TABLE "größe"."straße" (id int PRIMARY KEY, "ärger" "größe"."stück" DEFAULT 'ä');
INSERT INTO "größe"."straße" VALUES (1, 'ö');
CREATE VIEW "größe"."übersicht" AS SELECT "ärger" FROM "größe"."straße";
END_SQL
for encoding in LATIN1 UTF8; do
    "$pg_dump" -E "$encoding" -f "$WORK/$encoding.sql" "$(conninfo "$source_db")"
done
whole "$source_db" -E UTF8 >"$WORK/source.sql"
same() { whole "$1" -E UTF8 | diff "$WORK/source.sql" -; }

for of in "" "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"; do
    for encoding in LATIN1 UTF8; do
        db=$(new_db "$of")
        target=${of:+LATIN1}
        target=${target:-UTF8}
        name="$encoding into $target"
        run_restore "$WORK/$encoding.sql" "$(conninfo "$db")"
        check "names: $name: restored" eval '((status == 0)) && same "$db"'
        run_restore "$WORK/$encoding.sql" "$(conninfo "$db")"
        check "names: $name: what is there is found" eval '((status == 1)) && grep -qF "4 things are in the way" "$WORK/stderr" && { [[ $target == LATIN1 ]] || grep -qF "relation \"größe\".\"straße\" is there already" "$WORK/stderr"; }'
        for how in -v "-j 2"; do
            sql_utf8 "$db" -c 'INSERT INTO "größe"."straße" VALUES (2)'
            # shellcheck disable=SC2086
            run_restore --clean $how "$WORK/$encoding.sql" "$(conninfo "$db")"
            check "names: $name: --clean $how drops it" eval '((status == 0)) && same "$db"'
        done
        sql_utf8 "$db" -c 'CREATE TABLE public.refers (a "größe"."stück")'
        run_restore --clean "$WORK/$encoding.sql" "$(conninfo "$db")"
        check "names: $name: --clean names what depends on it" eval '((status == 1)) && grep -q "refers" "$WORK/stderr"'
    done
done
