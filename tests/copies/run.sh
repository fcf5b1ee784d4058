#!/bin/bash
# Copies every fixture from each server version to itself and to each newer one, by `clone -j2` and by a dump and `restore -j2`,
# and compares source and copy.
#
# usage: tests/copies/run.sh [FILTER]
#
# FILTER picks fixtures by a part of their name.
#   PG_MAJORS    server versions to use; default "12 13 14 15 16 17 18"; all must be installed
#   PAIRS        only these, such as "12-13 16-17"
#   SAMPLES      a folder with further databases, as .sql
#   DUMPNATIVE   the program to test; default build/dumpnative
#   TEST_DIR     where the tests' files go; default build/test-copies
#   JOBS         how many source versions at the same time; default: one for each processor
#
# What `clone` copied must also be the same, by pg_dump's word, as what psql makes of pg_dump's text on that server, but for what
# theirs_is_other names. A copy may fail only where that one does. One result for each fixture and pair of versions; the last line is
# "N passed, N failed, N skipped".
# shellcheck disable=SC2030,SC2031 # servers is of the shell within those that start them
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh
# shellcheck source=tests/lib/copies.sh
. tests/lib/copies.sh

filter=${1:-}
test_dir=${TEST_DIR:-build/test-copies}
DUMPNATIVE=$(realpath -m "${DUMPNATIVE:-build/dumpnative}")
export LC_ALL=C.UTF-8
read -r -a majors <<<"${PG_MAJORS:-12 13 14 15 16 17 18}"
declare -A servers

# their_text MAJOR CONNINFO FILE
their_text() { "$(oracle_for "$1")" --restrict-key=x -f "$3" -d "$2"; }

# Not each server has a pg_dump of its own version here. Those since 15 tell the public schema of an older server as what was
# changed of a newer one's.
without_usual_public() {
    if ((MAJOR < 15)) && ! oracle_exact "$MAJOR"; then
        sed -E '/^(ALTER SCHEMA public OWNER TO postgres|REVOKE USAGE ON SCHEMA public FROM PUBLIC|GRANT ALL ON SCHEMA public TO PUBLIC);$/d'
    else
        cat
    fi
}

# their_copy DATABASE: what psql makes of pg_dump's text; leaves the errors in $WORK/theirs.errors, and fails when there are
# some. Settings that the server doesn't know are no error, for the same reason.
their_copy() {
    their_text "$MAJOR" "$(on_source conninfo "$source")" "$WORK/text.sql" 2>"$WORK/theirs.errors" || return 1
    without_usual_public <"$WORK/text.sql" >"$WORK/theirs.sql"
    "$PSQL" -X -q -o /dev/null -d "$(on_target conninfo "$1")" -f "$WORK/theirs.sql" >"$WORK/theirs.log" 2>&1
    ! grep 'ERROR: ' "$WORK/theirs.log" | grep -v 'unrecognized configuration parameter' >"$WORK/theirs.errors"
}

