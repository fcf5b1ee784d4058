# bash completion for dumpnative. The options stand in dumper/cli/option_table.c too; test_options.c compares.

_dumpnative() {
    local word previous options
    COMPREPLY=()
    word=${COMP_WORDS[COMP_CWORD]}
    previous=${COMP_WORDS[COMP_CWORD - 1]}
    # bash breaks words at '=': --progress=al comes as three
    if [[ $word == '=' ]]; then
        word=''
    elif [[ $previous == '=' ]] && ((COMP_CWORD > 1)); then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    case $previous in
        -f | --file | --filter | --env-file)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            compopt -o filenames 2>/dev/null
            return
            ;;
        -h | --host | --fallback-host | --pooler-host)
            mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
            return
            ;;
        -F | --format) options='p plain' ;;
        -Z | --compress) options='gzip lz4 zstd none' ;;
        --progress) options='auto always never' ;;
        --log-format) options='text json' ;;
        --on-error) options='stop continue' ;;
        --prefer) options='ipv4 ipv6' ;;
        --section) options='pre-data data post-data' ;;
        -n | --schema | -N | --exclude-schema | -t | --table | -T | --exclude-table | --exclude-table-data | \
            -d | --dbname | --db | -p | --port | -U | --username | --role | -E | --encoding | \
            --lock-wait-timeout | --yield-to-ddl | --rows-per-insert | -e | --extension | --exclude-extension | \
            --table-and-children | --exclude-table-and-children | --exclude-table-data-and-children | \
            --include-foreign-data | --snapshot | --extra-float-digits | -S | --superuser | --connect-timeout | \
            --retries | --stall-timeout | --fallback-hostaddr | --supabase-url)
            return
            ;;
        *)
            if [[ ${COMP_WORDS[1]} == verify ]] && ((COMP_CWORD > 1)); then
                options='-v --verbose --log-format --db -j --jobs --role --stall-timeout -V --version -? --help'
                if [[ $word != -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -f -- "$word")
                    compopt -o filenames 2>/dev/null
                    return
                fi
            elif [[ ${COMP_WORDS[1]} == restore ]] && ((COMP_CWORD > 1)); then
                options='-v --verbose --progress --log-format --no-transaction --on-error -j --jobs --resume --dry-run -O --no-owner
                    -x --no-privileges --no-acl --role-map --schema-map --only-table -c --clean -C --create -V --version -? --help -d --dbname
                    -h --host -p --port -U --username -w --no-password -W --password --role --prefer --connect-timeout
                    --retries --stall-timeout --fallback-hostaddr --fallback-host --use-cached-address'
                if [[ $word != -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -f -- "$word")
                    compopt -o filenames 2>/dev/null
                    return
                fi
            elif [[ ${COMP_WORDS[1]} == clone && $word == -* ]] && ((COMP_CWORD > 1)); then
                options='-v --verbose --progress --log-format -j --jobs --dry-run --resume --single-transaction
                    --drop-target-objects -y --yes -V --version -? --help -n --schema -N --exclude-schema -t --table
                    -T --exclude-table --exclude-table-data --table-and-children --exclude-table-and-children
                    --exclude-table-data-and-children -e --extension --exclude-extension --include-foreign-data --filter
                    --strict-names -a --data-only -s --schema-only --no-data --no-schema --sequence-data --statistics
                    --statistics-only --no-statistics -b --large-objects --blobs -B --no-large-objects --no-blobs
                    --no-unlogged-table-data --enable-row-security --section --no-comments --no-policies
                    --no-publications --no-security-labels --no-subscriptions -O --no-owner -x --no-privileges --no-acl
                    --role-map --schema-map --no-tablespaces --no-table-access-method --no-toast-compression --prefer
                    --connect-timeout --retries --stall-timeout --role --supabase'
            elif [[ ${COMP_WORDS[1]} == @(compare|clone) && $word != -* ]] && ((COMP_CWORD > 1)); then
                return
            elif [[ $word == -* ]]; then
                options='-f --file -F --format -v --verbose --progress --log-format --lock-wait-timeout
                    --yield-to-ddl
                    -j --jobs -Z --compress --no-sync --snapshot --serializable-deferrable --whole-database --table-and-children
                    --exclude-table-and-children --exclude-table-data-and-children -e --extension
                    --exclude-extension --include-foreign-data --filter --no-data --no-schema --sequence-data
                    --statistics --statistics-only -b --large-objects --blobs -B --no-large-objects --no-blobs
                    --no-statistics --no-unlogged-table-data --enable-row-security --skip-unreadable --no-policies
                    --no-publications
                    --no-security-labels --no-subscriptions --no-tablespaces --no-table-access-method
                    --no-toast-compression --disable-dollar-quoting --load-via-partition-root
                    --extra-float-digits -S --superuser --use-set-session-authorization -V --version -? --help -n --schema -N --exclude-schema -t --table -T --exclude-table
                    --exclude-table-data --strict-names -a --data-only -s --schema-only --section
                    --no-comments -O --no-owner -x --no-privileges --no-acl -c --clean --if-exists
                    -C --create --inserts --column-inserts --attribute-inserts --rows-per-insert
                    --on-conflict-do-nothing --disable-triggers --quote-all-identifiers -E --encoding
                    -d --dbname -h --host -p --port -U --username -w --no-password -W --password --role
                    --prefer --connect-timeout --retries --stall-timeout --fallback-hostaddr --fallback-host
                    --use-cached-address
                    --supabase --supabase-url --pooler-host --env-file --include-managed'
            elif ((COMP_CWORD == 1)); then
                options='verify compare restore clone'
            fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}

complete -F _dumpnative dumpnative
