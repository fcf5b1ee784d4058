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
        -f | --file)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            compopt -o filenames 2>/dev/null
            return
            ;;
        -h | --host)
            mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
            return
            ;;
        -F | --format) options='p plain' ;;
        --progress) options='auto always never' ;;
        --log-format) options='text json' ;;
        --section) options='pre-data data post-data' ;;
        -n | --schema | -N | --exclude-schema | -t | --table | -T | --exclude-table | --exclude-table-data | \
            -d | --dbname | -p | --port | -U | --username | --role | -E | --encoding | \
            --lock-wait-timeout | --rows-per-insert)
            return
            ;;
        *)
            if [[ ${COMP_WORDS[1]} == verify ]] && ((COMP_CWORD > 1)); then
                options='-v --verbose --log-format -V --version -? --help'
                if [[ $word != -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -f -- "$word")
                    compopt -o filenames 2>/dev/null
                    return
                fi
            elif [[ $word == -* ]]; then
                options='-f --file -F --format -v --verbose --progress --log-format --lock-wait-timeout
                    -V --version -? --help -n --schema -N --exclude-schema -t --table -T --exclude-table
                    --exclude-table-data --strict-names -a --data-only -s --schema-only --section
                    --no-comments -O --no-owner -x --no-privileges --no-acl -c --clean --if-exists
                    -C --create --inserts --column-inserts --attribute-inserts --rows-per-insert
                    --on-conflict-do-nothing --disable-triggers --quote-all-identifiers -E --encoding
                    -d --dbname -h --host -p --port -U --username -w --no-password -W --password --role'
            elif ((COMP_CWORD == 1)); then
                options='verify'
            fi
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}

complete -F _dumpnative dumpnative
