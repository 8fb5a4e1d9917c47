"""Portable models of several sizes over the same twenty columns: join_models.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
import onnx
import xgboost
from onnx import TensorProto, helper, numpy_helper

COLUMNS = 20
folder = Path(sys.argv[1])
random = np.random.default_rng(5)


def network(name, widths):
    """Layers of those widths; one is a linear model."""
    nodes, weights, at = [], [], "x"
    for layer, (width, after) in enumerate(zip(widths, widths[1:])):
        w = (random.standard_normal((width, after)) / np.sqrt(width)).astype("float32")
        weights.append(numpy_helper.from_array(w, f"w{layer}"))
        nodes.append(helper.make_node("MatMul", [at, f"w{layer}"], [f"m{layer}"]))
        at = f"m{layer}"
        if layer < len(widths) - 2:
            nodes.append(helper.make_node("Relu", [at], [f"r{layer}"]))
            at = f"r{layer}"
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, COLUMNS])
    y = helper.make_tensor_value_info(at, TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph(nodes, name, [x], [y], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / f"{name}.onnx")


network("small", [COLUMNS, 1])
network("large", [COLUMNS, 1024, 1024, 1])
rows = random.standard_normal((4000, COLUMNS))
label = rows[:, 0] * rows[:, 1] + np.sin(3 * rows[:, 2])
names = [f"c{i}" for i in range(COLUMNS)]
data = xgboost.DMatrix(rows, label, feature_names=names)
xgboost.train({"max_depth": 8, "eta": 0.05}, data, 500).save_model(folder / "trees.ubj")
