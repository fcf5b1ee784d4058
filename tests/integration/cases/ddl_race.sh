#!/bin/bash
# Dumps while another session has changed something and not committed yet: the dump's snapshot is from before, its lock from
# after. Rows that were rewritten then are in neither, unless all is read again.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

db=$(new_db "")
sql "$db" -o /dev/null <<'SQL'
CREATE TABLE a (id int);
CREATE TABLE kept (id int, t text);
INSERT INTO kept SELECT n, 'row ' || n FROM generate_series(1, 100) n;
CREATE TABLE z (id int);
INSERT INTO z VALUES (1);
SQL
fifo=$WORK/fifo
mkfifo "$fifo"

waits() {
    [[ $(sql "$db" -At -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$db' AND wait_event_type = 'Lock'
                           AND application_name IN ('dumpnative', 'pg_dump')" </dev/null) -gt 0 ]]
}

# race STATEMENT OPTION...: dumps while the statement is under way; it is committed once the dump waits for it.
race() {
    local other dump
    "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$(conninfo "$db")" <"$fifo" >"$WORK/other" 2>&1 &
    other=$!
    exec 4>"$fifo"
    echo "BEGIN; $1; SELECT 'done' \\g $WORK/begun" >&4
    shift
    wait_for 20 test -e "$WORK/begun"
    rm -f "$WORK/begun"
    timeout 60 "$DUMPNATIVE" -v -f "$WORK/race.sql" "$@" -d "$(conninfo "$db")" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
    dump=$!
    wait_for 20 waits || echo "the dump didn't wait"
    echo "COMMIT;" >&4
    exec 4>&-
    wait "$dump"
    status=$?
    wait "$other" || cat "$WORK/other"
    ((status == 0))
}

has_rows() { [[ $(sed -n "/^COPY public.$1 /,/^\\\\\.$/p" "$WORK/race.sql" | grep -c '	\|^[0-9]') == "$2" ]]; }

check "ddl_race: a table that is rewritten" race 'ALTER TABLE kept ALTER id TYPE bigint'
check "ddl_race: it has all of its rows" has_rows kept 100
check "ddl_race: and its new type" grep -q 'id bigint' "$WORK/race.sql"
check "ddl_race: -v tells" grep -q 'reading the catalog again: relation "public.kept" was changed by another session' "$WORK/stderr"
check "ddl_race: a table that loses a column" race 'ALTER TABLE kept DROP t; UPDATE z SET id = 2'
check "ddl_race: is of the same moment as others" grep -qx 2 "$WORK/race.sql"
check "ddl_race: a table that gets another name" race 'ALTER TABLE kept RENAME TO renamed'
check "ddl_race: has it" has_rows renamed 100
check "ddl_race: names that change places" race 'ALTER TABLE renamed RENAME TO x; ALTER TABLE a RENAME TO renamed; ALTER TABLE x RENAME TO a'
check "ddl_race: the rows are where they belong" has_rows a 100
check "ddl_race: with a role and a time to wait" race 'TRUNCATE a' --role="$(sql "$db" -At -c 'SELECT current_user')" --lock-wait-timeout=20s
check "ddl_race: an empty table is empty" has_rows a 0
check "ddl_race: a table that goes" race 'DROP TABLE a'
check "ddl_race: isn't there" test "$(grep -c 'TABLE public.a ' "$WORK/race.sql")" = 0
ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
DUMPNATIVE=$WORK/pg_dump
check "ddl_race: the other face" race 'ALTER TABLE z ALTER id TYPE bigint'
check "ddl_race: the other face has the row" has_rows z 1
