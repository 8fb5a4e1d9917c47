"""Train a model that predicts how many minutes late a flight arrives.

    python train.py --data train.parquet

An ordinary script: it reads a Parquet file of labelled flights, fits a scikit-learn pipeline and reports to the MLflow
server that MLFLOW_TRACKING_URI names.
"""

import argparse
import time
from importlib.metadata import version

import duckdb
import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Metric
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

LABEL = "arr_delay"
CATEGORIES = ["carrier", "origin", "dest", "plane_engine"]  # never missing: features.sql writes ''
NUMBERS = [  # may be missing: the trees learn where a missing value goes
    "distance",
    "departure_minute",
    "arrival_minute",
    "weekday",
    "plane_age",
    "plane_seats",
    "temperature",
    "dew_point",
    "humidity",
    "wind_direction",
    "wind_speed",
    "rain",
    "pressure",
    "visibility",
]
FEATURES = CATEGORIES + NUMBERS

SIGNATURE = ModelSignature(
    inputs=Schema(
        [ColSpec("string", name) for name in CATEGORIES] + [ColSpec("double", name, required=False) for name in NUMBERS]
    ),
    outputs=Schema([ColSpec("double", "prediction")]),
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the arrival delay model.")
    parser.add_argument("--data", required=True, help="Parquet file of labelled flights, in order of time")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--trees", type=int, default=150)
    parser.add_argument("--learning-rate", type=float, default=0.03)
    return parser.parse_args()


def pipeline(args: argparse.Namespace) -> Pipeline:
    columns = ColumnTransformer(
        [
            ("categories", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), CATEGORIES),
            ("numbers", "passthrough", NUMBERS),
        ]
    )
    trees = HistGradientBoostingRegressor(
        max_iter=args.trees, learning_rate=args.learning_rate, early_stopping=False, random_state=args.seed
    )
    return Pipeline([("columns", columns), ("trees", trees)])


def rmse(actual: pd.Series, predicted: np.ndarray) -> float:
    return float(np.sqrt(np.mean((actual.to_numpy() - predicted) ** 2)))


def learning_curves(args: argparse.Namespace, rows: pd.DataFrame) -> dict[str, list[float]]:
    """The error after each tree on the first 80 % of the rows and on the rest, which is later in time."""
    cut = len(rows) * 4 // 5
    parts = {"fit_rmse": rows.iloc[:cut], "validation_rmse": rows.iloc[cut:]}
    model = pipeline(args).fit(parts["fit_rmse"][FEATURES], parts["fit_rmse"][LABEL])
    columns, trees = model.named_steps["columns"], model.named_steps["trees"]
    return {
        name: [rmse(part[LABEL], predicted) for predicted in trees.staged_predict(columns.transform(part[FEATURES]))]
        for name, part in parts.items()
    }


def log_curves(run_id: str, curves: dict[str, list[float]]) -> None:
    now = int(time.time() * 1000)
    metrics = [
        Metric(name, value, now, trees)
        for name, values in curves.items()
        for trees, value in enumerate(values, start=1)
    ]
    mlflow.MlflowClient().log_batch(run_id, metrics=metrics)


def main() -> None:
    args = arguments()
    rows = duckdb.read_parquet(args.data).df()
    print(f"{len(rows)} flights from {rows['event_time'].min()} to {rows['event_time'].max()}")

    with mlflow.start_run() as run:
        log_curves(run.info.run_id, learning_curves(args, rows))

        # Autologging records parameters, the data and training metrics; the model is logged below, with its signature.
        mlflow.sklearn.autolog(log_models=False, log_post_training_metrics=False)
        model = pipeline(args).fit(rows[FEATURES], rows[LABEL])

        mlflow.sklearn.log_model(
            model,
            name="model",
            signature=SIGNATURE,
            input_example=rows[FEATURES].head(5),
            # MLflow's default format refuses tree models. A cloudpickle runs code when it is read: read only own ones.
            serialization_format="cloudpickle",
            pip_requirements=[
                f"{name}=={version(name)}" for name in ("mlflow-skinny", "scikit-learn", "pandas", "cloudpickle")
            ],
        )
    print(f"trained {args.trees} trees")


if __name__ == "__main__":
    main()
