"""Saves classifiers as MLflow's flavours do, each in a folder of its own beside rows.parquet: log_classes.py FOLDER."""

import sys
from pathlib import Path

import catboost
import lightgbm
import mlflow.catboost
import mlflow.lightgbm
import mlflow.onnx
import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

out = Path(sys.argv[1])
rng = np.random.default_rng(6)
N = 700
rows = pd.DataFrame({"distance": rng.gamma(2, 400, N).round(), "wind": rng.normal(10, 4, N).round(1)})
rows["carrier"] = rng.choice(["UA", "AA", "B6"], N)
delay = rows.distance * 0.01 + rows.wind * 2 + (rows.carrier == "B6") * 9 + rng.normal(0, 4, N)
late = delay > delay.median()
named = np.where(late, "late", "on time")
third = pd.qcut(delay, 3, labels=False).to_numpy("int64")
NUMBERS = ["distance", "wind"]
ALL = [*NUMBERS, "carrier"]
PICKLED = {"serialization_format": "cloudpickle"}
rows.assign(late=late, named=named, third=third).to_parquet(out / "rows.parquet")


def save(name, flavour, model, columns, outputs, **more):
    inputs = Schema([ColSpec("string" if column == "carrier" else "double", column) for column in columns])
    signature = ModelSignature(inputs, Schema([ColSpec(kind, output) for output, kind in outputs.items()]))
    flavour.save_model(model, out / name, signature=signature, **more)


def line():
    encode = ColumnTransformer([("carrier", OneHotEncoder(), ["carrier"]), ("numbers", StandardScaler(), NUMBERS)])
    return Pipeline([("encode", encode), ("line", LogisticRegression())])


model = line().fit(rows[ALL], named)
save("texts", mlflow.sklearn, model, ALL, {"class": "string"}, **PICKLED)
both = {"class": "string", "late": "double", "on time": "double"}
save("texts-probable", mlflow.sklearn, model, ALL, both, **PICKLED)
shares = {"late": "double", "on time": "double"}
save("shares", mlflow.sklearn, model, ALL, shares, pyfunc_predict_fn="predict_proba", **PICKLED)
model = HistGradientBoostingClassifier(max_iter=10).fit(rows[NUMBERS], third)
save("thirds", mlflow.sklearn, model, NUMBERS, {"third": "long"}, **PICKLED)
probable = {"third": "long", "p0": "double", "p1": "double", "p2": "double"}
save("thirds-probable", mlflow.sklearn, model, NUMBERS, probable, **PICKLED)
model = HistGradientBoostingClassifier(max_iter=10).fit(rows[NUMBERS], late)
save("truths", mlflow.sklearn, model, NUMBERS, {"late": "boolean"}, **PICKLED)

model = Pipeline([("scale", StandardScaler()), ("line", LogisticRegression())]).fit(rows[NUMBERS].to_numpy(), third)
kind = [("X", FloatTensorType([None, 2]))]
graph = convert_sklearn(model, initial_types=kind, options={id(model): {"zipmap": False}}, target_opset=17)
del graph.graph.output[1]
save("graph", mlflow.onnx, graph, NUMBERS, {"third": "long"})
graph = convert_sklearn(model, initial_types=kind, target_opset=17)
del graph.graph.output[0]
save("zipped", mlflow.onnx, graph, NUMBERS, {"third": "long"})

model = xgboost.XGBClassifier(n_estimators=10, max_depth=3, n_jobs=1).fit(rows[NUMBERS], third)
save("xgboost-probable", mlflow.xgboost, model, NUMBERS, probable)
trusted = ["collections.OrderedDict", "collections.defaultdict", "lightgbm.basic.Booster"]
trusted += ["lightgbm.sklearn.LGBMClassifier"]
two = {"late": "long", "no": "double", "yes": "double"}
model = lightgbm.LGBMClassifier(n_estimators=10, n_jobs=1, verbose=-1).fit(rows[NUMBERS], late.astype(int))
save("lightgbm-probable", mlflow.lightgbm, model, NUMBERS, two, skops_trusted_types=trusted)
model = lightgbm.LGBMClassifier(n_estimators=10, n_jobs=1, verbose=-1).fit(rows[NUMBERS], late)
save("lightgbm-truths", mlflow.lightgbm, model, NUMBERS, {"late": "boolean"}, skops_trusted_types=trusted)
quiet = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}
model = catboost.CatBoostClassifier(iterations=10, **quiet).fit(rows[NUMBERS], third)
save("catboost-probable", mlflow.catboost, model, NUMBERS, probable)
model = catboost.CatBoostClassifier(iterations=10, loss_function="MultiClassOneVsAll", **quiet).fit(rows[NUMBERS], third)
save("catboost-apart", mlflow.catboost, model, NUMBERS, probable)
model = catboost.CatBoostClassifier(iterations=10, **quiet).fit(rows[NUMBERS], late.astype(int))
save("catboost-two", mlflow.catboost, model, NUMBERS, two)
