"""A training step: its run was created by the server, its token may write that run only."""

import os

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

X = pd.DataFrame({"a": np.arange(50.0)})
own = os.environ["MLFLOW_RUN_ID"]  # the client takes it out of the environment
mlflow.sklearn.autolog(log_models=False)
with mlflow.start_run() as run:
    assert run.info.run_id == own
    model = LinearRegression().fit(X, X["a"] * 3)
    logged = mlflow.sklearn.log_model(
        model, name="model", input_example=X.head(2), serialization_format="cloudpickle"
    )
    mlflow.log_metric("rmse", 0.5, model_id=logged.model_id)
    mlflow.log_text("x", "notes/x.txt")

client = MlflowClient()
found = client.get_run(run.info.run_id)
assert found.info.status == "FINISHED"
assert found.data.params["fit_intercept"] == "True"
assert found.outputs.model_outputs[0].model_id == logged.model_id
metrics = {m.key: m.value for m in client.get_logged_model(logged.model_id).metrics}
assert metrics["rmse"] == 0.5 and "training_root_mean_squared_error" in metrics, metrics
assert np.allclose(mlflow.pyfunc.load_model(logged.model_uri).predict(X.head(2)), [0, 3])

other = os.environ["OTHER_RUN"]
for name, call in {
    "tag": lambda: client.set_tag(other, "a", "b"),
    "register": lambda: client.create_registered_model("mine"),
    "experiment": lambda: client.create_experiment("mine"),
    "artifact": lambda: client.log_text(other, "x", "x.txt"),
    "delete": lambda: client.delete_run(other),
}.items():
    try:
        call()
    except MlflowException as e:
        assert e.error_code == "PERMISSION_DENIED", (name, e.error_code, str(e))
    except Exception as e:
        assert "403" in str(e), (name, e)
    else:
        raise AssertionError(name + " was allowed")
print("all done")
