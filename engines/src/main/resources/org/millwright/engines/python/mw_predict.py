"""Predict the rows of a Parquet file with an MLflow model, in the environment the model was trained in.

    mw_predict.py --model DIR --data rows.parquet --out predictions.parquet --report report.json [--rows N]
                  [--probabilities]

Takes the columns of the model's signature, in its order, and calls the model as an MLflow pyfunc. Writes the columns
`row` (0-based position in the input) and the outputs, named `prediction` when there is one. A classifier whose signature
declares, behind the class, an output for each class answers these probabilities, too; with --probabilities any classifier
that has them. Predicts the first N rows when --rows is given. The report is {"rows", "columns", "outputs", "classes",
"seconds"}; classes are those that the last outputs are probabilities of, and are empty when there are none. Exit code 1
and one line on stderr say what went wrong.
"""

import argparse
import json
import sys
import time
import traceback
from pathlib import Path

LONGEST_MESSAGE = 2000


class Failure(Exception):
    """What went wrong and what to do, in one sentence for the person who reads the log."""


class NotPortable(Failure):
    """Why a model has no form that Java runs."""


def read_parquet(path, limit=None):
    """A pandas frame of a Parquet file, read with whichever reader the project's environment has."""
    try:
        import duckdb
    except ImportError:
        return read_with_pandas(path, limit)
    rows = duckdb.connect().read_parquet(str(path))
    return (rows.limit(limit) if limit else rows).df()


def read_with_pandas(path, limit):
    import pandas

    try:
        rows = pandas.read_parquet(path)
    except ImportError:
        raise Failure("cannot read Parquet: add duckdb or pyarrow to requirements.in and lock again") from None
    return rows.head(limit) if limit else rows


def write_parquet(frame, path):
    try:
        import duckdb
    except ImportError:
        frame.to_parquet(path, index=False)
        return
    connection = duckdb.connect()
    connection.register("frame", frame)
    target = str(path).replace("'", "''")
    connection.execute(f"copy (select * from frame order by row) to '{target}' (format parquet)")


def signature_columns(model_folder):
    """The signature's inputs as (name, type, required); the type as MLflow writes it, such as "double"."""
    from mlflow.models import Model

    schema = Model.load(str(model_folder)).get_input_schema()
    if schema is None:
        raise Failure("the model has no signature: log it with signature=… or input_example=…")
    if schema.is_tensor_spec():
        raise Failure("the model's signature is a tensor; expected named columns")
    return [(column.name, column.type.name, column.required) for column in schema.inputs]


def select(rows, columns):
    missing = [name for name, _, required in columns if required and name not in rows.columns]
    if missing:
        raise Failure(f"the data has no column {', '.join(missing)}; it has {', '.join(map(str, rows.columns))}")
    return rows[[name for name, _, _ in columns if name in rows.columns]]


def raw_model(model):
    """What MLflow loaded inside of its pyfunc, or None where the flavour does not hand it out."""
    try:
        return model.get_raw_model()
    except Exception:  # flavours say in many ways that they cannot
        return None


def class_names(model):
    """The classes that predict_proba of a classifier answers probabilities of, in its order; none of other models."""
    raw = raw_model(model)
    classes = getattr(raw, "classes_", None) if hasattr(raw, "predict_proba") else None
    if classes is None or any(hasattr(name, "__len__") and not isinstance(name, str) for name in classes):
        return []  # one that answers several labels has a list of classes for each
    return [class_name(name) for name in classes]


def class_name(value):
    """A class as the server names it: truth values as JSON does, whole numbers without a fraction."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def declared_outputs(model):
    """How many outputs the model's signature declares; 0 when it does not say."""
    schema = model.metadata.get_output_schema()
    return 0 if schema is None or schema.is_tensor_spec() else len(schema.inputs)


class Answers:
    """What a model answers: its prediction, and behind a class the probabilities that the signature declares."""

    def __init__(self, model, always=False):
        self.model = model
        names = class_names(model) if always or declared_outputs(model) > 1 else []
        self.classes = names if always or declared_outputs(model) == 1 + len(names) else []

    def of(self, rows):
        """The outputs of the rows, one output a column; NumPy's, pandas' or a list, as the model answers."""
        import numpy
        import pandas

        predicted = self.model.predict(rows)
        if not self.classes or numpy.asarray(predicted).size != len(rows):
            return predicted
        first = numpy.asarray(predicted).reshape(len(rows))
        probabilities = numpy.asarray(raw_model(self.model).predict_proba(rows), dtype="float64")
        return pandas.concat([pandas.Series(first), pandas.DataFrame(probabilities)], axis=1, ignore_index=True)


def outputs(predicted, count):
    """The prediction as a frame with one row an input row."""
    import numpy
    import pandas

    if isinstance(predicted, (pandas.DataFrame, pandas.Series)):
        frame = pandas.DataFrame(predicted).reset_index(drop=True)
    else:
        frame = pandas.DataFrame(numpy.asarray(predicted).reshape(count, -1))
    if len(frame) != count:
        raise Failure(f"the model answered {len(frame)} rows for {count}")
    if any(isinstance(value, (dict, list)) for value in frame.head(1).to_numpy().reshape(-1)):
        raise Failure("the model answers a collection for each row; expected single values: convert it without ZipMap")
    single = frame.shape[1] == 1
    frame.columns = ["prediction"] if single else [f"prediction_{i}" for i in range(frame.shape[1])]
    frame.insert(0, "row", range(count))
    return frame


def load(model_folder):
    from mlflow import pyfunc

    return pyfunc.load_model(str(model_folder), suppress_warnings=True)


def predict(model_folder, data, out, limit=None, model=None, probabilities=False):
    columns = signature_columns(model_folder)
    rows = select(read_parquet(data, limit), columns)
    answers = Answers(model or load(model_folder), probabilities)
    start = time.perf_counter()
    frame = outputs(answers.of(rows), len(rows))
    seconds = time.perf_counter() - start
    write_parquet(frame, out)
    names = list(frame.columns[1:])
    return {
        "rows": len(rows),
        "columns": list(rows.columns),
        "outputs": names,
        "classes": answers.classes if len(names) >= len(answers.classes) else [],
        "seconds": seconds,
    }


def run(main):
    """Runs a script's main and turns what goes wrong into one line and exit code 1."""
    script = Path(sys.argv[0]).name
    try:
        main()
    except Failure as failure:
        sys.exit(f"{script}: {failure}")
    except Exception as error:  # the model's own code may raise anything, and at any length
        traceback.print_tb(error.__traceback__)
        text = str(error)
        shown = text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " … (cut)"
        sys.exit(f"{script}: {type(error).__name__}: {shown}")


def write_report(path, report):
    Path(path).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Predict the rows of a Parquet file with an MLflow model.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--data", type=Path, required=True, help="Parquet file")
    parser.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--rows", type=int, help="predict the first N rows only")
    parser.add_argument("--probabilities", action="store_true", help="let any classifier answer probabilities, too")
    args = parser.parse_args()
    write_report(args.report, predict(args.model, args.data, args.out, args.rows, probabilities=args.probabilities))


if __name__ == "__main__":
    run(main)
