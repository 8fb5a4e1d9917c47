"""The last MLflow 2: runs, batches, datasets, a model in the run's folder, the registry with stages and aliases."""

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

assert mlflow.__version__.startswith("2."), mlflow.__version__
client = MlflowClient()
X = pd.DataFrame({"a": np.arange(50.0), "b": np.arange(50.0)[::-1]})
y = X["a"] * 3 + 1
experiment = mlflow.set_experiment("old").experiment_id
mlflow.sklearn.autolog(log_models=False)
with mlflow.start_run(run_name="auto"):
    LinearRegression().fit(X, y)
mlflow.sklearn.autolog(disable=True)

with mlflow.start_run(run_name="two") as run:
    mlflow.log_metrics({"loss": 0.5, "acc": 0.9}, step=3)
    mlflow.log_input(mlflow.data.from_pandas(X, name="x"), context="training")
    with mlflow.start_run(nested=True):
        mlflow.log_param("p", 1)
    model = LinearRegression().fit(X, y)
    info = mlflow.sklearn.log_model(model, "model", signature=mlflow.models.infer_signature(X, y))
    mlflow.register_model(info.model_uri, "old-model")
client.log_batch(
    run.info.run_id,
    [Metric("loss", 1 / (i + 1), 1000 + i, i) for i in range(500)],
    [Param(f"p{i}", "v") for i in range(100)],
    [RunTag("t", "v")],
)
assert len(client.get_metric_history(run.info.run_id, "loss")) == 501
assert client.get_run(run.info.run_id).data.metrics["loss"] == 1 / 500
assert [r.info.run_id for r in client.search_runs([experiment], "metrics.acc > 0.8 and params.p1 = 'v'")] == [
    run.info.run_id
]
assert client.get_run(run.info.run_id).inputs.dataset_inputs[0].dataset.name == "x"

version = client.get_model_version("old-model", "1")
assert version.run_id == run.info.run_id and version.status == "READY"
client.transition_model_version_stage("old-model", "1", "Staging")
client.set_registered_model_alias("old-model", "best", "1")
for uri in ("models:/old-model/Staging", "models:/old-model@best", "models:/old-model/1", info.model_uri):
    assert np.allclose(mlflow.pyfunc.load_model(uri).predict(X), model.predict(X)), uri
try:
    client.get_registered_model("missing")
    raise AssertionError("found what is not there")
except MlflowException as e:
    assert e.error_code == "RESOURCE_DOES_NOT_EXIST"
client.delete_registered_model("old-model")
client.delete_experiment(experiment)
print("all done")
