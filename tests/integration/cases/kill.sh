#!/bin/bash
# Checks what `restore` and `clone` leave when client, session or server is killed, in each phase: one transaction nothing, steps
# what is done, from where --resume goes on to an equal database; and that no two runs are at work in one target.
# shellcheck disable=SC2016,SC2034
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

own_server || { skip kill "the server isn't ours to be killed"; exit 0; }
[[ $MAJOR == 1[358] ]] || { skip kill "the same as on 13, 15 and 18"; exit 0; }
oracle_exact "$MAJOR" || { skip kill "no pg_dump $MAJOR to compare with"; exit 0; }
pg_dump=$(oracle_for "$MAJOR")

# Each phase waits as long as somebody holds the lock of its number: rows, an index, a materialized view; 0 are definitions.
new_source() {
    local name
    name=$(new_db "")
    sql "$name" -c 'CREATE FUNCTION public.stop(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
        PERFORM pg_catalog.pg_advisory_xact_lock_shared(n);
        RETURN true;
    END $$'
    echo "$name"
}
source_db=$(new_source)
sql "$source_db" <<'END_SQL'
CREATE TABLE a (id int PRIMARY KEY);
INSERT INTO a SELECT generate_series(1, 1000);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a, words text, CHECK (public.stop(1)));
INSERT INTO b SELECT id, repeat('x', 100) FROM a;
CREATE TABLE c (id int);
INSERT INTO c SELECT id FROM a;
CREATE INDEX ON c ((public.stop(2)));
CREATE MATERIALIZED VIEW m AS SELECT count(*), public.stop(3) FROM a;
END_SQL
"$pg_dump" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
whole "$source_db" >"$WORK/source.sql"
same() { whole "$1" | diff "$WORK/source.sql" -; }

run_it() { # TOOL OPTION...
    local tool=$1
    shift
    case $tool in
    restore) exec "$DUMPNATIVE" restore "$@" "$WORK/dump.sql" "$(conninfo "$db")" ;;
    clone) exec "$DUMPNATIVE" clone "$@" "$(conninfo "$source_db")" "$(conninfo "$db")" ;;
    esac
}
run_to_end() {
    (run_it "$@") >/dev/null 2>"$WORK/stderr"
    status=$?
}

answers() { sql postgres -c 'SELECT 1' >/dev/null 2>&1; }
sessions() { sql postgres -At -c "SELECT pid FROM pg_stat_activity WHERE datname = '$1' AND application_name = 'dumpnative' AND $2 ORDER BY backend_start LIMIT 1"; }
# The holder's own session has another name.
at_phase() { victim=$(sessions "$db" "wait_event_type = 'Lock' AND state = 'active'") && [[ $victim ]]; }
all_gone() { [[ -z $(sessions "$db" true) ]]; }
block() {
    local lock="SELECT pg_advisory_lock($1)" seen="locktype = 'advisory' AND objid = $1 AND mode = 'ExclusiveLock'"
    [[ $1 != 0 ]] || lock='LOCK TABLE pg_catalog.pg_proc IN SHARE MODE' seen="relation = 'pg_catalog.pg_proc'::regclass AND mode = 'ShareLock'"
    sql "$db" -o /dev/null -c BEGIN -c "$lock" -c 'SELECT pg_sleep(600)' 2>/dev/null &
    blocker=$!
    wait_for 60 blocks "$seen"
}
blocks() { holder=$(sql "$db" -At -c "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE $1 AND granted AND datname = '$db'") && [[ $holder ]]; }
unblock() {
    sql postgres -o /dev/null -c "SELECT pg_terminate_backend($holder)"
    wait "$blocker" 2>/dev/null
}
# start PHASE TOOL OPTION...: sets $pid; in that phase it waits.
start() {
    block "$1" || return 1
    shift
    (run_it "$@") >/dev/null 2>"$WORK/stderr" &
    pid=$!
    wait_for 60 at_phase
}
end() {
    wait "$pid" 2>/dev/null
    status=$?
}
# killed WHAT PHASE TOOL OPTION...
killed() {
    local what=$1
    start "${@:2}" || { unblock; return 1; }
    case $what in
    client) kill -KILL "$pid" ;;
    session) sql postgres -o /dev/null -c "SELECT pg_terminate_backend($victim)" ;;
    server) kill -KILL "$victim" ;;
    synced) sql postgres -c CHECKPOINT && kill -KILL "$victim" ;; # what is done may be lost, but not its rows alone
    esac
    end
    if [[ $what == server || $what == synced ]]; then
        wait "$blocker" 2>/dev/null
        wait_for 120 answers
    else
        unblock
        wait_for 60 all_gone
    fi
}
says_how() {
    if [[ $1 == client ]]; then ((status == 137)); else
        ((status == 1)) && grep -qE '[0-9]+ of [0-9]+ steps are done' "$WORK/stderr" && grep -q -- '--resume' "$WORK/stderr"
    fi
}

# ---- One transaction -------------------------------------------------------------------

for phase in 0 1 2 3; do
    db=$(new_db "")
    killed server "$phase" restore
    check "restore: in one transaction, the server killed in phase $phase: fails, and nothing is there" eval '((status == 1)) && grep -q "Nothing was changed" "$WORK/stderr" && untouched "$db"'
