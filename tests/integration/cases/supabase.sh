#!/usr/bin/env bash
# --supabase: what a project's people made is dumped, as their role `postgres`, which is no superuser, and restored as that
# role into another project's database, on a server of its own; what is the platform's is left to it.
# shellcheck disable=SC2016,SC2034,SC2317
set -u
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/supabase.sh
. tests/lib/supabase.sh

if ! own_server; then
    skip "supabase" "it takes servers of our own"
    exit 0
fi
if ((MAJOR < 15)); then
    skip "supabase" "public belongs to the database's owner since 15, as on the platform"
    exit 0
fi
supabase_server "$MAJOR" && supabase_project postgres || exit 1

# More of what people do: another schema, parts on managed tables, rights that were taken back, defaults of their own.
"$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$(as_project postgres)" <<'SQL' || exit 1
CREATE SCHEMA private;
CREATE TABLE private.notes (id int PRIMARY KEY, body text);
INSERT INTO private.notes VALUES (1, 'kept'), (2, NULL);
CREATE TABLE public.read_only (id int PRIMARY KEY);
REVOKE ALL ON public.read_only FROM anon, authenticated;
GRANT SELECT ON public.read_only TO anon;
GRANT SELECT ON public.read_only TO authenticated WITH GRANT OPTION;
SET ROLE authenticated;
GRANT SELECT ON public.read_only TO dashboard_user;
RESET ROLE;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM anon;
SET client_min_messages = error; -- it warns of wal_level
CREATE PUBLICATION mine FOR TABLE private.notes;
CREATE EXTENSION fuzzystrmatch WITH SCHEMA extensions;
CREATE TRIGGER hook AFTER UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION supabase_functions.http_request('https://x', 'POST');
ALTER TABLE auth.users DISABLE TRIGGER hook;
SET ROLE supabase_storage_admin;
COMMENT ON POLICY "Own folder only" ON storage.objects IS 'by the manual';
SQL
# And the platform's own on its own tables, which stay there.
sql postgres <<'SQL' || exit 1
CREATE FUNCTION storage.protect() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$;
CREATE TRIGGER protect BEFORE DELETE ON storage.objects FOR EACH ROW EXECUTE FUNCTION storage.protect();
GRANT CREATE ON SCHEMA storage TO postgres;
SQL
# People's own in the platform's schemas isn't dumped with them, and so it is counted.
"$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$(as_project postgres)" <<'SQL' || exit 1
CREATE TABLE storage.mine (id serial PRIMARY KEY);
ALTER TABLE storage.mine ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON storage.mine USING (true);
CREATE TRIGGER mine BEFORE UPDATE ON storage.mine FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE FUNCTION storage.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
SQL

source_server=$SERVER
whole=$WORK/whole.sql
lacks() { ! grep -nE "$1" "${2:-$whole}"; }
has() { grep -qE "$1" "${2:-$whole}"; }
same() { diff -u <(grep -v '^-- Dumped ' "$1") <(grep -v '^-- Dumped ' "$2"); }
dump() { "$DUMPNATIVE" --supabase -d "$(as_project postgres)" "$@" 2>"$WORK/stderr"; }
rows() {
    "$PSQL" -X -At -v ON_ERROR_STOP=1 -d "$1" <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s t', c.oid::regclass, c.oid::regclass)
FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relnamespace::regnamespace::text IN ('public', 'private')
ORDER BY c.oid::regclass::text COLLATE "C" \gexec
SQL
}

# ---- What is dumped ------------------------------------------------------------------------------------------------

check "supabase: dumped by postgres" dump -f "$whole"
left='left to Supabase, whose roles alone could restore them: 3 event triggers, 1 publication, 3 sets of default privileges'
check "supabase: counts what is left out" grep -qF "$left" "$WORK/stderr"
inside='left in schemas that Supabase manages; -n SCHEMA would dump it: cron (1 policy), storage (1 table, 1 function,'
inside+=' 1 policy, 1 trigger), supabase_migrations (1 table)'
check "supabase: counts what people have in managed schemas" grep -qxF "dumpnative: $inside" "$WORK/stderr"
check "supabase: nothing on what isn't dumped" lacks 'storage\.mine'
check "supabase: nothing of managed schemas" lacks \
    '^CREATE (SCHEMA|TABLE|VIEW|FUNCTION|TYPE|SEQUENCE) (IF NOT EXISTS )?(auth|storage|vault|realtime|extensions|cron|net|graphql|_realtime|supabase_)'
