package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.millwright.kernel.Json;
import org.millwright.web.Http;

/** The table of endpoints below one prefix; a path part in braces varies. */
final class Endpoints {
    /** Names of query parameters that are lists even when they come once. */
    static final Set<String> REPEATED = Set.of("order_by", "stages", "experiment_ids", "run_ids");

    private final Map<String, Map<String, Function<Call, JsonNode>>> exact = new HashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    private record Pattern(List<String> parts, Map<String, Function<Call, JsonNode>> methods) {
        Optional<Map<String, String>> match(List<String> path) {
            if (path.size() != parts.size()) {
                return Optional.empty();
            }
            var values = new HashMap<String, String>();
            for (int i = 0; i < parts.size(); i++) {
                String part = parts.get(i);
                if (part.startsWith("{")) {
                    values.put(part.substring(1, part.length() - 1), path.get(i));
                } else if (!part.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(values);
        }
    }

    /** Adds an endpoint that answers with JSON. */
    void add(String method, String path, Function<Call, JsonNode> handler) {
        if (path.contains("{")) {
            List<String> parts = List.of(path.split("/"));
            patterns.stream()
                    .filter(pattern -> pattern.parts.equals(parts))
                    .findFirst()
                    .orElseGet(() -> {
                        var pattern = new Pattern(parts, new LinkedHashMap<>());
                        patterns.add(pattern);
                        return pattern;
                    })
                    .methods
                    .put(method, handler);
        } else {
            exact.computeIfAbsent(path, p -> new TreeMap<>()).put(method, handler);
        }
    }

    /** Adds an endpoint that answers with {}. */
    void act(String method, String path, java.util.function.Consumer<Call> handler) {
        add(method, path, call -> {
            handler.accept(call);
            return Json.object();
        });
    }

    /** Every method and path, for tests that call each. */
    Set<String> table() {
        var table = new TreeSet<String>();
        exact.forEach((path, methods) -> methods.keySet().forEach(method -> table.add(method + " " + path)));
        patterns.forEach(pattern ->
                pattern.methods.keySet().forEach(method -> table.add(method + " " + String.join("/", pattern.parts))));
        return table;
    }

    /** Answers the request for the rest of the path after the prefix. */
    void handle(ServerRequest request, ServerResponse response, String rest) {
        var methods = exact.get(rest);
        Map<String, String> values = Map.of();
        if (methods == null) {
            List<String> parts = List.of(rest.split("/", -1));
            for (Pattern pattern : patterns) {
                var matched = pattern.match(parts);
                if (matched.isPresent()) {
                    methods = pattern.methods;
                    values = matched.get();
                    break;
                }
            }
        }
        if (methods == null) {
            NotHere.answer(response, rest);
            return;
        }
        var handler = methods.get(request.prologue().method().text());
        if (handler == null) {
            MlflowErrors.wrongMethod(response, rest, String.join(", ", methods.keySet()));
            return;
        }
        JsonNode answer = handler.apply(Call.of(request, response, values));
        if (!answer.isMissingNode()) {
            Http.json(response, answer);
        }
    }
}
