#!/bin/bash
# Checks what `dumpnative restore` looks for beforehand: all problems at once, before anything is changed; --dry-run does no more.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh


cat >"$WORK/dump.sql" <<'END'
-- Dumped from database version 99.1
SET client_encoding = 'UTF8';
CREATE SCHEMA shop;
ALTER SCHEMA shop OWNER TO "Missing One";
CREATE SCHEMA IF NOT EXISTS taken;
CREATE EXTENSION IF NOT EXISTS no_such_extension WITH SCHEMA shop;
CREATE TYPE taken.mood AS ENUM ('good');
SET default_tablespace = no_such_space;
CREATE TABLE taken.orders (tablespace text COLLATE pg_catalog."xx_XX", grant_to text);
CREATE TABLE shop.orders (a int);
COPY shop.orders (a) FROM stdin;
1
\.
CREATE POLICY p ON shop.orders TO missing_two, PUBLIC;
GRANT SELECT ON TABLE shop.orders TO missing_three WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE missing_four GRANT ALL ON TABLES TO CURRENT_USER;
COMMENT ON TABLE shop.orders IS 'OWNER TO nobody_at_all';
--
-- PostgreSQL database dump complete
--
END
db=$(new_db "")
sql "$db" -c 'CREATE SCHEMA taken' -c 'CREATE TABLE taken.orders (a int)' -c "CREATE TYPE taken.mood AS ENUM ('bad')"
before=$(sql "$db" -At -c "SELECT count(*) FROM pg_class WHERE oid >= 16384")
for options in "" "-j 2" "--dry-run" "--no-transaction"; do
    read -r -a words <<<"$options"
    run_restore "${words[@]}" "$WORK/dump.sql" "$(conninfo "$db")"
    check "restore check: fails, and nothing is changed [$options]" eval '((status == 1)) && untouched "$db" "$before" && grep -q "9 things are in the way" "$WORK/stderr"'
    for words in 'role "Missing One" is not there' 'role "missing_two" is not there' 'role "missing_three" is not there' \
        'role "missing_four" is not there' 'extension "no_such_extension" is not installed' 'tablespace "no_such_space" is not there' \
        'collation "pg_catalog"."xx_XX"' 'relation "taken"."orders" is there already' 'type "taken"."mood" is there already' \
        'the dump is of PostgreSQL 99'; do
        [[ -z $options ]] || break
        check "restore check: $words" grep -qF "$words" "$WORK/stderr"
    done
    check "restore check: no more than that [$options]" eval '[[ $(grep -c warning: "$WORK/stderr") == 10 ]]'
done
run_restore --no-transaction --on-error=continue "$WORK/dump.sql" "$(conninfo "$db")"
check "restore check: only warnings, to go on" eval '((status == 1)) && [[ $(sql "$db" -At -c "SELECT count(*) FROM shop.orders") == 1 ]]'

cat >"$WORK/good.sql" <<'END'
CREATE TABLE public.a (a int);
COPY public.a (a) FROM stdin;
1
\.
--
-- PostgreSQL database dump complete
--
END
db=$(new_db "")
for options in --dry-run "--dry-run -j 2"; do
    read -r -a words <<<"$options"
    run_restore "${words[@]}" "$WORK/good.sql" "$(conninfo "$db")"
    check "restore check: $options changes nothing" eval '((status == 0)) && untouched "$db" 0 && grep -q "nothing is in the way" "$WORK/stderr" && grep -q "2 statements, rows of 1 tables" "$WORK/stderr"'
done
run_restore "$WORK/good.sql" "$(conninfo "$db")"
check "restore check: it was so" eval '((status == 0))'
run_restore --dry-run "$WORK/good.sql" "$(conninfo "$db")"
check "restore check: what is in the way a second time" eval '((status == 1)) && grep -qF "relation \"public\".\"a\" is there already" "$WORK/stderr" && grep -q "hint: .*restore --clean" "$WORK/stderr"'
{ echo 'DROP TABLE public.a;'; cat "$WORK/good.sql"; } >"$WORK/clean.sql"
run_restore "$WORK/clean.sql" "$(conninfo "$db")"
check "restore check: what the dump drops is not" eval '((status == 0))'

# ---- Owners and privileges ------------------------------------------------------------

