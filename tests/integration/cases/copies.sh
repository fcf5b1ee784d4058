#!/bin/bash
# Checks that copies of the fixtures are the same as they are, by `compare` and `verify --db`, made by `clone` and by `restore`, on
# the same major version and on newer ones, where servers and pg_dumps spell much in another way. `make test-copies` makes all
# copies, between all versions.
# shellcheck disable=SC2030,SC2031 # servers is of the shell within those that start them
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/fixture.sh
. tests/lib/fixture.sh
# shellcheck source=tests/lib/copies.sh
. tests/lib/copies.sh

# Where the fixtures go, one after the other, over and over; "-" leaves one out. Each version is once a source and once a target.
# From the oldest to the newest go the most, and over the versions that changed most: operator families in 14, public in 15,
# views in 16, NOT NULL in 18.
case $MAJOR in
12) targets=(18 13 18 12) ;;
13) targets=(14 -) ;;
14) targets=(- 15) ;;
15) targets=(16) ;;
16) targets=(17 -) ;;
*) targets=(18) ;;
esac
declare -A servers=([$MAJOR]=$SERVER)
here=$SERVER

if own_server; then
    for newer in "${targets[@]}"; do
        [[ $newer == - ]] || pg_bin "$newer" >/dev/null || {
            skip "copies" "no server $newer of our own"
            exit 0
        }
    done
else
    targets=("$MAJOR")
fi

# copy_fixture FILE HOW: prints what is wrong with the copy, if anything.
copy_fixture() {
    if load_source "$1" && { [[ $2 != restore ]] || dump_source; } && new_copy && copy_by "$2"; then
        return 0
    fi
    head -c 2000 "$WORK/stderr"
    return 1
}

copy_all_fixtures() {
    local file name newer how copied=0 turn=0 count=${#targets[@]}
    while IFS= read -r file; do
        name=${file#fixtures/} name=${name%.sql}
        newer=${targets[turn % count]}
        how=$( ((turn / count % 2)) && echo restore || echo clone)
        turn=$((turn + 1))
        read_fixture "$file"
        if [[ $newer == - ]] || ! fixture_is_for "$MAJOR" || never_copied "$name" >/dev/null || never_same "$name" "$how" >/dev/null; then
            continue
        fi
        there=${servers[$newer]}
        if copy_fixture "$file" "$how" >"$WORK/wrong" 2>&1; then
            copied=$((copied + 1))
        else
            not_ok "copies: $name to $newer by $how" "$(cat "$WORK/wrong")"
        fi
        drop_source
        drop_copy
    done < <(copy_fixtures)
    check "copies: $copied fixtures to ${targets[*]}" test "$copied" -gt 40
}

with_servers copy_all_fixtures "${targets[@]/#-/$MAJOR}"
