#!/bin/bash
# Proves of each row of catalog/model/kinds.def that the kind is complete (query, renderer, unit test, a place among the
# fixtures), and that no other code than its own knows it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/coverage.sh
. tests/lib/coverage.sh

failed=0
complain() {
    echo "kinds: $*" >&2
    failed=1
}

# Files that know kinds beside those whose query or renderer they have, and why. A new kind needs a line here only if it is
# one of these cases: a row of the table, its two files, a fixture and a unit test are all that others need.
rooms() {
    cat <<'ROOMS'
catalog/model/by_name.c|AGGREGATE COLLATION CONSTRAINT DEFAULT DEFAULT_ACL FK_CONSTRAINT FUNCTION OPCLASS OPERATOR OPFAMILY POLICY PUBLICATION_SCHEMA PUBLICATION_TABLE RULE TRIGGER|can share schema and name
catalog/model/by_name.c|ACCESS_METHOD|stood elsewhere until 13
catalog/model/by_name.c|SCHEMA|are ranked
catalog/model/repair.c|CONSTRAINT DEFAULT FUNCTION INDEX OPCLASS OPFAMILY POST_BOUNDARY PRE_BOUNDARY RULE STATISTICS_DATA TABLE TABLE_DATA TYPE VIEW|can be part of a loop
catalog/model/kind.c|CONSTRAINT RULE STATISTICS_DATA|can stand inside the statement of another, or in two sections
catalog/model/model.c|INDEX|typed lookups
catalog/complete.c|TABLE_DATA SEQUENCE_SET MATVIEW_REFRESH STATISTICS_DATA PRE_BOUNDARY POST_BOUNDARY|made there, not read
catalog/complete.c|TABLE VIEW SEQUENCE INDEX RULE FK_CONSTRAINT|have rows or figures, or order them
catalog/complete.c|EXTENSION SCHEMA IMPLICIT_TYPE DEFAULT|stand for others that are needed
catalog/relations.c|VIEW SEQUENCE TABLE_ATTACH|rows of pg_class and pg_inherits
catalog/types.c|SHELL_TYPE IMPLICIT_TYPE|rows of pg_type
catalog/constraints.c|FK_CONSTRAINT|rows of pg_constraint
catalog/domain_constraints.c|CONSTRAINT|rows of pg_constraint
catalog/indexes.c|CONSTRAINT INDEX_ATTACH|constraints that an index stands for
catalog/large_objects.c|LARGE_OBJECT_GROUP LARGE_OBJECT_DATA|rows of pg_largeobject_metadata
catalog/inherit.c|DEFAULT TABLE|what a child has of its own
catalog/platform.c|DEFAULT_ACL EVENT_TRIGGER PUBLICATION|are counted by name where a platform keeps them
catalog/policies.c|TABLE|ROW LEVEL SECURITY is a property of tables
catalog/depend.c|EXTENSION|DEPENDS ON EXTENSION
catalog/privileges.c|INDEX SCHEMA|no privileges; public's own
catalog/load.c|TABLE VIEW|the relations that queries are about
catalog/ledger.c|SCHEMA|what is in it is asked for
sqlgen/modern_members.c|OPCLASS OPFAMILY|share their members out
sqlgen/script.c|DATABASE|the dump goes on in the new database
dumper/locks.c|TABLE|are locked
catalog/definitions.c|SEQUENCE|argument of nextval()
dumper/plan.c|TABLE_DATA LARGE_OBJECT_DATA|are cut into jobs
dumper/readers.c|TABLE_DATA|are counted
dumper/data.c|TABLE_DATA SEQUENCE_SET LARGE_OBJECT_DATA|come as a stream
dumper/dump_write.c|TABLE_DATA|come as a stream
dumper/dump_write.c|LARGE_OBJECT|is data by its options, and a definition by its section
dumper/statistics.c|STATISTICS_DATA|come as a stream
dumper/source.c|SCHEMA TABLE|of a platform are not cloned
ROOMS
}
allowed=$(rooms | while IFS='|' read -r file kinds _; do for kind in $kinds; do echo "$file $kind"; done; done | sort -u)
mentioned=$(grep -roE --include='*.[ch]' '\bDN_KIND_[A-Z_]+' catalog sqlgen dumper common | sed 's/:DN_KIND_/ /' | sort -u)
own=

# sole FILES PATTERN: the file in which it stands, if there is exactly one.
sole() {
    local found
    # shellcheck disable=SC2086
    found=$(grep -lE "$2" $1)
    [[ -n $found && $found != *$'\n'* ]] && echo "$found"
}

rows=$(sed -nE 's/^DN_KIND\(([A-Z_]+), +([A-Z_]+), +([0-9]+), +([A-Z]+), +([A-Z]+), +([a-z_]+), +([a-z_]+)\)$/\1 \6 \7/p' \
    catalog/model/kinds.def)
[[ $(grep -c '^DN_KIND' catalog/model/kinds.def) == $(wc -l <<<"$rows") ]] || complain "rows that can't be read"
while read -r kind fetch render; do
    if [[ $fetch != none ]]; then
        file=$(sole 'catalog/*.c' "^const DnFetch dn_fetch_$fetch\\b") || complain "$kind has no query dn_fetch_$fetch"
        own+="$file $kind"$'\n'
    elif ! grep -qE "^catalog/[a-z_]+\.c $kind\$" <<<"$mentioned"; then
        complain "$kind: nothing in catalog/ makes such objects"
    fi
    if [[ $render != none ]]; then
        file=$(sole 'sqlgen/*.c' "^(static )?void dn_render_$render\\(") || complain "$kind has no renderer dn_render_$render"
        own+="$file $kind"$'\n'
        grep -rqE "\b(DN_KIND_$kind|dn_render_$render)\b" tests/unit/sqlgen || complain "$kind: no unit test in tests/unit/sqlgen/"
    fi
done <<<"$rows"
kinds=$(cut -d' ' -f1 <<<"$rows" | sort)
[[ $kinds == "$(coverage_kinds)" ]] ||
    complain "tests/lib/coverage.sh has others: $(diff <(echo "$kinds") <(coverage_kinds) | grep '^[<>]')"

mentioned=$(grep -E " ($(paste -sd'|' <<<"$kinds"))\$" <<<"$mentioned")
strange=$(comm -23 <(echo "$mentioned") <(printf '%s\n%s' "$allowed" "$own" | sort -u))
[[ -z $strange ]] || complain "know kinds that are not theirs:"$'\n'"$strange"
idle=$(comm -13 <(printf '%s\n%s' "$mentioned" "$own" | sort -u) <(echo "$allowed"))
[[ -z $idle ]] || complain "need no leave any more:"$'\n'"$idle"
exit $failed