role="dumpnative_test_$$ role"
drop_role() {
    drop_dbs
    sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE IF EXISTS \"$role\"" </dev/null
}
trap drop_role EXIT
sql "${MAINTENANCE_DB:-postgres}" -c "CREATE ROLE \"$role\""
cat >"$WORK/owned.sql" <<'END'
CREATE TABLE public.a (a int);
ALTER TABLE public.a OWNER TO missing_one;
SET SESSION AUTHORIZATION 'missing_one';
GRANT SELECT ON TABLE public.a TO missing_one, PUBLIC;
RESET SESSION AUTHORIZATION;
--
-- PostgreSQL database dump complete
--
END
facts() { sql "$1" -At -c "SELECT pg_get_userbyid(relowner), relacl FROM pg_class WHERE relname = 'a'"; }
for jobs in 1 2; do
    db=$(new_db "")
    run_restore -j "$jobs" "$WORK/owned.sql" "$(conninfo "$db")"
    check "restore: a role that is missing, -j $jobs" eval '((status == 1)) && grep -qF "role \"missing_one\" is not there" "$WORK/stderr"'
    run_restore -j "$jobs" --no-owner --no-acl "$WORK/owned.sql" "$(conninfo "$db")"
    check "restore: --no-owner --no-acl, -j $jobs" eval '((status == 0)) && [[ $(facts "$db") == *"|" && $(facts "$db") != *missing* ]]'
    db=$(new_db "")
    run_restore -j "$jobs" --role-map "missing_one=$role" "$WORK/owned.sql" "$(conninfo "$db")"
    check "restore: --role-map, -j $jobs" eval '((status == 0)) && [[ $(facts "$db") == "$role|{"*"=r/"* ]]'
done

sql "${MAINTENANCE_DB:-postgres}" -c "ALTER ROLE \"$role\" LOGIN"
sed "s/missing_one/$(sql postgres -At -c 'SELECT quote_ident(current_user)')/; /AUTHORIZATION/d; /^GRANT/d" "$WORK/owned.sql" >"$WORK/given.sql"
db=$(new_db "")
sql postgres -c "ALTER DATABASE $db OWNER TO \"$role\""
run_restore "$WORK/given.sql" "$(conninfo "$db") user='$role'"
check "restore: who can't give tables to their owner is told of --no-owner" eval '((status == 1)) && grep -q "hint: .*--no-owner" "$WORK/stderr" && [[ -z $(facts "$db") ]]'
run_restore --no-owner "$WORK/given.sql" "$(conninfo "$db") user='$role'"
check "restore: and can do without" eval '((status == 0)) && [[ $(facts "$db") == "$role|" ]]'
run_restore --role-map nonsense "$WORK/owned.sql" "$(conninfo "$db")"
check "restore: --role-map has two sides" eval '((status == 2)) && grep -q "OLD=NEW" "$WORK/stderr"'

# ---- What no restore takes ----------------------------------------------------------

# refused NAME WORDS LINE...: behind a statement that would be run first, where nothing is in a transaction, too.
refused() {
    local name=$1 said=$2 options db words
    shift 2
    { echo 'CREATE TABLE public.first (a int);' && printf '%s\n' "$@" -- '-- PostgreSQL database dump complete' --; } >"$WORK/bad.sql"
    db=$(new_db "")
    for options in --no-transaction "--no-transaction --on-error=continue" "-j 2" --dry-run "--dry-run -j 2"; do
        read -r -a words <<<"$options"
        run_restore "${words[@]}" "$WORK/bad.sql" "$(conninfo "$db")"
        check "restore check: $name beforehand [$options]" eval '((status == 1)) && grep -qF -- "$said" "$WORK/stderr" && untouched "$db"'
    done
}
refused "a meta-command" "line 2: psql's meta-command \\echo is refused" '\echo 1'
refused "a command that is followed by rows" "line 2: psql's meta-command \\copy is refused" '\copy first from stdin' 1 '\.'
refused "a \\restrict without its end" "a \\restrict without its \\unrestrict" '\restrict a'
refused "another key" "line 3: psql's meta-command \\unrestrict does not fit" '\restrict a' '\unrestrict b'
refused "\\connect" "line 2: psql's meta-command \\connect is refused" '\connect postgres'
refused "CREATE DATABASE" "line 2: the dump makes a database of its own" 'CREATE DATABASE sneaked;'
