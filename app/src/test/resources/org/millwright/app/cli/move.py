"""Fills an MLflow server, adds to it, or writes down all that a client sees of a server: TASK=URL[=FILE]..."""

import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"

import mlflow
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, Metric, Param, RunTag
from mlflow.models import Model

HELLO = "# Flights\nwhat a person wrote"


def fill(client):
    gone = client.create_experiment("gone")
    flights = client.create_experiment("flights größe", tags={"team": "delays"})
    client.set_experiment_tag(flights, "mlflow.note.content", HELLO)
    mlflow.set_experiment(experiment_id=flights)
    with mlflow.start_run(run_name="search", tags={"ümlaut 🙂": "x" * 4_000}) as parent:
        mlflow.log_params({"depth": 2, "note": "ümlaut 🙂", "empty": "", "long": "y" * 5_000})
        for i in range(2):
            with mlflow.start_run(run_name=f"child {i}", nested=True):
                mlflow.log_metric("r2", 0.5 + i)
        histories(client, parent.info.run_id)
        mlflow.log_input(mlflow.data.from_numpy(__import__("numpy").zeros(3), name="months"), context="eval")
        mlflow.log_text("<b>odd</b>", "sub dir/a+b=c;d,e[1]{2} ü.html")
        mlflow.log_text("", "sub dir/empty.txt")
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "weights.bin").write_bytes(bytes(range(256)) * 10_000)
        mlflow.log_artifact(str(folder / "weights.bin"), "deep/er")
        client.log_batch(
            parent.info.run_id,
            params=[Param(f"p{i:03}", str(i)) for i in range(100)],
            tags=[RunTag(f"t{i}", str(i)) for i in range(30)],
        )
        logged = log_model("flights", step=3)
        mlflow.log_metric("rmse", 1.5, step=3, model_id=logged.model_id)
        mlflow.log_metric("mae", 0.75, model_id=logged.model_id)
        client.set_logged_model_tags(logged.model_id, {"kind": "mean"})
    failed = client.create_run(flights, start_time=1_600_000_000_123, run_name="failed")
    client.log_inputs(failed.info.run_id, models=[LoggedModelInput(logged.model_id)])
    client.set_terminated(failed.info.run_id, "FAILED", 1_600_000_000_456)
    client.create_run(flights, run_name="still going")
    client.log_text(client.create_run("0").info.run_id, "of nobody", "note.txt")
    with mlflow.start_run(run_name="deleted") as deleted:
        log_model("left alone", step=0)
    client.delete_run(deleted.info.run_id)
    mlflow.create_external_model("outside", params={"where": "elsewhere"}, tags={"by": "hand"})
    registry(client, parent.info, logged, gone)


def histories(client, run):
    loss = [Metric("loss", 1 / (i + 1), 1_700_000_000_000 + i, i) for i in range(1_500)]
    for at in range(0, 1_500, 1_000):
        client.log_batch(run, metrics=loss[at : at + 1_000])
    odd = [float("nan"), float("inf"), float("-inf"), 1e300, -0.5]
    client.log_batch(run, metrics=[Metric("odd/ values", v, 1_000 + i, 7) for i, v in enumerate(odd)])
    client.log_metric(run, "before", 1.0, timestamp=5, step=-3)
    client.log_metric(run, "before", 2.0, timestamp=4, step=-3)


def log_model(name, step):
    """A model of one small file: making its environment's list is not what is tested."""
    model = mlflow.initialize_logged_model(name=name, params={"alpha": "0.1"}, model_type="mean")
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "data").mkdir()
    (folder / "data" / "mean.txt").write_text("12.5")
    flavor = Model(model_id=model.model_id, run_id=mlflow.active_run().info.run_id)
    flavor.add_flavor("mean", data="data/mean.txt")
    flavor.save(str(folder / "MLmodel"))
    client = MlflowClient()
    client.log_model_artifacts(model.model_id, str(folder))
    client.log_outputs(mlflow.active_run().info.run_id, [mlflow.entities.LoggedModelOutput(model.model_id, step)])
    return client.finalize_logged_model(model.model_id, "READY")


def registry(client, run, logged, gone):
    client.create_registered_model("flights", tags={"owner": "ana"}, description=HELLO)
    uri = f"models:/{logged.model_id}"
    client.create_model_version("flights", uri, run.run_id, model_id=logged.model_id, description="first")
    client.create_model_version("flights", uri, run.run_id, model_id=logged.model_id)
    client.create_model_version(
        "flights", run.artifact_uri + "/deep/er", run.run_id, tags={"checked": "yes"}, run_link="https://ci/7"
    )
    lost = client.create_run(gone)
    client.create_model_version("flights", lost.info.artifact_uri + "/model", lost.info.run_id)
    client.create_model_version("flights", "s3://bucket/elsewhere")
    client.delete_model_version("flights", "2")
    client.transition_model_version_stage("flights", "1", "Archived")
    client.transition_model_version_stage("flights", "3", "Production")
    client.set_registered_model_alias("flights", "best", "3")
    client.set_registered_model_alias("flights", "older", "1")
    client.delete_experiment(gone)
    client.create_registered_model("a copy, it's not")
    client.copy_model_version("models:/flights/1", "a copy, it's not")
    client.copy_model_version("models:/flights/3", "a copy, it's not")
    client.create_registered_model("no versions yet")


