#!/bin/bash
# Checks `dumpnative restore --create`: dumps that make their database, from ours and from pg_dump, --clean too; a failure drops
# the new database again, and without --create nothing is made.
# shellcheck disable=SC2001,SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

oracle_exact "$MAJOR" || { skip restore_create "no pg_dump $MAJOR to make the other dumps"; exit 0; }
[[ $SERVER != postgres*://* ]] || { skip restore_create "a URL has another way to quote the names"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")
maintenance=${MAINTENANCE_DB:-postgres}

# Names that the dump has to quote, in SQL and behind \connect.
plain="dumpnative_test_$$_create"
odd="dumpnative_test_$$ O'D\"d\\b"
quoted=${odd//\"/\"\"}
drop_both() {
    sql "$maintenance" -c "DROP DATABASE IF EXISTS $plain" -c "DROP DATABASE IF EXISTS \"$quoted\"" </dev/null
    drop_dbs
}
trap drop_both EXIT

# run_sql DATABASE SQL: whatever the name.
run_sql() {
    local escaped
    escaped=$(sed "s/[\\\\']/\\\\&/g" <<<"$1")
    "$PSQL" -X -q -At -v ON_ERROR_STOP=1 -d "$SERVER dbname='$escaped'" -c "$2"
}
fill() {
    run_sql "$1" "CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 500) n;
        DO \$\$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem TO ''5MB''', current_database());
        EXECUTE format('COMMENT ON DATABASE %I IS ''mine''', current_database()); END \$\$;"
}
contents() {
    run_sql "$1" "SELECT count(*), sum(id), current_setting('work_mem'), (SELECT description
        FROM pg_shdescription d JOIN pg_database b ON b.oid = d.objoid AND b.datname = current_database()) FROM t"
}
exists() { [[ $(sql "$maintenance" -At -v name="$1" -f - <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'") == 1 ]]; }
missing() { ! exists "$1"; }
drop_named() { sql "$maintenance" -v name="$1" -f - <<<'DROP DATABASE :"name"'; }

for made in "$plain" "$odd"; do
    sql "$maintenance" -v name="$made" -f - <<<'CREATE DATABASE :"name" TEMPLATE template0'
    fill "$made"
    contents "$made" >"$WORK/expected"
    target="$SERVER dbname='$(sed "s/[\\\\']/\\\\&/g" <<<"$made")'"
    "$pg_dump" --create -f "$WORK/theirs.sql" "$target"
    "$pg_dump" --create --clean --if-exists -f "$WORK/clean.sql" "$target"
    "$DUMPNATIVE" --create -f "$WORK/ours.sql" -d "$target"
    "$DUMPNATIVE" --create -Z gzip -f "$WORK/ours.gz" -d "$target"
    drop_named "$made"
    same() { contents "$made" | diff "$WORK/expected" -; }
    for file in theirs.sql ours.sql ours.gz clean.sql; do
        run_restore --create "$WORK/$file" "$(conninfo "$maintenance")"
        check "restore --create: $file of $made" eval '((status == 0)) && same'
        [[ $file == clean.sql ]] || drop_named "$made"
    done
    run_sql "$made" 'DROP TABLE t'
    run_restore --create "$WORK/clean.sql" "$(conninfo "$maintenance")"
    check "restore --create: --clean over what is there, $made" eval '((status == 0)) && same'
    run_restore --create "$WORK/theirs.sql" "$(conninfo "$maintenance")"
    check "restore --create: keeps a database that is there, $made" eval '((status == 1)) && grep -q "is there already" "$WORK/stderr" && same'
    drop_named "$made"

    run_restore --create --no-transaction "$WORK/theirs.sql" "$(conninfo "$maintenance")"
    check "restore --create: without a transaction, $made" eval '((status == 0)) && same'
    drop_named "$made"
    run_restore "$WORK/theirs.sql" "$(conninfo "$maintenance")"
    check "restore: only --create makes $made" eval '((status == 1)) && grep -q -- "--create" "$WORK/stderr" && missing "$made"'

    sed 's/^7\trow 7$/x7\trow 7/' "$WORK/theirs.sql" >"$WORK/bad.sql"
    run_restore --create "$WORK/bad.sql" "$(conninfo "$maintenance")"
    check "restore --create: drops $made again when it fails" eval '((status == 1)) && grep -q "invalid input syntax" "$WORK/stderr" && missing "$made"'
    run_restore --create --no-transaction "$WORK/bad.sql" "$(conninfo "$maintenance")"
    check "restore --create: tells that $made stays" eval '((status == 1)) && grep -q "stays, with what was restored" "$WORK/stderr" && exists "$made"'
    sed 's/^7\trow 7$/x7\trow 7/' "$WORK/clean.sql" >"$WORK/bad.sql"
    run_restore --create "$WORK/bad.sql" "$(conninfo "$maintenance")"
    check "restore --create: tells that $made was dropped" eval '((status == 1)) && grep -q "was dropped before" "$WORK/stderr" && missing "$made"'
done

"$pg_dump" -f "$WORK/bad.sql" "$(conninfo "$maintenance")"
sed -i '0,/^SET/ s//CREATE TABLE public.sneaked (a int);\nSET/' "$WORK/bad.sql"
run_restore --create "$WORK/bad.sql" "$(conninfo "$maintenance")"
check "restore --create: refuses a dump that makes none" eval '((status == 1)) && grep -q "does not make its database" "$WORK/stderr"'
sed "s/^\\\\connect .*/\\\\connect $maintenance/" "$WORK/theirs.sql" >"$WORK/bad.sql"
run_restore --create "$WORK/bad.sql" "$(conninfo "$maintenance")"
check "restore --create: refuses to connect elsewhere" eval '((status == 1)) && grep -q "another database than the dump has made" "$WORK/stderr" && missing "$odd"'

# Two dumps in one file: known before the first database is made.
cat "$WORK/theirs.sql" "$WORK/theirs.sql" >"$WORK/bad.sql"
for options in "" --no-transaction "-j 2" --dry-run; do
    read -r -a given <<<"$options"
    run_restore --create "${given[@]}" "$WORK/bad.sql" "$(conninfo "$maintenance")"
    check "restore --create: refuses two dumps in one [$options]" eval '((status == 1)) && grep -q "makes one, at its beginning" "$WORK/stderr" && missing "$odd"'
done
