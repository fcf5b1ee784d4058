# The differences between our text and pg_dump's that are meant to be there; applied to both with sed -E.
# The README's list of differences says the same.

# The schema public is in every new database, so ours is CREATE SCHEMA IF NOT EXISTS public.
s/^CREATE SCHEMA IF NOT EXISTS ("?)public\1;$/CREATE SCHEMA \1public\1;/

# The header names the tool.
/^-- Dumped by /d

# pg_dump guards its text with a random key; psql's meta-commands cannot get into ours in another way.
/^\\(un)?restrict [A-Za-z0-9]+$/{
N
d
}

# Ours creates the extensions, casts, transforms, access methods and foreign servers that the dumped objects
# need; pg_dump -n creates none.
# An entry ends with its statement's semicolon and two empty lines.
/^--$/{
N
/^--\n-- Name: ([^;]*; Type: (EXTENSION|CAST|TRANSFORM|ACCESS METHOD)|(EXTENSION|CAST|TRANSFORM|ACCESS METHOD|SERVER|FOREIGN DATA WRAPPER) [^;]*; Type: COMMENT); /{
:entry
N
/;\n\n$/!b entry
d
}
# An entry with an owner goes on to ALTER ... OWNER TO and one empty line.
/^--\n-- Name: [^;]*; Type: (SERVER|FOREIGN DATA WRAPPER); /{
:owned
N
/ OWNER TO [^;]*;\n$/!b owned
d
}
# Likewise the schemas that those extensions live in.
/^--\n-- Name: [^;]*; Type: SCHEMA; /{
N
N
N
/\nCREATE SCHEMA IF NOT EXISTS ("?)public\1;$/s/IF NOT EXISTS //
/\nCREATE SCHEMA IF NOT EXISTS [^;]*;$/{
:schema
N
/;\n\n$/!b schema
d
}
}
}
