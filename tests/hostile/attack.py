#!/usr/bin/env python3
"""A server that can't be trusted: alters what a real one answers, and looks whether it gets a hold of psql.

attack.py DUMPNATIVE PSQL SERVER_SOCKET USER DATABASE FOLDER [SAMPLE]

Each column of each result of a whole dump is altered in turn, in all rows or in one, to each of the values below; so is
each kind of COPY message. The dump must end in bounded time, with an error and without a file, or with a file that the
real psql reads without running what was planted: it is connected to a server that only writes down what it is sent.
SAMPLE attacks by chance (the same each time), or all. Prints what failed, and how many were run; ends with 1 if any
failed.
"""
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import wire  # noqa: E402

dumpnative, psql, server, user, database, folder = sys.argv[1:7]
sample = int(sys.argv[7]) if len(sys.argv) > 7 else None
planted = os.path.join(folder, "planted")
shell = b"\\! touch " + planted.encode()
ROLE = b"CREATE ROLE zz_planted SUPERUSER"

# What a value becomes; {} is what it was.
VALUES = [
    b"x; " + ROLE + b"; --",
    b"{}; " + ROLE,
    b"{}\n;\n" + shell + b"\n",
    b"\n" + shell + b"\n",
    b"\r" + shell + b"\r\n",
    b"{} " + shell,
    b"x'; " + ROLE + b"; --",
    b"\\'; " + ROLE + b"; --",
    b'x"; ' + ROLE + b"; --",
    b'"; ' + ROLE + b'; --"',
    b"*/; " + ROLE + b"; /*",
    b"{} /*",
    b"{} --",
    b"$$; " + ROLE + b"; $$",
    b"$_$; " + ROLE + b"; $_$ $$",
    b"{}); " + ROLE + b"; SELECT (1",
    b"{}\n\\.\n" + shell + b"\n",
    b"{}\n\\.\n" + ROLE + b";\n",
    b"E'\\' ; " + ROLE + b"; --",
    b"1e'\\'; " + ROLE + b"; --'",
    b":LAST_ERROR_MESSAGE",
    b"{} :'HOST'",
    b"'",
    b'"',
    b'{"a',
    b"(",
    b"",
    None,
    b"-1",
    b"99999999999999999999999999999999",
    b"1 --",
    b"\xff\xfe\x95'",
    b"SJIS",
    b"off",
    b"x" * 300000,
]

COPIES = {
    "two lines": lambda body: [(b"d", body + body)],
    "a line that isn't whole": lambda body: [(b"d", body[:-1])],
    "an end": lambda body: [(b"d", b"\\.\n")],
    "an end within": lambda body: [(b"d", body[:-1] + b"\n\\.\n" + ROLE + b";\n")],
    "a shell": lambda body: [(b"d", b"\\.\n" + shell + b"\n")],
    "nothing": lambda body: [(b"d", b"")],
    "a line end": lambda body: [(b"d", b"\n")],
    "carriage returns": lambda body: [(b"d", body[:-1] + b"\r\n\r")],
    "a zero byte": lambda body: [(b"d", b"a\0b\n")],
    "no end": lambda body: [(b"d", body), None],
    "an end too early": lambda body: [(b"c", b""), (b"d", body)],
}


class Attack:
    """Counts results as they pass; alters one column of one of them, or its COPY messages, or a setting's name."""

    def __init__(self, where=None, value=None, row=None):
        self.where, self.value, self.row = where, value, row
        self.result = self.rows = 0
        self.seen = {}

    def __call__(self, kind, body):
        if kind in (b"T", b"H"):
            self.result += 1
            self.rows = 0
        if kind == b"S":
            name, value = body.split(b"\0")[:2]
            key = ("setting", name.decode())
            self.seen[key] = 1
            return [(kind, name + b"\0" + (self.altered(value) or b"") + b"\0")] if key == self.where else [(kind, body)]
        if kind == b"d":
            key = ("copy", self.result)
            self.seen[key] = self.seen.get(key, 0) + 1
            return COPIES[self.value](body) if key == self.where else [(kind, body)]
        if kind != b"D":
            return [(kind, body)]
        values = wire.row_values(body)
        self.rows += 1
        for column, value in enumerate(values):
            key = ("value", self.result, column)
            if value is not None:
                self.seen[key] = self.rows
            if key == self.where and value is not None and self.row in (None, self.rows):
                values[column] = self.altered(value)
        return [(kind, wire.row_body(values))]

    def altered(self, value):
        return None if self.value is None else self.value.replace(b"{}", value) if self.value != b"{}" else value


