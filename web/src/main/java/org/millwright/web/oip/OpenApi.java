package org.millwright.web.oip;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.Datatype;

/** The OpenAPI 3.1 document of a deployment: both protocols that answer it, as its signature wants them. */
final class OpenApi {
    private static final String JSON = "application/json";

    private final String deployment;
    private final Signature signature;
    private final Map<String, @Nullable Object> example;

    /** @param example a row, name → value; empty when none is known */
    OpenApi(String deployment, Signature signature, Map<String, @Nullable Object> example) {
        this.deployment = deployment;
        this.signature = signature;
        this.example = example;
    }

    /** @param version of the model that answers, which the document takes as its own */
    ObjectNode document(String version) {
        ObjectNode json = Json.object().put("openapi", "3.1.0");
        json.putObject("info")
                .put("title", deployment)
                .put("version", version)
                .put("description", "Predictions of the model that is deployed as " + deployment + ".");
        json.putArray("servers").addObject().put("url", "/");
        ObjectNode paths = json.putObject("paths");
        invocations(
                paths.putObject("/deployments/" + deployment + "/invocations").putObject("post"));
        infer(paths.putObject("/v2/models/" + deployment + "/infer").putObject("post"));
        ObjectNode schemas = json.putObject("components").putObject("schemas");
        row(schemas.putObject("Row"), signature.inputs());
        prediction(schemas.putObject("Prediction"));
        tensor(schemas.putObject("Tensor"));
        error(schemas.putObject("Error"), "error_code", "message");
        error(schemas.putObject("InferError"), "error");
        return json;
    }

    private void invocations(ObjectNode post) {
        post.put("operationId", "score").put("summary", "Score rows (MLflow's scoring protocol)");
        ObjectNode content = body(post);
        ObjectNode request = content.putObject(JSON);
        ObjectNode schema = request.putObject("schema").put("type", "object");
        schema.putArray("required").add("dataframe_records");
        ObjectNode properties = schema.putObject("properties");
        arrayOf(properties.putObject("dataframe_records"), "Row").put("minItems", 1);
        params(properties.putObject("params"));
        if (!example.isEmpty()) {
            request.putObject("example").putArray("dataframe_records").add(Json.tree(example));
        }
        content.putObject("text/csv").putObject("schema").put("type", "string");
        ObjectNode responses = post.putObject("responses");
        ObjectNode answer =
                response(responses, "200", "A prediction for each row").putObject("schema");
        answer.put("type", "object").putArray("required").add("predictions");
        arrayOf(answer.putObject("properties").putObject("predictions"), "Prediction");
        failures(responses, "Error");
    }

    private static void params(ObjectNode json) {
        json.put("type", "object");
        ObjectNode properties = json.putObject("properties");
        properties
                .putObject("ids")
                .put("description", "What the outcome of each row will be named by")
                .put("type", "array")
                .putObject("items")
                .put("type", "string");
        properties
                .putObject("event_time")
                .put("description", "When each row happened, in milliseconds since 1970 UTC")
                .put("type", "array")
                .putObject("items")
                .put("type", "integer")
                .put("format", "int64");
    }

    private void infer(ObjectNode post) {
        post.put("operationId", "infer").put("summary", "Score rows (Open Inference Protocol v2)");
        ObjectNode request = body(post).putObject(JSON);
        ObjectNode schema = request.putObject("schema").put("type", "object");
        schema.putArray("required").add("inputs");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("id").put("type", "string");
        arrayOf(properties.putObject("inputs"), "Tensor").put("minItems", 1);
        if (!example.isEmpty()) {
            ArrayNode inputs = request.putObject("example").putArray("inputs");
            for (Signature.Column column : signature.inputs()) {
                ObjectNode tensor = inputs.addObject()
                        .put("name", column.name())
                        .put("datatype", Datatype.of(column.type()).name());
                tensor.putArray("shape").add(1);
                Object value = example.get(column.name());
                ArrayNode data = tensor.putArray("data");
                if (value == null) {
                    data.addNull();
                } else {
                    data.add(Json.tree(value));
                }
            }
        }
        ObjectNode responses = post.putObject("responses");
        ObjectNode answer =
                response(responses, "200", "A tensor for each output").putObject("schema");
        answer.put("type", "object").putArray("required").add("model_name").add("outputs");
        ObjectNode outputs = answer.putObject("properties");
        outputs.putObject("model_name").put("type", "string");
        outputs.putObject("model_version").put("type", "string");
        outputs.putObject("id").put("type", "string");
        arrayOf(outputs.putObject("outputs"), "Tensor");
        failures(responses, "InferError");
    }

