# shellcheck shell=bash
# What the fixtures together must have in their dumps, so that no kind of object, and no part of one, goes untested; to be
# sourced from the repository's root.
#
#   coverage_kinds       prints the kinds of the table, one a line
#   coverage_of DUMP     prints the table with the number of statements of each part in that file; fails where there is none
#
# The dump is of whole databases, in pg_dump's face, with --clean and without.

# KIND ~ what the statements call it (a Perl pattern) ~ parts, of: c CREATE, d DROP, o ALTER ... OWNER TO, x COMMENT ON,
# a GRANT or REVOKE ON, l SECURITY LABEL ON ~ statement that stands for c, where it isn't CREATE ~ and for d
# A kind may have several rows; parts `-`: it never stands by itself, or the note says where it is tested.
coverage_table() {
    cat <<'END'
DATABASE~-~-~tests/integration/cases/stand_in.sh, with -C
SCHEMA~SCHEMA~cdoxal
EXTENSION~EXTENSION~cdx
TABLE~(UNLOGGED )?TABLE~cdoxal
TABLE~MATERIALIZED VIEW~cdoxl
TABLE~FOREIGN TABLE~cdoxl
VIEW~VIEW~cdoxl
SEQUENCE~(UNLOGGED )?SEQUENCE~cdoxal
TYPE~TYPE~cdoxal
TYPE~DOMAIN~cdoxl
SHELL_TYPE~TYPE~c~CREATE TYPE [^ (]+;$
IMPLICIT_TYPE~-~-~part of its table or type
FUNCTION~FUNCTION~cdoxal
FUNCTION~PROCEDURE~cdoxal
AGGREGATE~AGGREGATE~cdoxl
LANGUAGE~(TRUSTED )?(PROCEDURAL )?LANGUAGE~cdoxal
COLLATION~COLLATION~cdox
TRANSFORM~TRANSFORM~cdx
ACCESS_METHOD~ACCESS METHOD~cdx
OPERATOR~OPERATOR (?!CLASS|FAMILY)~cdox
CAST~CAST~cdx
TS_PARSER~TEXT SEARCH PARSER~cdx
TS_TEMPLATE~TEXT SEARCH TEMPLATE~cdx
TS_DICTIONARY~TEXT SEARCH DICTIONARY~cdox
TS_CONFIGURATION~TEXT SEARCH CONFIGURATION~cdox
OPCLASS~OPERATOR CLASS~cdox
OPFAMILY~OPERATOR FAMILY~cdox
CONVERSION~(DEFAULT )?CONVERSION~cdox
FDW~FOREIGN DATA WRAPPER~cdoxa
SERVER~(FOREIGN )?SERVER~cdoxa
SERVER~USER MAPPING~cd
TABLE_ATTACH~-~c~ALTER TABLE ONLY .* ATTACH PARTITION
DEFAULT~-~cd~ALTER TABLE .* ALTER COLUMN .* SET DEFAULT~ALTER TABLE .* ALTER COLUMN .* DROP DEFAULT
LARGE_OBJECT~-~-~until 16, large_objects/; then as LARGE_OBJECT_GROUP
LARGE_OBJECT_GROUP~LARGE OBJECT~cdoxal~SELECT pg_catalog.lo_create\(~SELECT pg_catalog.lo_unlink\(
PRE_BOUNDARY~-~-~writes nothing
TABLE_DATA~-~c~COPY .* FROM stdin;
SEQUENCE_SET~-~c~SELECT pg_catalog.setval\(
LARGE_OBJECT_DATA~-~c~SELECT pg_catalog.lo_open\(
STATISTICS_DATA~-~-~fixtures/statistics/data.sql, with --statistics
POST_BOUNDARY~-~-~writes nothing
INDEX~(UNIQUE )?INDEX~cdx
CONSTRAINT~CONSTRAINT~cdx~    ADD CONSTRAINT .*(PRIMARY KEY|UNIQUE|EXCLUDE)~ALTER TABLE .* DROP CONSTRAINT
CONSTRAINT~CONSTRAINT \S+ ON DOMAIN~cx~    ADD CONSTRAINT .*CHECK
INDEX_ATTACH~-~c~ALTER INDEX .* ATTACH PARTITION
STATISTICS~STATISTICS~cdox
RULE~RULE~cdx
TRIGGER~(CONSTRAINT )?TRIGGER~cdx
FK_CONSTRAINT~-~cd~    ADD CONSTRAINT .* FOREIGN KEY~ALTER TABLE .* DROP CONSTRAINT \S+_fkey;
POLICY~POLICY~cdx
PUBLICATION~PUBLICATION~cdoxl
PUBLICATION_TABLE~-~c~ALTER PUBLICATION .* ADD TABLE
PUBLICATION_SCHEMA~-~c~ALTER PUBLICATION .* ADD TABLES IN SCHEMA
SUBSCRIPTION~SUBSCRIPTION~cdoxl
DEFAULT_ACL~-~c~ALTER DEFAULT PRIVILEGES
EVENT_TRIGGER~EVENT TRIGGER~cdoxl
MATVIEW_REFRESH~-~c~REFRESH MATERIALIZED VIEW
END
}

coverage_kinds() { coverage_table | cut -d'~' -f1 | sort -u; }

coverage_of() {
    local dump=$1 kind noun parts first second part pattern count failed=0
    while IFS='~' read -r kind noun parts first second; do
        printf '%-18s %-32s' "$kind" "${noun/#-/}"
        [[ $parts != - ]] || printf ' %s' "$first"
        for part in c d o x a l; do
            [[ $parts == *$part* ]] || continue
            case $part in
            c) pattern=${first:-CREATE (OR REPLACE )?$noun} ;;
            d) pattern=${second:-DROP $noun} ;;
            o) pattern="ALTER $noun.* OWNER TO " ;;
            x) pattern="COMMENT ON $noun" ;;
            a) pattern="(GRANT|REVOKE) .* ON $noun" ;;
            l) pattern="SECURITY LABEL FOR .* ON $noun" ;;
            esac
            count=$(grep -cP "^$pattern" "$dump")
            printf ' %s:%s' "$part" "$count"
            ((count > 0)) || failed=1
        done
        echo
    done < <(coverage_table)
    return $failed
}
