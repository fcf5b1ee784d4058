#!/bin/bash
# Checks catalog/ledger.def against the sources: what it says is read is read, and there; what it says is not, is not.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/ledger.sh
. tests/lib/ledger.sh

failed=0
complain() {
    echo "ledger: $*" >&2
    failed=1
}

# shellcheck disable=SC2059,SC2086
# Each "alias.column" of each file of catalog/ whose SQL names a catalog: FILE CATALOG COLUMN; aliases aren't resolved.
mentions=$(for file in catalog/*.c; do
    columns=$(grep -oE '\b[a-z]{1,3}\.[a-z0-9_]+\b' "$file" | cut -d. -f2 | sort -u)
    grep -oE '\bpg_catalog\.pg_[a-z_]+\b|MEMBERS\("pg_[a-z]+"' "$file" | grep -oE 'pg_[a-z_]+$|pg_am[a-z]+' | sort -u |
        while read -r catalog; do printf "${file##*/} $catalog %s\n" $columns; done
done)

rows=$(ledger_rows)
[[ $(grep -c '^DN_COLUMN' catalog/ledger.def) == $(wc -l <<<"$rows") ]] || complain "rows that can't be read"
twice=$(cut -d'|' -f1,2,3 <<<"$rows" | sort | uniq -d)
[[ -z $twice ]] || complain "stands there twice: $twice"

# Columns that others have as well, such as oid, tell nothing.
while IFS='|' read -r catalog column _ _ how where; do
    file=${where%%:*} word=${where#*: }
    case $how in
    READ)
        grep -qxF "$where $catalog $column" <<<"$mentions" || complain "$catalog.$column: catalog/$where doesn't read it"
        ;;
    THROUGH)
        grep -qwE "$word" "catalog/$file" 2>/dev/null || complain "$catalog.$column: catalog/$file has no $word"
        ;;
    NONE)
        [[ $where =~ ^(storage|statistics|derived|cluster|deliberate):\ . ]] || complain "$catalog.$column: no such reason: $where"
        [[ $column == oid ]] || ! grep -qE " $catalog $column\$" <<<"$mentions" ||
            complain "$catalog.$column is read by $(grep -E " $catalog $column\$" <<<"$mentions" | cut -d' ' -f1 | tr '\n' ' ')"
        ;;
    *) complain "$catalog.$column: no such way: $how" ;;
    esac
done <<<"$rows"

# The letters are of columns that are read.
while read -r column; do
    grep -q "^${column/ /|}|[0-9]*|[0-9]*|READ|" <<<"$rows" || complain "values.def: $column is not read"
done < <(value_columns)
exit $failed
