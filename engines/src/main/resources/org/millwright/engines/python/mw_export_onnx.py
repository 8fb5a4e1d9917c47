"""Bring a scikit-learn, PyTorch or ONNX model logged with MLflow to ONNX, in the environment it was trained in.

    mw_export_onnx.py --model DIR --out model.onnx --report report.json

Of a scikit-learn model, every column of the signature becomes one input of shape [N, 1]: text as string, truth values as
boolean, any number as 32-bit float (whole numbers beyond 16,777,216 are not exact in it; the hand-off check notices when
it matters). A missing number is NaN. The graph answers what MLflow's pyfunc of the model answers: a classifier's class,
its probabilities when it was logged with pyfunc_predict_fn="predict_proba", both when the signature declares both. A
PyTorch model takes all columns as one matrix of 32-bit floats. An ONNX model stays as it is. The report is {"inputs":
[{"name", "type", "signature"}], "outputs": [{"name", "type"}], "opset", "ml_opset", "ir_version", "nodes", "converter"}.
Exit code 1 and one line on stderr say what went wrong, for instance that a step of the pipeline has no ONNX form.
"""

import argparse
from contextlib import contextmanager
from pathlib import Path

from mw_predict import Failure, LONGEST_MESSAGE, NotPortable, run, signature_columns, write_report

# What every ONNX Runtime since 1.14 reads; newer operators gain nothing for tables.
OPSET = 17
ML_OPSET = 3
IR_VERSION = 8
TEXTS = {"string", "boolean"}


def initial_types(columns):
    from skl2onnx.common.data_types import BooleanTensorType, FloatTensorType, StringTensorType

    numbers = {"integer", "long", "float", "double"}
    types = []
    for name, kind, _ in columns:
        if kind == "string":
            types.append((name, StringTensorType([None, 1])))
        elif kind == "boolean":
            types.append((name, BooleanTensorType([None, 1])))
        elif kind in numbers:
            types.append((name, FloatTensorType([None, 1])))
        else:
            raise NotPortable(f"column {name} is of type {kind}; ONNX export takes text, truth values and numbers")
    return types


def flavour(model_folder):
    """The flavour that the model is converted from, and the name of the method that MLflow predicts with."""
    from mlflow.models import Model

    flavours = Model.load(str(model_folder)).flavors
    found = next((name for name in EXPORTS if name in flavours), None)
    if found is None:
        expected = ", ".join(EXPORTS)
        raise NotPortable(f"the model has the flavours {', '.join(sorted(flavours))}; ONNX export takes {expected}")
    return found, flavours.get("python_function", {}).get("predict_fn", "predict")


@contextmanager
def truth_values_as_integers():
    """Lets skl2onnx 1.20 write tree ensembles with protobuf 7, which no longer takes a truth value for an integer."""
    from onnx import helper

    original = helper.make_attribute

    def make_attribute(key, value, *args, **named):
        if key == "nodes_missing_value_tracks_true":
            value = [int(item) for item in value]
        return original(key, value, *args, **named)

    helper.make_attribute = make_attribute
    try:
        yield
    finally:
        helper.make_attribute = original


def from_columns(model, columns):
    """The model behind a step that puts its numeric columns side by side, unless it picks columns itself.

    A graph has an input for each column, but converters of most steps take one matrix.
    """
    import pandas
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    first = model.steps[0][1] if isinstance(model, Pipeline) else model
    if len(columns) == 1 or isinstance(first, ColumnTransformer) or any(kind in TEXTS for _, kind, _ in columns):
        return model
    names = [name for name, _, _ in columns]
    side_by_side = ColumnTransformer([("columns", "passthrough", names)])
    side_by_side.fit(pandas.DataFrame({name: [0.0] for name in names}))
    return Pipeline([("columns", side_by_side), ("model", model)])


