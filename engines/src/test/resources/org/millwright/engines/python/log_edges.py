"""Saves models whose answers at the limits of their inputs are known, each in a folder beside rows.parquet: log_edges.py FOLDER."""

import sys
from pathlib import Path

import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

out = Path(sys.argv[1])
rng = np.random.default_rng(5)
N = 600
rows = pd.DataFrame({"distance": rng.gamma(2, 400, N).round(1), "wind": rng.normal(10, 4, N)})
rows["carrier"] = rng.choice(["UA", "AA", "B6"], N)
delay = rows.distance * 0.01 + rows.wind.clip(8) * 2 + (rows.carrier == "B6") * 9 + rng.normal(0, 2, N)
rows["rain"] = np.where(rng.random(N) < 0.2, np.nan, rng.random(N))
NUMBERS = ["distance", "wind", "rain"]
OUTPUT = Schema([ColSpec("double", "prediction")])


def save(name, flavour, model, columns, **more):
    inputs = Schema([ColSpec("string" if column == "carrier" else "double", column) for column in columns])
    flavour.save_model(model, out / name, signature=ModelSignature(inputs, OUTPUT), **more)


pickled = {"serialization_format": "cloudpickle"}
numbers = ColumnTransformer([("numbers", "passthrough", NUMBERS)])
model = Pipeline([("numbers", numbers), ("trees", HistGradientBoostingRegressor(max_iter=20))]).fit(rows[NUMBERS], delay)
save("onnx-nulls", mlflow.sklearn, model, NUMBERS, **pickled)

model = xgboost.XGBRegressor(n_estimators=20, max_depth=4, n_jobs=1).fit(rows[NUMBERS], delay)
save("xgboost-missing", mlflow.xgboost, model, NUMBERS)

carriers = rows.carrier.where(rows.carrier != "AA", "")  # a known category that ONNX cannot tell from a missing value
rows = rows.assign(carrier=carriers)
encode = OneHotEncoder(handle_unknown="ignore")
encode = ColumnTransformer([("carrier", encode, ["carrier"])], remainder="passthrough")
model = Pipeline([("encode", encode), ("line", LinearRegression())]).fit(rows[["carrier", "distance"]], delay)
save("onnx-line", mlflow.sklearn, model, ["carrier", "distance"], **pickled)
rows.to_parquet(out / "rows.parquet")
