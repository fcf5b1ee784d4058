#!/usr/bin/env python3
"""Servers for the tests of connecting; each runs until it is killed.

net.py relay PORT SOCKET           hands TCP connections, IPv4 and IPv6, over to a Unix socket
net.py refuse PORT SQLSTATE N SOCKET   the same, after refusing the first N that log in with this SQLSTATE
net.py tls PORT SOCKET FILE        the same as relay, over TLS with the key and certificate in FILE
net.py records PORT SOCKET FILE    as tls, with the server's words kept until it waits, and then sent in full TLS records
net.py silent PORT                 takes connections, and says nothing
net.py dns ADDRESS FILE            answers A and AAAA from lines "NAME ADDRESS"; for NAME "fail" (SERVFAIL) or
                                   "mute4", "mute6" (no answer to that family), with "slow" after three seconds;
                                   NXDOMAIN for other names. FILE is read anew each time.
"""
import ipaddress
import select
import socket
import ssl
import struct
import sys
import threading


REFUSALS = {"53300": b"sorry, too many clients already", "57P03": b"the database system is starting up"}


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, path):
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


def secure(client, path, context, send):
    """Accepts TLS alone."""
    while client.recv(1, socket.MSG_PEEK):
        size, code = struct.unpack(">ii", client.recv(8, socket.MSG_PEEK | socket.MSG_WAITALL))
        if code == 80877104:  # GSSENCRequest
            client.recv(size)
            client.sendall(b"N")
            continue
        if code == 80877103:  # SSLRequest
            client.recv(size)
            client.sendall(b"S")
            serve_tls(context.wrap_socket(client, server_side=True), path, send)
        break
    client.close()


RECORD = 16384


def send_records(client, server, data):
    """All that `server` has to say for now; the last record is full."""
    while select.select([server], [], [], 0.05)[0] and (more := server.recv(65536)):
        data += more
    first = len(data) % RECORD
    for at in range(first - RECORD if first else 0, len(data), RECORD):
        client.sendall(data[max(at, 0) : at + RECORD])


def serve_tls(client, path, send):
    """In one thread: a TLS connection isn't for two."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    while True:
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for source in ready:
            data = source.recv(65536)
            if not data:
                client.close()
                server.close()
                return
            if source is client:
                server.sendall(data)
            else:
                send(client, server, data)


def refuse(client, sqlstate):
    while size := client.recv(4):
        body = client.recv(struct.unpack(">i", size)[0] - 4)
        if struct.unpack(">i", body[:4])[0] in (80877103, 80877104):  # SSLRequest, GSSENCRequest
            client.sendall(b"N")
            continue
        fields = b"".join(
            letter + text + b"\0"
            for letter, text in ((b"S", b"FATAL"), (b"V", b"FATAL"), (b"C", sqlstate.encode()), (b"M", REFUSALS[sqlstate]),
                                 (b"F", b"postmaster.c"), (b"L", b"1"), (b"R", b"Refuse"))
        ) + b"\0"
        client.sendall(b"E" + struct.pack(">i", len(fields) + 4) + fields)
        break
    client.close()


def relay(port, path, refusals=0, sqlstate="", context=None, send=None):
    left = [refusals]

    def handle(client):
        if client.recv(1, socket.MSG_PEEK) and left[0] > 0:  # a bare probe is no attempt to log in
            left[0] -= 1
            refuse(client, sqlstate)
        elif context:
            secure(client, path, context, send)
        else:
            serve(client, path)

    listener = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=handle, args=(client,), daemon=True).start()


def answer(query, names):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += query[at] + 1
    kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
    question = query[12 : at + 5]
    found = names.get(".".join(labels).lower(), None)
    if found and ("mute4" in found and kind == 1 or "mute6" in found and kind == 28):
        return None, 0
    code = 3 if found is None else 2 if "fail" in found else 0
    records = []
    for text in found or []:
        if text in ("fail", "mute4", "mute6", "slow"):
            continue
        address = ipaddress.ip_address(text)
        if kind == (1 if address.version == 4 else 28):
            data = address.packed
            records.append(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data)
    head = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0)
    return head + question + b"".join(records), 3 if found and "slow" in found else 0


def dns(address, path):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        query, peer = server.recvfrom(4096)
        names = {}
        with open(path, encoding="ascii") as lines:
            for line in lines:
                name, value = line.split()
                names.setdefault(name, []).append(value)
        reply, delay = answer(query, names)
        if reply is not None:
            # Others are answered meanwhile.
            threading.Timer(delay, server.sendto, (reply, peer)).start()


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "dns":
        dns(*rest)
    elif command == "relay":
        relay(int(rest[0]), rest[1])
    elif command == "silent":
        silent = socket.create_server(("", int(rest[0])), family=socket.AF_INET6, dualstack_ipv6=True)
        threading.Event().wait()
    elif command in ("tls", "records"):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(rest[2])
        whole = send_records if command == "records" else lambda client, server, data: client.sendall(data)
        relay(int(rest[0]), rest[1], context=tls, send=whole)
    else:
        relay(int(rest[0]), rest[3], int(rest[2]), rest[1])
