# shellcheck shell=bash
# Builds Supabase-like databases from fixtures/supabase/; to be sourced after case.sh.
#
#   supabase_roles             makes the server's roles; to be called before the others
#   supabase_platform DB       fills an empty database with what the platform makes in each project
#   supabase_project DB        adds an application to it, as the project's role
#   supabase_server MAJOR      starts a server like the platform's: the superuser is supabase_admin, and the database
#                              postgres belongs to the project's role, postgres, which is none; sets SERVER
#   as_project DATABASE        prints the connection string of the project's role, which is no superuser
#
# The roles are the platform's by name and belong to the whole server: only for a server of our own.

supabase_project_role=project_postgres

supabase_server() {
    supabase_project_role=postgres
    export SUPERUSER=supabase_admin MAINTENANCE_DB=postgres
    server_start "$1" || return 1
    export SERVER="host=$PGHOST port=$PGPORT user=$SUPERUSER"
    supabase_roles && supabase_platform postgres && sql postgres -c 'ALTER DATABASE postgres OWNER TO postgres'
}

as_project() { echo "$(conninfo "$1") user=$supabase_project_role"; }

supabase_roles() { sql "$MAINTENANCE_DB" -o /dev/null -v project=$supabase_project_role -f fixtures/supabase/roles.sql; }

supabase_platform() { sql "$1" -o /dev/null -v project=$supabase_project_role -f fixtures/supabase/platform.sql; }

supabase_project() { "$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$(as_project "$1")" -f fixtures/supabase/project.sql; }
