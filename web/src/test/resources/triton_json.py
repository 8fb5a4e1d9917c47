"""Scores with the stock Triton HTTP client in JSON mode and prints what it got."""

import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(sys.argv[1])
assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready("delays") and client.is_model_ready("delays", "1")
assert not client.is_model_ready("nothing")
metadata = client.get_model_metadata("delays")
assert [tensor["name"] for tensor in metadata["inputs"]] == ["distance", "wind", "hour", "carrier"], metadata
assert metadata["versions"] == ["1"], metadata


def column(name, values, datatype):
    tensor = triton.InferInput(name, list(values.shape), datatype)
    tensor.set_data_from_numpy(values, binary_data=binary)
    return tensor


def inputs():
    return [
        column("distance", np.array([[500.0], [900.0]]), "FP64"),
        column("wind", np.array([3.5, 7.0], dtype=np.float32), "FP32"),
        column("hour", np.array([7, 18]), "INT64"),
        column("carrier", np.array(["UA", "B6"], dtype=object), "BYTES"),
    ]


binary = False
wanted = [triton.InferRequestedOutput("prediction", binary_data=False)]
result = client.infer("delays", inputs(), outputs=wanted, request_id="r-1", parameters={"event_time": 1372636800000})
assert result.get_response()["id"] == "r-1"
print(" ".join(repr(float(value)) for value in result.as_numpy("prediction")))
assert client.infer("delays", inputs(), model_version="1", outputs=wanted).as_numpy("prediction").shape == (2,)

binary = True
for attempt in (lambda: client.infer("delays", inputs()), lambda: client.infer("nothing", [])):
    try:
        attempt()
        raise AssertionError("expected a refusal")
    except InferenceServerException as error:
        print(error.status(), error.message())
