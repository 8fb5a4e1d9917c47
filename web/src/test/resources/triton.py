"""Scores with the stock Triton client: triton.py http|grpc ADDRESS [TOKEN]; fails at what is not as it should be."""

import json
import sys

import numpy as np
from tritonclient.utils import InferenceServerException

protocol, address = sys.argv[1:3]
over_http = protocol == "http"
if over_http:
    import tritonclient.http as triton
else:
    import tritonclient.grpc as triton

token = sys.argv[3] if len(sys.argv) > 3 else None
client = triton.InferenceServerClient(address)


def headers():
    """New ones for each call: the HTTP client adds the length of its JSON to what it is given."""
    return {"authorization": "Bearer " + token} if token else None


def shown(metadata):
    """Metadata as the HTTP client gives them."""
    if over_http:
        return metadata
    from google.protobuf import json_format

    metadata = json_format.MessageToDict(metadata, preserving_proto_field_name=True)
    for tensor in metadata.get("inputs", []) + metadata.get("outputs", []):
        tensor["shape"] = [int(dimension) for dimension in tensor["shape"]]
    return metadata


def column(name, values, datatype, binary=True):
    tensor = triton.InferInput(name, list(values.shape), datatype)
    if over_http:
        tensor.set_data_from_numpy(values, binary_data=binary)
    else:
        tensor.set_data_from_numpy(values)
    return tensor


def inputs(binary=True, real="FP64", whole="INT64"):
    reals = {"FP16": np.float16, "BF16": np.float32, "FP32": np.float32, "FP64": np.float64}[real]
    return [
        column("distance", np.array([[512.0], [896.0]], dtype=reals), real, binary),
        column("wind", np.array([3.5, 7.0], dtype=reals), real, binary),
        column("hour", np.array([7, 18], dtype=np.dtype(whole.lower())), whole, binary),
        column("carrier", np.array(["UA", "B6"], dtype=object), "BYTES", binary),
    ]


def refused(status, words, attempt):
    try:
        attempt()
    except InferenceServerException as error:
        assert str(error.status()) == str(status), error
        assert words in error.message(), error
        return
    raise AssertionError("expected " + str(status))


# Health and metadata
assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready("delays", headers=headers()) and client.is_model_ready("fleet", "1", headers=headers())
server = shown(client.get_server_metadata(headers=headers()))
assert server["name"] == "millwright" and server["version"] and server["extensions"] == ["binary_tensor_data"], server
metadata = shown(client.get_model_metadata("fleet", "2", headers=headers()))
assert metadata["name"] == "fleet" and metadata["versions"] == ["1", "2"] and metadata["platform"], metadata
columns = [(tensor["name"], tensor["datatype"], tensor["shape"]) for tensor in metadata["inputs"]]
assert columns == [
    ("distance", "FP64", [-1]),
    ("wind", "FP64", [-1]),
    ("hour", "INT64", [-1]),
    ("carrier", "BYTES", [-1]),
], metadata
assert metadata["outputs"] == [{"name": "prediction", "datatype": "FP64", "shape": [-1]}], metadata

# The default way: tensors as bytes both ways
result = client.infer(
    "delays", inputs(), request_id="r-1", parameters={"event_time": 1372636800000, "note": "x"}, headers=headers()
)
expected = result.as_numpy("prediction")
assert expected.dtype == np.float64 and expected.shape == (2,) and np.isfinite(expected).all(), expected
response = result.get_response()
if over_http:
    assert response["id"] == "r-1" and response["model_name"] == "delays" and response["model_version"] == "1"
    assert response["outputs"][0]["parameters"] == {"binary_data_size": 16}, response
else:
    assert response.id == "r-1" and response.model_name == "delays" and response.model_version == "1"
    assert len(response.raw_output_contents) == 1, response

# Every model, version and datatype gives the same
for model, version in (("fleet", ""), ("fleet", "1"), ("fleet", "2")):
    again = client.infer(model, inputs(), model_version=version, headers=headers())
    assert (again.as_numpy("prediction") == expected).all()
for real in ("FP16", "BF16", "FP32", "FP64"):
    for whole in ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"):
        again = client.infer("delays", inputs(real=real, whole=whole), headers=headers())
        assert (again.as_numpy("prediction") == expected).all(), (real, whole)
