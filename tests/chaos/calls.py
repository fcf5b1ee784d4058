#!/usr/bin/env python3
"""Lets the n-th call of each kind fail in a dump (inject.c), for every n, and checks how it ends (outcome.py).

calls.py PROGRAM CONNINFO LIBRARY FOLDER MOST [PARALLEL] [KIND...]

At most MOST calls of a kind are spoilt, evenly spread over those that a clean run makes.
"""
import os
import sys

import outcome
from ends import Ends

KINDS = ("write", "short", "eintr", "sync", "open", "name", "socket", "poll", "thread", "memory")
HARMLESS = ("short", "eintr", "poll")  # what has to be done again, and succeeds


class Runs:
    def __init__(self, program, conninfo, library, folder):
        self.conninfo, self.program, self.library, self.folder = conninfo, program, library, folder
        self.ends = Ends()
        self.reference = None

    def one(self, folder, kind, number, differing=False):
        log = folder + ".calls"
        # Freed memory, and that which nobody has written to, doesn't look like anything sensible.
        environment = {"LD_PRELOAD": self.library, "INJECT": f"{kind}:{number}", "INJECT_LOG": log,
                       "MALLOC_PERTURB_": "165"}
        command = [self.program, "-j", "1", "--retries=0", "--stall-timeout=5", "-f",
                   os.path.join(folder, "out.sql"), "-d", self.conninfo]
        end = outcome.run(command, folder, self.reference or b"", environment, differing)
        with open(log, encoding="ascii") as file:
            return end, int(file.read())

    def measure(self, kind):
        folder = os.path.join(self.folder, "reference")
        _, calls = self.one(folder, kind, 0, differing=self.reference is None)
        if self.reference is None:
            with open(os.path.join(folder, "out.sql"), "rb") as file:
                self.reference = file.read()
        return calls

    def spoil(self, folder, kind, call):
        try:
            end, _ = self.one(folder, kind, call)
            if kind in HARMLESS and end != outcome.WHOLE:
                raise outcome.Wrong("it failed")
            self.ends.add(kind, end)
        except outcome.Wrong as problem:
            self.ends.add_wrong(f"{kind} {call}: {problem}")

    def worker(self, number):
        folder = os.path.join(self.folder, f"out{number}")
        return lambda kind, call: self.spoil(folder, kind, call)


def main():
    program, conninfo, library, folder, most, *rest = sys.argv[1:]
    parallel = next((int(word) for word in rest if word.isdigit()), 2)
    kinds = [word for word in rest if not word.isdigit()] or KINDS
    runs = Runs(program, conninfo, library, folder)
    tasks = []
    for kind in kinds:
        calls = runs.measure(kind)
        count = min(calls, int(most))
        tasks += [(kind, 1 + i * calls // count) for i in range(count)]
        print(f"{kind}: {count} of {calls} calls")
    runs.ends.work(tasks, parallel, runs.worker)
    runs.ends.tell_and_exit()


if __name__ == "__main__":
    main()
