#!/usr/bin/env python3
"""Lets the n-th call of each kind fail in a dump (inject.c), for every n, and checks how it ends (outcome.py).

calls.py PROGRAM CONNINFO LIBRARY FOLDER MOST [PARALLEL] [KIND...]

At most MOST calls of a kind are spoilt, evenly spread over those that a clean run makes.
"""
import collections
import os
import sys
import threading

import outcome

KINDS = ("write", "short", "eintr", "sync", "open", "name", "socket", "poll", "thread", "memory")
HARMLESS = ("short", "eintr", "poll")  # what has to be done again, and succeeds


class Runs:
    def __init__(self, program, conninfo, library, folder):
        self.conninfo, self.program, self.library, self.folder = conninfo, program, library, folder
        self.counts, self.wrong, self.lock = collections.Counter(), [], threading.Lock()
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

    def work(self, number, tasks):
        folder = os.path.join(self.folder, f"out{number}")
        while True:
            with self.lock:
                task = next(tasks, None)
            if task is None:
                return
            kind, call = task
            try:
                end, _ = self.one(folder, kind, call)
                if kind in HARMLESS and end != outcome.WHOLE:
                    raise outcome.Wrong("it failed")
                with self.lock:
                    self.counts[kind, end] += 1
            except outcome.Wrong as problem:
                with self.lock:
                    self.wrong.append(f"{kind} {call}: {problem}")


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
    turns = iter(tasks)
    workers = [threading.Thread(target=runs.work, args=(n, turns)) for n in range(parallel)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for kind in kinds:
        print(f"{kind}: " + ", ".join(f"{n} {end}" for (k, end), n in sorted(runs.counts.items()) if k == kind))
    for problem in runs.wrong:
        print(f"WRONG {problem}")
    sys.exit(1 if runs.wrong or not runs.counts else 0)


if __name__ == "__main__":
    main()
