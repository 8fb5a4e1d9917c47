package org.millwright.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millwright.identity.Credential;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.Limits;

/**
 * Where requests go, for a process that answers in the server's place.
 *
 * @param callers by what it recognizes who may send them
 */
public record Routing(List<Routed> deployments, List<Credential> callers) {
    private static final int FORMAT = 1;

    public Routing {
        deployments = List.copyOf(deployments);
        callers = List.copyOf(callers);
    }

    /**
     * A deployment as it stands.
     *
     * @param bundles hex SHA-256 of the bundle's archive of each version that it uses
     */
    public record Routed(Deployment deployment, Map<String, String> bundles, Limits limits) {
        public Routed {
            bundles = Map.copyOf(bundles);
        }
    }

    /** The same routing has the same text. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("format", FORMAT);
        var routed = json.putArray("deployments");
        deployments.forEach(each -> routed.add(toJson(each)));
        var known = json.putArray("callers");
        callers.forEach(caller -> {
            ObjectNode node = known.addObject()
                    .put("sha256", caller.sha256())
                    .put("user", caller.user())
                    .put("name", caller.name())
                    .put("kind", caller.kind().name())
                    .put("expiresAt", caller.expiresAt());
            node.set("everywhere", Json.tree(new TreeSet<>(caller.everywhere())));
            node.set("projects", Json.tree(new TreeSet<>(caller.projects())));
        });
        return json;
    }

    private static ObjectNode toJson(Routed routed) {
        Deployment deployment = routed.deployment();
        ObjectNode json = deployment.toJson();
        deployment.candidate().ifPresent(version -> json.put("candidate", version));
        RolloutJson.write(deployment.rollout()).ifPresent(rollout -> json.set("rollout", Json.parse(rollout)));
        deployment.halt().ifPresent(halt -> json.set("halt", Json.tree(halt)));
        json.set(
                "limits",
                Json.object()
                        .put("requests", routed.limits().requests())
                        .put("timeoutMillis", routed.limits().timeout().toMillis()));
        json.set("bundles", Json.tree(new TreeMap<>(routed.bundles())));
        return json;
    }

    /** {@link Problem.Invalid} when the text is no routing of a form that is known here. */
    public static Routing fromJson(byte[] text) {
        JsonNode json = Json.parse(text);
        int format = json.path("format").asInt();
        if (format != FORMAT) {
            throw new Problem.Invalid("The routing has format " + format + " (expected: " + FORMAT + ")");
        }
        var deployments = new ArrayList<Routed>();
        json.path("deployments").forEach(each -> deployments.add(routed(each)));
        var callers = new ArrayList<Credential>();
        json.path("callers").forEach(each -> callers.add(Json.convert(each, Credential.class)));
        return new Routing(deployments, callers);
    }

    private static Routed routed(JsonNode json) {
        Optional<String> candidate = text(json, "candidate");
        Rollout rollout = candidate
                .filter(version -> json.has("rollout"))
                .map(version -> RolloutJson.read(version, Json.write(json.path("rollout"))))
                .orElseGet(Rollout.None::new);
        var deployment = new Deployment(
                json.path("name").asText(),
                json.path("project").asText(),
                json.path("model").asText(),
                text(json, "production"),
                text(json, "previous"),
                rollout,
                json.has("halt") ? Optional.of(Json.convert(json.path("halt"), Halt.class)) : Optional.empty(),
                json.path("createdAt").asLong(),
                json.path("changedAt").asLong());
        var bundles = new TreeMap<String, String>();
        for (Map.Entry<String, JsonNode> bundle : json.path("bundles").properties()) {
            String sha256 = bundle.getValue().asText();
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new Problem.Invalid("The bundle of " + deployment.name() + "/" + bundle.getKey() + " is '"
                        + sha256 + "' (expected: a SHA-256 in hex)");
            }
            bundles.put(bundle.getKey(), sha256);
        }
        JsonNode limits = json.path("limits");
        return new Routed(
                deployment,
                bundles,
                new Limits(
                        limits.path("requests").asInt(),
                        Duration.ofMillis(limits.path("timeoutMillis").asLong())));
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }

    /** Only the deployments of these names; all of them when there are no names. */
    public Routing only(Set<String> names) {
        return names.isEmpty()
                ? this
                : new Routing(
                        deployments.stream()
                                .filter(each -> names.contains(each.deployment().name()))
                                .toList(),
                        callers);
    }
}
