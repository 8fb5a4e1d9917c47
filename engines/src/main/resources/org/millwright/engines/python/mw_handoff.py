"""Bring a model to portable form and predict recorded rows with the original, in one process: imports are paid once.

    mw_handoff.py --model DIR --data rows.parquet --portable DIR --out predictions.parquet --report report.json
                  [--rows N] [--edges edges.json --edge-answers answers.json]

The portable form is the library's own file for XGBoost, LightGBM and CatBoost, else ONNX. A model that has none is left
as it is: the export's "runtime" is "python" then, and its "why" says what stands in the way. The report is {"export": …,
"predict": …} with the reports of mw_export_trees.py or mw_export_onnx.py, and of mw_predict.py; the export's "runtime" and
"file" say what was written into the folder. The Java runtime then scores the same rows with that file and compares. Rows at the limits of the signature are answered, too, see mw_edges.py. Exit code 1 and one line on stderr say
what went wrong.
"""

import argparse
from pathlib import Path

import mw_export_onnx
import mw_export_trees
from mw_edges import write_answers
from mw_predict import NotPortable, load, predict, run, write_report


def export(model_folder, folder):
    try:
        return portable(model_folder, folder)
    except NotPortable as why:
        return {"runtime": "python", "why": str(why)}


def portable(model_folder, folder):
    if mw_export_trees.flavour(model_folder) is not None:
        return mw_export_trees.export(model_folder, folder)
    file = "model.onnx"
    return {"runtime": "onnx", "file": file} | mw_export_onnx.export(model_folder, folder / file)


def main():
    parser = argparse.ArgumentParser(description="Bring a model to portable form and predict rows with the original.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--data", type=Path, required=True, help="Parquet file")
    parser.add_argument("--portable", type=Path, required=True, help="folder for the portable model")
    parser.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--rows", type=int, help="predict the first N rows only")
    parser.add_argument("--edges", type=Path, help="JSON file with rows at the limits of the signature")
    parser.add_argument("--edge-answers", type=Path, help="JSON file to write the model's answers to them to")
    args = parser.parse_args()
    model = load(args.model)
    predicted = predict(args.model, args.data, args.out, args.rows, model)
    if args.edges is not None:
        write_answers(model, args.edges, args.edge_answers)
    write_report(args.report, {"export": export(args.model, args.portable), "predict": predicted})


if __name__ == "__main__":
    run(main)
