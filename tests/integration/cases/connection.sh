#!/bin/bash
# Checks the ways to say where the database is, what is said when it can't be reached, and that no password shows.
# shellcheck disable=SC2016 # conditions for eval
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

if ! own_server; then
    skip "connection" "the server's rules of access are not ours to change"
    exit 0
fi

host=$PGHOST port=$PGPORT superuser=$PGUSER
unset "${!PG@}"
hba=$(sql postgres -At -c 'SHOW hba_file')
user=dumpnative_user_$$ secret="S3cret-$RANDOM$RANDOM"
# A character of each kind that quoting in conninfo strings, URIs and password files has to mind.
odd_user=dumpnative_odd_$$ odd_secret="p'a\\s:s w@r/d%$RANDOM"

cleanup() {
    cp "$WORK/pg_hba.conf" "$hba" 2>/dev/null && sql postgres -c 'SELECT pg_reload_conf()' >/dev/null
    drop_dbs
    sql postgres -c "DROP ROLE IF EXISTS $user, $odd_user"
}
cp "$hba" "$WORK/pg_hba.conf"
trap cleanup EXIT

db=$(new_db "")
sql "$db" -v user="$user" -v odd="$odd_user" -v secret="$secret" -v odd_secret="$odd_secret" <<'SQL'
SET password_encryption = 'scram-sha-256';
CREATE ROLE :user LOGIN PASSWORD :'secret';
CREATE ROLE :odd LOGIN PASSWORD :'odd_secret';
CREATE TABLE t AS SELECT 1 AS n;
CREATE TABLE owned AS SELECT 2 AS n;
GRANT SELECT ON t, owned TO :user, :odd;
SQL
{
    printf '%s all %s,%s %s scram-sha-256\n' local "$user" "$odd_user" '' host "$user" "$odd_user" 127.0.0.1/32
    cat "$WORK/pg_hba.conf"
} >"$WORK/pg_hba.new"
cat "$WORK/pg_hba.new" >"$hba"
sql postgres -c 'SELECT pg_reload_conf()' >/dev/null
needs_password() { ! "$PSQL" -X -w -d "host=$host port=$port user=$user dbname=$db" -c '' >/dev/null 2>&1; }
wait_for 5 needs_password || not_ok "the server asks for a password"

# ---- Ways to say where ----------------------------------------------------------------------

# connects NAME [VARIABLE=VALUE...] -- ARGUMENT...: this gets at the database.
connects() {
    local name=$1 variables=()
    shift
    while [[ $1 != -- ]]; do
        variables+=("$1")
        shift
    done
    shift
    env "${variables[@]}" timeout 20 "$DUMPNATIVE" -w "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    if [[ $status == 0 && ! -s $WORK/stderr ]] && grep -q '^COPY public.t (n) FROM stdin;$' "$WORK/stdout"; then
        ok "connects by $name"
    else
        not_ok "connects by $name" "status $status: $(cat "$WORK/stderr")"
    fi
}

