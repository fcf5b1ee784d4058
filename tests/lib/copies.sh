# shellcheck shell=bash
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154 # servers is of the shell within the one that starts them; others are the caller's
# Copies a fixture's database, and tells whether the copy is the same; to be sourced after case.sh and fixture.sh.
#
#   with_servers COMMAND MAJOR...  starts those servers, each in a shell that stops it; within them, the command: it finds their
#                          connection strings in servers[MAJOR], an array of the caller's
#   copy_fixtures          prints the files of all fixtures
#   never_same NAME HOW    prints why that copy of the fixture is not the same, neither pg_dump's; fails when there is no reason
#   never_copied NAME      prints why $newer can't have that fixture, nor take it from pg_dump; fails when there is no reason
#   load_source FILE       makes $source, a new database on the source's server, of the fixture
#   dump_source            makes $dump of it, which copy_by restore wants
#   new_copy               makes $copy, a new database on the target's server, which has then what the fixture wants before
#   copy_by clone|restore  copies $source, or $dump, into $copy, and compares: prints the differences, and fails when there
#                          are some
#   drop_source, drop_copy drop it; at once, since some have subscriptions, which the server runs
#
# The caller sets $MAJOR and $newer, the versions of both servers, and $here and $there, their connection strings; messages are
# in $WORK/stderr.

on_source() { SERVER=$here "$@"; }
on_target() { SERVER=$there "$@"; }
ours() { timeout -k 5 120 "$DUMPNATIVE" "$@" 2>"$WORK/stderr" </dev/null; }

with_servers() {
    local command=$1 first=${2:-}
    if [[ -z $first ]]; then
        "$command"
    elif [[ ${servers[$first]:-} ]]; then
        with_servers "$command" "${@:3}"
    else
        (
            server_start "$first" || exit 1
            servers["$first"]="host=$PGHOST port=$PGPORT user=$PGUSER"
            with_servers "$command" "${@:3}"
        )
    fi
}

copy_fixtures() { find fixtures -name '*.sql' -not -path '*/demo/*' -not -path '*/supabase/*' | sort; }

never_same() {
    case $1 in
    data/hashed_by_enum | data/root_of_two_lines) echo "rows go to other partitions where the enum has other OIDs" ;;
    tables/inheritance_order) echo "pg_dump's text gives the columns their parent's order" ;;
    subscriptions/*)
        [[ $2 == restore && $MAJOR -lt 18 && $newer -ge 18 ]] || return 1
        echo "18 streams by default what the text of an older server leaves to it"
        ;;
    *) return 1 ;;
    esac
}

never_copied() {
    case $1 in
    labels/* | large_objects/labels) echo "no server has its provider of labels" ;;
    languages/needed) echo "its languages have functions outside of what is dumped" ;;
    constraints/exclusion_partitioned) echo "no server can attach the index" ;;
    casts/binary)
        ((newer >= 17)) || return 1
        echo "17 refuses casts that it has"
        ;;
    *) return 1 ;;
    esac
}

# What is there already is no error.
run_before() {
    local statement
    for statement in "${fixture_before[@]}"; do
        sql postgres -c "$statement" 2>/dev/null </dev/null || true
    done
}

load_source() {
    copy=""
    read_fixture "$1"
    on_source run_before
    source=$(on_source new_db "") && on_source sql "$source" -o /dev/null -f "$1" >"$WORK/stderr" 2>&1 </dev/null
}

dump_source() {
    dump=$WORK/copied.sql
    ours --whole-database -f "$dump" -d "$(on_source conninfo "$source")"
}

new_copy() {
    on_target run_before
    copy=$(on_target new_db "")
}

copy_by() {
    local from to
    from=$(on_source conninfo "$source") to=$(on_target conninfo "$copy")
    case $1 in
    clone) ours clone -j 2 "$from" "$to" >/dev/null && ours compare --whole-database "$from" "$to" ;;
    restore) ours restore -j 2 "$dump" "$to" >/dev/null && ours verify --db "$to" "$dump" ;;
    esac
}

drop_source() { on_source drop_db "$source"; }
drop_copy() { [[ -z $copy ]] || on_target drop_db "$copy"; }
