#!/usr/bin/env bash
# Checks that each folder includes only what the layer table of ARCHITECTURE.md lets it see.
set -eu
cd "$(dirname "$0")/../.."

# folder | what its files may include (besides system headers and those of the folder itself), as prefixes
layers='
common|include/
catalog/model|include/ common/
sqlgen|include/ common/ catalog/model/
catalog|include/ common/ catalog/model/ dumper/pg/conn.h
dumper/pg|include/ common/
dumper/sink|include/ common/
dumper/manifest|include/ common/ catalog/model/ sqlgen/ dumper/sink/
dumper|include/ common/ catalog/ sqlgen/ dumper/pg/conn.h dumper/sink/ dumper/manifest/
restore|include/ common/ dumper/pg/conn.h dumper/sink/ dumper/verify.h
restore/clone|include/ common/ dumper/pg/conn.h dumper/source.h restore/
dumper/cli|include/dumpnative.h
'

failed=0
while IFS='|' read -r folder allowed; do
    [ -n "$folder" ] || continue
    for file in "$folder"/*.c "$folder"/*.h "$folder"/*.def; do
        [ -f "$file" ] || continue
        while IFS= read -r included; do
            ok=$([ "${included%/*}" = "$folder" ] && echo 1 || echo 0)
            for prefix in $allowed; do
                case "$included" in "$prefix"*) ok=1 ;; esac
            done
            if [ "$ok" = 0 ]; then
                echo "layers: $file must not include \"$included\" ($folder/ sees: $allowed)" >&2
                failed=1
            fi
        done < <(sed -n 's/^#include "\(.*\)".*/\1/p' "$file")
        # libpq shows itself in dumper/pg/ alone.
        if [ "$folder" != dumper/pg ] && grep -q '^#include <libpq' "$file"; then
            echo "layers: $file must not include libpq: only dumper/pg/ does" >&2
            failed=1
        fi
    done
done <<<"$layers"
exit "$failed"