def more(client):
    """What happens on the old server between the first copy and the day of the move."""
    mlflow.set_experiment("flights größe")
    with mlflow.start_run(run_name="late") as run:
        mlflow.log_metric("r2", 0.9)
        logged = log_model("flights", step=0)
    client.create_model_version("flights", f"models:/{logged.model_id}", run.info.run_id, model_id=logged.model_id)
    client.set_registered_model_alias("flights", "best", "6")
    going = client.search_runs([run.info.experiment_id], "run_name = 'still going'")[0].info.run_id
    client.log_metric(going, "r2", 0.7)
    client.set_tag(going, "ended", "late")
    client.set_terminated(going)


def forget(client):
    """Leaves a run as a break leaves it: whole but for the tag that says so."""
    for run in client.search_runs([client.get_experiment_by_name("flights größe").experiment_id]):
        if run.info.run_name == "search":
            client.delete_tag(run.info.run_id, "import.source")


def digests(folder):
    files = [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def plain(tags):
    """The tags without what only Millwright notes: where it has them from, and copies of registered versions."""
    plain = {key: value for key, value in tags.items() if key != "import.source"}
    if "mlflow.modelVersions" in plain:
        versions = json.loads(plain["mlflow.modelVersions"])
        plain["mlflow.modelVersions"] = [each for each in versions if not each["name"].startswith("a copy")]
    return plain


def listed(metrics):
    return [[m.key, repr(m.value), m.timestamp, m.step] for m in metrics]


def run_seen(client, run):
    data = run.data
    inputs, outputs = run.inputs, run.outputs
    return {
        "info": {
            key: getattr(run.info, key)
            for key in ["run_id", "run_name", "user_id", "status", "start_time", "end_time", "lifecycle_stage"]
        },
        "params": data.params,
        "tags": plain(data.tags),
        "latest": {key: repr(value) for key, value in sorted(data.metrics.items())},
        "history": {key: listed(client.get_metric_history(run.info.run_id, key)) for key in sorted(data.metrics)},
        "datasets": [each.to_dictionary() for each in inputs.dataset_inputs] if inputs else [],
        "models in": [each.model_id for each in inputs.model_inputs] if inputs else [],
        "models out": [[each.model_id, each.step] for each in outputs.model_outputs] if outputs else [],
        "files": digests(client.download_artifacts(run.info.run_id, "", tempfile.mkdtemp())),
    }


def model_seen(model):
    folder = mlflow.artifacts.download_artifacts(model.artifact_location, dst_path=tempfile.mkdtemp())
    metrics = sorted(
        [m.key, repr(m.value), m.timestamp, m.step, m.run_id, m.dataset_name] for m in model.metrics or []
    )
    return {
        "names": [model.model_id, model.name, model.model_type, model.source_run_id, str(model.status)],
        "times": [model.creation_timestamp],
        "params": model.params,
        "tags": plain(model.tags),
        "metrics": metrics,
        "files": digests(folder),
    }


def version_seen(client, version):
    place = client.get_model_version_download_uri(version.name, version.version)
    return {
        "names": [version.name, version.version, version.run_id, version.run_link],
        "place": re.sub("^mlflow-artifacts:/[0-9]+/", "mlflow-artifacts:/EXPERIMENT/", place),
        "stage": version.current_stage,
        "status": version.status,
        "description": version.description or "",
        "tags": version.tags,
        "aliases": sorted(version.aliases),
    }


def seen(client):
    experiments = {}
    for experiment in client.search_experiments():
        runs = client.search_runs([experiment.experiment_id])
        models = client.search_logged_models([experiment.experiment_id])
        experiments[experiment.name] = {
            "tags": experiment.tags,
            "runs": {run.info.run_id: run_seen(client, client.get_run(run.info.run_id)) for run in runs},
            "models": {each.model_id: model_seen(each) for each in models},
        }
    models = {}
    for model in client.search_registered_models():
        model = client.get_registered_model(model.name)
        versions = client.search_model_versions(f'name = "{model.name}"')
        models[model.name] = {
            "tags": model.tags,
            "description": model.description or "",
            "aliases": {alias: str(version) for alias, version in model.aliases.items()},
            "versions": {each.version: version_seen(client, each) for each in versions},
        }
    return {"experiments": experiments, "models": models}


for task, url, *file in [word.split("=") for word in sys.argv[1:]]:
    mlflow.set_tracking_uri(url)
    client = MlflowClient()
    if not file:
        {"fill": fill, "more": more, "forget": forget}[task](client)
    else:
        pathlib.Path(file[0]).write_text(json.dumps(seen(client), indent=1, sort_keys=True, ensure_ascii=False))
