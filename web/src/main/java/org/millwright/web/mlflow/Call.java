package org.millwright.web.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;

/** One request: who calls, the fields that came by query or body, and the parts of the path that vary. */
record Call(Actor by, Fields fields, Map<String, String> path, ServerRequest request, ServerResponse response) {
    private static final int LIMIT = 32 * 1024 * 1024;

    /** Reads JSON, and NaN and infinities as well, which hand-written clients send bare. */
    private static final ObjectReader READER =
            Json.mapper().reader().with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());

    static Call of(ServerRequest request, ServerResponse response, Map<String, String> path) {
        String method = request.prologue().method().text();
        boolean byQuery = method.equals("GET") && !request.query().isEmpty();
        ObjectNode node = byQuery ? query(request) : body(request, method);
        return new Call(Http.actor(request), new Fields(node, ""), path, request, response);
    }

    private static ObjectNode query(ServerRequest request) {
        ObjectNode node = Json.object();
        for (String name : request.query().names()) {
            List<String> values = request.query().all(name);
            if (values.size() == 1 && !Endpoints.REPEATED.contains(name)) {
                node.put(name, values.getFirst());
            } else {
                values.forEach(node.withArray(name)::add);
            }
        }
        return node;
    }

    private static ObjectNode body(ServerRequest request, String method) {
        byte[] bytes = Http.body(request, LIMIT);
        if (bytes.length == 0) {
            return Json.object();
        }
        String type = request.headers()
                .first(HeaderNames.CONTENT_TYPE)
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!method.equals("GET") && !type.equals("application/json")) {
            throw new Problem.Invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
        JsonNode node = read(bytes);
        JsonNode inner =
                node.isTextual() ? read(node.asText().getBytes(java.nio.charset.StandardCharsets.UTF_8)) : node;
        if (inner instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("The body is a JSON " + inner.getNodeType() + " (expected: an object)");
    }

    private static JsonNode read(byte[] bytes) {
        try {
            JsonNode node = READER.readTree(bytes);
            return node.isMissingNode() ? Json.object() : node;
        } catch (JsonProcessingException e) {
            throw Json.invalid(e);
        } catch (IOException e) {
            throw new Problem.Invalid("The body is not UTF-8 JSON: " + e.getMessage());
        }
    }
}
