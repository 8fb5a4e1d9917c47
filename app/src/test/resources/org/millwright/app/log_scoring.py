"""Saves a model with columns of every type beside rows.parquet, the rows it was trained on: log_scoring.py FOLDER."""

import sys
from pathlib import Path

import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

out = Path(sys.argv[1])
rng = np.random.default_rng(11)
N = 800
rows = pd.DataFrame({
    "distance": rng.integers(100, 2500, N) / 2.0,
    "wind": rng.integers(0, 120, N) / 4.0,
    "rain": np.where(rng.random(N) < 0.2, np.nan, rng.integers(0, 16, N) / 8.0),
    "hour": rng.integers(0, 24, N),
    "seats": rng.integers(50, 300, N).astype("int32"),
    "temperature": (rng.integers(-40, 80, N) / 2.0).astype("float32"),
    "holiday": rng.random(N) < 0.3,
    "carrier": rng.choice(["UA", "AA", "B6", "NA"], N),
})
delay = rows.distance * 0.01 + rows.wind + rows.rain.fillna(3) * 4 + rows.hour / 2 + rows.seats * 0.02 - rows.temperature / 4
delay = delay + rows.holiday * 7 + rows.carrier.map({"UA": 0, "AA": 4, "B6": 9, "NA": 20}) + rng.normal(0, 0.5, N)

encode = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
columns = ColumnTransformer([("carrier", encode, ["carrier"])], remainder="passthrough")
model = Pipeline([("columns", columns), ("trees", HistGradientBoostingRegressor(max_iter=60))]).fit(rows, delay)

TYPES = ["double", "double", "double", "long", "integer", "float", "boolean", "string"]
inputs = Schema([ColSpec(kind, name, required=name != "rain") for kind, name in zip(TYPES, rows.columns)])
signature = ModelSignature(inputs, Schema([ColSpec("double", "prediction")]))
mlflow.sklearn.save_model(model, out / "model", signature=signature, serialization_format="cloudpickle")
rows.to_parquet(out / "rows.parquet")
