"""Export a model to ONNX and predict recorded rows with the original, in one process: its imports are paid once.

    mw_handoff.py --model DIR --data rows.parquet --onnx model.onnx --out predictions.parquet --report report.json
                  [--rows N]

The report is {"export": …, "predict": …} with the reports of mw_export_onnx.py and mw_predict.py. The Java runtime then
scores the same rows with the ONNX file and compares. Exit code 1 and one line on stderr say what went wrong.
"""

import argparse
from pathlib import Path

from mw_export_onnx import export
from mw_predict import predict, run, write_report


def main():
    parser = argparse.ArgumentParser(description="Export a model to ONNX and predict rows with the original.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the file MLmodel")
    parser.add_argument("--data", type=Path, required=True, help="Parquet file")
    parser.add_argument("--onnx", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--rows", type=int, help="predict the first N rows only")
    args = parser.parse_args()
    predicted = predict(args.model, args.data, args.out, args.rows)
    write_report(args.report, {"export": export(args.model, args.onnx), "predict": predicted})


if __name__ == "__main__":
    run(main)
