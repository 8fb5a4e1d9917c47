"""Makes reconstruction.json and reconstruction_rows.csv.gz under src/test/resources/oracles by NannyML.

    python -m venv venv && venv/bin/pip install nannyml==0.13.1 statsmodels==0.15.0
    NML_DISABLE_USAGE_LOGGING=1 venv/bin/python make_reconstruction.py ../resources/oracles

The drawn rows are eight columns of two hidden causes, with missing values and texts; from the seventh chunk of the analysis on
the numbers of one column are dealt out anew among the rows, so that no column alone changes, and the last chunk has texts that
the reference never had. The flights are those of perf_rows.csv.gz.
"""

import gzip
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from nannyml import DataReconstructionDriftCalculator

CHUNKS = 10


def drawn(rng, rows):
    a, b = rng.normal(size=(2, rows))
    frame = pd.DataFrame(
        {
            "amount": np.exp(0.4 * a + 0.1 * rng.normal(size=rows)),
            "speed": 50 + 12 * a + 4 * rng.normal(size=rows),
            "load": 3 * b - a + rng.normal(size=rows),
            "heat": -2 * b + 0.5 * rng.normal(size=rows),
            "noise": rng.normal(size=rows),
            "steps": np.floor(4 + 2 * b + rng.normal(size=rows)),
            "site": np.where(a > 0.6, "north", np.where(a > -0.4, "south", "east")),
            "kind": rng.choice(["x", "y", "z"], size=rows, p=[0.6, 0.3, 0.1]),
        }
    ).round(3)
    for name, share in {"load": 0.05, "steps": 0.02, "site": 0.04}.items():
        frame.loc[rng.random(rows) < share, name] = np.nan
    return frame


def rows():
    rng = np.random.default_rng(16)
    reference = drawn(rng, 3000)
    analysis = drawn(rng, 2000)
    late = np.arange(1200, 2000)
    analysis.loc[late, "speed"] = rng.permutation(analysis.loc[late, "speed"].to_numpy())
    analysis.loc[rng.choice(np.arange(1800, 2000), 80, replace=False), "kind"] = "new"
    frame = pd.concat([reference.assign(period="reference"), analysis.assign(period="analysis")])
    return frame[["period", "load", "steps", "site", "amount", "speed", "heat", "noise", "kind"]]


def measured(frame, columns):
    calculator = DataReconstructionDriftCalculator(column_names=columns, chunk_number=CHUNKS)
    calculator.fit(frame[frame.period == "reference"][columns].reset_index(drop=True))
    found = calculator.calculate(frame[frame.period == "analysis"][columns].reset_index(drop=True)).to_df()
    error = found["reconstruction_error"]
    chunks = [
        {
            "period": found["chunk"]["period"][i],
            "start": int(found["chunk"]["start_index"][i]),
            "end": int(found["chunk"]["end_index"][i]),
            "value": float(error["value"][i]),
            "samplingError": float(error["sampling_error"][i]),
            "alert": bool(error["alert"][i]),
        }
        for i in range(len(found))
    ]
    return {
        "components": int(calculator._pca.n_components_),
        "lower": float(error["lower_threshold"][0]),
        "upper": float(error["upper_threshold"][0]),
        "chunks": chunks,
    }


def main():
    folder = Path(sys.argv[1])
    frame = rows()
    with open(folder / "reconstruction_rows.csv.gz", "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as out:
            out.write(frame.to_csv(index=False).encode())
    frame = pd.read_csv(folder / "reconstruction_rows.csv.gz")
    flights = pd.read_csv(folder / "perf_rows.csv.gz")
    oracle = {
        "config": f"nannyml DataReconstructionDriftCalculator, chunk_number={CHUNKS}, n_components 0.65",
        "versions": {name: version(name) for name in ["nannyml", "numpy", "scikit-learn", "category-encoders"]},
        "drawn": measured(frame, [name for name in frame.columns if name != "period"]),
        "flights": measured(flights, ["hour", "distance", "origin", "carrier"]),
    }
    (folder / "reconstruction.json").write_text(json.dumps(oracle, indent=1) + "\n")


main()