# theirs_is_other NAME: prints why pg_dump's own text makes something else there, or nothing; fails when there is no reason.
theirs_is_other() {
    case $1 in
    schemas/* | hostile/names) ((MAJOR < 15)) && echo "before 15 it leaves the comment and the owner of public out" ;;
    sequences/identity_rights_13) ((MAJOR < 14)) && echo "before 14 it leaves such rights out" ;;
    sequences/identity_unlogged) ! oracle_exact "$MAJOR" && echo "a newer one than the server prints LOGGED there" ;;
    subscriptions/*) ((MAJOR < 18 && newer >= 18)) && echo "18 streams by default what the text of an older server leaves to it" ;;
    views/self | large_objects/grant_chain) echo "it does not restore" ;;
    *) return 1 ;;
    esac
}

same_as_theirs() {
    their_copy "$1" &&
        their_text "$newer" "$(on_target conninfo "$copy")" "$WORK/ours.sql" &&
        their_text "$newer" "$(on_target conninfo "$1")" "$WORK/theirs.sql" &&
        diff "$WORK/theirs.sql" "$WORK/ours.sql"
}

# with_reference COMMAND...: with another new database's name behind.
with_reference() {
    local reference status
    reference=$(on_target new_db "") || return 1
    "$@" "$reference"
    status=$?
    on_target drop_db "$reference"
    return "$status"
}

# try_copy NAME HOW: prints what is wrong with it, if anything.
try_copy() {
    local name=$1 how=$2
    local status
    copy_by "$how" >"$WORK/differences"
    status=$?
    : >"$WORK/theirs.errors"
    if ((status == 0)); then
        [[ $how != clone ]] || theirs_is_other "$name" >/dev/null || with_reference same_as_theirs 2>&1 ||
            echo "not what psql makes of pg_dump's text: $(cat "$WORK/theirs.errors")"
    elif [[ -s $WORK/differences ]]; then
        never_same "$name" "$how" >/dev/null || cat "$WORK/differences"
    else
        cp "$WORK/stderr" "$WORK/ours.errors"
        if ((status > 123)) || with_reference their_copy || [[ ! -s $WORK/theirs.errors ]]; then
            echo "status $status: $(cat "$WORK/ours.errors")"
        else
            refused="; $how refused: $(head -n 1 "$WORK/theirs.errors")"
        fi
    fi
}

test_pair() {
    local name=$1 newer=$2 label=$1\ to\ $2 how refused=""
    there=${servers[$newer]}
    for how in clone restore; do
        if new_copy; then
            try_copy "$name" "$how" >"$WORK/wrong"
        else
            echo "no database for it" >"$WORK/wrong"
        fi
        drop_copy
        if [[ -s $WORK/wrong ]]; then
            not_ok "$label by $how" "$(head -c 4000 "$WORK/wrong")"
            return
        fi
    done
    ok "$label$refused"
}

test_database() {
    local file=$1 name=$2 newer
    read_fixture "$file"
    fixture_is_for "$MAJOR" || return 0
    if ! load_source "$file" || ! dump_source; then
        not_ok "$name: no source" "$(tail -n 5 "$WORK/stderr")"
        return
    fi
    for newer in "${majors[@]}"; do
        if ((newer >= MAJOR)) && [[ -z ${PAIRS:-} || " $PAIRS " == *" $MAJOR-$newer "* ]]; then
            test_pair "$name" "$newer"
        fi
    done
    drop_source
}

# All copies of one source version.
test_major() {
    local file name
    here=${servers[$MAJOR]}
    while IFS= read -r file; do
        name=${file#fixtures/} name=${name%.sql}
        [[ $name != *"$filter"* ]] || test_database "$file" "$name"
    done < <(
        copy_fixtures
        [[ -z ${SAMPLES:-} ]] || find "$SAMPLES" -name '*.sql' | sort
    )
}

open_results() {
    WORK=$(realpath -m "$test_dir/$1") RESULTS=$WORK/results
    rm -rf "$WORK"
    mkdir -p "$WORK"
    : >"$RESULTS"
}

test_majors() {
    local running=0
    for MAJOR in "${majors[@]}"; do
        if ((running++ >= ${JOBS:-$(nproc)})); then
            wait -n
        fi
        open_results "$MAJOR"
        test_major &
    done
    wait
}

if [[ ! -x $DUMPNATIVE ]]; then
    echo "$DUMPNATIVE is not there; run make first" >&2
    exit 1
fi
with_servers test_majors "${majors[@]}" || exit 1
count() { cat "$test_dir"/*/results | grep -c "^$1"; }
passed=$(count ok) failed=$(count FAIL)
if ((failed > 0)); then
    echo "failed:"
    sed -n 's/^FAIL /  /p' "$test_dir"/*/results
fi
echo "$passed passed, $failed failed, $(count skip) skipped"
((failed == 0 && passed > 0))
