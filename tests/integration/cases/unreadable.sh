#!/bin/bash
# What a role can't read is named before the first row is read, all at once; --skip-unreadable leaves it out, by name.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

role=dumpnative_test_$$
cleanup() {
    drop_dbs
    sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE IF EXISTS $role"
}
trap cleanup EXIT
db=$(new_db "")
sql "$db" -o /dev/null -v role="$role" <<'SQL'
CREATE ROLE :role;
CREATE TABLE open (id int);
INSERT INTO open VALUES (1);
CREATE TABLE secret (id int);
INSERT INTO secret VALUES (2);
CREATE TABLE hidden (id int);
INSERT INTO hidden VALUES (3), (4);
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON hidden USING (id > 3);
CREATE SEQUENCE counter;
CREATE SCHEMA closed;
CREATE TABLE closed.inside (id int);
CREATE TABLE parent (id int) PARTITION BY LIST (id);
CREATE TABLE part PARTITION OF parent FOR VALUES IN (1);
INSERT INTO parent VALUES (1);
CREATE VIEW sight AS SELECT * FROM secret;
GRANT SELECT ON open, hidden, parent TO :role;
GRANT SELECT ON closed.inside TO :role;
SELECT lo_from_bytea(1001, 'a'), lo_from_bytea(1002, 'b'), lo_from_bytea(1003, 'c');
GRANT SELECT ON LARGE OBJECT 1002 TO :role;
SQL

# refused OPTION...: the dump fails, and leaves no file.
refused() {
    rm -f "$WORK"/out.sql*
    run_dump -f "$WORK/out.sql" --role="$role" "$@" -d "$(conninfo "$db")"
    ((status == 1)) && [[ ! -e $WORK/out.sql ]]
}
dumped() {
    rm -f "$WORK"/out.sql*
    run_dump -f "$WORK/out.sql" --role="$role" "$@" -d "$(conninfo "$db")"
}
told() { grep -qF -- "$1" "$WORK/stderr"; }

check "unreadable: refused" refused -b -n public -n closed
check "unreadable: a table" told 'warning: table "public.secret" can'"'"'t be read: no SELECT privilege'
check "unreadable: a partition" told 'warning: table "public.part" can'"'"'t be read: no SELECT privilege'
check "unreadable: a sequence" told 'warning: sequence "public.counter" can'"'"'t be read: no SELECT privilege'
check "unreadable: a schema" told 'warning: table "closed.inside" can'"'"'t be read: no USAGE on schema "closed"'
check "unreadable: hidden rows" told 'warning: table "public.hidden" can'"'"'t be read: row-level security hides rows'
check "unreadable: large objects" test "$(grep -c 'warning: large object 100[13].* can'"'"'t be read: no SELECT privilege' "$WORK/stderr")" -gt 0
check "unreadable: nothing else" test "$(grep -c "can't be read" "$WORK/stderr")" -le 8
check "unreadable: the remedy" told --skip-unreadable
check "unreadable: one alone is the error" refused -t secret
check "unreadable: one alone, named" told 'error: table "public.secret" can'"'"'t be read: no SELECT privilege'
check "unreadable: what is left out by name is no matter" refused -T secret
check "unreadable: it isn't told of" test "$(grep -c 'secret" can' "$WORK/stderr")" = 0
check "unreadable: definitions alone need a lock" refused -s -n closed
dumped -t open
check "unreadable: an open table" test "$status" = 0
dumped --enable-row-security -t hidden
check "unreadable: rows that a policy shows" test "$status/$(grep -cx '[34]' "$WORK/out.sql")" = 0/1

