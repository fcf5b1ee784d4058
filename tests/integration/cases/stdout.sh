#!/bin/bash
# Checks what goes where: SQL alone to standard output, messages alone to standard error; their JSON; the exit status.
# shellcheck disable=SC2016 # conditions for eval
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
database=$(conninfo "$db")
sql "$db" <<'SQL'
CREATE TABLE a (id int PRIMARY KEY, t text);
INSERT INTO a SELECT n, 'row ' || n FROM generate_series(1, 1000) n;
CREATE TABLE "odd ""name"" \ é" (n int);
INSERT INTO "odd ""name"" \ é" VALUES (1), (2);
CREATE TABLE empty ();
CREATE VIEW v AS SELECT * FROM a;
ANALYZE;
SQL

# exits STATUS NAME ARGUMENT...
exits() {
    local wanted=$1 name="exit status $1: $2"
    shift 2
    run_dump "$@"
    check "$name" test "$status" -eq "$wanted"
}
same() { cmp "$WORK/stdout" "$WORK/file.sql"; }
silent() { [[ ! -s $WORK/$1 ]]; }

# ---- What goes where ------------------------------------------------------------------------

exits 0 "to a file" -f "$WORK/file.sql" -d "$database"
check "a dump to a file says nothing" eval 'silent stdout && silent stderr'
check "the file is for its owner only" test "$(stat -c %a "$WORK/file.sql")" = 600
exits 0 "to standard output" -d "$database"
check "standard output gets the file's bytes" same
check "a dump to standard output says nothing" silent stderr
exits 0 "verbose" -v -d "$database"
check "-v leaves standard output as it is" same
check "-v tells the steps" eval 'grep -q "locking the tables" "$WORK/stderr" && grep -q "table 1 of 3, public.a: 1,000 rows" "$WORK/stderr"'
check "-v names itself in each line" eval '! grep -v "^dumpnative: " "$WORK/stderr"'
exits 0 "with progress" --progress=always -d "$database"
check "--progress=always leaves standard output as it is" same
check "--progress=always ends with a summary" eval "grep -q 'rows in 3 tables.*sha256 $(sha256sum <"$WORK/file.sql" | cut -d ' ' -f 1)' '$WORK/stderr'"
exits 0 "never with progress" --progress=never -d "$database"
check "--progress=never says nothing" eval 'same && silent stderr'
exits 0 "to /dev/stdout" -f /dev/stdout -d "$database"
check "-f /dev/stdout is standard output" same
check "a fifo gets the bytes, and no digest" eval 'mkfifo "$WORK/fifo"; cat "$WORK/fifo" >"$WORK/stdout" & "$DUMPNATIVE" -f "$WORK/fifo" -d "$database" && wait $! && same && [[ -p $WORK/fifo && ! -e $WORK/fifo.sha256 ]]'
check "standard input is left alone" test "$(printf 'one\ntwo\n' | { "$DUMPNATIVE" -d "$database" >/dev/null; cat; } | wc -l)" -eq 2

# ---- JSON -----------------------------------------------------------------------------------

# The server's own parser reads the lines, and one that is no JSON object ends it.
json() {
    "$PSQL" -X -q -At -v ON_ERROR_STOP=1 -d "$database" <<-SQL
	CREATE TEMP TABLE line (n serial, j json);
	\\copy line (j) FROM PROGRAM 'sed ''s/\\\\/\\\\\\\\/g'' "$WORK/stderr"'
	$1
	SQL
}
# told NAME SQL: the query over the lines (number n, object j) gives t.
told() {
    check "$1" test "$(json "$2" 2>&1)" = t
}

exits 0 "JSON" --log-format=json -v -f "$WORK/json.sql" -d "$database"
digest=$(sha256sum <"$WORK/json.sql" | cut -d ' ' -f 1)
check "--log-format=json leaves the file as it is" cmp "$WORK/json.sql" "$WORK/file.sql"
told "each line is one object with an event" "SELECT count(*) > 5 AND bool_and(json_typeof(j) = 'object' AND j->>'event' <> '')
    AND count(*) = $(wc -l <"$WORK/stderr") FROM line;"
told "start tells the database, its server and what is to do" "SELECT count(*) = 1 AND bool_and(j->>'database' = '$db'
    AND current_setting('server_version') LIKE (j->>'server_version') || '%' AND (j->>'tables')::int = 3
    AND (j->>'total_rows')::int = 1002) FROM line WHERE j->>'event' = 'start';"
