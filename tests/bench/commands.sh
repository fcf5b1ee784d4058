# shellcheck shell=bash
# shellcheck disable=SC2034,SC2016
# What is measured: the commands, the data sets that each runs on, and the goals; to be sourced by run.sh. Both sides go
# without fsync (--no-sync), for the mood of a shared disk is no measure of either; our digest is always on.

# Names of commands as the tables have them -> shell text; $DB, $OUT, $TARGET, $FILES (what is restored) and the programs
# are set when it runs.
declare -A command_text=(
    ['ours']='"$DUMPNATIVE" --no-sync -f "$OUT.sql" "$DB"'
    ['ours -j2']='"$DUMPNATIVE" -j2 --no-sync -f "$OUT.sql" "$DB"'
    ['ours -j1']='"$DUMPNATIVE" -j1 --no-sync -f "$OUT.sql" "$DB"'
    ['ours -s']='"$DUMPNATIVE" -s --no-sync -f "$OUT.sql" "$DB"'
    ['ours -j2 to /dev/null']='"$DUMPNATIVE" -j2 -f /dev/null "$DB"'
    ['ours -j1 to /dev/null']='"$DUMPNATIVE" -j1 -f /dev/null "$DB"'
    ['ours -j2 gzip']='"$DUMPNATIVE" -j2 --no-sync -Z gzip -f "$OUT.sql.gz" "$DB"'
    ['ours -j2 zstd:3']='"$DUMPNATIVE" -j2 --no-sync -Z zstd:3 -f "$OUT.sql.zst" "$DB"'
    ['pg_dump']='"$THEIRS" --no-sync -f "$OUT.sql" "$DB"'
    ['pg_dump -s']='"$THEIRS" -s --no-sync -f "$OUT.sql" "$DB"'
    ['pg_dump -Fd -j2 -Z0']='"$THEIRS" -Fd -j2 -Z0 --no-sync -f "$OUT.dir" "$DB"'
    ['pg_dump -Z6']='"$THEIRS" -Z6 --no-sync -f "$OUT.sql.gz" "$DB"'
    ['pg_dump | pigz -p2']='"$THEIRS" "$DB" | pigz -p2 >"$OUT.sql.gz"'
    ['pg_dump | zstd -3 -T2']='"$THEIRS" "$DB" | zstd -q -3 -T2 >"$OUT.sql.zst"'
    ['ours clone -j2']='"$DUMPNATIVE" clone -j2 "dbname=$DB" "dbname=$TARGET" 2>/dev/null'
    ['pg_dump | psql']='"$THEIRS" "$DB" | "$psql" -X -q -v ON_ERROR_STOP=1 -o /dev/null "$TARGET"'
    ['pgcopydb -j2']='pgcopydb clone --table-jobs 2 --index-jobs 2 --no-acl --no-owner --dir "$OUT.dir" --source "dbname=$DB" --target "dbname=$TARGET" >/dev/null'
    ['ours restore -j2']='"$DUMPNATIVE" restore -j2 "$FILES/plain.sql" "dbname=$TARGET" 2>/dev/null'
    ['psql -1 -f']='"$psql" -X -q -1 -v ON_ERROR_STOP=1 -o /dev/null -f "$FILES/plain.sql" "$TARGET"'
    ['pg_restore -j2']='"$pg_restore" -j2 -d "$TARGET" "$FILES/dir"'
    ['drain -j2']='"$TOOLS/drain" 2 "dbname=$DB" >/dev/null'
)

declare -A set_title=(
    [a]='pgbench, scale 100: 1 GB of narrow rows'
    [b]='1 GB of mixed rows: text, jsonb, numeric, timestamptz, uuid, arrays, bytea, NULLs, escapes'
    [c]='10,000 small tables with keys, indexes, foreign keys, comments'
    [d]='200 rows of 5 MB'
    [e]='200 tables, 50 functions, 20 views, few rows, behind 50 ms of round-trip delay'
    [f]='100,000 objects, catalog only'
    [big]='pgbench, scale 1000: 10 GB of narrow rows'
)

# The commands of each data set, in the order in which a round runs them, one a line.
set_commands() {
    case $1 in
    a | b)
        printf '%s\n' 'ours -j2' 'pg_dump' 'pg_dump -Fd -j2 -Z0' 'ours -j1' 'ours -j2 to /dev/null' 'drain -j2'
        printf '%s\n' 'ours restore -j2' 'psql -1 -f' 'pg_restore -j2' 'ours clone -j2' 'pg_dump | psql'
        ! command -v pgcopydb >/dev/null || echo 'pgcopydb -j2'
        [[ $1 == a ]] || printf '%s\n' 'ours -j2 gzip' 'pg_dump -Z6' 'pg_dump | pigz -p2' 'ours -j2 zstd:3' 'pg_dump | zstd -3 -T2'
        ;;
    c) printf '%s\n' 'ours -j2' 'pg_dump' 'ours -s' 'pg_dump -s' ;;
    d) printf '%s\n' 'ours -j2' 'pg_dump' 'ours -j1' ;;
    e) printf '%s\n' 'ours' 'pg_dump' ;;
    f) printf '%s\n' 'ours -s' 'pg_dump -s' ;;
    big) printf '%s\n' 'ours -j2 to /dev/null' 'ours -j1 to /dev/null' ;;
    esac
}

# DATA SET | measure | ours | the peer, or nothing | the most that the value, or its ratio to the peer's, may be
# Measures: wall, client (user+sys), memory (MiB), size, statements, trips.
goals() {
    local set
    for set in a b; do
        cat <<-END
		$set|wall|ours -j2|pg_dump|$([[ $set == a ]] && echo 0.65 || echo 0.55)
		$set|wall|ours -j2|pg_dump -Fd -j2 -Z0|1.00
		$set|wall|ours -j1|pg_dump|0.95
		$set|client|ours -j1|pg_dump|1.00
		$set|wall|ours -j2 to /dev/null|drain -j2|1.10
		$set|wall|ours restore -j2|psql -1 -f|0.80
		$set|wall|ours restore -j2|pg_restore -j2|0.90
		$set|wall|ours clone -j2|pg_dump | psql|$([[ $set == a ]] && echo 0.70 || echo 0.75)
		$set|wall|ours clone -j2|pgcopydb -j2|1.00
		$set|memory|ours -j2||64
		$set|memory|ours -j1||64
		END
    done
    cat <<-END
	b|wall|ours -j2 gzip|pg_dump -Z6|0.35
	b|wall|ours -j2 gzip|pg_dump | pigz -p2|0.55
	b|size|ours -j2 gzip|pg_dump -Z6|1.02
	b|wall|ours -j2 zstd:3|pg_dump | zstd -3 -T2|0.65
	c|wall|ours -j2|pg_dump|0.25
	c|statements|ours -j2||60
	c|wall|ours -s|pg_dump -s|0.20
	c|memory|ours -s|pg_dump -s|1.00
	c|memory|ours -j2|pg_dump|1.00
	d|memory|ours -j2||102
	d|memory|ours -j1||83
	e|wall|ours|pg_dump|0.03
	e|trips|ours||12
	f|wall|ours -s|pg_dump -s|0.20
	f|memory|ours -s|pg_dump -s|1.00
	big|memory|ours -j2 to /dev/null||64
	big|memory|ours -j1 to /dev/null||64
	END
}
