#!/usr/bin/env bash
# A Supabase-like database: an application in public among managed schemas, roles, default privileges, event triggers
# and row-level security; dumped by a superuser and by the project's own role, restored beside another platform's schemas.
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/supabase.sh
. tests/lib/supabase.sh

if ! own_server; then
    skip "supabase_like" "its roles would stay on the given server"
    exit 0
fi
mkdir -p "$WORK/bin"
ln -sf "$DUMPNATIVE" "$WORK/bin/pg_dump"
stand_in=$WORK/bin/pg_dump
oracle=$(oracle_for "$MAJOR") || exit 1
key=(--restrict-key=x)
! "$oracle" --restrict-key= 2>&1 | grep -q 'unrecognized option' || key=()

same() { diff -u <(grep -v '^-- Dumped by ' "$1") <(grep -v '^-- Dumped by ' "$2"); }
same_but_known() { diff -u <(sed -E -f tests/lib/known_differences.sed "$1") <(sed -E -f tests/lib/known_differences.sed "$2"); }
restore() { sql "$1" -o /dev/null --single-transaction -f "$2"; }
rows() {
    sql "$1" -At <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s t', c.oid::regclass, c.oid::regclass)
FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384 AND c.relnamespace <> 'pg_toast'::regnamespace
ORDER BY c.oid::regclass::text COLLATE "C" \gexec
SQL
}
same_rows() { diff <(rows "$1") <(rows "$2"); }
lacks() { ! grep -nE "$1" "$2"; }

supabase_roles || exit 1
source=$(new_db "")
supabase_platform "$source" && supabase_project "$source" || exit 1

# ---- public, by each of the two ------------------------------------------------------------------------------------

for who in superuser project; do
    [[ $who == superuser ]] && from=$(conninfo "$source") || from=$(as_project "$source")
    expected=$WORK/public.$who.expected.sql ours=$WORK/public.$who.sql
    "$oracle" "${key[@]}" -n public -f "$expected" -d "$from" || not_ok "supabase_like: pg_dump by $who"
    check "supabase_like: public by $who: dumped" "$DUMPNATIVE" -n public -f "$ours" -d "$from"
    "$stand_in" "${key[@]}" -n public -f "$WORK/stand_in.sql" -d "$from"
    if oracle_exact "$MAJOR"; then
        check "supabase_like: public by $who: text" same_but_known "$expected" "$ours"
        check "supabase_like: public by $who: text in pg_dump's place" same "$expected" "$WORK/stand_in.sql"
    fi
    check "supabase_like: public by $who: nothing of other schemas is created" lacks \
        '^CREATE (SCHEMA (IF NOT EXISTS )?(auth|storage)|TABLE (auth|storage|vault)\.|EVENT TRIGGER|PUBLICATION)' "$ours"

    # Into another project: its platform is there, with the users that rows of public refer to.
    target=$(new_db "")
    supabase_platform "$target" || exit 1
    check "supabase_like: public by $who: restored" restore "$target" "$ours"
    "$oracle" "${key[@]}" -n public -f "$WORK/public.restored.sql" -d "$(conninfo "$target")"
    check "supabase_like: public by $who: restored the same" same "$WORK/public.superuser.expected.sql" "$WORK/public.restored.sql"
    check "supabase_like: public by $who: the same rows" same_rows "$source" "$target"
done

# ---- Everything ----------------------------------------------------------------------------------------------------

"$oracle" "${key[@]}" -f "$WORK/whole.expected.sql" -d "$(conninfo "$source")"
check "supabase_like: whole: dumped" "$stand_in" "${key[@]}" -f "$WORK/whole.sql" -d "$(conninfo "$source")"
if oracle_exact "$MAJOR"; then
    check "supabase_like: whole: text" same "$WORK/whole.expected.sql" "$WORK/whole.sql"
fi
target=$(new_db "")
check "supabase_like: whole: restored" restore "$target" "$WORK/whole.sql"
"$oracle" "${key[@]}" -f "$WORK/whole.restored.sql" -d "$(conninfo "$target")"
check "supabase_like: whole: restored the same" same "$WORK/whole.expected.sql" "$WORK/whole.restored.sql"
check "supabase_like: whole: the same rows" same_rows "$source" "$target"

# What the project's role may not read ends its dump of everything, in pg_dump's words.
"$oracle" -f "$WORK/denied.sql" -d "$(as_project "$source")" 2>"$WORK/denied.expected"
expected=$?
"$stand_in" -f "$WORK/denied.sql" -d "$(as_project "$source")" 2>"$WORK/denied"
status=$?
check "supabase_like: whole by project: status $expected" test "$status" = "$expected"
if oracle_exact "$MAJOR" && ((MAJOR > 13)); then
    check "supabase_like: whole by project: messages" diff "$WORK/denied.expected" "$WORK/denied"
fi