told "each table is told, in the file's order" "SELECT array_agg(concat_ws('|', j->>'object', j->>'table', j->>'tables', j->>'rows') ORDER BY n)
    = ARRAY['public.a|1|3|1000', 'public.empty|2|3|0', 'public.\"odd \"\"name\"\" \\ é\"|3|3|2'] FROM line WHERE j->>'event' = 'table';"
told "finished is last, with bytes, seconds and digest" "SELECT j->>'event' = 'finished' AND j->>'sha256' = '$digest'
    AND (j->>'bytes')::int = $(stat -c %s "$WORK/json.sql") AND (j->>'rows')::int = 1002 AND (j->>'tables')::int = 3
    AND (j->>'seconds')::float BETWEEN 0 AND 60 AND j->>'file' = '$WORK/json.sql' FROM line ORDER BY n DESC LIMIT 1;"
check "the digest beside the file is the same" grep -qx "$digest  json.sql" "$WORK/json.sql.sha256"

exits 0 "JSON beside standard output" --log-format=json --progress=always -d "$database"
told "the digest of standard output is told" "SELECT j->>'sha256' = '$(sha256sum <"$WORK/stdout" | cut -d ' ' -f 1)'
    AND j->>'file' IS NULL FROM line WHERE j->>'event' = 'finished';"
exits 1 "JSON of an error" --log-format=json -t 'no\such "table"' -d "$database"
told "an error is one object, with message and hint" "SELECT count(*) = 1 AND bool_and(j->>'event' = 'error'
    AND strpos(j->>'message', 'no\\such \"table\"') > 0 AND j->>'hint' <> '') FROM line;"
exits 2 "JSON of a wrong option" --log-format=json --no-such-option
told "a wrong option is told as an object" "SELECT count(*) = 1 AND bool_and(j->>'event' = 'error') FROM line;"

# ---- The exit status --------------------------------------------------------------------------

exits 1 "no such database" -f "$WORK/no.sql" -d "$(conninfo no_such_database)"
exits 1 "no such table" -f "$WORK/no.sql" -t no_such_table -d "$database"
exits 1 "no such schema" -f "$WORK/no.sql" -n no_such_schema -d "$database"
exits 1 "no such folder" -f "$WORK/no/no.sql" -d "$database"
exits 2 "unknown option" --no-such-option
check "a wrong option points to the help" grep -q -- '--help' "$WORK/stderr"
exits 2 "an option without its value" -f
exits 2 "too many arguments" "$db" "$db" "$db"
exits 2 "options that exclude each other" -a -s -d "$database"
exits 2 "a wrong choice" --section=middle -d "$database"
exits 2 "an option that needs another" --if-exists -d "$database"
exits 0 "--help" --help
check "--help goes to standard output" eval '! silent stdout && silent stderr'
exits 0 "-?" '-?'
exits 0 "--version" --version
check "--version names the program" grep -qE '^dumpnative [0-9]+\.[0-9]+\.[0-9]+$' "$WORK/stdout"
exits 0 "-V" -V
check "a failed dump wrote no file" eval '! compgen -G "$WORK/no.sql*"'

# Default privileges for a type of objects that no release knows, as a newer server might have it.
if ! sql "$db" -c "SET allow_system_table_mods = on" -c "INSERT INTO pg_default_acl SELECT 123456, 'postgres'::regrole,
    'public'::regnamespace, 'z', '{postgres=r/postgres}'" >"$WORK/unknown.log" 2>&1; then
    skip "exit status 3" "the server's catalogs can't be written to: $(head -n 1 "$WORK/unknown.log")"
    exit 0
fi
exits 3 "something is left out" -f "$WORK/file.sql" -d "$database"
check "what is left out is named" grep -q 'left out: the unknown value "z" in pg_default_acl.defaclobjtype of ' "$WORK/stderr"
check "the dump is there all the same" "$DUMPNATIVE" verify "$WORK/file.sql"
exits 3 "something is left out, as JSON" --log-format=json -f "$WORK/json.sql" -d "$database"
told "what is left out is an event, and counted" "SELECT bool_or(j->>'event' = 'omission' AND j->>'text' LIKE '%unknown value%')
    AND bool_or(j->>'event' = 'finished' AND (j->>'omissions')::int = 1) FROM line;"
