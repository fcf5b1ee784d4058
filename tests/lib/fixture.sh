# shellcheck shell=bash
# shellcheck disable=SC2034
# Reads the directives in the comments that a fixture opens with; to be sourced.
#
#   -- servers: 14-              the majors that it is for: 14-, -16, 12-17 or 15; all of them by default
#   -- before: SQL               run in the maintenance database first; "already exists" is no error
#   -- options: -n app -n public an own dump with these options, quoted as in the shell; may be repeated; one dump
#                                without options by default
#
# These hold for the `options` line above them, or, standing before the first one, for all:
#
#   -- oracle-options: -n app    pg_dump's options, where they are not ours (-n public is added by default
#                                where ours choose no schema or table, since public is all that we dump then)
#   -- exit: 3                   the exit status that the dump must have; with 1 or 2, there must be no output
#   -- stderr: TEXT              what standard error must contain
#   -- compare: WHAT, why        `text`: ours with pg_dump's; `roundtrip`: pg_dump's of the source with that of
#                                the restored database; `none`; or `all`, the default
#   -- restore: no, why          the dump is not one that restores into an empty database; nor is it compared
#                                as a round trip
#   -- restore-before: SQL       run in the target database before the restore

# Fills fixture_servers, fixture_before[], and, one of each for every run of the fixture, run_options[],
# run_oracle_options[], run_exit[], run_stderr[], run_compare[], run_restore[], run_restore_before[].
read_fixture() {
    local line key value n=0
    fixture_servers=- fixture_before=()
    run_options=("") run_oracle_options=("") run_exit=(0) run_stderr=("") run_compare=(all) run_restore=(yes)
    run_restore_before=("")
    while IFS= read -r line && [[ $line == --* || -z $line ]]; do
        [[ $line =~ ^--\ ([a-z-]+):\ *(.*)$ ]] || continue
        key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
        case $key in
        servers) fixture_servers=${value%% *} ;;
        before) fixture_before+=("$value") ;;
        options)
            n=$((n + 1))
            run_options[n]=$value
            run_oracle_options[n]=${run_oracle_options[0]}
            run_exit[n]=${run_exit[0]}
            run_stderr[n]=${run_stderr[0]}
            run_compare[n]=${run_compare[0]}
            run_restore[n]=${run_restore[0]}
            run_restore_before[n]=${run_restore_before[0]}
            ;;
        oracle-options) run_oracle_options[n]=$value ;;
        exit) run_exit[n]=${value%% *} ;;
        stderr) run_stderr[n]=$value ;;
        compare) run_compare[n]=${value%%[!a-z]*} ;;
        restore) run_restore[n]=${value%%[!a-z]*} ;;
        restore-before) run_restore_before[n]+="$value"$'\n' ;;
        esac
    done <"$1"
    # With option lines, entry 0 was only the default of the others.
    ((n == 0)) || unset 'run_options[0]'
}

fixture_is_for() {
    local major=$1 low=${fixture_servers%%-*} high=${fixture_servers##*-}
    [[ $major -ge ${low:-0} && $major -le ${high:-99} ]]
}

# Prints one option a line; fixtures are ours, so the shell itself may split them.
split_options() {
    local -a words
    set -f
    eval "words=($1)"
    set +f
    [[ ${#words[@]} == 0 ]] || printf '%s\n' "${words[@]}"
}

# pg_dump_options OURS THEIRS: one option a line.
pg_dump_options() {
    local selection='(^| )(-[nNte]|--(schema|exclude-schema|table|extension)[ =])'
    if [[ -n $2 ]]; then
        split_options "$2"
    else
        split_options "$1"
        [[ $1 =~ $selection ]] || printf '%s\n' -n public
    fi
}
