"""Mistakes of users: each must fail at once, with MLflow's code and words, and never be tried again."""

import time

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.exceptions import MlflowException

client = MlflowClient()
run = client.create_run("0").info.run_id
client.log_param(run, "p", "1")


def fails(code, words, call):
    start = time.monotonic()
    try:
        call()
    except MlflowException as e:
        assert e.error_code == code, (e.error_code, str(e))
        assert words in str(e), str(e)
        assert time.monotonic() - start < 1.5, f"{words}: tried again"
        return
    raise AssertionError(f"expected {code}: {words}")


ask = client._tracking_client.store
fails("INVALID_PARAMETER_VALUE", "Changing param values is not allowed", lambda: ask.log_param(run, Param("p", "2")))
fails("RESOURCE_DOES_NOT_EXIST", "Run with id=", lambda: client.get_run("f" * 32))
fails("RESOURCE_DOES_NOT_EXIST", "No Experiment with id=77 exists", lambda: client.get_experiment("77"))
fails("RESOURCE_ALREADY_EXISTS", "already exists", lambda: client.create_experiment("Default"))
fails("INVALID_PARAMETER_VALUE", "Invalid clause(s)", lambda: client.search_runs(["0"], "metrics.a > 1 OR metrics.b > 1"))
fails("INVALID_PARAMETER_VALUE", "Invalid attribute key", lambda: client.search_runs(["0"], "nope = 'x'"))
fails("INVALID_PARAMETER_VALUE", "page token", lambda: client.search_runs(["0"], page_token="???"))
fails("RESOURCE_DOES_NOT_EXIST", "No tag with name: zz", lambda: client.delete_tag(run, "zz"))
fails(
    "INVALID_PARAMETER_VALUE",
    "at most 1000 metrics",
    lambda: ask.log_batch(run, [Metric("m", 1, 1, i) for i in range(1001)], [], []),
)
fails("RESOURCE_DOES_NOT_EXIST", "Registered Model with name=zz not found", lambda: client.get_registered_model("zz"))
client.create_registered_model("m")
fails("RESOURCE_ALREADY_EXISTS", "Registered Model (name=m) already exists", lambda: client.create_registered_model("m"))
fails(
    "INVALID_PARAMETER_VALUE",
    "Registered model alias nobody not found.",
    lambda: client.get_model_version_by_alias("m", "nobody"),
)
fails(
    "INVALID_PARAMETER_VALUE",
    "Invalid model version source",
    lambda: client._get_registry_client().store.create_model_version("m", "/etc/passwd", run),
)
fails(
    "INVALID_PARAMETER_VALUE",
    "Invalid Model Version stage",
    lambda: client._get_registry_client().store.transition_model_version_stage("m", "1", "Prod", False),
)
fails("RESOURCE_DOES_NOT_EXIST", "", lambda: client.get_logged_model("m-" + "0" * 32))
client.delete_run(run)
fails("INVALID_PARAMETER_VALUE", "must be in the 'active' state", lambda: ask.log_param(run, Param("q", "2")))

start = time.monotonic()
try:
    mlflow.artifacts.load_text(f"mlflow-artifacts:/0/{run}/artifacts/none.txt")
    raise AssertionError("a missing artifact was loaded")
except Exception as e:
    assert "none.txt" in str(e) or "404" in str(e) or "No such artifact" in str(e), e
assert time.monotonic() - start < 3, "a missing artifact was tried again"
print("all done")
