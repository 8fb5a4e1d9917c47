package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.web.Http;

/** A request's JSON object; a field that no route knows is refused, with the nearest one that is known. */
final class Body {
    private final ObjectNode json;

    private Body(ObjectNode json) {
        this.json = json;
    }

    static Body of(ServerRequest request, String... known) {
        ObjectNode json = Http.object(request);
        json.fieldNames().forEachRemaining(name -> {
            if (!List.of(known).contains(name)) {
                throw new Problem.Invalid("Unknown field '" + name + "'"
                        + Yaml.nearest(name, List.of(known))
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")
                        + " (known: " + String.join(", ", known) + ")");
            }
        });
        return new Body(json);
    }

    String text(String name) {
        return find(name).orElseThrow(() -> new Problem.Invalid("Field '" + name + "' is missing (expected: a text)"));
    }

    String text(String name, String fallback) {
        return find(name).orElse(fallback);
    }

    Optional<String> find(String name) {
        JsonNode node = json.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw new Problem.Invalid("Field '" + name + "' is a " + node.getNodeType() + " (expected: a text)");
        }
        return Optional.of(node.asText());
    }

    boolean flag(String name, boolean fallback) {
        JsonNode node = json.get(name);
        if (node == null) {
            return fallback;
        }
        if (!node.isBoolean()) {
            throw new Problem.Invalid("Field '" + name + "' is " + node + " (expected: true or false)");
        }
        return node.booleanValue();
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    /** A list of objects; empty when the field is missing. */
    List<JsonNode> objects(String name) {
        JsonNode node = json.path(name);
        boolean objects = true;
        var list = new ArrayList<JsonNode>();
        for (JsonNode item : node) {
            objects &= item.isObject();
            list.add(item);
        }
        if (!node.isMissingNode() && (!node.isArray() || !objects)) {
            throw new Problem.Invalid("Field '" + name + "' is no list of objects");
        }
        return list;
    }

    int number(String name, int fallback) {
        JsonNode node = json.get(name);
        if (node == null) {
            return fallback;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            throw new Problem.Invalid("Field '" + name + "' is " + node + " (expected: a whole number)");
        }
        return node.intValue();
    }

    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        JsonNode node = json.path(name);
        if (!node.isMissingNode() && !node.isArray()) {
            throw new Problem.Invalid(
                    "Field '" + name + "' is a " + node.getNodeType() + " (expected: a list of texts)");
        }
        node.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** Texts by name; numbers and truth values count as their text. */
    Map<String, String> map(String name) {
        var map = new LinkedHashMap<String, String>();
        JsonNode node = json.path(name);
        if (!node.isMissingNode() && !node.isObject()) {
            throw new Problem.Invalid("Field '" + name + "' is a " + node.getNodeType() + " (expected: an object)");
        }
        node.properties().forEach(field -> {
            if (field.getValue().isContainerNode() || field.getValue().isNull()) {
                throw new Problem.Invalid("Field '" + name + "." + field.getKey() + "' is not a single value");
            }
            map.put(field.getKey(), field.getValue().asText());
        });
        return map;
    }
}