    private static ObjectNode body(ObjectNode post) {
        return post.putObject("requestBody").put("required", true).putObject("content");
    }

    private static ObjectNode response(ObjectNode responses, String status, String description) {
        return responses
                .putObject(status)
                .put("description", description)
                .putObject("content")
                .putObject(JSON);
    }

    private static void failures(ObjectNode responses, String schema) {
        Map.of(
                        "400", "The rows do not fit the model: the message says what and where",
                        "404", "Nothing is deployed under this name",
                        "503", "Nothing is in production, or it is still being loaded")
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(failure -> reference(
                        response(responses, failure.getKey(), failure.getValue())
                                .putObject("schema"),
                        schema));
    }

    private static void reference(ObjectNode json, String schema) {
        json.put("$ref", "#/components/schemas/" + schema);
    }

    private static ObjectNode arrayOf(ObjectNode json, String schema) {
        json.put("type", "array");
        reference(json.putObject("items"), schema);
        return json;
    }

    private static void row(ObjectNode json, List<Signature.Column> columns) {
        json.put("type", "object");
        ArrayNode required = json.putArray("required");
        ObjectNode properties = json.putObject("properties");
        for (Signature.Column column : columns) {
            type(properties.putObject(column.name()), column);
            if (column.required()) {
                required.add(column.name());
            }
        }
    }

    private void prediction(ObjectNode json) {
        List<Signature.Column> outputs = signature.outputs();
        if (outputs.isEmpty()) {
            json.put("type", "number");
        } else if (outputs.size() == 1) {
            type(json, outputs.getFirst());
        } else {
            row(json, outputs);
        }
    }

    private static void type(ObjectNode json, Signature.Column column) {
        String name = column.type().isReal()
                ? "number"
                : column.type().isIntegral() ? "integer" : column.type() == DataType.BOOLEAN ? "boolean" : "string";
        if (column.nullable()) {
            json.putArray("type").add(name).add("null");
        } else {
            json.put("type", name);
        }
        if (column.type().isNumeric()) {
            json.put(
                    "format",
                    switch (column.type()) {
                        case FLOAT -> "float";
                        case INTEGER -> "int32";
                        case LONG -> "int64";
                        default -> "double";
                    });
        }
        constraints(json, column);
    }

    private static void constraints(ObjectNode json, Signature.Column column) {
        Constraints constraints = column.constraints();
        if (constraints.min() != Double.NEGATIVE_INFINITY) {
            json.put("minimum", constraints.min());
        }
        if (constraints.max() != Double.POSITIVE_INFINITY) {
            json.put("maximum", constraints.max());
        }
        if (constraints.notEmpty()) {
            json.put("minLength", 1);
        }
        if (constraints.maxLength() != Integer.MAX_VALUE) {
            json.put("maxLength", constraints.maxLength());
        }
        if (!constraints.values().isEmpty()) {
            ArrayNode values = json.putArray("enum");
            constraints.values().forEach(values::add);
            if (column.nullable()) {
                values.addNull();
            }
        }
    }

    private static void tensor(ObjectNode json) {
        json.put("type", "object")
                .putArray("required")
                .add("name")
                .add("shape")
                .add("datatype")
                .add("data");
        ObjectNode properties = json.putObject("properties");
        properties.putObject("name").put("type", "string");
        ObjectNode shape = properties.putObject("shape").put("type", "array");
        shape.putObject("items").put("type", "integer").put("minimum", 0);
        ArrayNode types = properties.putObject("datatype").put("type", "string").putArray("enum");
        for (Datatype type : Datatype.values()) {
            types.add(type.name());
        }
        properties.putObject("data").put("type", "array").putObject("items");
    }

    private static void error(ObjectNode json, String... fields) {
        json.put("type", "object");
        ArrayNode required = json.putArray("required");
        ObjectNode properties = json.putObject("properties");
        for (String field : fields) {
            required.add(field);
            properties.putObject(field).put("type", "string");
        }
    }
}
