#!/bin/bash
# Checks that a copy is the same by `compare` and `verify --db` where the server spells a definition in another way once it has
# read its own spelling, as it does with IN for a varchar; and that a change within is found.
# shellcheck disable=SC2016
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

source_db=$(new_db "")
sql "$source_db" <<'END'
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN small AS varchar(5) CHECK (VALUE IN ('a', 'b'));
CREATE TABLE t (a varchar(10), b char(3), c int, d bigint, e numeric(10, 2), f mood, g timestamp, h small, i date, j text[],
    k varchar[] DEFAULT ARRAY['a', 'b'], l name, m float8, n boolean DEFAULT ('x'::varchar IN ('x', 'y')),
    CHECK (a IN ('x', 'y''z', NULL)), CHECK (a NOT IN ('x', 'y')), CHECK (a LIKE ANY (ARRAY['x%', 'y%'])), CHECK (b IN ('abc', 'def')),
    CHECK (d IN (1, 2, 3000000000)), CHECK (c = ANY (ARRAY[1, 2]::bigint[])), CHECK (e IN (1, 2.5)), CHECK (f IN ('sad', 'glad')),
    CHECK (g IN ('2020-01-01', '2021-01-01'::date)), CHECK (i IN ('2020-01-01', '2021-01-01')), CHECK (j && ARRAY['a', 'b'::varchar]::text[]),
    CHECK (k <@ ARRAY['a', lower('B')]::varchar[]), CHECK (l IN ('a', 'b')), CHECK (m IN (1, 2, -3)), CHECK (a = ALL (ARRAY['x', b])),
    CHECK (lower(a) IN ('x', 'y')), CHECK ((a, c) IN (('x', 1), ('y', 2))), CHECK (k = ARRAY[a, 'z']),
    CHECK (ARRAY[ARRAY['a', a]] = ARRAY[ARRAY[b, 'c']]::varchar[]));
CREATE VIEW v AS SELECT a IN ('x', 'y') AS a, CASE WHEN h IN ('p', 'q') THEN 1 END AS h FROM t WHERE b IN ('x', 'y') OR d IN (1, c);
CREATE MATERIALIZED VIEW mv AS SELECT a FROM t WHERE a IN ('x', 'y');
CREATE INDEX ON t (a) WHERE a IN ('x', 'y');
CREATE INDEX ON t ((a IN ('x', 'y')));
CREATE POLICY p ON t USING (a IN ('x', 'z')) WITH CHECK (h IN ('a', 'b'));
CREATE RULE r AS ON UPDATE TO t WHERE old.a IN ('x', 'y') DO INSTEAD NOTHING;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (old.a IN ('x', 'y') AND new.h IN ('a', 'b')) EXECUTE FUNCTION f();
END
from=$(conninfo "$source_db")
"$DUMPNATIVE" --whole-database -f "$WORK/dump.sql" -d "$from" 2>/dev/null
cloned=$(new_db "")
run_clone "$from" "$(conninfo "$cloned")"
check "compare arrays: a clone" eval '((status == 0)) && "$DUMPNATIVE" compare --whole-database "$from" "$(conninfo "$cloned")"'
restored=$(new_db "")
run_restore "$WORK/dump.sql" "$(conninfo "$restored")"
check "compare arrays: what was restored" eval '((status == 0)) && "$DUMPNATIVE" verify --db "$(conninfo "$restored")" "$WORK/dump.sql"'
sql "$restored" -c 'ALTER TABLE t DROP CONSTRAINT t_b_check, ADD CONSTRAINT t_b_check CHECK (b IN ('"'abc', 'deg'"'))' \
    -c "ALTER POLICY p ON t USING (a IN ('z', 'x'))"
"$DUMPNATIVE" verify --db "$(conninfo "$restored")" "$WORK/dump.sql" >"$WORK/stdout" 2>/dev/null
status=$?
check "compare arrays: another element, another order" eval '((status == 1)) && grep -q "^TABLE public.t: " "$WORK/stdout" && grep -q "^POLICY public.t p: " "$WORK/stdout" && [[ $(grep -c . "$WORK/stdout") == 2 ]]'