wanted = [triton.InferRequestedOutput("prediction")]
assert (client.infer("delays", inputs(), outputs=wanted, headers=headers()).as_numpy("prediction") == expected).all()
pending = [client.async_infer("delays", inputs(), headers=headers()) for _ in range(5)] if over_http else []
assert all((answer.get_result().as_numpy("prediction") == expected).all() for answer in pending)

# JSON, and JSON beside bytes
if over_http:
    for asked, given in ((False, False), (False, True), (True, False)):
        wanted = [triton.InferRequestedOutput("prediction", binary_data=given)]
        again = client.infer("delays", inputs(binary=asked), outputs=wanted, headers=headers())
        assert np.allclose(again.as_numpy("prediction"), expected, rtol=1e-15), (asked, given)
    mixed = inputs(binary=False)[:2] + inputs()[2:]
    assert (client.infer("delays", mixed, headers=headers()).as_numpy("prediction") == expected).all()
else:
    again = client.infer("delays", inputs(), compression_algorithm="gzip", headers=headers())
    assert (again.as_numpy("prediction") == expected).all()

    # A client that has no numpy sends and gets tensors as contents.
    import grpc
    from tritonclient.grpc import service_pb2, service_pb2_grpc

    stub = service_pb2_grpc.GRPCInferenceServiceStub(grpc.insecure_channel(address))
    plain = service_pb2.ModelInferRequest(model_name="delays", id="r-2")
    for name, datatype, field, values in (
        ("distance", "FP64", "fp64_contents", [512.0, 896.0]),
        ("wind", "FP32", "fp32_contents", [3.5, 7.0]),
        ("hour", "INT32", "int_contents", [7, 18]),
        ("carrier", "BYTES", "bytes_contents", [b"UA", b"B6"]),
    ):
        tensor = plain.inputs.add(name=name, datatype=datatype, shape=[2])
        getattr(tensor.contents, field).extend(values)
    answer = stub.ModelInfer(plain, metadata=tuple((headers() or {}).items()))
    assert answer.id == "r-2" and not answer.raw_output_contents, answer
    assert list(answer.outputs[0].contents.fp64_contents) == list(expected), answer

# Thousands of rows
rows = 20_000
many = [
    column("distance", np.linspace(100, 3000, rows), "FP64"),
    column("wind", np.linspace(0, 30, rows).reshape(rows, 1), "FP64"),
    column("hour", np.arange(rows) % 24, "INT64"),
    column("carrier", np.array(["UA", "B6"] * (rows // 2), dtype=object), "BYTES"),
]
assert client.infer("delays", many, headers=headers()).as_numpy("prediction").shape == (rows,)

# What cannot be answered
bad = 400 if over_http else "StatusCode.INVALID_ARGUMENT"
unknown = 404 if over_http else "StatusCode.NOT_FOUND"
assert not client.is_model_ready("nothing", headers=headers()) if over_http else True
refused(unknown, "nothing", lambda: client.get_model_metadata("nothing", headers=headers()))
refused(unknown, "nothing", lambda: client.infer("nothing", inputs(), headers=headers()))
refused(unknown, "'9'", lambda: client.infer("delays", inputs(), model_version="9", headers=headers()))
refused(bad, "'distance'", lambda: client.infer("delays", inputs()[1:], headers=headers()))
refused(bad, "sent twice", lambda: client.infer("delays", inputs() + inputs()[:1], headers=headers()))
refused(bad, "does not fit", lambda: client.infer("delays", inputs()[:2] + [
    column("hour", np.array([7.0, 8.0]), "FP64"), inputs()[3]], headers=headers()))
refused(bad, "unknown output", lambda: client.infer(
    "delays", inputs(), outputs=[triton.InferRequestedOutput("nope")], headers=headers()))
if over_http:
    refused(400, "Content-Encoding", lambda: client.infer(
        "delays", inputs(), request_compression_algorithm="gzip", headers=headers()))
if token:
    denied = 401 if over_http else "StatusCode.UNAUTHENTICATED"
    refused(denied, "not authenticated", lambda: client.infer("delays", inputs()))
    refused(denied, "", lambda: client.infer("delays", inputs(), headers={"authorization": "Bearer wrong"}))
print("all done")
