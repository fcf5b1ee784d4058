#!/bin/bash
# Called as pg_dump, the program is to be told from it by nothing: text, messages, exit status, file.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh
# shellcheck source=tests/lib/coverage.sh
. tests/lib/coverage.sh

role=dumpnative_stand_in_$$
cleanup() {
    drop_dbs
    sql "${MAINTENANCE_DB:-postgres}" -c "DROP ROLE IF EXISTS $role"
}
trap cleanup EXIT

mkdir -p "$WORK/bin"
ln -sf "$DUMPNATIVE" "$WORK/bin/pg_dump"
stand_in=$WORK/bin/pg_dump
unset PG_DUMP_VERSION

# ---- Faces ---------------------------------------------------------------------------------------

face() { [[ $("$stand_in" "$1") =~ $2 ]]; }
claims() { [[ $(PG_DUMP_VERSION=$1 "$stand_in" -V) == "pg_dump (PostgreSQL) $1" ]]; }
copied() {
    cp "$DUMPNATIVE" "$WORK/bin/copy" && mkdir -p "$WORK/copied" && mv "$WORK/bin/copy" "$WORK/copied/pg_dump" &&
        [[ $("$WORK/copied/pg_dump" --version) == "pg_dump (PostgreSQL) "* ]]
}
check "stand_in: --version" face --version '^pg_dump \(PostgreSQL\) [0-9]+\.[0-9]+$'
check "stand_in: -V tells what PG_DUMP_VERSION says" claims "15.20 (Debian 15.20-0+deb12u1)"
check "stand_in: --help" face --help 'Usage:'$'\n''  pg_dump \[OPTION\]... \[DBNAME\]'
check "stand_in: a copy does as well" copied

# ---- A database with something of everything that options are about --------------------------------

db=$(new_db "")
database=$(conninfo "$db")
sql "$db" -v role="$role" -o /dev/null <<'SQL'
CREATE ROLE :role;
CREATE SCHEMA s AUTHORIZATION :role;
CREATE TABLE s.t (a int);
CREATE TABLE owned (a serial, b int GENERATED ALWAYS AS IDENTITY, c int UNIQUE REFERENCES owned (c));
ALTER TABLE owned OWNER TO :role;
INSERT INTO owned (c) VALUES (1);
CREATE TABLE circle_a (a int PRIMARY KEY);
CREATE TABLE circle_b (b int PRIMARY KEY REFERENCES circle_a);
ALTER TABLE circle_a ADD FOREIGN KEY (a) REFERENCES circle_b;
CREATE TABLE parts (a int, b text) PARTITION BY LIST (a);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE parts_1_x PARTITION OF parts_1 FOR VALUES IN ('x');
CREATE TABLE parts_2 PARTITION OF parts DEFAULT;
INSERT INTO parts VALUES (1, 'x'), (2, 'y');
CREATE UNLOGGED TABLE unlogged (a int);
INSERT INTO unlogged VALUES (1);
CREATE TABLE parent (a int, f float8);
CREATE TABLE child (b int) INHERITS (parent);
INSERT INTO child VALUES (1, 0.1, 2);
CREATE TABLE hidden (a int);
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON hidden USING (a > 1);
INSERT INTO hidden VALUES (1), (2);
CREATE FUNCTION said() RETURNS text LANGUAGE sql AS $$ SELECT 'it''s \ x' $$;
CREATE VIEW v AS SELECT * FROM parent;
CREATE MATERIALIZED VIEW mv AS SELECT * FROM parent;
CREATE CAST (int AS parent) WITH INOUT;
CREATE FOREIGN DATA WRAPPER fdw;
CREATE SERVER far FOREIGN DATA WRAPPER fdw;
CREATE FOREIGN TABLE foreign_t (a int) SERVER far;
COMMENT ON TABLE parent IS 'a comment';
COMMENT ON SCHEMA public IS 'not the usual one';
GRANT SELECT ON owned TO PUBLIC;
GRANT SELECT (proname) ON pg_catalog.pg_proc TO PUBLIC;
CREATE PUBLICATION pub FOR TABLE ONLY parent, s.t;
GRANT USAGE ON SCHEMA s TO PUBLIC;
GRANT SELECT (rolname) ON pg_authid TO PUBLIC;
REVOKE ALL ON pg_database FROM PUBLIC;
REVOKE USAGE ON TYPE anynonarray FROM PUBLIC;
GRANT SELECT (relname) ON pg_class TO PUBLIC;
SELECT setval('owned_a_seq', 7);
CREATE INDEX ON parts ((b || 'x'), a);
ANALYZE;
SQL
if ((MAJOR >= 15)); then
    sql "$db" -c "CREATE PUBLICATION pub_of_schema FOR TABLES IN SCHEMA s"