done
db=$(new_db "")
for what in client session server; do
    killed "$what" 2 clone --single-transaction
    check "clone: in one transaction, the $what killed: nothing is there" eval '((status)) && untouched "$db" && { [[ $what == client ]] || grep -q "Nothing was changed" "$WORK/stderr"; }'
done

# ---- In steps --------------------------------------------------------------------------

for tool in restore clone; do
    db=$(new_db "")
    resume=()
    for moment in "session 0" "server 0" "client 1" "server 1" "session 2" "server 2" "client 3" "server 3"; do
        read -r what phase <<<"$moment"
        killed "$what" "$phase" "$tool" -j 2 "${resume[@]}"
        check "$tool -j 2 ${resume[*]}: the $what killed in phase $phase: tells what is done" eval 'says_how "$what" && begun "$db"'
        resume=(--resume)
    done
    run_to_end "$tool" -j 2 --resume
    check "$tool --resume: ends in the same database" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
done

# ---- Two at once -----------------------------------------------------------------------

for tool in restore clone; do
    db=$(new_db "")
    start 1 "$tool" -j 2
    run_to_end "$tool" -j 2 --resume
    check "$tool --resume: refused while the first run is at work, naming it" eval '((status == 1)) && grep -qE "another restore or clone is at work in the target: process [0-9, ]+ .dumpnative." "$WORK/stderr" && grep -q "pg_terminate_backend" "$WORK/stderr"'
    if [[ $tool == clone ]]; then
        run_to_end clone --single-transaction --drop-target-objects --yes
        check "clone --drop-target-objects: likewise" eval '((status == 1)) && grep -q "is at work in the target" "$WORK/stderr"'
    fi
    unblock
    end
    check "$tool: the first run goes on as if nothing had been" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
done

# A client that is gone, whose session the server still works for.
db=$(new_db "")
start 1 restore -j 2
kill -KILL "$pid"
end
run_to_end restore -j 2 --resume
check "restore --resume: refused while a session of the killed run lives" eval '((status == 1)) && grep -q "process $victim " "$WORK/stderr"'
unblock
run_to_end restore -j 2 --resume
check "restore --resume: goes on once that has ended" eval '((status == 0)) && same "$db"'

# ---- The source's snapshot ---------------------------------------------------------------

# holder_killed WHEN STATEMENT: while rows are copied. Without the locks a table may be emptied, which shows in the old snapshot.
holder_killed() {
    local lender
    db=$(new_db "")
    start 1 clone -j 2
    lender=$(sessions "$source_db" true)
    sql postgres -o /dev/null -c "SELECT pg_terminate_backend($lender)"
    gone() { [[ -z $(sessions "$source_db" "pid = $lender") ]]; }
    wait_for 60 gone
    sql "$source_db" -c "$2"
    unblock
    end
    check "clone: the session with the source's snapshot killed $1: fails, and tells what to do" eval 'says_how session && grep -q "session that holds its snapshot and locks was lost" "$WORK/stderr" && begun "$db"'
    whole "$source_db" >"$WORK/source.sql"
    run_to_end clone -j 2 --resume
    check "clone --resume: that session killed $1: ends in what the source has by now" eval '((status == 0)) && same "$db" && ours_is_gone "$db"'
}
holder_killed "in between" 'TRUNCATE c'

full_db=$source_db
source_db=$(new_source)
sql "$source_db" -c 'CREATE TABLE solo (id int CHECK (public.stop(1)))' -c 'INSERT INTO solo VALUES (1)'
holder_killed "while the last rows are copied" 'UPDATE solo SET id = 2'

# Once all rows are there, the source isn't needed.
source_db=$full_db
db=$(new_db "")
start 2 clone -j 2
check "clone: the source is let go when the last row is read" eval '[[ -z $(sessions "$source_db" "xact_start IS NOT NULL") ]]'
unblock
end
whole "$source_db" >"$WORK/source.sql"
check "clone: ... and the copy is the same" eval '((status == 0)) && same "$db"'

# ---- What a crash takes -------------------------------------------------------------------

sql "$source_db" -c 'CREATE UNLOGGED TABLE u (id int)' -c 'INSERT INTO u VALUES (1)'
"$pg_dump" -f "$WORK/dump.sql" "$(conninfo "$source_db")"
db=$(new_db "")
killed synced 2 restore -j 2
run_to_end restore -j 2 --resume
check "restore --resume: refused where a crash has emptied an unlogged table" eval '((status == 1)) && grep -q "emptied its unlogged tables: u" "$WORK/stderr"'
sql "$source_db" -c 'INSERT INTO u VALUES (1)'
db=$(new_db "")
killed synced 2 clone -j 2
sql "$source_db" -c 'INSERT INTO u VALUES (2)'
whole "$source_db" >"$WORK/source.sql"
run_to_end clone -j 2 --resume
check "clone --resume: begins anew where a crash has emptied an unlogged table" eval '((status == 0)) && grep -q "emptied its unlogged tables: u" "$WORK/stderr" && same "$db"'
