"""Moves the aliases and stages of a project's model, which the server lets people decide."""

import os
import time

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient()


def refused(name, move):
    began = time.monotonic()
    try:
        move()
        raise AssertionError(name + " moved")
    except MlflowException as e:
        assert e.error_code == "PERMISSION_DENIED", e.error_code
        assert "\n" not in e.message, e.message
        assert f"'{name}' of model delays is protected by project delays" in e.message, e.message
        assert "hand-off check" in e.message, e.message
        assert os.environ["INBOX"] in e.message, e.message
    assert time.monotonic() - began < 2, "the client tried again"


for model in ("delays", "free"):
    version = client.create_model_version(model, "s3://bucket/model")
    assert version.status == "READY"
    client.set_registered_model_alias(model, "challenger", version.version)
    client.set_model_version_tag(model, version.version, "stage", "candidate")

for _ in range(3):
    refused("champion", lambda: client.set_registered_model_alias("delays", "champion", "1"))
for _ in range(2):
    refused("Production", lambda: client.transition_model_version_stage("delays", "1", "Production"))
assert list(client.get_registered_model("delays").aliases) == ["challenger"]
assert client.get_model_version("delays", "1").current_stage == "None"

client.set_registered_model_alias("free", "champion", "1")
client.transition_model_version_stage("free", "1", "Production")
client.transition_model_version_stage("delays", "1", "Staging")
print("all done")