check "supabase: no rows of managed schemas" lacks '^COPY (auth|storage|vault|realtime|cron|_realtime|supabase_)'
check "supabase: no event trigger, no publication of the platform" lacks 'EVENT TRIGGER|CREATE PUBLICATION supabase_'
check "supabase: no role of the platform owns anything" lacks 'OWNER TO (supabase_|dashboard_user|pgbouncer)'
check "supabase: no default privileges of the platform" lacks 'DEFAULT PRIVILEGES FOR ROLE supabase_'
check "supabase: no session authorization" lacks 'SESSION AUTHORIZATION'
check "supabase: grants of the API's roles" has '^GRANT ALL ON TABLE public.profiles TO anon;'
check "supabase: no more rights than there were" has '^REVOKE ALL ON TABLE public.team_stats FROM anon;'
check "supabase: the people's schema" has '^CREATE SCHEMA private;'
check "supabase: the people's publication" has '^CREATE PUBLICATION mine '
check "supabase: what they added to the platform's publication" has '^ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.posts;'
check "supabase: extensions" has '^CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA extensions;'
check "supabase: but not their comments" lacks 'COMMENT ON EXTENSION'

guests() {
    awk '/^-- On tables that Supabase manages/ { on = 1 } on' "$whole" |
        grep -E '^(CREATE|ALTER|COMMENT|GRANT|COPY|REFRESH)' | sed -E 's/( ON [^ ]+|TRIGGER [^ ;]+).*/\1/'
}
check "supabase: people's parts of managed tables come last" diff <(guests) - <<'EXPECTED'
CREATE TRIGGER hook
ALTER TABLE auth.users DISABLE TRIGGER hook
CREATE TRIGGER on_auth_user_created
CREATE POLICY "Avatar images are publicly accessible." ON storage.objects
CREATE POLICY "Own folder only" ON storage.objects
COMMENT ON POLICY
EXPECTED
check "supabase: the platform's own triggers don't" lacks 'TRIGGER protect'

# ---- Options -------------------------------------------------------------------------------------------------------

dump -n public -f "$WORK/public.sql"
check "supabase: -n: that schema alone" lacks 'private\.|ON (auth|storage)\.|CREATE SCHEMA .*(private|extensions)' "$WORK/public.sql"
check "supabase: -n: no word of what the platform has" lacks 'which is not in the dump' "$WORK/stderr"
dump -s -n auth -f "$WORK/auth.sql"
check "supabase: -n overrides the table" has '^CREATE TABLE auth.users' "$WORK/auth.sql"
dump -N 'auth' -f "$WORK/no_auth.sql"
check "supabase: -N of a managed schema: nothing on it either" lacks ' ON auth\.' "$WORK/no_auth.sql"
dump --no-owner --no-acl -f "$WORK/bare.sql"
check "supabase: --no-owner, --no-acl" lacks 'OWNER TO|^GRANT|^REVOKE|DEFAULT PRIVILEGES' "$WORK/bare.sql"
"$DUMPNATIVE" --supabase --include-managed -s -d "$(conninfo postgres)" -f "$WORK/managed.sql" 2>"$WORK/stderr"
check "supabase: --include-managed: schemas, owners, event triggers, publications" test \
    "$(grep -cE '^(CREATE TABLE auth.users|ALTER TABLE auth.users OWNER|CREATE EVENT TRIGGER pgrst_ddl_watch|CREATE PUBLICATION supabase_realtime)' \
        "$WORK/managed.sql")" = 4
for option in -C --use-set-session-authorization; do
    dump "$option" -f "$WORK/refused.sql"
    check "supabase: $option is refused" grep -q -- '--include-managed' "$WORK/stderr"
done

# ---- Into another project --------------------------------------------------------------------------------------------

