#compdef dumpnative
# zsh completion. The options stand in dumper/cli/option_table.c too; test_options.c compares.

local -a common=(
    '(-v --verbose)'{-v,--verbose}'[tell each step]'
    '--log-format=[form of the messages]:format:(text json)'
    '(-V --version)'{-V,--version}'[print the version]'
    '(-? --help)'{-\?,--help}'[print the options]'
)

local -a connection=(
    '(-d --dbname)'{-d+,--dbname=}'[database, conninfo or URI]:database:'
    '(-h --host)'{-h+,--host=}'[host or socket folder]:host:_hosts'
    '(-p --port)'{-p+,--port=}'[port]:port:'
    '(-U --username)'{-U+,--username=}'[user]:user:'
    '(-w --no-password -W --password)'{-w,--no-password}'[never ask for a password]'
    '(-W --password -w --no-password)'{-W,--password}'[ask for the password]'
    '--role=[become this role]:role:'
    '--prefer=[addresses to try first]:family:(ipv4 ipv6)'
    '--connect-timeout=[time for an attempt to connect]:seconds:'
    '--retries=[how often to try again what may pass]:number:'
    '--stall-timeout=[silence after which the server is asked]:seconds:'
    '*--fallback-hostaddr=[another address of the host]:address:'
    '*--fallback-host=[another host]:host:_hosts'
    '--use-cached-address[without a resolver, use the address that answered last]'
)

local -a selection=(
    '*'{-n+,--schema=}'[dump these schemas]:pattern:'
    '*'{-N+,--exclude-schema=}'[leave out these schemas]:pattern:'
    '*'{-t+,--table=}'[dump these tables only]:pattern:'
    '*'{-T+,--exclude-table=}'[leave out these tables]:pattern:'
    '*--exclude-table-data=[leave out the rows of these tables]:pattern:'
    '*--table-and-children=[dump these tables and what inherits from them]:pattern:'
    '*--exclude-table-and-children=[leave out these tables and what inherits from them]:pattern:'
    '*--exclude-table-data-and-children=[leave out the rows of these and what inherits from them]:pattern:'
    '*'{-e+,--extension=}'[dump these extensions]:pattern:'
    '*--exclude-extension=[leave out these extensions]:pattern:'
    '*--include-foreign-data=[dump rows of these foreign servers]:pattern:'
    '*--filter=[take patterns from a file]:file:_files'
    '--strict-names[each pattern has to match]'
    '(-a --data-only -s --schema-only)'{-a,--data-only}'[rows only]'
    '(-s --schema-only -a --data-only)'{-s,--schema-only}'[definitions only]'
    '--no-data[leave out rows]'
    '--no-schema[leave out definitions]'
    '(-b --large-objects --blobs)'{-b,--large-objects,--blobs}'[large objects]'
    '(-B --no-large-objects --no-blobs)'{-B,--no-large-objects,--no-blobs}'[no large objects]'
    '--sequence-data[values of sequences in any case]'
    '(--no-statistics)--statistics[the planner'\''s statistics too]'
    '(--no-statistics)--statistics-only[the planner'\''s statistics only]'
    '--no-statistics[leave out the planner'\''s statistics]'
    '--no-unlogged-table-data[leave out the rows of unlogged tables]'
    '--enable-row-security[dump only the rows that policies show]'
    '*--section=[only this part]:section:(pre-data data post-data)'
    '--no-comments[leave out comments]'
    '--no-policies[leave out policies]'
    '--no-publications[leave out publications]'
    '--no-security-labels[leave out security labels]'
    '--no-subscriptions[leave out subscriptions]'
    '--no-tablespaces[leave out tablespaces]'
    '--no-table-access-method[leave out table access methods]'
    '--no-toast-compression[leave out compression methods]'
    '(-O --no-owner)'{-O,--no-owner}'[leave out owners]'
    '(-x --no-privileges --no-acl)'{-x,--no-privileges,--no-acl}'[leave out privileges]'
)

if ((CURRENT > 2)) && [[ $words[2] == verify ]]; then
    shift words
    ((CURRENT--))
    _arguments -s -S : $common \
        '--db=[compare this database with the manifest]:database:' \
        '(-j --jobs)'{-j+,--jobs=}'[connections that read rows]:number:' \
        '--role=[become this role]:role:' \
        '--stall-timeout=[silence after which the server is asked]:seconds:' \
        '1:dump:_files'
    return
fi

