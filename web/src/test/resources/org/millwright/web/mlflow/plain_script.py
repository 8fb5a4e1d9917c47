"""What a data scientist's script does with MLflow: it knows nothing of the server behind the URL."""

import pathlib
import tempfile

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import GridSearchCV

rng = np.random.default_rng(7)
X = pd.DataFrame({"a": rng.normal(size=200), "b": rng.normal(size=200)})
y = X["a"] * 2 + X["b"] + rng.normal(size=200) * 0.1

# Autologging, with nested runs made by a parameter search.
experiment = mlflow.set_experiment("plain größe")
mlflow.sklearn.autolog(log_models=False, max_tuning_runs=2)
with mlflow.start_run(run_name="search") as parent:
    GridSearchCV(GradientBoostingRegressor(n_estimators=5), {"max_depth": [1, 2]}, cv=2).fit(X, y)
mlflow.sklearn.autolog(disable=True)
children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
assert len(children) == 2, children
parent = mlflow.get_run(parent.info.run_id)
assert parent.info.status == "FINISHED"
assert "best_cv_score" in parent.data.metrics
assert parent.inputs.dataset_inputs, "autologging notes the training data"
assert parent.outputs is None or not parent.outputs.model_outputs

# Plain logging.
with mlflow.start_run(run_name="one") as run:
    mlflow.log_params({"depth": 2, "note": "ümlaut 🙂", "long": "x" * 5_999})
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"nan": float("nan"), "inf": float("inf"), "r2": 0.9})
    mlflow.set_tag("team", "delays")
    mlflow.log_dict({"k": [1, 2]}, "conf/set tings.json")
    mlflow.log_text("<script>alert(1)</script>", "page & (1).html")
    mlflow.log_text("odd", "sub dir/a+b=c;d,e[1]{2}.txt")
    mlflow.log_table({"x": [1, 2]}, "table.json")
    mlflow.log_input(mlflow.data.from_pandas(X, name="x"), context="eval")
    model = GradientBoostingRegressor(n_estimators=10).fit(X, y)
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        registered_model_name="plain-model",
        input_example=X.head(3),
        serialization_format="cloudpickle",
        metadata={"team": "delays"},
    )
found = mlflow.get_run(run.info.run_id)
assert found.data.metrics["loss"] == 1 / 20
assert np.isnan(found.data.metrics["nan"])
assert found.data.params["note"] == "ümlaut 🙂"
assert found.outputs.model_outputs[0].model_id == logged.model_id
client = MlflowClient()
history = client.get_metric_history(run.info.run_id, "loss")
assert [m.step for m in history] == list(range(20))

# Search.
runs = client.search_runs(
    [experiment.experiment_id],
    "metrics.loss < 0.1 and params.depth = '2' and tags.team LIKE 'del%'",
    order_by=["metrics.r2 DESC"],
)
assert [r.info.run_id for r in runs] == [run.info.run_id]
pages, token = 0, None
while True:
    page = client.search_runs([experiment.experiment_id], max_results=2, page_token=token)
    pages += 1
    token = page.token
    if not token:
        break
assert pages == 3, pages
models = client.search_logged_models([experiment.experiment_id], "name = 'model'")
assert models[0].model_id == logged.model_id and models[0].status == "READY"
assert models[0].tags["mlflow.modelVersions"]

# Artifacts.
names = sorted(a.path for a in client.list_artifacts(run.info.run_id))
assert names == ["conf", "page & (1).html", "sub dir", "table.json"], names
assert [a.path for a in client.list_artifacts(run.info.run_id, "conf")] == ["conf/set tings.json"]
assert mlflow.artifacts.load_dict(run.info.artifact_uri + "/conf/set tings.json") == {"k": [1, 2]}
with tempfile.TemporaryDirectory() as folder:
    path = client.download_artifacts(run.info.run_id, "sub dir", folder)
    assert (pathlib.Path(path) / "a+b=c;d,e[1]{2}.txt").read_text() == "odd"
    big = pathlib.Path(folder) / "größe 日本.bin"
    big.write_bytes(bytes(range(256)) * 20_000)
    client.log_artifact(run.info.run_id, str(big), "big")
    back = client.download_artifacts(run.info.run_id, "big/größe 日本.bin")
    assert pathlib.Path(back).read_bytes() == big.read_bytes()

# The registry.
version = client.get_model_version("plain-model", "1")
assert version.run_id == run.info.run_id and version.source == f"models:/{logged.model_id}"
client.set_registered_model_alias("plain-model", "best", "1")
client.set_model_version_tag("plain-model", "1", "checked", "yes")
client.update_model_version("plain-model", "1", description="first")
assert client.get_model_version_by_alias("plain-model", "best").version == "1"
assert client.get_registered_model("plain-model").aliases == {"best": "1"}
second = mlflow.register_model(f"runs:/{run.info.run_id}/model", "plain-model")
assert second.version == "2"
client.transition_model_version_stage("plain-model", "2", "Production")
assert [v.version for v in client.get_latest_versions("plain-model", ["Production"])] == ["2"]
assert [v.version for v in client.search_model_versions("name = 'plain-model'", order_by=["version_number ASC"])] == [
    "1",
    "2",
]
assert [m.name for m in client.search_registered_models("name LIKE 'plain%'")] == ["plain-model"]
copied = client.copy_model_version("models:/plain-model/1", "plain-copy")
assert copied.version == "1"

# Loading, by every kind of URI; predictions survive the trip.
expected = model.predict(X.head(5))
for uri in [
    "models:/plain-model@best",
    "models:/plain-model/2",
    "models:/plain-model/Production",
    "models:/plain-model/latest",
    "models:/plain-copy/1",
    f"models:/{logged.model_id}",
    f"runs:/{run.info.run_id}/model",
]:
    loaded = mlflow.pyfunc.load_model(uri)
    assert np.allclose(loaded.predict(X.head(5)), expected), uri

# Deletion.
client.delete_model_version("plain-model", "2")
client.delete_registered_model_alias("plain-model", "best")
client.delete_registered_model("plain-copy")
client.delete_run(run.info.run_id)
assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
client.restore_run(run.info.run_id)
client.delete_experiment(experiment.experiment_id)
client.restore_experiment(experiment.experiment_id)
print("all done")