rows "$(conninfo postgres)" >"$WORK/rows"
"$(oracle_for "$MAJOR")" -s -n public -n private -d "$(conninfo postgres)" >"$WORK/expected.sql"
(
    supabase_server "$MAJOR" || exit 1
    check "supabase: restored as postgres, who is no superuser" "$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 --single-transaction \
        -d "$(as_project postgres)" -f "$whole"
    check "supabase: postgres is none" test "$(sql postgres -At -c "SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres'")" = f
    check "supabase: dumped again" dump -f "$WORK/again.sql"
    check "supabase: the dumps are equal" same "$whole" "$WORK/again.sql"
    check "supabase: the same rows" diff "$WORK/rows" <(rows "$(conninfo postgres)")
    "$(oracle_for "$MAJOR")" -s -n public -n private -d "$(conninfo postgres)" >"$WORK/restored.sql"
    # Who gave a right is the owner now: another grantor could only be become by a superuser.
    plain() { sed -E '/^.(un)?restrict |^(SET|RESET) SESSION AUTHORIZATION/d' "$1"; }
    check "supabase: the same to pg_dump" same <(plain "$WORK/expected.sql") <(plain "$WORK/restored.sql")

    # Straight into a project, as postgres on both ends; then once more, over what is there.
    from="$source_server dbname=postgres user=postgres"
    empty=$(new_db "OWNER postgres") && supabase_platform "$empty" || exit 1
    clone() { "$DUMPNATIVE" clone --supabase "$@" "$from" "$(as_project "$empty")" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null; }
    cloned() { "$DUMPNATIVE" --supabase -f "$WORK/cloned.sql" -d "$(as_project "$empty")" && same "$whole" "$WORK/cloned.sql"; }
    # Default privileges that are there already change the order in which rights were given, which says nothing.
    cloned_again() { cloned >/dev/null || same <(sort "$whole") <(sort "$WORK/cloned.sql"); }
    platform() { "$(oracle_for "$MAJOR")" --restrict-key=x -n auth -n storage -n extensions -n cron -n realtime -d "$(conninfo "$empty")"; }
    check "supabase: clone: into an empty project" clone -j 2
    check "supabase: clone: the same" cloned
    check "supabase: compare: the same" "$DUMPNATIVE" compare --supabase "$from" "$(as_project "$empty")"
    sql "$empty" -c 'CREATE TABLE public.of_theirs ()' -c 'CREATE TABLE extensions.of_nobody ()'
    "$DUMPNATIVE" compare --supabase "$from" "$(as_project "$empty")" >"$WORK/stdout"
    status=$?
    check "supabase: compare: differs in what is the project's" eval '((status == 1)) && grep -q of_theirs "$WORK/stdout" && ! grep -q of_nobody "$WORK/stdout"'
    sql "$empty" -c 'DROP TABLE public.of_theirs, extensions.of_nobody'
    platform >"$WORK/platform.sql"
    clone
    status=$?
    check "supabase: clone: names what is in the way" eval '((status == 1)) && grep -q "\"public\".\"posts\" is there already" "$WORK/stderr" && ! grep -qE "\"(auth|storage|extensions)\"" "$WORK/stderr"'
    for how in "-j 2" --single-transaction; do
        # shellcheck disable=SC2086
        check "supabase: clone --drop-target-objects $how: what is the project's" clone $how --drop-target-objects --yes
        check "supabase: clone --drop-target-objects $how: the same" cloned_again
        platform >"$WORK/platform.after.sql"
        check "supabase: clone --drop-target-objects $how: what is the platform's stays" diff "$WORK/platform.sql" "$WORK/platform.after.sql"
    done
    for what in "-n auth" "-t auth.users" "-n stor*"; do
        # shellcheck disable=SC2086
        clone $what --drop-target-objects --yes
        status=$?
        check "supabase: clone $what: refused" eval '((status == 2)) && grep -q "is Supabase.s: a clone leaves that of the target alone" "$WORK/stderr"'
    done
    refused() { # WORDS TARGET
        "$DUMPNATIVE" clone "$from" "$2" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
        [[ $? == 2 ]] && grep -qF "$1" "$WORK/stderr"
    }
    check "supabase: clone: to a pooler in transaction mode: refused" refused "is a pooler in transaction mode" postgresql://postgres.abc@x.pooler.supabase.com:6543/postgres
    check "supabase: clone: to the API's host: refused" refused "address of the project's API" postgresql://postgres@abc.supabase.co/postgres
    check "supabase: clone: in the clear: refused" refused "requires TLS" "postgresql://postgres@db.abc.supabase.co/postgres?sslmode=disable"

    # A server on this machine, which no host names: there is none, as the error tells, but not for want of a project.
    for ends in "port=1 dbname=none|$(as_project "$empty")" "$from|port=1 dbname=none"; do
        env -u PGHOST "$DUMPNATIVE" clone --supabase "${ends%|*}" "${ends#*|}" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
        check "supabase: clone: an end without a host" eval 'grep -q "PGSQL.1\"" "$WORK/stderr" && ! grep -q "which Supabase project" "$WORK/stderr"'
    done
    # Whoever has schemas of the platform's names on a server of their own is told that they stay there.
    "$PSQL" -X -q -d "$source_server dbname=postgres" -c 'CREATE DATABASE plain OWNER postgres TEMPLATE template0'
    "$PSQL" -X -q -d "$source_server dbname=plain user=postgres" -c 'CREATE SCHEMA auth' -c 'CREATE TABLE auth.mine AS SELECT 1 AS a'
    plain=$(new_db "OWNER postgres") && supabase_platform "$plain" || exit 1
    "$DUMPNATIVE" clone --supabase "$source_server dbname=plain user=postgres" "$(as_project "$plain")" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    check "supabase: clone: tells of schemas that it leaves" grep -q "left in schemas that Supabase manages.*: auth (1 table)" "$WORK/stderr"

    # What a role of the platform owns belongs to whoever restores it.
    "$PSQL" -X -q -d "$source_server dbname=postgres" -c 'CREATE TABLE public.of_the_platform (id int)'
    check "supabase: a table of the platform's role" "$DUMPNATIVE" --supabase -t of_the_platform -f "$WORK/theirs.sql" \
        -d "$source_server dbname=postgres user=postgres"
    "$PSQL" -X -q -v ON_ERROR_STOP=1 --single-transaction -o /dev/null -d "$(as_project postgres)" -f "$WORK/theirs.sql"
    check "supabase: belongs to postgres now, and the API has its rights" test "$(sql postgres -At -c "SELECT tableowner,
        has_table_privilege('anon', 'public.of_the_platform', 'SELECT') FROM pg_tables WHERE tablename = 'of_the_platform'")" = 'postgres|t'
)
