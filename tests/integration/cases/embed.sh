#!/bin/bash
# Checks that an installed library can be built against by pkg-config, and dumps as the command does; and that its restore, clone and
# verify tell their progress, and can be cancelled.
# once
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/target.sh
. tests/lib/target.sh

root=$WORK/root
log=$WORK/log
cc=${CC:-cc}

# make as a person would run it: without what this test's own make was told.
plain_make() { env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES -u BUILD make -s "$@"; }

# check NAME COMMAND...
check() {
    local name=$1
    shift
    if "$@" >"$log" 2>&1; then
        ok "embed: $name"
    else
        not_ok "embed: $name" "status $?"$'\n'"$(tail -n 20 "$log")"
    fi
}

rm -rf "$root"
if ! plain_make install PREFIX=/usr DESTDIR="$root" >"$log" 2>&1; then
    not_ok "make install" "$(tail -n 20 "$log")"
    exit 0
fi

installed() {
    diff - <(cd "$root" && find . ! -type d | sort) <<-END
	./usr/bin/dumpnative
	./usr/include/dumpnative.h
	./usr/lib/libdumpnative.a
	./usr/lib/libdumpnative.so
	./usr/lib/libdumpnative.so.0
	./usr/lib/libdumpnative.so.$version
	./usr/lib/pkgconfig/dumpnative.pc
	./usr/share/bash-completion/completions/dumpnative
	./usr/share/man/man1/dumpnative.1
	./usr/share/zsh/site-functions/_dumpnative
	END
}

# PREFIX is where the files will be found, so that the folder they lie in for now has to be told.
package() { PKG_CONFIG_PATH=$root/usr/lib/pkgconfig pkg-config --define-variable=prefix="$root/usr" "$@" dumpnative; }

version=$(package --modversion)
check "all files are installed" installed
check "the package has the program's version" grep -q " $version$" <("$root/usr/bin/dumpnative" --version)
check "PREFIX is the package's" grep -qx 'prefix=/usr' "$root/usr/lib/pkgconfig/dumpnative.pc"

db=$(new_db "")
sql "$db" -f - <<'END'
CREATE TYPE mood AS ENUM ('so', 'so-so');
CREATE TABLE a (id serial PRIMARY KEY, name text, m mood DEFAULT 'so');
CREATE TABLE b (id int REFERENCES a, at timestamptz DEFAULT now());
CREATE VIEW v AS SELECT a.name, b.at FROM a JOIN b USING (id);
INSERT INTO a (name) SELECT 'name ' || n FROM generate_series(1, 20000) n;
INSERT INTO b (id) SELECT id FROM a;
END
source=$(conninfo "$db")
"$DUMPNATIVE" "$source" >"$WORK/command.sql" || not_ok "embed: the command's own dump"

# shellcheck disable=SC2046
{
    read -r -a cflags < <(package --cflags)
    read -r -a libs < <(package --libs)
    # What the static library needs is there as shared libraries.
    read -r -a needed < <(pkg-config --libs $(package --print-requires-private))
}
example=tests/embed/embed.c
build() { "$cc" -std=c99 -Wall -Wextra -Werror "$example" "${cflags[@]}" "$@"; }

same_as_command() {
    "$@" "$source" >"$WORK/embed.sql" && cmp "$WORK/command.sql" "$WORK/embed.sql"
}

check "builds with the shared library" build -o "$WORK/shared" "${libs[@]}" -pthread
check "builds with the static library" build -o "$WORK/static" "$root/usr/lib/libdumpnative.a" "${needed[@]}" -pthread
check "dumps with the shared library" same_as_command env LD_LIBRARY_PATH="$root/usr/lib" "$WORK/shared"
check "dumps with the static library" same_as_command "$WORK/static"
check "dumps in two threads" "$WORK/static" --threads "$source"
check "stops when it is cancelled" "$WORK/static" --cancel "$source"

# ---- Restore, clone and verify ------------------------------------------------------

check "builds what restores and clones" "$cc" -std=c99 -Wall -Wextra -Werror tests/embed/copies.c "${cflags[@]}" -o "$WORK/copies" "${libs[@]}" -pthread
copies() { LD_LIBRARY_PATH=$root/usr/lib timeout -k 5 120 "$WORK/copies" "$@" >"$WORK/told" 2>&1; }
# told STATUS [ROWS]: that came of it, with events of progress; all rows have bytes.
told() { cat "$WORK/told" && grep -qE "^status $1, [1-9][0-9]* events of progress, ${2:+[1-9]}[0-9]* bytes, ${2:-[0-9]+} rows$" "$WORK/told"; }
# A row passes at once in one target; in the other the first one waits until all is cancelled.
target() {
    local name
    name=$(new_db "")
    sql "$name" -c 'CREATE SCHEMA elsewhere' -c "CREATE FUNCTION elsewhere.passes(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ${1:-true}'"
    echo "$name"
}
slow='pg_sleep(600) IS NOT NULL'
db=$(target)
sql "$db" -c 'CREATE TABLE t (id int, words text, CHECK (elsewhere.passes(id)))' \
    -c "INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) n"
source=$(conninfo "$db")
"$DUMPNATIVE" -f "$WORK/t.sql" -d "$source" 2>"$WORK/stderr" || not_ok "embed: the dump to restore" "$(cat "$WORK/stderr")"

copies verify "$WORK/t.sql"
check "verify tells its progress" told 0
CANCEL=1 copies verify "$WORK/t.sql"
check "verify is cancelled" told 8
for command in restore clone; do
    from=$([[ $command == clone ]] && echo "$source" || echo "$WORK/t.sql")
    for jobs in "" 2; do
        copies "$command" "$from" "$(conninfo "$(target)")" ${jobs:+"$jobs"}
        check "$command${jobs:+ over $jobs sessions} tells its progress" told 0 5000
        db=$(target "$slow")
        CANCEL=1 copies "$command" "$from" "$(conninfo "$db")" ${jobs:+"$jobs"}
        check "$command${jobs:+ over $jobs sessions} is cancelled" told 8
        check "$command${jobs:+ over $jobs sessions}: no session is left" wait_for 20 sessions_gone "$db"
        check "$command${jobs:+ over $jobs sessions}: what is left" "$([[ $jobs ]] && echo begun || echo untouched)" "$db"
    done
done

# gcc's runtime can't map its shadow on kernels that randomise more of an address; without that it can.
under_tsan() {
    TSAN_OPTIONS=exitcode=66 "$@" build/tsan/tests/embed/embed --threads "$source" >"$log" 2>&1
    local status=$?
    cat "$log"
    return $status
}
if ! plain_make tsan >"$log" 2>&1; then
    skip "embed: two threads under ThreadSanitizer" "it can't be built here: $(grep -m 1 -E 'error|cannot' "$log")"
elif under_tsan || { grep -q 'unexpected memory mapping' "$log" && under_tsan setarch -R; }; then
    ok "embed: two threads under ThreadSanitizer"
elif grep -q 'unexpected memory mapping\|personality' "$log"; then
    skip "embed: two threads under ThreadSanitizer" "$(head -n 1 "$log")"
else
    not_ok "embed: two threads under ThreadSanitizer" "$(head -n 60 "$log")"
fi