def convert(model, columns):
    from skl2onnx import convert_sklearn
    from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

    whole = from_columns(model, columns)
    options = {id(whole): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    try:
        with truth_values_as_integers():
            onnx_model = convert_sklearn(
                whole,
                name="model",
                initial_types=initial_types(columns),
                target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
                options=options,
            )
    except (MissingConverter, MissingShapeCalculator) as error:
        raise NotPortable(f"a step of the model has no ONNX form: {str(error).splitlines()[0]}") from None
    except Exception as error:  # converters of other libraries raise what they like
        raise NotPortable(f"skl2onnx cannot convert it: {type(error).__name__}: {error}"[:LONGEST_MESSAGE]) from None
    onnx_model.ir_version = IR_VERSION
    return onnx_model


def keep_outputs(onnx_model, model, predict_fn, declared):
    """Leaves a classifier's graph the outputs that MLflow's pyfunc has, and both where the signature declares them."""
    outputs = list(onnx_model.graph.output)
    if not hasattr(model, "predict_proba") or len(outputs) != 2:
        if predict_fn != "predict":
            raise NotPortable(f"it was logged with pyfunc_predict_fn={predict_fn}; expected predict or predict_proba")
        return
    if predict_fn == "predict_proba":
        kept = outputs[1:]
    elif predict_fn == "predict":
        kept = outputs if declared == 1 + len(model.classes_) else outputs[:1]
    else:
        raise NotPortable(f"it was logged with pyfunc_predict_fn={predict_fn}; expected predict or predict_proba")
    del onnx_model.graph.output[:]
    onnx_model.graph.output.extend(kept)


def from_sklearn(model_folder, columns, predict_fn):
    try:
        import skl2onnx
    except ImportError:
        raise Failure("skl2onnx is not in the environment: add it to requirements.in and lock again") from None
    import mlflow.sklearn
    from mlflow.models import Model

    model = mlflow.sklearn.load_model(str(model_folder))
    schema = Model.load(str(model_folder)).get_output_schema()
    onnx_model = convert(model, columns)
    declared = 0 if schema is None or schema.is_tensor_spec() else len(schema.inputs)
    keep_outputs(onnx_model, model, predict_fn, declared)
    return onnx_model, f"skl2onnx {skl2onnx.__version__}"


def from_pytorch(model_folder, columns, predict_fn):
    """A matrix of 32-bit floats goes in, as MLflow's pyfunc gives it to the model."""
    import io

    import mlflow.pytorch
    import onnx
    import torch

    texts = [name for name, kind, _ in columns if kind == "string"]
    if texts:
        raise NotPortable(f"column {texts[0]} is text; a PyTorch model takes numbers")
    model = mlflow.pytorch.load_model(str(model_folder), map_location="cpu").eval()
    graph = io.BytesIO()
    try:
        torch.onnx.export(
            model,
            (torch.zeros(2, len(columns)),),
            graph,
            input_names=["input"],
            output_names=["prediction"],
            dynamic_axes={"input": {0: "rows"}, "prediction": {0: "rows"}},
            opset_version=OPSET,
            dynamo=False,
        )
    except Exception as error:  # a module may do anything that has no operator
        raise NotPortable(f"torch.onnx cannot export it: {type(error).__name__}: {error}"[:LONGEST_MESSAGE]) from None
    return onnx.load_from_string(graph.getvalue()), f"torch {torch.__version__}"


def from_onnx(model_folder, columns, predict_fn):
    import mlflow.onnx
    import onnx

    return mlflow.onnx.load_model(str(model_folder)), f"onnx {onnx.__version__}"


EXPORTS = {"sklearn": from_sklearn, "pytorch": from_pytorch, "onnx": from_onnx}


def require_tensors(onnx_model):
    for value in onnx_model.graph.output:
        if not value.type.HasField("tensor_type"):
            raise NotPortable(f"output {value.name} is no tensor: convert classifiers without ZipMap")


def describe(onnx_model, columns, converter):
    from onnx import TensorProto

    def tensor(value):
        return {"name": value.name, "type": TensorProto.DataType.Name(value.type.tensor_type.elem_type).lower()}

    kinds = {name: kind for name, kind, _ in columns}
    opsets = {entry.domain: entry.version for entry in onnx_model.opset_import}
    return {
        "inputs": [tensor(value) | {"signature": kinds.get(value.name)} for value in onnx_model.graph.input],
        "outputs": [tensor(value) for value in onnx_model.graph.output],
        "opset": opsets.get("", OPSET),
        "ml_opset": opsets.get("ai.onnx.ml"),
        "ir_version": onnx_model.ir_version,
        "nodes": len(onnx_model.graph.node),
        "converter": converter,
    }


def export(model_folder, out):
    name, predict_fn = flavour(model_folder)
    columns = signature_columns(model_folder)
    onnx_model, converter = EXPORTS[name](model_folder, columns, predict_fn)
    require_tensors(onnx_model)
    Path(out).write_bytes(onnx_model.SerializeToString(deterministic=True))
    return describe(onnx_model, columns, converter)


def main():
    parser = argparse.ArgumentParser(description="Convert a model logged with MLflow to ONNX.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write")
    args = parser.parse_args()
    write_report(args.report, export(args.model, args.out))


if __name__ == "__main__":
    run(main)
