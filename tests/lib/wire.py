"""PostgreSQL's protocol, as much as a man in the middle needs: messages, rows, and a server that only listens."""
import os
import re
import socket
import struct
import threading


def receive(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise ConnectionError("closed")
        data += piece
    return data


def receive_message(sock):
    head = receive(sock, 5)
    return head[:1], receive(sock, struct.unpack(">i", head[1:])[0] - 4)


def message(kind, body=b""):
    return kind + struct.pack(">i", len(body) + 4) + body


def receive_startup(sock):
    """The first message of a client; refuses TLS and GSS."""
    while True:
        size = struct.unpack(">i", receive(sock, 4))[0]
        body = receive(sock, size - 4)
        if struct.unpack(">i", body[:4])[0] not in (80877103, 80877104):
            return struct.pack(">i", size) + body
        sock.sendall(b"N")


def row_values(body):
    values, at = [], 2
    for _ in range(struct.unpack(">h", body[:2])[0]):
        size = struct.unpack(">i", body[at : at + 4])[0]
        at += 4
        values.append(None if size < 0 else body[at : at + size])
        at += max(size, 0)
    return values


def row_body(values):
    body = struct.pack(">h", len(values))
    for value in values:
        body += struct.pack(">i", -1) if value is None else struct.pack(">i", len(value)) + value
    return body


def shut(sock):
    """Ends both directions at once, whoever else is waiting for it."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Listener:
    """A Unix socket in `folder` at which each client is served by `serve(client)` in a thread."""

    def __init__(self, folder, serve):
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, ".s.PGSQL.5432")
        if os.path.exists(path):
            os.unlink(path)
        self.folder = folder
        self.serve = serve
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(16)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.serve_one, args=(client,), daemon=True).start()

    def serve_one(self, client):
        try:
            self.serve(client)
        except (OSError, struct.error):
            pass
        finally:
            shut(client)
            client.close()


class Relay(Listener):
    """Hands all on to the server at `path`; `change(kind, body)` gives the messages that are sent in place of one."""

    def __init__(self, folder, path):
        self.path = path
        self.change = None
        super().__init__(folder, self.relay)

    def relay(self, client):
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.path)
        server.sendall(receive_startup(client))
        threading.Thread(target=self.forward, args=(client, server), daemon=True).start()
        change = self.change
        while True:
            kind, body = receive_message(server)
            for new in [(kind, body)] if change is None else change(kind, body):
                if new is None:  # an end in the middle
                    shut(server)
                    return
                client.sendall(message(*new))

    @staticmethod
    def forward(client, server):
        try:
            while data := client.recv(65536):
                server.sendall(data)
        except OSError:
            pass
        shut(server)


class Recorder(Listener):
    """Says yes to every statement, does nothing, and keeps what it was sent in `statements`."""

    settings = {"client_encoding": "UTF8", "standard_conforming_strings": "on", "server_version": "18.0"}

    def __init__(self, folder):
        self.statements = []
        super().__init__(folder, self.answer)

    @staticmethod
    def status(name, value):
        return message(b"S", name.encode() + b"\0" + value.encode() + b"\0")

    def answer(self, client):
        receive_startup(client)
        client.sendall(
            message(b"R", struct.pack(">i", 0))
            + b"".join(self.status(*item) for item in self.settings.items())
            + message(b"K", struct.pack(">ii", 1, 1))
            + message(b"Z", b"I")
        )
        while True:
            kind, body = receive_message(client)
            if kind == b"X":
                return
            if kind == b"Q":
                client.sendall(self.take(client, body[:-1]) + message(b"Z", b"I"))

    def take(self, client, statement):
        self.statements.append(statement)
        text = re.sub(rb"\A(?:\s|--[^\n]*(?:\n|\Z))+", b"", statement)
        if re.match(rb"(?is)COPY\s.*\sFROM\s+stdin\s*\Z", text):
            client.sendall(message(b"G", struct.pack(">bh", 0, 0)))
            while receive_message(client)[0] == b"d":
                pass
            return message(b"C", b"COPY 0\0")
        setting = re.match(rb"(?i)SET\s+(client_encoding|standard_conforming_strings)\s*=\s*'?([^';]*)'?\s*\Z", text)
        change = self.status(setting[1].decode().lower(), setting[2].decode("latin1")) if setting else b""
        return change + message(b"C", b"SET\0")