relay = wire.Relay(os.path.join(folder, "relay"), server)
recorder = wire.Recorder(os.path.join(folder, "recorder"))
path = os.path.join(folder, "dump.sql")


def dump(attack, options):
    for name in (path, path + ".sha256", planted):
        if os.path.exists(name):
            os.unlink(name)
    relay.change = attack
    return subprocess.run(
        [dumpnative, "-w", "-j1", "-h", relay.folder, "-p", "5432", "-U", user, "-f", path, *options, database],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=30, check=False,
    )


def restore():
    """What psql sends of the file."""
    recorder.statements.clear()
    subprocess.run(
        [psql, "-X", "-q", "-h", recorder.folder, "-p", "5432", "-U", "x", "-d", "x", "-f", path],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30, check=True,
    )
    return [re.sub(rb"\A(?:\s|--[^\n]*(?:\n|\Z))+", b"", s) for s in recorder.statements]


def verdict(attack, options):
    """None, or what is wrong."""
    try:
        run = dump(attack, options)
    except subprocess.TimeoutExpired:
        return "the dump hangs"
    if run.returncode not in (0, 1, 3):
        return f"status {run.returncode}: {run.stderr[-2000:].decode(errors='replace')}"
    if run.returncode == 1:
        return "an error, and yet a file" if os.path.exists(path) else None
    statements = restore()
    if os.path.exists(planted):
        return "psql ran a command of the shell"
    if bad := [s for s in statements if s.startswith((ROLE, b"x;", b"LAST_ERROR"))]:
        return f"psql sent {bad[0][:200]!r}"
    if not statements or len(statements) < 10:
        return f"psql found {len(statements)} statements"
    return None


def describe(attack):
    value = attack.value if isinstance(attack.value, str) else repr(attack.value)[:80]
    return f"{attack.where} row {attack.row or 'all'}: {value}"


FACES = [["-n", "*"], ["-n", "*", "--inserts", "-c", "--if-exists"], ["-C", "-n", "*", "--quote-all-identifiers"]]


def main():
    attacks = []
    for options in FACES:
        plain = Attack()
        run = dump(plain, options)
        if run.returncode not in (0, 3) or len(restore()) < 30:
            sys.exit(f"no dump to begin with: {run.stderr.decode()}")
        for where, rows in plain.seen.items():
            if where[0] == "copy":
                attacks += [(options, where, name, None) for name in COPIES]
            elif where[0] == "setting":
                attacks += [(options, where, value, None) for value in VALUES if value is not None]
            else:
                attacks += [(options, where, value, None) for value in VALUES]
                attacks += [(options, where, value, rows) for value in VALUES if rows > 1]
    whole = len(attacks)
    if sample and sample < whole:
        attacks = random.Random(1).sample(attacks, sample)
    failed = dumped = 0
    for options, where, value, row in attacks:
        attack = Attack(where, value, row)
        wrong = verdict(attack, options)
        dumped += os.path.exists(path)
        if wrong:
            failed += 1
            print(f"{' '.join(options)}: {describe(attack)}: {wrong}", flush=True)
    print(f"{len(attacks)} attacks of {whole}, {dumped} led to a dump, {failed} failed")
    sys.exit(failed > 0 or dumped == 0 or dumped == len(attacks))


main()
