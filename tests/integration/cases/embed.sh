#!/bin/bash
# Checks that an installed library can be built against by pkg-config, and dumps as the command does.
# once
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh

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
