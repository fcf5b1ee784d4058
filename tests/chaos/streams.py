#!/usr/bin/env python3
"""Spoils the connections of dumps, each at another byte, and checks how they end (outcome.py).

streams.py PROGRAM CONNINFO PORT FOLDER OFFSETS [PARALLEL] [name=value ...]

CONNINFO must not tell host and port: the server listens on 127.0.0.1:PORT. Each of OFFSETS bytes of the stream to the
client is spoilt in each mode of relay.py, and a fifth as many of the stream to the server; they lie close to the
beginnings of messages, and in between. The runs take turns: one connection without retries; one with them; and, where
the options have jobs=3, the second and third of three. tls=1 does it all with TLS, where a dump with changed bytes must
never be whole.
"""
import itertools
import os
import sys

import outcome
from ends import Ends
from relay import ERROR, MODES, TO_CLIENT, TO_SERVER, Fault, Relay, boundaries, results


def spread(count, total, starts):
    """`count` offsets below `total`: half of them around the starts of messages, the others evenly spread."""
    wanted = {offset for start in starts for offset in (start - 1, start, start + 1, start + 4, start + 5)}
    near = sorted(offset for offset in wanted if 0 <= offset < total)
    half = min(count // 2, len(near))
    chosen = {near[i * len(near) // half] for i in range(half)} if half else set()
    even = [i * total // (2 * count) for i in range(2 * count)]
    step = max(1, len(even) // max(1, count - len(chosen)))
    for offset in itertools.chain(even[::step], even):
        if len(chosen) >= min(count, total):
            break
        chosen.add(offset)
    return sorted(chosen)


class Runs:
    def __init__(self, program, conninfo, port, folder, options):
        self.program, self.conninfo, self.port, self.folder = program, conninfo, port, folder
        self.tls = options.get("tls") == "1"
        self.jobs = options.get("jobs", "1")
        self.errors = options.get("errors") == "1"
        self.ends = Ends()

    def command(self, relay, folder, retries):
        target = f"{self.conninfo} host=127.0.0.1 port={relay.port} sslmode={'require' if self.tls else 'disable'}"
        return [self.program, "-j", self.jobs, "--stall-timeout=1", "--retries=" + retries,
                "-f", os.path.join(folder, "out.sql"), "-d", target]

    def measure(self):
        """A clean run: the reference, and the streams of its connections but for bare probes."""
        relay, folder = Relay(self.port), os.path.join(self.folder, "reference")
        self.reference = None
        relay.begin(None, record=not self.tls)
        try:
            outcome.run(self.command(relay, folder, "0"), folder, b"", differing=True)
        finally:
            relay.end()
        with open(os.path.join(folder, "out.sql"), "rb") as file:
            self.reference = file.read()
        self.streams = [(n, s) for n, s in enumerate(relay.streams) if s[TO_CLIENT] > 1]

    def faults(self, offsets):
        streams = self.streams[1:] or self.streams  # of several, those that don't hold the snapshot
        if self.errors:
            connection, stream = streams[0]
            found = results(bytes(stream["bytes"]))
            for at in found[:: max(1, len(found) // offsets)]:
                yield Fault(ERROR, TO_CLIENT, at, connection)
            return
        for direction, count in ((TO_CLIENT, offsets), (TO_SERVER, max(1, offsets // 5))):
            for part, (connection, stream) in enumerate(streams):
                share = count // len(streams) + (part < count % len(streams))
                starts = boundaries(bytes(stream["bytes"])) if direction == TO_CLIENT else []
                for offset in spread(share, stream[direction], starts):
                    for mode in MODES:
                        yield Fault(mode, direction, offset, connection)

    def one(self, relay, folder, fault, retries):
        relay.begin(fault)
        try:
            differing = fault.mode == "corrupt" and not self.tls
            end = outcome.run(self.command(relay, folder, retries), folder, self.reference, differing=differing)
            if fault.mode == ERROR and fault.happened and end == outcome.WHOLE:
                raise outcome.Wrong("a statement failed, and nobody noticed")
            self.ends.add(fault.mode, end if fault.happened else "not reached")
        except outcome.Wrong as problem:
            self.ends.add_wrong(f"{fault}, --retries={retries}: {problem}")
        finally:
            relay.end()

    def worker(self, number):
        relay, folder = Relay(self.port), os.path.join(self.folder, f"out{number}")
        return lambda fault, retries: self.one(relay, folder, fault, retries)

    def all(self, offsets, parallel):
        tasks = [(fault, "3" if self.jobs != "1" or n // len(MODES) % 2 else "0")
                 for n, fault in enumerate(self.faults(offsets))]
        self.ends.work(tasks, parallel, self.worker)


def main():
    program, conninfo, port, folder, offsets, *rest = sys.argv[1:]
    options = dict(word.split("=", 1) for word in rest if "=" in word)
    parallel = [int(word) for word in rest if "=" not in word] or [2]
    runs = Runs(program, conninfo, int(port), folder, options)
    runs.measure()
    runs.all(int(offsets), parallel[0])
    print(f"{len(runs.reference)} bytes of dump, streams of {[s[TO_CLIENT] for _, s in runs.streams]} bytes")
    runs.ends.tell_and_exit()


if __name__ == "__main__":
    main()
