# shellcheck shell=bash
# Makes the database that PostgreSQL's own core regression suite leaves behind; to be sourced after
# tests/lib/server.sh, with a server of ours running.
#
#   regression_source MAJOR          prints the major whose suite is run on that server: its own, or a neighbour's
#                                    where Debian has no source of its own
#   build_regression MAJOR DATABASE  runs the suite of regression_source in a new database
#
# The suite's expected output doesn't matter here, only what it leaves behind. So its files are run one after the
# other in the order of its schedule, by psql, with the settings of its driver pg_regress. $regression_runs and
# $regression_failed tell how many files ran, and which of them psql or the server gave up on.

regression_source() {
    case $1 in
    12 | 13 | 14) echo 15 ;;
    16) echo 17 ;;
    *) echo "$1" ;;
    esac
}

# The suite's C functions are built with the headers of that major alone: others load no such module. The source's own
# come first, for those of the package may be of a newer minor; only what is generated is taken from there.
build_regression_modules() {
    local major=$1 source=$2 into=$3 library bin
    bin=$(pg_bin "$major")
    for library in "${bin%/bin}"/lib/{,postgresql/}{autoinc,refint}.so; do
        [[ ! -e $library ]] || ln -s "$library" "$into/"
    done
    [[ $major == "${source##*/}" ]] || return 0
    "${CC:-gcc}" -shared -fPIC -O1 -w -I"$source/src/include" -I"$source/include" \
        -o "$into/regress.so" "$source/src/test/regress/regress.c"
}

# The server's user reads and writes files there.
make_regression_room() {
    local major=$1 source=$2 room=$3
    mkdir -p "$room/results" "$room/lib"
    cp -r "$source"/src/test/regress/{sql,data} "$room/"
    # 12 can't read a table that is partitioned by its own row type; nobody can dump it then.
    [[ $major != 12 ]] ||
        sed -i -E 's/list \(\((row\(a, b\)::)?partitioned\)\)/list (a)/' "$room/sql/create_table.sql"
    [[ $(id -u) != 0 ]] || chown -R "$(server_user)" "$room"
    chmod -R a+rX "$room"
}

# psql of the suite's own major knows all of its meta-commands.
regression_psql() {
    # shellcheck disable=SC2154
    local psql=$repository/.deps/oracle/$1/bin/psql
    if [[ -x $psql ]]; then
        echo "$psql"
    else
        pg_client psql
    fi
}

create_regression_database() {
    local database=$1 setting
    local -a commands=(-c "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    for setting in "lc_messages TO 'C'" "lc_monetary TO 'C'" "lc_numeric TO 'C'" "lc_time TO 'C'" \
        "bytea_output TO 'hex'" "timezone_abbreviations TO 'Default'"; do
        commands+=(-c "ALTER DATABASE $database SET $setting")
    done
    "$(pg_client psql)" -X -q -v ON_ERROR_STOP=1 -d postgres "${commands[@]}"
}

regression_schedule() { sed -n 's/^test: //p' "$1/src/test/regress/parallel_schedule"; }

run_regression_file() {
    local psql=$1 room=$2 database=$3 name=$4
    (
        cd "$room" || exit
        unset LC_ALL
        export PG_ABS_SRCDIR=$room PG_ABS_BUILDDIR=$room PG_LIBDIR=$room/lib PG_DLSUFFIX=.so
        export LC_MESSAGES=C PGTZ=America/Los_Angeles PGDATESTYLE='Postgres, MDY' PGAPPNAME=pg_regress/$name
        export PGOPTIONS='-c intervalstyle=postgres_verbose'
        timeout -k 5 300 "$psql" -X -a -q -d "$database" -v HIDE_TABLEAM=on -v HIDE_TOAST_COMPRESSION=on \
            <"sql/$name.sql" >"results/$name.out" 2>&1
    )
}

# A suite newer than the server may end it, where it tests a crash that was mended in between.
server_is_back() {
    local second
    for ((second = 0; second < 60; second++)); do
        "$(pg_client psql)" -X -q -d "$1" -c 'SELECT 1' >/dev/null 2>&1 && return 0
        sleep 1
    done
    return 1
}

# Older minor releases let a rule of a table have this name, and then no dump of it can be restored.
mend_regression() {
    "$(pg_client psql)" -X -q -d "$1" -c 'ALTER RULE "_RETURN" ON rtest_t4 RENAME TO rtest_t4_ins1' >/dev/null 2>&1 || true
}

build_regression() {
    local major=$1 database=$2 source room psql name
    source=$repository/.deps/sources/$(regression_source "$major")
    # shellcheck disable=SC2154
    room=$server_dir/regress
    psql=$(regression_psql "${source##*/}")
    make_regression_room "$major" "$source" "$room" || return
    build_regression_modules "$major" "$source" "$room/lib" || return
    create_regression_database "$database" || return
    regression_runs=0 regression_failed=()
    for name in $(regression_schedule "$source"); do
        if ! run_regression_file "$psql" "$room" "$database" "$name"; then
            regression_failed+=("$name")
            server_is_back "$database" || return
        fi
        regression_runs=$((regression_runs + 1))
    done
    mend_regression "$database"
}
