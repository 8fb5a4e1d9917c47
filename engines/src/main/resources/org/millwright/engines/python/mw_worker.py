"""Serve one MLflow model to the server that started this process, in the model's own environment.

    MW_WORKER_TOKEN=… mw_worker.py --socket PATH --model DIR --limit BYTES

Connects to the Unix domain socket, says who it is, loads the model and answers one request after the other until the
server closes the connection. A message is its length (4 bytes), its kind (1 byte) and a body; all numbers are
little-endian. A request's body begins with its number (8 bytes), and so does its answer's; then comes a table. A table is
rows (4), columns (4), and for each column: its name (2 bytes length, UTF-8), its type (1 byte), whether a mask follows
(1 byte), the mask (1 byte a row, 1 is missing), the values. Texts are their lengths (4 bytes each), then their bytes.
Needs nothing but MLflow, NumPy and pandas.
"""

import argparse
import os
import select
import socket
import struct
import sys
import threading
import traceback
from pathlib import Path

from mw_predict import LONGEST_MESSAGE, Answers, Failure, outputs

PROTOCOL = 1
HELLO, READY, PREDICT, ANSWER, REFUSED, FAILED = range(1, 7)
MODEL, CALLER, TOO_LARGE = range(3)
DOUBLE, FLOAT, LONG, INTEGER, BOOLEAN, STRING = range(1, 7)
DTYPES = {DOUBLE: "<f8", FLOAT: "<f4", LONG: "<i8", INTEGER: "<i4", BOOLEAN: "?"}


class TooLarge(Failure):
    """A message above the limit; fewer rows may do."""


class Connection:
    """Whole messages over a stream socket."""

    def __init__(self, path, limit):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.limit = limit

    def send(self, kind, *parts):
        body = b"".join(parts)
        if len(body) >= self.limit:
            raise TooLarge(f"the answer has {len(body)} bytes; at most {self.limit} are sent")
        self.socket.sendall(struct.pack("<IB", len(body) + 1, kind) + body)

    def receive(self):
        """Kind and body of the next message, or None when the server is gone."""
        head = self.exactly(4)
        if head is None:
            return None
        length = struct.unpack("<I", head)[0]
        if not 1 <= length <= self.limit:
            raise Failure(f"a message of {length} bytes; expected 1 to {self.limit}")
        body = self.exactly(length)
        return None if body is None else (body[0], memoryview(body)[1:])

    def exactly(self, count):
        chunk = self.socket.recv(count)
        if len(chunk) == count:
            return chunk
        data = bytearray(chunk)
        while chunk and len(data) < count:
            chunk = self.socket.recv(min(count - len(data), 1 << 20))
            data += chunk
        return bytes(data) if len(data) == count else None

    def end_with_server(self):
        """Ends this process as soon as the server closes its side, whatever the model is doing."""
        poll = select.poll()
        poll.register(self.socket, select.POLLHUP | getattr(select, "POLLRDHUP", 0))

        def watch():
            poll.poll()
            os._exit(0)

        threading.Thread(target=watch, name="end-with-server", daemon=True).start()


class Reader:
    """Reads a table into a pandas frame."""

    def __init__(self, body):
        self.body = body
        self.at = 0

    def take(self, form):
        values = struct.unpack_from(form, self.body, self.at)
        self.at += struct.calcsize(form)
        return values

    def skip(self, count):
        start = self.at
        self.at += count
        if self.at > len(self.body):
            raise Failure("a message ends too early")
        return self.body[start : self.at]

    def frame(self):
        import pandas

        rows, columns = self.take("<II")
        values = {}
        for _ in range(columns):
            (length,) = self.take("<H")
            name = str(self.skip(length), "utf-8")
            kind, masked = self.take("<BB")
            column = self.column(kind, masked, rows)
            if column is not None:
                values[name] = column
        return pandas.DataFrame(values, copy=False), rows

    def column(self, kind, masked, rows):
        """The values of a column; None when no row has one and its type knows no missing value: it was not sent."""
        import numpy

        mask = numpy.frombuffer(self.skip(rows), dtype="?") if masked else None
        if kind == STRING:
            values = self.texts(rows, mask)
        else:
            dtype = numpy.dtype(DTYPES[kind])
            values = numpy.frombuffer(self.skip(rows * dtype.itemsize), dtype=dtype).copy()
        if mask is None:
            return values
        if mask.all() and kind != STRING:
            return None
        if kind in (LONG, INTEGER):
            values = values.astype("float64")
            values[mask] = numpy.nan
        elif kind == BOOLEAN:
            values = values.astype(object)
            values[mask] = None
        return values

    def texts(self, rows, mask):
        import numpy

        lengths = self.take(f"<{rows}I")
        texts = numpy.empty(rows, dtype=object)
        for row, length in enumerate(lengths):
            texts[row] = str(self.skip(length), "utf-8")
        if mask is not None:
            texts[mask] = None
        return texts


