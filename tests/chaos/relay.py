"""A relay between a client and a server that spoils one of the connections after a given number of bytes."""
import socket
import struct
import threading
import time

MODES = ("cut", "truncate", "stall", "corrupt")
DELAY, SECONDS = "delay", 0.3  # what comes is late, and so is all behind it
ERROR = "error"  # in the place of the messages from there to ReadyForQuery, as if a statement had failed
TO_CLIENT, TO_SERVER = "server>client", "client>server"


class Fault:
    """What happens to connection number `connection` (from 0) once `offset` bytes have gone in that direction."""

    def __init__(self, mode, direction, offset, connection):
        self.mode, self.direction, self.offset, self.connection = mode, direction, offset, connection
        self.happened = False
        self.left_out = None  # while an error takes the place of messages: what came of them

    def __str__(self):
        return f"{self.mode} {self.direction} connection {self.connection} after {self.offset} bytes"


def shut(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def reset(*ends):
    for end in ends:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        shut(end)


# io_error: of no kind that is tried again.
def error_response():
    fields = (b"SERROR", b"VERROR", b"C58030", b"Mspoilt by the relay")
    body = b"".join(field + b"\0" for field in fields) + b"\0"
    return b"E" + struct.pack(">I", len(body) + 4) + body


def leave_out(fault, data):
    """Drops messages until ReadyForQuery."""
    rest = fault.left_out + data
    while len(rest) >= 5 and rest[:1] != b"Z":
        size = 1 + struct.unpack(">I", rest[1:5])[0]
        if len(rest) < size:
            break
        rest = rest[size:]
    if rest[:1] == b"Z":
        fault.left_out = None
        return rest
    fault.left_out = rest
    return b""


class Relay:
    def __init__(self, server_port):
        self.server_port = server_port
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.begin(None)
        threading.Thread(target=self.accept, daemon=True).start()

    def begin(self, fault, record=False):
        """For the connections from here on; `record` keeps what went to the client."""
        with self.lock:
            self.fault, self.record, self.count, self.streams, self.open = fault, record, 0, [], []

    def end(self):
        """Closes what the run has left open."""
        with self.lock:
            left, self.open = self.open, []
        for end in left:
            shut(end)

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.server_port))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                fault = self.fault if self.fault and self.fault.connection == self.count else None
                stream = {TO_CLIENT: 0, TO_SERVER: 0, "bytes": bytearray()}
                self.count += 1
                self.streams.append(stream)
                self.open += [client, server]
            for source, target, direction in ((server, client, TO_CLIENT), (client, server, TO_SERVER)):
                mine = fault if fault and fault.direction == direction else None
                threading.Thread(
                    target=self.pump, args=(source, target, direction, stream, mine), daemon=True
                ).start()

    def pump(self, source, target, direction, stream, fault):
        try:
            while data := source.recv(65536):
                before = stream[direction]
                stream[direction] += len(data)
                if self.record and direction == TO_CLIENT:
                    stream["bytes"] += data
                if fault and fault.left_out is not None:
                    data = leave_out(fault, data)
                if fault and not fault.happened and before + len(data) > fault.offset:
                    data = self.spoil(fault, data, fault.offset - before, source, target)
                    if data is None:
                        return
                target.sendall(data)
        except OSError:
            pass
        shut(source, target)

    def spoil(self, fault, data, at, source, target):
        """What goes on to the target in the place of `data`, or None when nothing does any more."""
        fault.happened = True
        if fault.mode == "corrupt":
            return data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :]
        target.sendall(data[:at])
        if fault.mode == DELAY:
            time.sleep(SECONDS)
            return data[at:]
        if fault.mode == ERROR:
            fault.left_out = b""
            return error_response() + leave_out(fault, data[at:])
        if fault.mode == "cut":
            reset(source, target)
        elif fault.mode == "truncate":
            shut(source, target)
        else:  # the source may send as much as it likes, until the other side gives up
            try:
                while source.recv(65536):
                    pass
            except OSError:
                pass
            shut(source, target)
        return None


def boundaries(stream):
    """Where messages to the client begin, after its first answers to requests for encryption."""
    found, at = [], 0
    while at + 5 <= len(stream):
        found.append(at)
        at += 1 + struct.unpack(">I", stream[at + 1 : at + 5])[0]
    return found


def results(stream):
    """Where the results of statements begin: ParseComplete, the rows of a COPY or a SELECT, the end of a command."""
    return [at for at in boundaries(stream) if stream[at : at + 1] in (b"1", b"H", b"T", b"C")]
