"""Ask an MLflow model for rows at the limits of its signature, and find where its prediction jumps.

The input is {"types": {column: type}, "bases": [row], "rows": [{"group", "base", "changed": {column: value}}],
"thresholds": {"most", "tolerance", "columns": {column: [values]}}}, {"real": "NaN"} standing for what JSON has no number
for. The output is {"answers": [answer], "thresholds": [answer + {"base", "changed"}]} where an answer is {"values": [...]}
or {"error": "why the model refused"}, with "split": true where narrowing the row's value to 32 bits crosses a jump. Rows of a group are asked together; if that fails, each by itself.
"""

import json
import math
import struct
import warnings
from pathlib import Path

from mw_predict import Answers, outputs

DTYPES = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32", "boolean": "bool"}
LONGEST = 300


def read_cell(cell):
    return float(cell["real"]) if isinstance(cell, dict) else cell


def write_cell(value):
    """A prediction as JSON; numbers keep every digit."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return {"real": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def frame(rows, types):
    """Rows as the signature types them; a missing whole number or truth value leaves its column as it is."""
    import numpy
    import pandas

    columns = {}
    for name, kind in types.items():
        values = [row.get(name) for row in rows]
        if kind in ("double", "float"):
            values = [math.nan if value is None else float(value) for value in values]
        known = kind in DTYPES and None not in values
        # an array where it may be one: pandas joins the index of each Series, which takes a second for 10,000 columns
        columns[name] = numpy.array(values, DTYPES[kind]) if known else pandas.Series(values, dtype=object)
    return pandas.DataFrame(columns)


class Asked:
    """The model, asked for many rows at once where it can be."""

    def __init__(self, model, types):
        self.model = Answers(model)
        self.types = types

    def predict(self, rows):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            predicted = outputs(self.model.of(frame(rows, self.types)), len(rows))
        return [[write_cell(value) for value in row[1:]] for row in predicted.itertuples(index=False, name=None)]

    def answers(self, rows):
        try:
            return [{"values": values} for values in self.predict(rows)]
        except Exception as error:  # whatever the model raises is its answer
            if len(rows) == 1:
                return [{"error": f"{type(error).__name__}: {error}"[:LONGEST]}]
            return [answer for row in rows for answer in self.answers([row])]


def position(value):
    """Doubles in their order as integers, so that halving finds neighbours."""
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def at(place):
    return struct.unpack("<d", struct.pack("<q", place if place >= 0 else -place - (1 << 63)))[0]


def jumps(asked, bases, ends, tolerance):
    """Where the prediction jumps within each of the ends (base, column, low, high): (index, low, high), two neighbours."""
    if not ends:
        return []

    def ask(places, values):
        return [answer[0] for answer in asked.predict([bases[b] | {c: v} for (b, c, _, _), v in zip(places, values)])]

    ends = [list(end) for end in ends]
    below, above = ask(ends, [end[2] for end in ends]), ask(ends, [end[3] for end in ends])
    kept = [i for i, _ in enumerate(ends) if below[i] != above[i]]
    ends, below, above = ([part[i] for i in kept] for part in (ends, below, above))
    while any(position(high) - position(low) > 1 for _, _, low, high in ends):
        middle = [at((position(low) + position(high)) // 2) for _, _, low, high in ends]
        for i, answer in enumerate(ask(ends, middle)):
            if answer == below[i]:
                ends[i][2] = middle[i]
            else:
                ends[i][3], above[i] = middle[i], answer

    def apart(one, other):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return not numbers or abs(one - other) > tolerance * max(1, abs(one))

    return [(i, end[2], end[3]) for i, end, one, other in zip(kept, ends, below, above) if apart(one, other)]


def between_recorded(bases, settings):
    """Neighbouring recorded values of each column, on the first base row."""
    columns = settings["columns"].items() if bases else []
    return [(0, column, low, high) for column, values in columns for low, high in zip(values, values[1:])]


def threshold_rows(asked, bases, settings):
    """Rows on both sides of each jump: the neighbouring doubles, and the 32-bit floats around."""
    import numpy

    ends = between_recorded(bases, settings)
    rows = []
    for index, low, high in jumps(asked, bases, ends, settings["tolerance"])[: settings["most"]]:
        base, column, _, _ = ends[index]
        narrow = numpy.float32(low)
        around = [numpy.nextafter(narrow, numpy.float32(side)) for side in (-math.inf, math.inf)]
        for value in dict.fromkeys([low, high, *(float(each) for each in (around[0], narrow, around[1]))]):
            rows.append({"base": base, "changed": {column: value}})
    return rows


def mark_splits(asked, bases, rows, answers, tolerance):
    """Marks rows between whose value and the nearest 32-bit float the prediction jumps: a threshold is there."""
    import numpy

    ends = {}
    for index, row in enumerate(rows):
        (column, cell), *more = row["changed"].items()
        if not more and asked.types[column] == "double" and isinstance(cell, float) and "values" in answers[index]:
            with numpy.errstate(over="ignore"):
                narrow = float(numpy.float32(cell))
            if math.isfinite(narrow) and narrow != cell:
                ends[index] = (row["base"], column, min(cell, narrow), max(cell, narrow))
    places = list(ends)
    for found, _, _ in jumps(asked, bases, [ends[index] for index in places], tolerance):
        answers[places[found]]["split"] = True


def ask_all(model, text):
    questions = json.loads(text)
    types = questions["types"]
    bases = [{name: read_cell(cell) for name, cell in base.items()} for base in questions["bases"]]
    asked = Asked(model, types)

    def whole(row):
        return bases[row["base"]] | {name: read_cell(cell) for name, cell in row["changed"].items()}

    groups = {}
    for index, row in enumerate(questions["rows"]):
        groups.setdefault(row["group"], []).append(index)
    answers = [None] * len(questions["rows"])
    for indices in groups.values():
        for index, answer in zip(indices, asked.answers([whole(questions["rows"][index]) for index in indices])):
            answers[index] = answer
    try:
        mark_splits(asked, bases, questions["rows"], answers, questions["thresholds"]["tolerance"])
        rows = threshold_rows(asked, bases, questions["thresholds"])
    except Exception:  # a model that refuses values between recorded ones has no thresholds to look for
        rows = []
    thresholds = asked.answers([whole(row) for row in rows]) if rows else []
    return {"answers": answers, "thresholds": [row | answer for row, answer in zip(rows, thresholds)]}


def write_answers(model, questions, out):
    Path(out).write_text(json.dumps(ask_all(model, Path(questions).read_text(encoding="utf-8"))), encoding="utf-8")
