#!/bin/bash
# Counts the statements that reach the server: as many for 1,000 tables as for 10, all in one read-only transaction.
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

log=${PGHOST:-}/log
if ! own_server || [[ ! -r $log ]]; then
    skip "statements" "the server's log is out of reach"
    exit 0
fi

# make_db TABLES: prints the name of a database with so many tables, each with all that hangs on one.
make_db() {
    local db
    db=$(new_db "") || return
    sql "$db" <<-SQL
	CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	DO \$\$
	BEGIN
	    FOR n IN 1..$1 LOOP
	        EXECUTE format('CREATE TABLE t%1\$s (id serial PRIMARY KEY, other int, name text DEFAULT ''none'' NOT NULL,
	            CHECK (id > 0), UNIQUE (name))', n);
	        EXECUTE format('CREATE INDEX ON t%s (other)', n);
	        EXECUTE format('ALTER TABLE t%s ADD FOREIGN KEY (other) REFERENCES t%s', n, greatest(n - 1, 1));
	        EXECUTE format('COMMENT ON TABLE t%1\$s IS ''table %1\$s''', n);
	        EXECUTE format('COMMENT ON COLUMN t%1\$s.name IS ''name %1\$s''', n);
	        EXECUTE format('GRANT SELECT ON t%s TO PUBLIC', n);
	        EXECUTE format('CREATE TRIGGER stamp BEFORE INSERT ON t%s FOR EACH ROW EXECUTE FUNCTION stamp()', n);
	        EXECUTE format('INSERT INTO t%s (other, name) VALUES (NULL, ''a''), (NULL, ''b'')', n);
	        EXECUTE format('CREATE VIEW v%1\$s AS SELECT id, name FROM t%1\$s', n);
	        EXECUTE format('CREATE SEQUENCE s%s', n);
	        IF n % 100 = 0 THEN COMMIT; END IF;
	    END LOOP;
	END \$\$;
	SQL
    echo "$db"
}

# log_of FILE DATABASE OPTION...: dumps, with what the server logs meanwhile about that database in FILE.
log_of() {
    local file=$1 db=$2 from
    shift 2
    from=$(stat -c %s "$log")
    PGOPTIONS='-c log_statement=all' run_dump -f "$WORK/out.sql" "$@" -d "$(conninfo "$db")"
    tail -c +$((from + 1)) "$log" >"$file"
    ((status == 0))
}

# The beginnings of the statements; one message with many commands in it counts as one.
statements() { sed -nE 's/^.* LOG:  (statement|execute [^:]*): ?/\1: /p' "$1"; }

few=$(make_db 10)
many=$(make_db 1000)

# same_number NAME OPTION...
same_number() {
    local name=$1 ten thousand
    shift
    if log_of "$WORK/ten.log" "$few" "$@" && log_of "$WORK/thousand.log" "$many" "$@"; then
        ten=$(statements "$WORK/ten.log" | wc -l) thousand=$(statements "$WORK/thousand.log" | wc -l)
        check "statements$name: $ten for 10 tables, $thousand for 1,000" test "$ten" -gt 5 -a "$ten" -eq "$thousand"
    else
        not_ok "statements$name" "status $status: $(cat "$WORK/stderr")"
    fi
}

same_number " as INSERT commands" -j1 --inserts
same_number " with statistics" -j1 --statistics
same_number " with a selection and a role" -j1 -t 't*' -n public -T t5 --role=postgres --lock-wait-timeout=5s
same_number "" -j1

# A large catalog is read over two sessions, into the same text.
cp "$WORK/out.sql" "$WORK/one.sql"
two_sessions() {
    local one
    one=$(statements "$WORK/thousand.log" | wc -l)
    log_of "$WORK/two.log" "$many" -s -j2 && [[ $(grep -c 'SET TRANSACTION SNAPSHOT' "$WORK/two.log") == 1 ]] &&
        (($(statements "$WORK/two.log" | wc -l) <= one + 2))
}
check "two sessions read a large catalog" two_sessions
text_of() { grep -v '^-- Started' "$1"; }
check "and find the same" cmp <(text_of "$WORK/out.sql") <(log_of "$WORK/log" "$many" -s -j1 && text_of "$WORK/out.sql")
small_one() { log_of "$WORK/log" "$few" -s -j2 && ! grep -q 'SET TRANSACTION SNAPSHOT' "$WORK/log"; }
check "one session reads a small one" small_one
# With rows, too, a further session costs no more than its one message; then come those with the rows.
few_with_rows() {
    log_of "$WORK/rows.log" "$many" -j2 && [[ $(grep -c 'SET TRANSACTION SNAPSHOT' "$WORK/rows.log") == 1 ]] &&
        (($(statements "$WORK/rows.log" | wc -l) <= 60))
}
check "two sessions read its rows in 60 statements or less" few_with_rows
cp "$WORK/one.sql" "$WORK/out.sql"
check "the dump of 1,000 tables has them all" test "$(grep -c '^COPY ' "$WORK/out.sql")" -eq 1000

log_of "$WORK/log" "$few" --role=postgres --lock-wait-timeout=5s --quote-all-identifiers -E LATIN1
statements "$WORK/log" >"$WORK/statements"

count() { grep -ciE -- "$1" "$WORK/statements"; }
check "one transaction is begun, and it is the first statement" \
    grep -qiE '^[^:]+: BEGIN.*ISOLATION LEVEL REPEATABLE READ,? READ ONLY' <(head -n 1 "$WORK/statements")
check "no other transaction is begun" test "$(count ': *(BEGIN|START TRANSACTION)')" -eq 1
check "the transaction ends once, with the last statement" \
    test "$(count ': *(COMMIT|END|ROLLBACK|ABORT)')$(tail -n 1 "$WORK/statements" | grep -ciE ': *COMMIT')" = 11
check "all tables are locked in one statement" test "$(count ': *LOCK TABLE')" -eq 1
check "that statement has all of them" test "$(grep -E 'LOCK TABLE' "$WORK/statements" | grep -oE '"t[0-9]+"' | wc -l)" -eq 10
check "nothing is set by SET, but within the transaction" \
    test "$(count ': *(SET|RESET|DISCARD|ALTER)')" -eq "$(count ': *SET LOCAL ')"
check "nor within a message of many commands" \
    test "$(grep -ciE '(^|;)[[:space:]]*(SET|RESET|BEGIN|COMMIT|ROLLBACK)[[:space:];]' "$WORK/log")" -eq 0

calls=$(grep -o 'set_config(' "$WORK/log" | wc -l)
local_calls=$(grep -oE 'set_config\([^()]*, true\)' "$WORK/log" | wc -l)
check "settings are local to the transaction: $local_calls of $calls calls of set_config" \
    test "$calls" -ge 3 -a "$calls" -eq "$local_calls"
check "the dump writes nothing to the database" test "$(count ': *(INSERT|UPDATE|DELETE|CREATE|DROP|TRUNCATE)')" -eq 0