fi
cat >"$WORK/filter" <<'END'
# what to take

include table parent # and no more
include   table  s . t
END
cat >"$WORK/filter_data" <<'END'
exclude table_data_and_children parts
exclude table "no
such"
END
printf 'include table a\ninclude foo b\n' >"$WORK/filter_kind"
printf 'include table\n' >"$WORK/filter_pattern"
printf 'include table_data x\n' >"$WORK/filter_use"

# same_as_pg_dump OPTION...: text, messages and exit status. Options that pg_dump of that version doesn't know
# are no test.
same_as_pg_dump() {
    local status expected
    "$oracle" "${key[@]}" "$@" >"$WORK/expected.sql" 2>"$WORK/expected.err" </dev/null
    expected=$?
    grep -qE "unrecognized option|invalid option" "$WORK/expected.err" && return 0
    # Methods of compression came with 16; before it was a level alone.
    [[ $* =~ -Z[^0-9] ]] && ((MAJOR < 16)) && return 0
    PG_DUMP_VERSION=$oracle_version "$stand_in" "${key[@]}" "$@" >"$WORK/actual.sql" 2>"$WORK/stderr" </dev/null
    status=$?
    # 13 has other words for some things.
    if ((MAJOR <= 13)); then
        truncate -s 0 "$WORK"/{expected.err,stderr}
    fi
    if ((status != 0)); then
        truncate -s 0 "$WORK"/{expected,actual}.sql
    fi
    [[ $status == "$expected" ]] || echo "status $status, pg_dump has $expected"
    diff -u "$WORK/expected.sql" "$WORK/actual.sql" | head -n 30
    diff -u "$WORK/expected.err" "$WORK/stderr"
    [[ $status == "$expected" ]] && cmp -s "$WORK/expected.sql" "$WORK/actual.sql" &&
        cmp -s "$WORK/expected.err" "$WORK/stderr"
}

# Each fixture's whole database.
whole_fixture() {
    local file=$1 statement option
    read_fixture "$file"
    fixture_is_for "$MAJOR" || return 0
    # What pg_dump 17 and 18 write there does not restore.
    [[ $file != */large_objects/grant_chain.sql || $MAJOR -lt 17 ]] || return 0
    for statement in "${fixture_before[@]}"; do
        sql "${MAINTENANCE_DB:-postgres}" -c "$statement" >/dev/null 2>&1
    done
    whole_db=$(new_db "" 2>/dev/null) && sql "$whole_db" -o /dev/null -f "$file" >/dev/null 2>&1
    for option in "" --clean; do
        check "stand_in: all of $(basename "$(dirname "$file")")/$(basename "$file" .sql)${option:+ $option}" \
            same_as_pg_dump ${option:+"$option"} -d "$(conninfo "$whole_db")"
        cat "$WORK/actual.sql" >>"$WORK/whole.sql"
    done
    drop_whole
}
drop_whole() {
    drop_db "$whole_db" && sed -i "/^$whole_db$/d" "$WORK/databases"
}

if oracle=$(exact_oracle "$MAJOR"); then
    key=(--restrict-key=x)
    oracle_version=$("$oracle" -V | sed 's/^[^)]*) //')
    ! "$oracle" --restrict-key= 2>&1 | grep -q 'unrecognized option' || key=()
    while IFS= read -r line; do
        mapfile -t options < <(split_options "$line")
        check "stand_in: pg_dump $line" same_as_pg_dump "${options[@]}" -d "$database"
    done <<END

