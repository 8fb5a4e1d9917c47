"""Makes the ONNX models under src/test/resources/models with the predictions that scikit-learn gave.

Run with: pip install scikit-learn skl2onnx onnx pandas (made with 1.9.1, 1.20.0, 1.23.2), then:
    python make_models.py ../resources/models
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(7)
n = 600
frame = pd.DataFrame(
    {
        "distance": np.float32(rng.uniform(80, 2600, n)),
        "wind": np.float32(rng.gamma(2, 5, n)),
        "hour": rng.integers(5, 23, n),
        "carrier": rng.choice(["UA", "AA", "B6", "DL"], n),
    }
)
delay = 0.002 * frame.distance + 0.4 * frame.wind + (frame.carrier == "B6") * 5 + rng.normal(0, 3, n)

# One input tensor [N, 1] per column, of three types.
mixed = Pipeline(
    [
        ("columns", ColumnTransformer([("carrier", OneHotEncoder(handle_unknown="ignore"), ["carrier"])], remainder="passthrough")),
        ("trees", GradientBoostingRegressor(n_estimators=20, max_depth=3, random_state=7)),
    ]
).fit(frame, delay)
types = [
    ("distance", FloatTensorType([None, 1])),
    ("wind", FloatTensorType([None, 1])),
    ("hour", Int64TensorType([None, 1])),
    ("carrier", StringTensorType([None, 1])),
]
graph = convert_sklearn(mixed, initial_types=types, target_opset=17)
(out / "mixed.onnx").write_bytes(graph.SerializeToString())
rows = frame.iloc[:50].reset_index(drop=True)
rows.loc[3, "carrier"] = "ZZ"
expected = mixed.predict(rows)
(out / "mixed.json").write_text(
    json.dumps({"inputs": {c: rows[c].tolist() for c in rows}, "expected": expected.tolist()})
)

# One input tensor [N, F], and two outputs of a classifier.
X = frame[["distance", "wind"]].to_numpy()
classifier = LogisticRegression().fit((X - X.mean(0)) / X.std(0), (delay > delay.median()).astype(int))
scaled = np.float32((X[:20] - X.mean(0)) / X.std(0))
graph = convert_sklearn(classifier, initial_types=[("X", FloatTensorType([None, 2]))], options={"zipmap": False}, target_opset=17)
(out / "matrix.onnx").write_bytes(graph.SerializeToString())
(out / "matrix.json").write_text(
    json.dumps({"inputs": scaled.tolist(), "label": classifier.predict(scaled).tolist(), "probability": classifier.predict_proba(scaled).tolist()})
)

# A graph that works for batches of 50 rows only: what a model that fails in production looks like.
import onnx
from onnx import TensorProto, helper

fixed = helper.make_graph(
    [helper.make_node("Reshape", ["distance", "shape"], ["prediction"])],
    "fixed",
    [helper.make_tensor_value_info("distance", TensorProto.FLOAT, [None, 1])],
    [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [None])],
    [helper.make_tensor("shape", TensorProto.INT64, [1], [50])],
)
model = helper.make_model(fixed, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
(out / "fixed.onnx").write_bytes(model.SerializeToString())

# Every narrow type that ONNX Runtime makes tensors of in Java, and one that it does not: each input is an output.
narrow = {"i8": TensorProto.INT8, "u8": TensorProto.UINT8, "i16": TensorProto.INT16, "f16": TensorProto.FLOAT16, "b16": TensorProto.BFLOAT16}


def same(name, inputs, more):
    graph = helper.make_graph(
        [helper.make_node("Identity", [column], [column + "_out"]) for column in inputs] + more,
        name,
        [helper.make_tensor_value_info(column, kind, [None, 1]) for column, kind in inputs.items()],
        [helper.make_tensor_value_info(column + "_out", kind, [None, 1]) for column, kind in inputs.items()]
        + [helper.make_tensor_value_info("u16_out", TensorProto.UINT16, [None, 1]) for _ in more],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (out / (name + ".onnx")).write_bytes(made.SerializeToString())


same("narrow", narrow, [helper.make_node("Cast", ["u8"], ["u16_out"], to=TensorProto.UINT16)])
same("unsigned", {"u16": TensorProto.UINT16}, [])

# The numeric columns as a model in XGBoost's own form (made with xgboost 3.2.0); in core's resources only.
import xgboost

numeric = ["distance", "wind", "hour"]
booster = xgboost.train({"max_depth": 3, "nthread": 1}, xgboost.DMatrix(frame[numeric], delay), 8)
booster.save_model(out / "trees.ubj")
(out / "trees.json").write_text(json.dumps({"expected": booster.predict(xgboost.DMatrix(rows[numeric])).tolist()}))
