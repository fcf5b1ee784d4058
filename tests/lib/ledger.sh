# shellcheck shell=bash
# Reads the ledger of catalog columns; to be sourced from the repository's root.
#
#   ledger_rows             prints catalog/ledger.def as CATALOG|COLUMN|SINCE|UNTIL|HOW|WHERE
#   ledger_columns MAJOR    prints "CATALOG COLUMN" of those that the ledger has for that version, sorted
#   value_columns [MAJOR]   prints "CATALOG COLUMN" of catalog/values.def, sorted; with MAJOR only what that version has
#   server_columns          prints the query for what a server has: catalog, column, and whether it is a letter

ledger_rows() {
    sed -nE 's/^DN_COLUMN\(([a-z_]+), ([a-z0-9_]+), ([0-9]+), ([0-9]+), ([A-Z]+), "(.*)"\)$/\1|\2|\3|\4|\5|\6/p' \
        catalog/ledger.def
}

ledger_columns() {
    ledger_rows | awk -F'|' -v major="$1" '$3 <= major && ($4 == 0 || $4 >= major) { print $1, $2 }' | LC_ALL=C sort
}

value_columns() {
    sed -nE 's/^DN_(VALUES|FREE)\(([a-z_]+), ([a-z0-9_]+), ([0-9]+)?.*/\2 \3 \4/p' catalog/values.def |
        awk -v major="${1:-99}" '$3 <= major * 10000 { print $1, $2 }' | LC_ALL=C sort
}

# oid is a hidden column until 11 only, so attnum > 0 finds all.
server_columns() {
    echo "SELECT c.relname || ' ' || a.attname, a.atttypid = '\"char\"'::pg_catalog.regtype
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind = 'r' AND c.oid < 16384
        AND a.attnum > 0 AND NOT a.attisdropped"
}