-a
-s
-c
-c --if-exists
-C
-C -c -a
-C --section=data
-O -x --no-comments
--use-set-session-authorization
--use-set-session-authorization -a --disable-triggers -S $role
-a --disable-triggers
--disable-dollar-quoting
--load-via-partition-root
--load-via-partition-root --inserts
--extra-float-digits=0
--extra-float-digits=-15 --inserts
--no-unlogged-table-data
-s -N 'pg_*'
-s -T '*'
--no-policies
--enable-row-security
--no-tablespaces --no-table-access-method --no-toast-compression
--no-publications --no-subscriptions --no-security-labels --no-statistics
-e plpgsql
-e none
-e a.b
--strict-names -e plpgsql -e none
--exclude-extension=plpgsql
--table-and-children=parent
--table-and-children=parts_1 --strict-names
--table-and-children=none
--exclude-table-and-children=parts
--exclude-table-data-and-children=parts -a
-N s
-n public
-n s -N s
-t parent -t v -t mv -t owned_a_seq
-t foreign_t
-T 'par*'
--include-foreign-data=none
--include-foreign-data=far -t parent
--section=pre-data
--section=data
--section=post-data -c
--no-data
--no-schema
--no-data --sequence-data
--statistics
--statistics --no-data
--statistics --no-schema
--statistics -t parts_1 -t mv
--statistics --section=data
--statistics --section=post-data --use-set-session-authorization
--statistics-only
--statistics-only --section=post-data
--statistics-only --sequence-data -C -c
--statistics-only --statistics --no-data
--statistics --no-statistics
--statistics-only --no-statistics
--statistics-only -a -s
-a --statistics
-s --statistics-only
-a --statistics-only -c
-s --sequence-data --section=data
--column-inserts --rows-per-insert=2
--inserts --on-conflict-do-nothing
--quote-all-identifiers
-E LATIN1
-b
-B
--no-blobs --blobs
-R
--no-sync
--serializable-deferrable
-Fp -Z0 -j 1
-Fgarbage
-j 2
-j 2 --include-foreign-data=x
-j 0
-Zgzip:foo
-Zgzip:level=x
-Zgzip:10
-Zgzip:long
-Znone:1
-Zgzip:
-Zfoo
-Z10
-Z-3
-j1 -s
-j2 -c -a
-j2 -s
-j2 --include-foreign-data=far
--rows-per-insert=0
--extra-float-digits=4
--filter=$WORK/filter
--filter=$WORK/filter_data
--filter=$WORK/filter_kind
--filter=$WORK/filter_pattern
--filter=$WORK/filter_use
--filter=$WORK/none
-n none
-n none -n s
-n none -n s --strict-names
-t none
-t none -t parent --strict-names
-s -n pg_catalog
-s -n '*' -c --if-exists
-n information_schema -n s --strict-names
-n '*' -N 'pg_*' -T 't*' --inserts
-s -n 'pg_*' -T 'pg_catalog.pg_[a-r]*' --section=pre-data
-s -t pg_class -t v
-t pg_catalog.pg_am -t pg_cast -T pg_catalog.pg_amop
-s -t 'pg_catalog.*' -t 'information_schema.*' -t none
-a -n pg_catalog --exclude-table-data='pg_*'
-t pg_authid --role=$role
-t s.t -t information_schema.sql_parts -t pg_authid --role=$role
-t a.b.c.d
-n a.b.c
-E none
--role=none
--snapshot=123
--lock-wait-timeout=none
END
    check "stand_in: a table that may not be read" same_as_pg_dump --role="$role" -d "$database"
    check "stand_in: no such database" same_as_pg_dump -d "$(conninfo none)"
    check "stand_in: no such server" same_as_pg_dump -h /none -d none
    check "stand_in: no such port" same_as_pg_dump -h 127.0.0.1 -p 1 -d none
    for file in fixtures/*/*.sql; do
        [[ $file == fixtures/@(demo|supabase)/* ]] || whole_fixture "$file"
    done
    # The newest version has all kinds of objects, and all parts of them.
    ((MAJOR < 18)) || check "stand_in: the fixtures have all parts of all kinds" coverage_of "$WORK/whole.sql"
else
    skip "stand_in: comparison with pg_dump" "no pg_dump $MAJOR; see tests/setup/oracle.sh"
fi

# ---- What needs no oracle --------------------------------------------------------------------------

# refuses STATUS MESSAGE OPTION...
refuses() {
    local wanted=$1 message=$2 status
    shift 2
    "$stand_in" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    [[ $status == "$wanted" && ! -s $WORK/stdout && $(cat "$WORK/stderr") == "$message" ]]
}
hint=$'\n''pg_dump: hint: Try "pg_dump --help" for more information.'
check "stand_in: unknown option" refuses 1 "$stand_in: unrecognized option '--foo'$hint" --foo
check "stand_in: ours is none of its options" refuses 1 "$stand_in: unrecognized option '--progress=never'$hint" \
    --progress=never
check "stand_in: operands" refuses 1 "pg_dump: error: too many command-line arguments (first is \"b\")$hint" a b
check "stand_in: archives" refuses 1 \
    'pg_dump: error: output format "custom" is not available: plain SQL is the only one, so leave out -F/--format' -Fc
check "stand_in: no compression in tar" refuses 1 \
    'pg_dump: error: compression is not supported by tar archive format' -Z 1 -Ft
old_level() { PG_DUMP_VERSION=15.18 refuses 1 'pg_dump: error: -Z/--compress must be in range 0..9' -Z 15; }
check "stand_in: -Z in the words of 15" old_level
check "stand_in: --binary-upgrade" refuses 1 'pg_dump: error: option --binary-upgrade is not available' \
    --binary-upgrade
check "stand_in: statistics" refuses 1 \
    'pg_dump: error: options -s/--schema-only and --statistics cannot be used together' --statistics -s
check "stand_in: restrict key" refuses 1 'pg_dump: error: invalid restrict key' --restrict-key=a-b

random_keys() {
    "$stand_in" -s -d "$database" >"$WORK/a.sql" && "$stand_in" -s -d "$database" >"$WORK/b.sql" &&
        [[ $(grep -cE '^\\(un)?restrict [A-Za-z0-9]{63}$' "$WORK/a.sql") == 2 ]] && ! cmp -s "$WORK/a.sql" "$WORK/b.sql"
}
no_key() { "$stand_in" -s -d "$database" >"$WORK/a.sql" && ! grep -q restrict "$WORK/a.sql"; }
if ((MAJOR >= 13)); then
    check "stand_in: a random restrict key" random_keys
else
    check "stand_in: no restrict key" no_key
fi

file_as_pg_dump() {
    rm -f "$WORK"/out.sql*
    (umask 027 && "$stand_in" -f "$WORK/out.sql" -d "$database") && [[ $(stat -c %a "$WORK/out.sql") == 640 ]] &&
        chmod 604 "$WORK/out.sql" && "$stand_in" --no-sync -f "$WORK/out.sql" -d "$database" &&
        [[ $(stat -c %a "$WORK/out.sql") == 604 ]] && [[ $(compgen -G "$WORK/out.sql*") == "$WORK/out.sql" ]]
}
check "stand_in: -f leaves one file, of the usual mode" file_as_pg_dump

# As pg_dumpall -f has it: database after database at the end of one file.
appended() {
    rm -f "$WORK"/all.sql*
    "$stand_in" --restrict-key=x -d "$database" >"$WORK/one.sql" && (umask 027 && "$stand_in" --restrict-key=x \
        -Fa -f "$WORK/all.sql" -d "$database") && [[ $(stat -c %a "$WORK/all.sql") == 640 ]] &&
        "$stand_in" --restrict-key=x --format=append -f "$WORK/all.sql" -d "$database" &&
        cat "$WORK/one.sql" "$WORK/one.sql" | cmp - "$WORK/all.sql" &&
        [[ $(compgen -G "$WORK/all.sql*") == "$WORK/all.sql" ]]
}
check "stand_in: -Fa" appended

compressed() {
    "$stand_in" --restrict-key=x -f "$WORK/plain.sql" -d "$database" &&
        "$stand_in" --restrict-key=x -Z gzip:9 -f "$WORK/plain.gz" -d "$database" &&
        gzip -dc "$WORK/plain.gz" | cmp - "$WORK/plain.sql" &&
        "$stand_in" --restrict-key=x -Z 1 -d "$database" | gzip -dc | cmp - "$WORK/plain.sql"
}
check "stand_in: -Z" compressed
# Where the program has the method and the machine its command.
compressed_by() {
    local method=$1 words=$2
    rm -f "$WORK"/own.packed*
    "$stand_in" --restrict-key=x -f "$WORK/plain.sql" -d "$database" &&
        "$stand_in" --restrict-key=x -Z "$words" -d "$database" | "$method" -dc | cmp - "$WORK/plain.sql" &&
        "$DUMPNATIVE" -Z "$words" -f "$WORK/own.packed" -d "$database" && "$DUMPNATIVE" verify "$WORK/own.packed" &&
        "$method" -dc <"$WORK/own.packed" | grep -q 'dump complete' &&
        head -c -20 "$WORK/own.packed" >"$WORK/cut" && mv "$WORK/cut" "$WORK/own.packed" &&
        (cd "$WORK" && sha256sum own.packed >own.packed.sha256) && ! "$DUMPNATIVE" verify "$WORK/own.packed"
}
for words in zstd zstd:level=9,long zstd:1 lz4 lz4:9; do
    method=${words%%:*}
    if ! command -v "$method" >/dev/null; then
        skip "stand_in: -Z $words" "no command $method"
    elif [[ $("$DUMPNATIVE" -Z "$method" none 2>&1) == *"this build does not support"* ]]; then
        skip "stand_in: -Z $words" "built without $method"
    else
        check "stand_in: -Z $words" compressed_by "$method" "$words"
    fi
done
own_compressed() {
    rm -f "$WORK"/own.gz*
    "$DUMPNATIVE" -Z gzip -f "$WORK/own.gz" -d "$database" && "$DUMPNATIVE" verify "$WORK/own.gz" &&
        (cd "$WORK" && sha256sum -c --quiet own.gz.sha256) && gzip -dc "$WORK/own.gz" | grep -q 'dump complete'
}
check "stand_in: -Z of our own face, with a digest" own_compressed

filter_from_stdin() {
    [[ $(echo 'include table parent' | "$stand_in" -s --filter=- -d "$database" | grep -c '^CREATE TABLE') == 1 ]]
}
check "stand_in: --filter=-" filter_from_stdin

# The snapshot of a session that goes on: what comes later isn't in the dump.
with_snapshot() {
    coproc session { "$PSQL" -X -q -At -d "$database" 2>&1; }
    local snapshot
    echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot();" >&"${session[1]}"
    read -r -t 20 snapshot <&"${session[0]}"
    sql "$db" -c "CREATE TABLE later (a int)"
    "$stand_in" -s --snapshot="$snapshot" -d "$database" >"$WORK/snapshot.sql" 2>"$WORK/stderr"
    local status=$?
    echo "COMMIT;" >&"${session[1]}"
    eval "exec ${session[1]}>&-"
    wait "${session_PID:-}" 2>/dev/null
    sql "$db" -c "DROP TABLE later"
    [[ $status == 0 ]] && grep -q 'CREATE TABLE public.parent' "$WORK/snapshot.sql" && ! grep -q later "$WORK/snapshot.sql"
}
check "stand_in: --snapshot" with_snapshot

# pg_dumpall takes a pg_dump beside it whose version is its own.
with_pg_dumpall() {
    local all=/usr/lib/postgresql/$MAJOR/bin/pg_dumpall
    cp "$all" "$WORK/bin/" &&
        PG_DUMP_VERSION=$("$all" -V | sed 's/^[^)]*) //') "$WORK/bin/pg_dumpall" "${key[@]}" -c --if-exists \
            -d "$(conninfo postgres)" >"$WORK/all.sql" &&
        "$all" "${key[@]}" -c --if-exists -d "$(conninfo postgres)" | cmp - "$WORK/all.sql"
}
if own_server && [[ -x /usr/lib/postgresql/$MAJOR/bin/pg_dumpall ]] && oracle_exact "$MAJOR"; then
    check "stand_in: pg_dumpall" with_pg_dumpall
fi
