"""Saves models that only Python runs, each in a folder of its own: log_models.py FOLDER."""

import sys
from pathlib import Path

import mlflow.pyfunc
import numpy as np
import pandas as pd
from mlflow.types import ColSpec, Schema
from mlflow.models import ModelSignature

out = Path(sys.argv[1])
rows = pd.DataFrame(
    {
        "distance": [1400.5, np.nan, 200.25, -0.0],
        "seats": np.array([150, 2, 2**40, -7], dtype="int64"),
        "carrier": ["UA", "", None, "Zürich ✈"],
        "late": [True, False, True, False],
        "ratio": np.array([0.1, 0.2, 1e30, -3.5], dtype="float32"),
        "crew": np.array([4, 5, 2**31 - 1, -(2**31)], dtype="int32"),
    }
)
KINDS = {"distance": "double", "seats": "long", "carrier": "string", "late": "boolean", "ratio": "float", "crew": "integer"}
INPUTS = Schema([ColSpec(kind, name) for name, kind in KINDS.items()])


def save(name, model, outputs):
    signature = ModelSignature(INPUTS, Schema(outputs))
    mlflow.pyfunc.save_model(out / name, python_model=model, signature=signature, pip_requirements=[])


class Mixed(mlflow.pyfunc.PythonModel):
    """Every type comes in and goes out, and what is missing stays missing."""

    def predict(self, context, model_input, params=None):
        known = model_input["distance"].notna()
        return pd.DataFrame(
            {
                "cost": model_input["distance"] * 2 + model_input["crew"].to_numpy("float64"),
                "seats": model_input["seats"] + 1,
                "label": [None if text is None else text.upper() + "!" for text in model_input["carrier"]],
                "known": known,
                "ratio": model_input["ratio"],
                "rank": pd.array([1 if there else None for there in known], dtype="Int64"),
            }
        )


class Scripted(mlflow.pyfunc.PythonModel):
    """Does what the carrier says: answers its process id, fails, floods its log, waits at a gate or for ever."""

    def predict(self, context, model_input, params=None):
        import os
        import time

        word = model_input["carrier"].iloc[0]
        if word == "raise":
            raise ValueError("the model is unwell")
        if word == "exit":
            print("last words", flush=True)
            os._exit(7)
        if word == "flood":
            for _ in range(20_000):
                print("x" * 100)
        if word == "odd":
            return [object() for _ in range(len(model_input))]
        if word == "short":
            return [1.0] * (len(model_input) + 1)
        if word.startswith("wait:"):
            gate = word[5:]
            with open(gate + ".began", "w") as began:
                began.write(str(os.getpid()))
            os.rename(gate + ".began", gate + ".pid")
            while not os.path.exists(gate + ".open"):
                time.sleep(0.005)
        if word == "variables":
            return ["\n".join(sorted(os.environ))] * len(model_input)
        return [str(os.getpid())] * len(model_input)


def note(rows):
    """Leaves in the worker's own folder how many rows the call had."""
    import os

    with open(os.path.join(os.environ["HOME"], "calls"), "a") as calls:
        calls.write(f"{len(rows)}\n")


class RowWise(mlflow.pyfunc.PythonModel):
    """Answers each row by itself; a word in any row makes the whole call wait, fail or end the process."""

    def predict(self, context, model_input, params=None):
        import os
        import time

        note(model_input)
        words = [str(word) for word in model_input["carrier"]]
        for word in words:
            if word.startswith("wait:"):
                with open(word[5:] + ".began", "w"):
                    pass
                while not os.path.exists(word[5:] + ".open"):
                    time.sleep(0.005)
        if "raise" in words:
            raise ValueError("the model is unwell")
        if "exit" in words:
            os._exit(7)
        lost = [None if word == "none" else len(word) / 7 for word in words]
        return pd.DataFrame(
            {
                "cost": model_input["distance"] * 1.1 + model_input["seats"] / 3,
                "label": [word + "!" for word in words],
                "length": lost,
                "late": ~model_input["late"],
            }
        )


class Ranks(mlflow.pyfunc.PythonModel):
    """Answers a row differently when others are beside it."""

    def predict(self, context, model_input, params=None):
        note(model_input)
        return model_input["distance"].rank()


class Loading(mlflow.pyfunc.PythonModel):
    """Fails to load, or never ends to, when told to by a file."""

    def __init__(self, how):
        self.how = how

    def load_context(self, context):
        import time

        if self.how == "raise":
            raise ValueError("the weights are for another model")
        print("loading for ever", flush=True)
        while True:
            time.sleep(1)

    def predict(self, context, model_input, params=None):
        return [0.0] * len(model_input)


mixed = [("double", "cost"), ("long", "seats"), ("string", "label"), ("boolean", "known"), ("float", "ratio"), ("long", "rank")]
save("mixed", Mixed(), [ColSpec(kind, name) for kind, name in mixed])
save("scripted", Scripted(), [ColSpec("string", "answer")])
rowwise = [("double", "cost"), ("string", "label"), ("double", "length"), ("boolean", "late")]
save("rowwise", RowWise(), [ColSpec(kind, name) for kind, name in rowwise])
save("ranks", Ranks(), [ColSpec("double", "answer")])
save("raises", Loading("raise"), [ColSpec("double", "answer")])
save("endless", Loading("never"), [ColSpec("double", "answer")])

rows.assign(row=range(len(rows))).to_parquet(out / "rows.parquet")
predicted = mlflow.pyfunc.load_model(str(out / "mixed")).predict(rows)
predicted.to_json(out / "mixed.json", orient="records", double_precision=15)
