package org.millwright.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;

/**
 * One step of a pipeline as written.
 *
 * @param needs steps that must have succeeded before
 * @param inputs outputs of other steps by the name under which this step knows them
 * @param outputs types by name
 * @param code patterns of the project's files that the step consists of
 * @param parameters what the step's code sees by name: texts with references to the pipeline's parameters
 * @param files files of the project that the kind's keys name
 * @param settings the kind's own keys, with references to parameters not yet replaced
 */
public record Step(
        String id,
        String kind,
        List<String> needs,
        Map<String, Reference> inputs,
        Map<String, OutputType> outputs,
        List<String> run,
        Optional<List<String>> code,
        Map<String, String> parameters,
        List<String> files,
        boolean cache,
        Duration timeout,
        ObjectNode settings) {

    public Step {
        needs = List.copyOf(needs);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        run = List.copyOf(run);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        files = List.copyOf(files);
    }

    /** An output of a step. */
    public record Reference(String step, String output) {
        @Override
        public String toString() {
            return step + "." + output;
        }
    }

    /** The settings with {@code ${name}} replaced by its value. */
    public ObjectNode settings(Map<String, String> values) {
        return (ObjectNode) expanded(settings, values);
    }

    private static JsonNode expanded(JsonNode node, Map<String, String> values) {
        if (node.isTextual()) {
            return new TextNode(Placeholders.expand(node.asText(), values));
        }
        if (node.isObject()) {
            ObjectNode object = Json.object();
            node.properties().forEach(field -> object.set(field.getKey(), expanded(field.getValue(), values)));
            return object;
        }
        if (node.isArray()) {
            var array = Json.array();
            node.forEach(item -> array.add(expanded(item, values)));
            return array;
        }
        return node;
    }

    /** A text of the settings, or "" when it was not written. */
    public String text(String key) {
        return settings.path(key).asText("");
    }
}
