package org.millwright.web.mlflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.millwright.tracking.DatasetInput;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;

/** Runs and metrics as MLflow writes them, written straight to the answer: pages hold a hundred thousand of them. */
final class RunJson {
    private RunJson() {}

    /** What writes one value. */
    private interface Writing {
        void write(JsonGenerator to) throws IOException;
    }

    /** A value of a JSON tree that writes itself when the tree is written. */
    private static final class Written extends JsonSerializable.Base {
        private final Writing writing;

        Written(Writing writing) {
            this.writing = writing;
        }

        @Override
        public void serialize(JsonGenerator to, SerializerProvider provider) throws IOException {
            writing.write(to);
        }

        @Override
        public void serializeWithType(
                JsonGenerator to,
                SerializerProvider provider,
                com.fasterxml.jackson.databind.jsontype.TypeSerializer type)
                throws IOException {
            writing.write(to);
        }
    }

    private static JsonNode node(Writing writing) {
        return new POJONode(new Written(writing));
    }

    static JsonNode run(Run run) {
        return node(to -> run(to, run));
    }

    static JsonNode info(Run run) {
        return node(to -> info(to, run));
    }

    static JsonNode metric(Metric metric) {
        return node(to -> metric(to, metric, ""));
    }

    static JsonNode metric(Metric metric, String runId) {
        return node(to -> metric(to, metric, runId));
    }

    private static void run(JsonGenerator to, Run run) throws IOException {
        to.writeStartObject();
        to.writeFieldName("info");
        info(to, run);
        to.writeObjectFieldStart("data");
        if (!run.metrics().isEmpty()) {
            to.writeArrayFieldStart("metrics");
            for (Metric metric : run.metrics()) {
                metric(to, metric, "");
            }
            to.writeEndArray();
        }
        pairs(to, "params", run.params());
        pairs(to, "tags", run.tags());
        to.writeEndObject();
        to.writeObjectFieldStart("inputs");
        inputs(to, run);
        to.writeEndObject();
        if (!run.outputs().isEmpty()) {
            to.writeObjectFieldStart("outputs");
            outputs(to, run.outputs());
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    private static void info(JsonGenerator to, Run run) throws IOException {
        to.writeStartObject();
        to.writeStringField("run_uuid", run.id());
        to.writeStringField("run_id", run.id());
        to.writeStringField("run_name", run.name());
        to.writeStringField("experiment_id", run.experimentId());
        to.writeStringField("user_id", run.userId());
        to.writeStringField("status", run.status().name());
        to.writeNumberField("start_time", run.startTime());
        if (run.endTime().isPresent()) {
            to.writeNumberField("end_time", run.endTime().get());
        }
        to.writeStringField("artifact_uri", run.artifactUri());
        to.writeStringField("lifecycle_stage", MlflowJson.stage(run.deleted()));
        to.writeEndObject();
    }

    private static void metric(JsonGenerator to, Metric metric, String runId) throws IOException {
        to.writeStartObject();
        to.writeStringField("key", metric.key());
        double value = metric.value();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            to.writeStringField("value", Double.toString(value));
        } else {
            to.writeNumberField("value", value);
        }
        to.writeNumberField("timestamp", metric.timestamp());
        to.writeNumberField("step", metric.step());
        if (metric.dataset().isPresent()) {
            to.writeStringField("dataset_name", metric.dataset().get().name());
            if (metric.dataset().get().digest().isPresent()) {
                to.writeStringField(
                        "dataset_digest", metric.dataset().get().digest().get());
            }
        }
        if (metric.model().isPresent()) {
            to.writeStringField("model_id", metric.model().get());
        }
        if (!runId.isEmpty()) {
            to.writeStringField("run_id", runId);
        }
        to.writeEndObject();
    }

    private static void inputs(JsonGenerator to, Run run) throws IOException {
        if (!run.inputs().isEmpty()) {
            to.writeArrayFieldStart("dataset_inputs");
            for (DatasetInput input : run.inputs()) {
                dataset(to, input);
            }
            to.writeEndArray();
        }
        if (!run.inputModels().isEmpty()) {
            to.writeArrayFieldStart("model_inputs");
            for (String model : run.inputModels()) {
                to.writeStartObject();
                to.writeStringField("model_id", model);
                to.writeEndObject();
            }
            to.writeEndArray();
        }
    }

    private static void outputs(JsonGenerator to, Collection<Run.ModelOutput> outputs) throws IOException {
        to.writeArrayFieldStart("model_outputs");
        for (Run.ModelOutput output : outputs) {
            to.writeStartObject();
            to.writeStringField("model_id", output.modelId());
            to.writeNumberField("step", output.step());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void dataset(JsonGenerator to, DatasetInput input) throws IOException {
        to.writeStartObject();
        pairs(to, "tags", input.tags());
        to.writeObjectFieldStart("dataset");
        to.writeStringField("name", input.name());
        to.writeStringField("digest", input.digest());
        to.writeStringField("source_type", input.sourceType());
        to.writeStringField("source", input.source());
        if (input.schema().isPresent()) {
            to.writeStringField("schema", input.schema().get());
        }
        if (input.profile().isPresent()) {
            to.writeStringField("profile", input.profile().get());
        }
        to.writeEndObject();
        to.writeEndObject();
    }

    private static void pairs(JsonGenerator to, String name, Map<String, String> pairs) throws IOException {
        if (pairs.isEmpty()) {
            return;
        }
        to.writeArrayFieldStart(name);
        for (var pair : pairs.entrySet()) {
            to.writeStartObject();
            to.writeStringField("key", pair.getKey());
            to.writeStringField("value", pair.getValue());
            to.writeEndObject();
        }
        to.writeEndArray();
    }
}
