"""A process that does not do what a worker does: strange.py HOW SCRIPT --socket PATH --model DIR --limit BYTES."""

import os
import socket
import struct
import sys

how, path, token = sys.argv[1], sys.argv[4], os.environ["MW_WORKER_TOKEN"]
connection = socket.socket(socket.AF_UNIX)
connection.connect(path)


def send(kind, body=b"", number=b""):
    body = number + body
    connection.sendall(struct.pack("<IB", len(body) + 1, kind) + body)


def receive():
    """The number of the next request."""
    length = struct.unpack("<I", connection.recv(4))[0]
    body = b""
    while len(body) < length:
        body += connection.recv(length)
    return body[1:9]


if how == "stranger":
    token = token[::-1]
send(1, struct.pack("<BQ", 2 if how == "newer" else 1, os.getpid()) + token.encode())
if how == "silent":
    connection.recv(1)
if how == "early":
    send(4, b"")
send(2)
if how == "eager":
    send(4, struct.pack("<QIIHBBd", 0, 1, 1, 0, 1, 0, 3.5))
number = receive()
if how == "endless":
    connection.sendall(struct.pack("<IB", 0x7FFFFFFF, 4))
if how == "rows":
    send(4, struct.pack("<II", 1_000_000, 1), number)
if how == "short":
    send(4, struct.pack("<IIHBB", 1, 1, 0, 1, 0) + b"abc", number)
if how == "text":
    send(4, struct.pack("<IIH", 1, 1, 1) + b"y" + struct.pack("<BBI", 6, 0, 0xFFFFFFF0), number)
if how == "type":
    send(4, struct.pack("<IIHBB", 1, 1, 0, 9, 0), number)
if how == "half":
    connection.sendall(struct.pack("<IB", 100, 4) + b"half")
    sys.exit(0)
connection.recv(1)
