#!/usr/bin/env bash
# An extension's configuration tables: their rows are dumped, under the extension's condition, in an order that
# their keys allow.
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

# The server reads extensions from its own folder, which must be ours to write to.
folder=$(dirname "$(find "$(dirname "$(pg_bin "$MAJOR" 2>/dev/null)")" "/usr/share/postgresql/$MAJOR" \
    -name plpgsql.control -path '*extension*' 2>/dev/null | head -n 1)")
if [[ -z $folder || ! -w $folder || -n ${PG_URL:-} ]]; then
    skip "extension_config" "the server's extension folder can't be written to"
    exit 0
fi
trap 'rm -f "$folder"/dn_config_test*' EXIT
printf "default_version = '1'\nrelocatable = true\n" >"$folder/dn_config_test.control"
cat >"$folder/dn_config_test--1.sql" <<'SQL'
CREATE TABLE conf_b (id integer PRIMARY KEY, t text);
CREATE TABLE conf_a (id integer PRIMARY KEY, b integer REFERENCES conf_b, own boolean);
CREATE TABLE conf_plain (id integer);
CREATE SEQUENCE conf_seq;
SELECT pg_catalog.pg_extension_config_dump('conf_a', 'WHERE own');
SELECT pg_catalog.pg_extension_config_dump('conf_b', '');
SELECT pg_catalog.pg_extension_config_dump('conf_seq', '');
SQL
chmod 644 "$folder"/dn_config_test*

source=$(new_db) target=$(new_db) || exit 1
sql "$source" -o /dev/null -c "CREATE EXTENSION dn_config_test" -c "INSERT INTO conf_plain VALUES (1)" \
    -c "INSERT INTO conf_b VALUES (1, 'x'), (2, 'y')" -c "SELECT nextval('conf_seq') FROM generate_series(1, 7)" \
    -c "INSERT INTO conf_a VALUES (1, 1, true), (2, 2, false)" || exit 1
for options in "" "--inserts"; do
    # shellcheck disable=SC2086
    run_dump $options -f "$WORK/out.sql" -d "$(conninfo "$source")"
    check "extension_config $options: dumped" test "$status" = 0
    sql "$target" -o /dev/null -c "DROP EXTENSION IF EXISTS dn_config_test" -f "$WORK/out.sql" >"$WORK/restore.log" 2>&1
    rows=$(sql "$target" -At -c "SELECT (SELECT string_agg(a::text, ';') FROM conf_a a),
        (SELECT count(*) FROM conf_b), (SELECT count(*) FROM conf_plain), (SELECT last_value FROM conf_seq)" 2>&1)
    if [[ $rows == '(1,1,t)|2|0|7' ]]; then
        ok "extension_config $options: rows restored"
    else
        not_ok "extension_config $options: rows restored" "$rows"$'\n'"$(cat "$WORK/restore.log")"
    fi
done
if oracle=$(oracle_for "$MAJOR") && oracle_exact "$MAJOR"; then
    "$oracle" -n public -f "$WORK/pg_dump.sql" -d "$(conninfo "$source")"
    run_dump -f "$WORK/out.sql" -d "$(conninfo "$source")"
    if diff <(sed -E -f tests/lib/known_differences.sed "$WORK/pg_dump.sql") \
        <(sed -E -f tests/lib/known_differences.sed "$WORK/out.sql") >"$WORK/text.diff"; then
        ok "extension_config: pg_dump's text"
    else
        not_ok "extension_config: pg_dump's text" "$(head -n 20 "$WORK/text.diff")"
    fi
    # As pg_dump, options decide whose rows they are; -e came with 14, --exclude-extension with 17.
    ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
    mapfile -t lines < <(
        printf '%s\n' "-t conf_b" "-n public" "-N public"
        ((MAJOR < 14)) || printf '%s\n' "-e plpgsql" "-e plpgsql -n public" "-e plpgsql -t conf_b" "-e dn*"
        ((MAJOR < 17)) || printf '%s\n' "--exclude-extension=dn*" "--exclude-extension=dn* -n public"
    )
    for options in "${lines[@]}"; do
        # shellcheck disable=SC2086
        "$oracle" $options -d "$(conninfo "$source")" >"$WORK/expected.sql" 2>/dev/null
        # shellcheck disable=SC2086
        "$WORK/pg_dump" $options -d "$(conninfo "$source")" >"$WORK/actual.sql" 2>"$WORK/stderr"
        sed -i -E '/^-- Dumped by |^\\(un)?restrict /d' "$WORK"/{expected,actual}.sql
        check "extension_config: pg_dump $options" diff -u "$WORK/expected.sql" "$WORK/actual.sql"
    done
fi