def predictions(predicted, count):
    """What the model answered as columns; the usual one column without a detour over a frame, which costs most."""
    import numpy

    values = predicted.to_numpy() if is_plain(predicted) else predicted
    if isinstance(values, numpy.ndarray) and values.shape == (count,) and values.dtype.kind in "fiub":
        return {"prediction": values}
    frame = outputs(predicted, count)
    return {name: frame[name] for name in frame.columns if name != "row"}


def is_plain(predicted):
    import numpy
    import pandas

    return isinstance(predicted, pandas.Series) and isinstance(predicted.dtype, numpy.dtype)


def encode(columns, count):
    """Columns, pandas' or NumPy's, as the parts of a table."""
    parts = [struct.pack("<II", count, len(columns))]
    for name, values in columns.items():
        kind, mask, values = column(name, values)
        encoded = name.encode()
        parts.append(struct.pack("<H", len(encoded)) + encoded)
        parts.append(struct.pack("<BB", kind, mask is not None))
        if mask is not None:
            parts.append(mask.tobytes())
        parts.append(values)
    return parts


def column(name, column):
    """Type, mask and values of a column."""
    import numpy

    if not isinstance(column.dtype, numpy.dtype) or column.dtype.kind not in "fiub":
        return objects(name, column)
    values = numpy.asarray(column)
    if values.dtype.kind == "f":
        single = values.dtype.itemsize <= 4
        return (FLOAT if single else DOUBLE), None, values.astype("<f4" if single else "<f8").tobytes()
    if values.dtype.kind == "b":
        return BOOLEAN, None, values.tobytes()
    if values.dtype.kind == "u" and int(values.max()) >= 1 << 63:
        raise Failure(f"output {name} holds a number above 9223372036854775807")
    return LONG, None, values.astype("<i8").tobytes()


def objects(name, series):
    """Columns of Python objects and of pandas' own types, which may lack values."""
    import numpy

    values = series.astype(object).to_numpy()
    mask = series.isna().to_numpy("?")
    there = values[~mask]
    if all(isinstance(value, str) for value in there):
        return STRING, mask, texts(values, mask)
    if all(isinstance(value, (bool, numpy.bool_)) for value in there):
        return BOOLEAN, mask, numpy.where(mask, False, values).astype("?").tobytes()
    if all(isinstance(value, (int, numpy.integer)) for value in there):
        return LONG, mask, numpy.where(mask, 0, values).astype("<i8").tobytes()
    try:
        return DOUBLE, None, numpy.where(mask, numpy.nan, values).astype("<f8").tobytes()
    except (TypeError, ValueError):
        kinds = sorted({type(value).__name__ for value in there})
        raise Failure(f"output {name} holds {', '.join(kinds)}; expected numbers, truth values or texts") from None


def texts(values, mask):
    encoded = [b"" if missing else value.encode() for value, missing in zip(values, mask)]
    return struct.pack(f"<{len(encoded)}I", *map(len, encoded)) + b"".join(encoded)


def described(error):
    text = f"{type(error).__name__}: {error}" if not isinstance(error, Failure) else str(error)
    return text[:LONGEST_MESSAGE].encode("utf-8", "replace")


def fault_of(error):
    """Whose fault it is; the caller's when MLflow refused the rows before the model saw them."""
    from mlflow.exceptions import MlflowException

    if isinstance(error, TooLarge):
        return TOO_LARGE
    callers = isinstance(error, MlflowException) and error.error_code in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST")
    return CALLER if callers else MODEL


def load(folder):
    from mlflow import pyfunc

    return Answers(pyfunc.load_model(str(folder), suppress_warnings=True))


def answer(connection, model, body):
    number, body = body[:8], body[8:]
    try:
        rows, count = Reader(body).frame()
        connection.send(ANSWER, number, *encode(predictions(model.of(rows), count), count))
    except OSError:
        raise
    except Exception as error:  # the model's own code may raise anything
        fault = fault_of(error)
        if fault == MODEL:
            traceback.print_exc()
        connection.send(REFUSED, number, struct.pack("<B", fault), described(error))


def serve(connection, folder):
    try:
        model = load(folder)
    except Exception as error:
        traceback.print_exc()
        connection.send(FAILED, described(error))
        return
    connection.send(READY)
    while (message := connection.receive()) is not None:
        kind, body = message
        if kind != PREDICT:
            raise Failure(f"a message of kind {kind}; expected {PREDICT}")
        answer(connection, model, body)


def main():
    parser = argparse.ArgumentParser(description="Serve one MLflow model over a local socket.")
    parser.add_argument("--socket", required=True, help="Unix domain socket that the server listens on")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--limit", type=int, required=True, help="most bytes of a message")
    args = parser.parse_args()
    connection = Connection(args.socket, args.limit)
    connection.send(HELLO, struct.pack("<BQ", PROTOCOL, os.getpid()), os.environ.pop("MW_WORKER_TOKEN").encode())
    connection.end_with_server()
    serve(connection, args.model)


if __name__ == "__main__":
    try:
        main()
    except (Failure, OSError) as failure:
        sys.exit(f"{Path(sys.argv[0]).name}: {failure}")