encoded() {
    local i c
    for ((i = 0; i < ${#1}; i++)); do
        c=${1:i:1}
        case $c in
        [a-zA-Z0-9._-]) printf '%s' "$c" ;;
        *) printf '%%%02X' "'$c" ;;
        esac
    done
}

url=postgresql://$(encoded "$host"):$port
quoted=${odd_secret//\\/\\\\} quoted=${quoted//\'/\\\'}
filed=${odd_secret//\\/\\\\} filed=${filed//:/\\:}
printf '%s\n' "# comment" "other:*:*:*:no" "*:$port:$db:$user:$secret" "*:*:*:$odd_user:$filed" >"$WORK/pgpass"
chmod 600 "$WORK/pgpass"
mkdir -p "$WORK/home" && cp -p "$WORK/pgpass" "$WORK/home/.pgpass"
printf '[%s]\n%s\n' "service" "host=$host
port=$port
user=$user
dbname=$db
password=$secret" >"$WORK/services"
cp "$WORK/services" "$WORK/home/.pg_service.conf"

connects "short options" -- -h "$host" -p "$port" -U "$superuser" -d "$db"
connects "long options" -- --host="$host" --port="$port" --username="$superuser" --dbname="$db"
connects "the database as an argument" -- -h "$host" -p "$port" -U "$superuser" "$db"
connects "a conninfo string" -- "host='$host' port=$port user=$superuser dbname=$db"
connects "a conninfo string after -d" -- -d "host=$host port = $port user=$superuser dbname=$db"
connects "a conninfo string and options" -- -h "$host" -U "$superuser" "dbname=$db port=$port"
connects "a URI" -- "postgresql://$superuser@/$db?host=$(encoded "$host")&port=$port"
connects "a URI with the socket as host" -- "postgresql://$superuser@$(encoded "$host"):$port/$db"
connects "a URI over TCP" -- "postgres://$superuser@127.0.0.1:$port/$db"
connects "a URI with several hosts" -- "postgres://$superuser@/$db?host=/nonexistent,127.0.0.1&port=1,$port"
connects "PG variables" PGHOST="$host" PGPORT="$port" PGUSER="$superuser" PGDATABASE="$db" --
connects "PG variables and a name" PGHOST="$host" PGPORT="$port" PGUSER="$superuser" PGDATABASE=nonexistent -- "$db"
connects "PGPASSWORD" PGPASSWORD="$secret" -- -h "$host" -p "$port" -U "$user" "$db"
connects "PGPASSFILE" PGPASSFILE="$WORK/pgpass" -- -h "$host" -p "$port" -U "$user" "$db"
connects "PGPASSFILE and an odd password" PGPASSFILE="$WORK/pgpass" -- -h "$host" -p "$port" -U "$odd_user" "$db"
connects "the .pgpass in one's home" HOME="$WORK/home" -- -h 127.0.0.1 -p "$port" -U "$user" "$db"
connects "a service" PGSERVICEFILE="$WORK/services" PGSERVICE=service --
connects "a service in a conninfo string" PGSERVICEFILE="$WORK/services" -- service=service
connects "a service in a URI" HOME="$WORK/home" -- "postgresql://?service=service"
connects "a password in a URI" -- "postgresql://$user:$(encoded "$secret")@/$db?host=$host&port=$port"
connects "an odd password in a URI" -- "postgresql://$odd_user:$(encoded "$odd_secret")@127.0.0.1:$port/$db"
connects "an odd password in a conninfo string" -- "host=$host port=$port user=$odd_user dbname=$db password='$quoted'"

# ---- What is said when it fails ---------------------------------------------------------------

# fails NAME TEXT ARGUMENT...: status 1, one line that says TEXT, one hint, nothing else, and no secret.
fails() {
    local name="says it: $1" text=$2 began=$EPOCHSECONDS
    shift 2
    rm -f "$WORK/failed.sql"
    timeout 20 setsid -w "$DUMPNATIVE" -f "$WORK/failed.sql" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    status=$?
    if [[ $status == 1 && ! -s $WORK/stdout && ! -e $WORK/failed.sql && $((EPOCHSECONDS - began)) -lt 15 ]] &&
        (($(wc -l <"$WORK/stderr") == 2)) && head -n 1 "$WORK/stderr" | grep -qE "^dumpnative: error: .*$text" &&
        tail -n 1 "$WORK/stderr" | grep -q '^dumpnative: hint: [A-Z].*\.$' && ! shows_secret "$WORK/stderr"; then
        ok "$name"
    else
        not_ok "$name" "status $status: $(cat "$WORK/stderr" "$WORK/stdout")"
    fi
}
shows_secret() { grep -qaF -e "$secret" -e wr0ng "$@"; }

closed=$(free_port)
at="-h $host -p $port -U $user"
# shellcheck disable=SC2086
{
    PGPASSWORD=wr0ng fails "a wrong password" "password authentication failed for user \"$user\"" $at "$db"
    fails "a wrong password in a URI" "password authentication failed" "${url/\/\//\/\/$user:wr0ng@}/$db"
    fails "a wrong password in a conninfo string" "password authentication failed" \
        "host=$host port=$port user=$user dbname=$db password=wr0ng"
    fails "no password, and -w" "password" -w $at "$db"
    fails "no password, and no terminal to ask" "no terminal" $at "$db"
}
fails "a database that is missing" 'database "no_such_db" does not exist' -h "$host" -p "$port" -U "$superuser" no_such_db
fails "a role that is missing" 'role "no_such_role" does not exist' -h "$host" -p "$port" -U no_such_role "$db"
fails "a connection that is refused" "[Cc]onnection refused" -h 127.0.0.1 -p "$closed" -U "$superuser" "$db"
fails "a socket that is missing" "No such file" -h /nonexistent -p "$port" -U "$superuser" "$db"
fails "a host that has no address" "no-such-host.invalid" -h no-such-host.invalid -U "$superuser" "$db"
fails "a service that is missing" "nonexistent" "service=nonexistent password=$secret"
fails "a port that is no number" "port" -h "$host" -p 54x -U "$superuser" "$db"
fails "a conninfo string with a wrong word" 'option "nonsense"' "host=$host nonsense=1"
fails "a URI with a wrong parameter" '"nonsense"' "postgresql://localhost/$db?nonsense=1"

# libpq's own messages would quote parts of the password here.
fails "a wrong word beside a password" "invalid connection option" "host=$host nonsense=1 password=$secret"
fails "a password that is not quoted" 'missing "\.\.\." in connection info' "host=$host password=a $secret"
fails "a URI with a wrong parameter and a password" "parameter" "postgresql://$user:$secret@localhost/$db?nonsense=1"
fails "a URI with a wrong port" "invalid integer" "postgresql://$user:$secret@localhost:x5432/$db"
fails "a URI with a stray percent sign" "percent-encoded" "postgresql://$user:$secret%zz@localhost/$db"
fails "a password in a URI with an @" "" "postgresql://$user:a@$secret@127.0.0.1:$port/$db"
fails "a password in a URI with a slash" "" "postgresql://$user:$secret/a@127.0.0.1:$port/$db"
fails "a password in a URI with an @ and a slash" "" "postgresql://$user:a@$secret/a@127.0.0.1:$port/$db"
fails "a password in a URI with a question mark" "" "postgresql://$user:$secret?a@127.0.0.1:$port/$db"
fails "a password in a URI with a bracket" "" "postgresql://$user:a@[$secret@127.0.0.1:$port/$db"
fails "--role that is missing" 'role "no_such_role" does not exist' --role no_such_role -h "$host" -p "$port" -U "$superuser" "$db"
fails "--role that may not be taken" 'permission denied to set role|permission denied' --role "$superuser" \
    "host=$host port=$port user=$user dbname=$db password=$secret"
fails "an encoding that is unknown" "NOPE" -E NOPE -h "$host" -p "$port" -U "$superuser" "$db"

# ---- Where a password must not show -------------------------------------------------------------

# hidden NAME ARGUMENT...: while the dump waits for a lock, and in all that it has said in the end.
hidden() {
    local name="no password in argv and messages: $1" pid problem=
    shift
    rm -f "$WORK/hidden.sql"
    PGAPPNAME=holder sql "$db" -c 'BEGIN; LOCK TABLE t; SELECT pg_sleep(60)' >/dev/null 2>&1 </dev/null &
    wait_for 10 holder "wait_event = 'PgSleep'" || problem="the lock's holder did not start"
    "$DUMPNATIVE" -w -v -f "$WORK/hidden.sql" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
    pid=$!
    wait_for 10 waiting || problem+="the dump did not get to the lock"
    tr '\0' '\n' <"/proc/$pid/cmdline" >"$WORK/cmdline"
    sql "$db" -At -c 'SELECT * FROM pg_stat_activity' >"$WORK/activity"
    sql "$db" -At -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'" >/dev/null
    wait "$pid" || problem+="status $?"
    wait
    ! shows_secret "$WORK"/{stdout,stderr,cmdline,activity,hidden.sql,hidden.sql.sha256} || problem+="the password shows"
    [[ -s $WORK/cmdline && -s $WORK/stderr ]] || problem+="nothing to look at"
    if [[ -z $problem ]]; then
        ok "$name"
    else
        not_ok "$name" "$problem: $(cat "$WORK/cmdline")"$'\n'"$(head -n 20 "$WORK/stderr")"
    fi
}
holder() { [[ $(sql "$db" -At -c "SELECT $1 FROM pg_stat_activity WHERE application_name = 'holder'") == t ]]; }
waiting() { [[ $(sql "$db" -At -c "SELECT wait_event_type FROM pg_stat_activity
    WHERE application_name = 'dumpnative' AND datname = '$db'") == Lock ]]; }

hidden "in a URI" "postgresql://$user:$secret@127.0.0.1:$port/$db"
hidden "in a URI's parameter" --log-format=json "postgresql://$user@127.0.0.1:$port/$db?password=$secret"
hidden "in a conninfo string" "host=$host port=$port user=$user password='$secret' dbname=$db"
hidden "in --dbname" --dbname="host=$host port=$port user=$user dbname=$db password = $secret"
hidden "glued to -d" -d"postgresql://$user:$secret@127.0.0.1:$port/$db"

# A value in the wrong place is shown in the usage error, without its secret.
misplaced() {
    run_dump "$@"
    check "no password in the usage error of ${*%%[=: ]*}" \
        eval '((status == 2)) && [[ -s $WORK/stderr ]] && ! shows_secret "$WORK/stderr" "$WORK/stdout"'
}
misplaced --section="postgresql://$user:$secret@127.0.0.1/$db"
misplaced -F "password=$secret"
misplaced "$db" "host=$host password=$secret"
misplaced -d "$db" "postgresql://$user:$secret@127.0.0.1/$db"
misplaced "--no-such-option=password=$secret"

# ---- Asking ---------------------------------------------------------------------------------------

# on_terminal INPUT ARGUMENT...: runs it with a terminal, which INPUT is typed into; its output is in $WORK/terminal.
on_terminal() {
    local input=$1 line
    shift
    printf -v line '%q ' "$DUMPNATIVE" -f "$WORK/terminal.sql" "$@"
    (
        sleep 0.7
        printf '%s' "$input"
        sleep 0.5
    ) | timeout 20 script -qec "$line" /dev/null >"$WORK/terminal" 2>&1
    status=${PIPESTATUS[1]}
}

name="asks for a password on the terminal"
if ! command -v script >/dev/null; then
    skip "$name" "there is no script(1) to make a terminal"
else
    on_terminal "$secret"$'\n' -h "$host" -p "$port" -U "$user" "$db"
    check "$name" eval '((status == 0)) && grep -q Password: "$WORK/terminal" && [[ -s $WORK/terminal.sql ]]'
    check "$name, and does not show it" eval '! shows_secret "$WORK/terminal"'
    on_terminal wr0ng$'\n' -h "$host" -p "$port" -U "$user" "$db"
    check "$name, and fails with a wrong one" eval '((status == 1)) && grep -q "password authentication failed" "$WORK/terminal" &&
        ! shows_secret "$WORK/terminal"'
    on_terminal '' -w -h "$host" -p "$port" -U "$user" "$db"
    check "-w never asks" eval '((status == 1)) && grep -q "hint:" "$WORK/terminal" && ! grep -q "Password:" "$WORK/terminal"'
    on_terminal $'whatever\n' -W -h "$host" -p "$port" -U "$superuser" "$db"
    check "-W asks even if none is needed" eval '((status == 0)) && grep -q Password: "$WORK/terminal"'
fi
