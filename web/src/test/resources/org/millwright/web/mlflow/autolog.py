"""Autologging of scikit-learn, XGBoost and LightGBM, with system metrics, datasets and nested runs."""

import time

import lightgbm
import mlflow
import numpy as np
import pandas as pd
import xgboost
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
rng = np.random.default_rng(3)
X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
y = (X["a"] + X["b"] > 0).astype(int)
mlflow.set_experiment("autolog")
mlflow.enable_system_metrics_logging()
mlflow.set_system_metrics_sampling_interval(0.2)
mlflow.set_system_metrics_samples_before_logging(1)
mlflow.autolog(log_datasets=True, silent=False)


def system_metrics(run_id):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [key for key in client.get_run(run_id).data.metrics if key.startswith("system/")]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("no system metrics arrived")


with mlflow.start_run(run_name="parent") as parent:
    assert "system/cpu_utilization_percentage" in system_metrics(parent.info.run_id)
    with mlflow.start_run(run_name="sklearn", nested=True) as sk:
        linear = LogisticRegression().fit(X, y)
        linear.score(X, y)
    with mlflow.start_run(run_name="xgboost", nested=True) as xgb:
        data = xgboost.DMatrix(X, label=y)
        booster = xgboost.train(
            {"objective": "binary:logistic", "max_depth": 2}, data, num_boost_round=5, evals=[(data, "train")]
        )
    with mlflow.start_run(run_name="lightgbm", nested=True) as lgb:
        train = lightgbm.Dataset(X, label=y)
        lightgbm.train(
            {"objective": "binary", "verbosity": -1},
            train,
            num_boost_round=5,
            valid_sets=[train],
            valid_names=["train"],
        )
mlflow.disable_system_metrics_logging()
mlflow.autolog(disable=True)

found = client.get_run(sk.info.run_id)
assert found.data.params["solver"] == "lbfgs", found.data.params
assert found.data.metrics["training_accuracy_score"] > 0.9
assert found.inputs.dataset_inputs, "the training data is noted"
assert found.data.tags["mlflow.parentRunId"] == parent.info.run_id
history = client.get_metric_history(xgb.info.run_id, "train-logloss")
assert [m.step for m in history] == list(range(5)), history
assert history[-1].value < history[0].value
assert "feature_importance_weight.json" in [a.path for a in client.list_artifacts(xgb.info.run_id)]
history = client.get_metric_history(lgb.info.run_id, "train-binary_logloss")
assert len(history) == 5
children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
assert len(children) == 3, children
assert len(mlflow.search_runs(filter_string="datasets.name = 'dataset'")) >= 1

for run, expected in ((sk, linear.predict(X)), (xgb, booster.predict(xgboost.DMatrix(X))), (lgb, None)):
    model = client.search_logged_models(
        [run.info.experiment_id], f"source_run_id = '{run.info.run_id}'"
    )[0]
    version = mlflow.register_model(f"models:/{model.model_id}", "autologged")
    loaded = mlflow.pyfunc.load_model(f"models:/autologged/{version.version}")
    if expected is not None:
        assert np.allclose(loaded.predict(X), expected), run.info.run_name
    else:
        assert len(loaded.predict(X)) == len(X)
print("all done")