if ((CURRENT > 2)) && [[ $words[2] == restore ]]; then
    shift words
    ((CURRENT--))
    _arguments -s -S : $common $connection \
        '--no-transaction[don'\''t restore in one transaction]' \
        '(-C --create)'{-C,--create}'[create the database]' \
        '(-c --clean)'{-c,--clean}'[drop before creating]' \
        '--progress=[show a progress line]:when:(auto always never)' \
        '(-j --jobs)'{-j+,--jobs=}'[restore over several connections]:number:' \
        '--dry-run[only tell what is in the way]' \
        '(-O --no-owner)'{-O,--no-owner}'[leave out owners]' \
        '(-x --no-privileges --no-acl)'{-x,--no-privileges,--no-acl}'[leave out privileges]' \
        '*--role-map=[another name of a role]:old=new:' \
        '*--only-table=[restore only the tables that match]:pattern:' \
        '*--schema-map=[another name of a schema]:old=new:' \
        '--resume[go on with a restore that has failed]' \
        '--on-error=[what to do when a statement is refused]:what:(stop continue)' \
        '1:dump:_files' '2:database:'
    return
fi

if ((CURRENT > 2)) && [[ $words[2] == clone ]]; then
    shift words
    ((CURRENT--))
    _arguments -s -S : $common $selection \
        '--progress=[show a progress line]:when:(auto always never)' \
        '(-j --jobs)'{-j+,--jobs=}'[copy over several connections]:number:' \
        '--dry-run[only tell what is in the way]' \
        '--resume[go on with a clone that has failed]' \
        '--single-transaction[all or nothing]' \
        '--drop-target-objects[drop what is in the way]' \
        '--supabase[Supabase projects: only what is their own]' \
        '(-y --yes)'{-y,--yes}'[do not ask]' \
        '*--schema-map=[another name of a schema]:old=new:' \
        '*--role-map=[another name of a role]:old=new:' \
        '--role=[become this role]:role:' \
        '--prefer=[addresses to try first]:family:(ipv4 ipv6)' \
        '--connect-timeout=[time for an attempt to connect]:seconds:' \
        '--retries=[how often to try again what may pass]:number:' \
        '--stall-timeout=[silence after which the server is asked]:seconds:' \
        '1:source:' '2:target:'
    return
fi

_arguments -s -S : $common \
    '(-f --file)'{-f+,--file=}'[write to a file]:file:_files' \
    '(-F --format)'{-F+,--format=}'[output format]:format:(p plain)' \
    '--progress=[show a progress line]:when:(auto always never)' \
    '--lock-wait-timeout=[give up waiting for a lock]:timeout:' \
    '--yield-to-ddl=[give up when a session waits for the dump]:seconds:' \
    '(-j --jobs)'{-j+,--jobs=}'[read rows over several connections]:number:' \
    '(-Z --compress)'{-Z+,--compress=}'[compress the output]:method:(gzip lz4 zstd none)' \
    '--no-sync[leave it to the system when the file is on disk]' \
    '--snapshot=[dump this snapshot]:snapshot:' \
    '--serializable-deferrable[wait for a moment without anomalies]' \
    $selection \
    '--skip-unreadable[leave out rows that can'"'"'t be read]' \
    '--whole-database[all schemas, and what belongs to none]' \
    '(-c --clean)'{-c,--clean}'[drop before creating]' \
    '--if-exists[drop only what is there]' \
    '(-C --create)'{-C,--create}'[create the database]' \
    '--inserts[INSERT in place of COPY]' \
    '(--column-inserts --attribute-inserts)'{--column-inserts,--attribute-inserts}'[INSERT with column names]' \
    '--rows-per-insert=[rows in each INSERT]:number:' \
    '--on-conflict-do-nothing[pass over rows that are there]' \
    '--disable-triggers[switch triggers off while loading]' \
    '--quote-all-identifiers[quote every name]' \
    '--disable-dollar-quoting[function bodies as plain strings]' \
    '--load-via-partition-root[load partitions through their root]' \
    '--extra-float-digits=[digits of floating-point values]:number:' \
    '(-S --superuser)'{-S+,--superuser=}'[who switches triggers off]:role:' \
    '--use-set-session-authorization[in place of ALTER ... OWNER TO]' \
    '(-E --encoding)'{-E+,--encoding=}'[encoding of the dump]:encoding:' \
    '--supabase[a Supabase project: what is its own]' \
    '--supabase-url=[the project]:url:' \
    '--pooler-host=[the session pooler of the project]:host:_hosts' \
    '--env-file=[variables such as .env.local]:file:_files' \
    '--include-managed[the part of the platform too]' \
    $connection \
    '1:database or command:(verify compare restore clone)'
