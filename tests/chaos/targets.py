#!/usr/bin/env python3
"""Spoils the connections of restores, clones and comparisons, and checks how they end.

targets.py PROGRAM PSQL CONNINFO PORT FOLDER FAULTS [PARALLEL]

CONNINFO must not tell host and port: the server listens on 127.0.0.1:PORT. Its database "mixed" is the source, "other"
differs from it in one row. Each of the works below is spoilt FAULTS times, in each direction and mode in turn. It ends
with status 0, and then the target is the same as the source; or with status 1 and a message, and then the target is as it
was (one transaction), or --resume makes it the same (steps). A comparison never finds what isn't there, nor
overlooks what is.
"""
import itertools
import os
import subprocess
import sys
import time

import outcome
from ends import Ends
from relay import DELAY, TO_CLIENT, TO_SERVER, Fault, Relay, boundaries
from streams import spread

MODES = ("cut", "truncate", "stall", DELAY)
# How much there is of what restores and clones make; of a new database, as long as nothing was done in it.
CONTENT = """SELECT ARRAY[(SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_type),
    (SELECT count(*) FROM pg_namespace), (SELECT count(*) FROM pg_largeobject_metadata)]"""


class Databases:
    def __init__(self, psql, conninfo, port):
        self.psql, self.numbers = psql, itertools.count()
        self.direct = f"{conninfo} host=127.0.0.1 port={port} sslmode=disable"

    def sql(self, database, text):
        command = [self.psql, "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", f"{self.direct} dbname={database}", "-c", text]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=outcome.SECONDS).stdout.strip()

    def new(self):
        name = f"chaos_{next(self.numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def wait_until_left(self, name):
        """The server may notice later than the client that a connection is gone."""
        until = time.monotonic() + outcome.SECONDS
        while self.sql("postgres", f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'") != "0":
            if time.monotonic() > until:
                raise outcome.Wrong("a session stays in the target")
            time.sleep(0.02)


class Work:
    """`command(through, target)`: both are conninfos, the first of the connection that is spoilt."""

    def __init__(self, runs, name, command, checks, resume=None):
        self.runs, self.name, self.command, self.checks, self.resume = runs, name, command, checks, resume

    def __str__(self):
        return self.name

    def measure(self, relay):
        db = self.runs.databases
        target = db.new()
        relay.begin(None, record=True)
        done, text = outcome.execute(self.command(f"{self.runs.through(relay)}", target, "30"))
        relay.end()
        if done.returncode != self.clean_status():
            raise outcome.Wrong(f"{self.name} ends with {done.returncode} without a fault:\n{text}")
        self.streams = [(n, s) for n, s in enumerate(relay.streams) if s[TO_CLIENT] > 1]
        db.wait_until_left(target)
        db.sql("postgres", f"DROP DATABASE {target}")

    def clean_status(self):
        return 1 if self.checks is differing else 0

    def faults(self, count):
        modes = itertools.cycle(MODES)
        directions = (TO_CLIENT, TO_SERVER)
        for part, ((connection, stream), direction) in enumerate(itertools.product(self.streams, directions)):
            parts = 2 * len(self.streams)
            share = count // parts + (part < count % parts)
            starts = boundaries(bytes(stream["bytes"])) if direction == TO_CLIENT else []
            for offset in spread(share, stream[direction], starts):
                yield Fault(next(modes), direction, offset, connection)


# ---- What may come of it ---------------------------------------------------------------


def same(runs, target):
    done, text = outcome.execute(runs.compare(runs.source, f"{runs.databases.direct} dbname={target}"))
    if done.returncode != 0:
        raise outcome.Wrong(f"the target is another database:\n{done.stdout.decode(errors='replace')[-1500:]}{text[-500:]}")


def all_or_nothing(runs, work, target, done, text):
    if done.returncode == 0:
        same(runs, target)
        return outcome.WHOLE
    if runs.databases.sql(target, CONTENT) != runs.nothing:
        if "during COMMIT" not in text:
            raise outcome.Wrong(f"it failed, and left something:\n{text[-2000:]}")
        same(runs, target)
    return outcome.FAILED


def in_steps(runs, work, target, done, text):
    journal = runs.databases.sql(target, "SELECT count(*) FROM pg_namespace WHERE nspname = 'dumpnative_restore'") != "0"
    if done.returncode == 0 and journal:
        raise outcome.Wrong("it ended well, and left its journal")
    if not journal:
        return all_or_nothing(runs, work, target, done, text)
    if "--resume" not in text:
        raise outcome.Wrong(f"it doesn't say how to go on:\n{text[-2000:]}")
    resumed, words = outcome.execute(work.resume(target))
    if resumed.returncode != 0:
        raise outcome.Wrong(f"it can't be resumed:\n{words[-2000:]}\nafter:\n{text[-2000:]}")
    same(runs, target)
    return outcome.FAILED


def alike(runs, work, target, done, text):
    if b" is not " in done.stdout or "differen" in text:
        raise outcome.Wrong(f"it found a difference where there is none:\n{done.stdout.decode()[-1000:]}{text[-1000:]}")
    return outcome.FAILED if done.returncode else outcome.WHOLE


def differing(runs, work, target, done, text):
    if done.returncode == 0:
        raise outcome.Wrong(f"it overlooked a difference:\n{text[-2000:]}")
    found = done.stdout.decode(errors="replace").strip()
    if found not in ("", runs.difference):
        raise outcome.Wrong(f"it found other differences:\n{found[-2000:]}")
    return outcome.DIFFERENT if found else outcome.FAILED


# ---- Runs ------------------------------------------------------------------------------


class Runs:
    def __init__(self, program, psql, conninfo, port, folder):
        self.program, self.conninfo, self.port, self.folder = program, conninfo, port, folder
        self.databases = Databases(psql, conninfo, port)
        self.source = f"{self.databases.direct} dbname=mixed"
        self.other = f"{self.databases.direct} dbname=other"
        self.file = os.path.join(folder, "mixed.sql")
        self.ends = Ends()
        os.makedirs(folder, exist_ok=True)
        outcome.execute([program, "-b", "-f", self.file, "-d", self.source])
        empty = self.databases.new()
        self.nothing = self.databases.sql(empty, CONTENT)
        found, _ = outcome.execute(self.compare(self.source, self.other))
        self.difference = found.stdout.decode(errors="replace").strip()
        if found.returncode != 1 or not self.difference:
            raise outcome.Wrong("the databases should differ")

    def through(self, relay):
        return f"{self.conninfo} host=127.0.0.1 port={relay.port} sslmode=disable"

    def compare(self, source, target, stall="30"):
        return [self.program, "compare", "-b", "--stall-timeout=" + stall, source, target]

    def works(self):
        p, file, direct, source = self.program, self.file, self.databases.direct, self.source

        def restore(jobs):
            return lambda through, target, stall: [p, "restore", *jobs, "--stall-timeout=" + stall, "--connect-timeout=3",
                                                   "--retries=0", file, f"{through} dbname={target}"]

        def clone(options, spoils_source):
            def command(through, target, stall):
                ends = [f"{through} dbname=mixed", f"{direct} dbname={target}"]
                if not spoils_source:
                    ends = [source, f"{through} dbname={target}"]
                return [p, "clone", "-b", *options, "--stall-timeout=" + stall, "--connect-timeout=3", "--retries=0", *ends]
            return command

        def resumed_restore(target):
            return [p, "restore", "-j2", "--resume", file, f"{direct} dbname={target}"]

        def resumed_clone(target):
            return [p, "clone", "-b", "-j2", "--resume", source, f"{direct} dbname={target}"]

        def compare(first, second):
            return lambda through, target, stall: self.compare(first or f"{through} dbname=mixed",
                                                               second or f"{through} dbname=mixed", stall)

        def verify(database):
            return lambda through, target, stall: [p, "verify", "--stall-timeout=" + stall, "--db",
                                                   f"{through} dbname={database}", file]

        one, two = ["--single-transaction"], ["-j2"]
        yield Work(self, "restore", restore([]), all_or_nothing)
        yield Work(self, "restore -j2", restore(two), in_steps, resumed_restore)
        for end in (False, True):
            side = "source" if end else "target"
            yield Work(self, f"clone --single-transaction, {side}", clone(one, end), all_or_nothing)
            yield Work(self, f"clone -j2, {side}", clone(two, end), in_steps, resumed_clone)
        yield Work(self, "compare, first", compare(None, source), alike)
        yield Work(self, "compare, second", compare(source, None), alike)
        yield Work(self, "compare with another, first", compare(None, self.other), differing)
        yield Work(self, "verify --db", verify("mixed"), alike)
        yield Work(self, "verify --db of another", verify("other"), differing)

    def one(self, relay, work, fault):
        target = self.databases.new()
        relay.begin(fault)
        try:
            command = work.command(self.through(relay), target, "30" if fault.mode == DELAY else "1")
            done, text = outcome.execute(command)
            relay.end()
            self.databases.wait_until_left(target)
            end = work.checks(self, work, target, done, text)
            if fault.mode == DELAY and done.returncode != work.clean_status():
                raise outcome.Wrong(f"it failed, though all came, if late:\n{text[-2000:]}")
            self.ends.add(work.name, end if fault.happened else "not reached")
        except (outcome.Wrong, subprocess.SubprocessError) as problem:
            self.ends.add_wrong(f"{work}, {fault}: {problem}")
        finally:
            relay.end()
        self.databases.wait_until_left(target)
        self.databases.sql("postgres", f"DROP DATABASE {target}")

    def worker(self, _):
        relay = Relay(self.port)
        return lambda work, fault: self.one(relay, work, fault)

    def all(self, faults, parallel):
        tasks, relay = [], Relay(self.port)
        for work in self.works():
            work.measure(relay)
            tasks += [(work, fault) for fault in work.faults(faults)]
        self.ends.work(tasks, parallel, self.worker)


def main():
    program, psql, conninfo, port, folder, faults, *parallel = sys.argv[1:]
    runs = Runs(program, psql, conninfo, int(port), folder)
    runs.all(int(faults), int(parallel[0]) if parallel else 2)
    runs.ends.tell_and_exit()


if __name__ == "__main__":
    main()
