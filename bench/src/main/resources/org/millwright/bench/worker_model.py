"""A small model that only Python runs, and what calling it inside Python takes.

    worker_model.py save FOLDER
    worker_model.py time FOLDER     # for each line "ROWS CALLS" on stdin the median of a call, in microseconds
"""

import statistics
import sys
import time

import mlflow.pyfunc
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

NUMBERS = ["distance", "departure", "age", "seats", "temperature", "humidity", "wind", "rain"]
TEXTS = ["carrier", "origin"]


class Linear(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input[NUMBERS].to_numpy().sum(axis=1) + (model_input["carrier"] == "UA").to_numpy()


def save(folder):
    columns = [ColSpec("double", name) for name in NUMBERS] + [ColSpec("string", name) for name in TEXTS]
    signature = ModelSignature(Schema(columns), Schema([ColSpec("double", "delay")]))
    mlflow.pyfunc.save_model(folder, python_model=Linear(), signature=signature, pip_requirements=[])


def rows(count):
    numbers = {name: [i + 0.5 for i in range(count)] for name in NUMBERS}
    return pd.DataFrame(numbers | {name: ["UA"] * count for name in TEXTS})


def call(model, frame):
    start = time.perf_counter_ns()
    model.predict(frame)
    return (time.perf_counter_ns() - start) / 1000


def main():
    what, folder = sys.argv[1:]
    if what == "save":
        save(folder)
        return
    model = mlflow.pyfunc.load_model(folder, suppress_warnings=True)
    for line in sys.stdin:
        count, calls = map(int, line.split())
        frame = rows(count)
        print(statistics.median(call(model, frame) for _ in range(calls)), flush=True)


if __name__ == "__main__":
    main()