dumped --skip-unreadable -b -n public -n closed
check "unreadable: skipped" test "$status" = 3
check "unreadable: skipped: rows" told 'left out: rows of table "public.secret": no SELECT privilege'
check "unreadable: skipped: hidden ones" told 'left out: rows of table "public.hidden": row-level security hides rows'
check "unreadable: skipped: value" told 'left out: value of sequence "public.counter": no SELECT privilege'
check "unreadable: skipped: large objects" test "$(grep -c 'left out: large object 100[13]' "$WORK/stderr")" -gt 0
check "unreadable: skipped: what can be read is there" test "$(grep -c '^COPY public.open' "$WORK/out.sql")" = 1
check "unreadable: skipped: not the rest" test "$(grep -cE '^COPY |setval' "$WORK/out.sql")" = 1
check "unreadable: skipped: their definitions are" test "$(grep -cE '^CREATE (TABLE|SEQUENCE|VIEW) ' "$WORK/out.sql")" = 8
check "unreadable: skipped: the large object that can be read" test "$(grep -c "lowrite(0, '.x62')" "$WORK/out.sql")" = 1
check "unreadable: skipped: the others' bytes aren't there" test "$(grep -c "lowrite(" "$WORK/out.sql")" = 1
restored=$(new_db "")
check "unreadable: skipped: restored" sql "$restored" -o /dev/null --single-transaction -f "$WORK/out.sql"
dumped --skip-unreadable -s -n public -n closed
check "unreadable: skipped: definitions alone miss nothing" test "$status" = 0
run_dump --skip-unreadable -f "$WORK/out.sql" -d "$(conninfo "$db")"
check "unreadable: for a superuser nothing is" test "$status" = 0

# ---- An extension that has lost its files ----------------------------------------------------------

# Made by hand, as DROP and files that go are no test's business: no server has files of that name.
sql "$db" -o /dev/null <<'SQL'
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER away FOREIGN DATA WRAPPER far;
CREATE FOREIGN TABLE there (id int) SERVER away;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT 99999, 'lost_and_gone', 10, 'public'::regnamespace, true, '1';
INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'pg_extension'::regclass, 99999, 0, 'e'
    FROM pg_foreign_data_wrapper WHERE fdwname = 'far';
SQL
run_dump -f "$WORK/out.sql" -d "$(conninfo "$db")"
check "unreadable: an extension without files: dumped" test "$status" = 0
check "unreadable: an extension without files: told" told 'warning: the server lacks the files of extension "lost_and_gone"'
run_dump -f "$WORK/out.sql" --include-foreign-data=away -d "$(conninfo "$db")"
check "unreadable: its foreign tables: refused" test "$status" = 1
check "unreadable: its foreign tables: named" \
    told 'error: table "public.there" can'"'"'t be read: the server lacks the files of extension "lost_and_gone"'
run_dump -f "$WORK/out.sql" --include-foreign-data=away --skip-unreadable -d "$(conninfo "$db")"
check "unreadable: its foreign tables: skipped" test "$status" = 3

# ---- Catalogs of which single columns are granted --------------------------------------------------

# Where functions' bodies are hidden, say: what isn't a column, such as xmax, is then out of reach.
closed=$(new_db "")
sql "$closed" -o /dev/null -v role="$role" <<'SQL'
CREATE TABLE t AS SELECT 1 AS id;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT SELECT ON t TO :role;
SELECT format('REVOKE SELECT ON pg_catalog.%I FROM PUBLIC', relname),
    format('GRANT SELECT (%s) ON pg_catalog.%I TO PUBLIC', string_agg(format('%I', attname), ', '), relname)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'pg_catalog'::regnamespace AND (attnum > 0 OR attname = 'tableoid') AND NOT attisdropped
    AND relname IN ('pg_class', 'pg_attribute', 'pg_proc', 'pg_type', 'pg_trigger', 'pg_collation')
GROUP BY relname
\gexec
SQL
run_dump -f "$WORK/out.sql" --role="$role" -d "$(conninfo "$closed")"
check "unreadable: catalogs by the column: dumped" test "$status" = 0
check "unreadable: catalogs by the column: a function" grep -q 'CREATE FUNCTION public.f()' "$WORK/out.sql"
