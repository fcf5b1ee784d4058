#!/bin/bash
# The address at which a host answered last is kept in the user's cache folder, and is used when no resolver answers: of a
# server that proves its name, or when that is asked for. In network namespaces (tests/lib/namespaces.sh).
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/namespaces.sh
. tests/lib/namespaces.sh

network_case "last_address"
certificate known.test "$WORK/tls"
serve 5432 tls "$socket" "$WORK/tls.pem"
both_answer

export XDG_CACHE_HOME=$WORK/cache
file=$XDG_CACHE_HOME/dumpnative/addresses
at="host=known.test connect_timeout=2 dbname=$db" full="sslmode=verify-full sslrootcert=$WORK/tls.crt"
told() { grep -q "$1" "$WORK/stderr"; }
is_refused() { [[ $status == 1 ]] && told 'the resolver does not answer' && ! told 'connected after'; }
resolve() {
    : >"$names"
    named known.test "$@"
}

# ---- What is kept --------------------------------------------------------------------------------

resolve 10.99.0.2
dumps -d "$at sslmode=require"
check "last_address: reached by name" dumped_t
check "last_address: kept" test "$(cat "$file")" = "known.test 5432 10.99.0.2"
check "last_address: for the user alone" test "$(stat -c %a "$file" "${file%/*}" | xargs)" = "600 700"
check "last_address: no other file" test "$(ls -A "${file%/*}")" = addresses
dumps -d "hostaddr=10.99.0.2 $at sslmode=require"
dumps -d "host=10.99.0.2 dbname=$db sslmode=require"
check "last_address: of addresses nothing is kept" test "$(cat "$file")" = "known.test 5432 10.99.0.2"

# ---- When it is used -----------------------------------------------------------------------------

resolve fail
dumps -d "$at $full"
check "last_address: no resolver, a server that proves its name" dumped_t
check "last_address: told" told 'using the address that worked last, 10.99.0.2'
dumps -d "$at sslmode=require"
check "last_address: not of one that doesn't" is_refused
check "last_address: but told how" told 'hint: .*last answered at 10.99.0.2: .*--use-cached-address'
dumps -d "$at sslmode=verify-ca sslrootcert=$WORK/tls.crt"
check "last_address: nor of one that proves less" is_refused
dumps -d "$at sslmode=require" --use-cached-address
check "last_address: unless that is asked for" dumped_t
"$DUMPNATIVE" -s -f "$WORK/dump.sql" --no-sync -d "$SERVER dbname=$db"
in_client "$DUMPNATIVE" restore -v --dry-run -w -U "$user" "$WORK/dump.sql" "$at sslmode=require" --use-cached-address >"$WORK/stdout" 2>"$WORK/stderr"
check "last_address: restore does the same" told 'using the address that worked last, 10.99.0.2'
dumps -d "$at $full port=5999"
check "last_address: not of another port" is_refused
: >"$names"
dumps -d "$at $full"
check "last_address: not of a name that doesn't exist" test "$status $(grep -c 'worked last' "$WORK/stderr")" = "1 0"

resolve fail
echo 'known.test 5432 10.99.0.66' >"$file"
dumps -d "$at $full" --fallback-hostaddr=fd99::2
check "last_address: one that is dead by now: the fallback comes next" dumped_t
certificate other.test "$WORK/other"
serve 5433 tls "$socket" "$WORK/other.pem"
echo 'known.test 5433 10.99.0.2' >"$file"
dumps -d "$at port=5433 sslmode=verify-full sslrootcert=$WORK/other.crt"
check "last_address: another server at that address is refused" is_refused

# ---- When there is no such file ------------------------------------------------------------------

for trouble in "chmod 666 $file" "mkfifo $file" "ln -s $WORK/elsewhere $file" "mkdir $file"; do
    rm -rf "$file"
    echo 'known.test 5432 10.99.0.2' >"$WORK/elsewhere"
    [[ $trouble != chmod* ]] || cp "$WORK/elsewhere" "$file"
    $trouble
    dumps -d "$at $full"
    check "last_address: not believed: ${trouble%% *}" is_refused
done
resolve 10.99.0.2
dumps -d "$at $full"
check "last_address: can't be replaced: no matter" dumped_t
rm -rf "$file"
head -c 100000 /dev/urandom >"$file"
dumps -d "$at $full"
check "last_address: garbage is replaced" test "$status $(cat "$file")" = "0 known.test 5432 10.99.0.2"
rm -rf "$XDG_CACHE_HOME" && touch "$XDG_CACHE_HOME"
dumps -d "$at $full"
check "last_address: a cache folder that can't be made: no matter" dumped_t
unset XDG_CACHE_HOME
mkdir "$WORK/home" "$WORK/other"
HOME=$WORK/home dumps -d "$at $full"
check "last_address: below HOME" test "$(cat "$WORK/home/.cache/dumpnative/addresses")" = "known.test 5432 10.99.0.2"
(
    unset HOME
    dumps -d "$at $full"
    check "last_address: no HOME: no matter" dumped_t
)
ln -sf "$DUMPNATIVE" "$WORK/pg_dump"
HOME=$WORK/other in_client "$WORK/pg_dump" -w -U "$user" -d "$at sslmode=require" >"$WORK/stdout" 2>"$WORK/stderr"
check "last_address: in pg_dump's place nothing is kept" test "$(grep -c complete "$WORK/stdout") $(ls -A "$WORK/other" 2>/dev/null)" = "1 "
