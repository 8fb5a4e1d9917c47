package org.millwright.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Json;

/**
 * How something was made, as its certificate states it (SLSA provenance v1).
 *
 * @param parameters what people chose, such as the pipeline's parameters and the seed
 * @param materials what went in: code, data, locked packages
 * @param results what was found out about it: metrics, hand-off check, gate
 * @param startedAt milliseconds since the epoch, as {@code finishedAt}
 */
public record Evidence(
        String project,
        String pipeline,
        String run,
        Map<String, String> parameters,
        List<Material> materials,
        Map<String, JsonNode> results,
        long startedAt,
        long finishedAt) {
    /** What a training run is, in certificates. */
    static final String BUILD_TYPE = "https://millwright.org/training/v1";

    /**
     * Something that went in.
     *
     * @param uri asset reference, or where the code lies
     * @param algorithm {@code sha256} or {@code gitCommit}
     */
    public record Material(String uri, String algorithm, String digest) {
        public static Material sha256(String uri, String digest) {
            return new Material(uri, "sha256", digest);
        }

        public static Material commit(String uri, String commit) {
            return new Material(uri, "gitCommit", commit);
        }
    }

    public Evidence {
        parameters = new java.util.TreeMap<>(parameters);
        materials = List.copyOf(materials);
        results = new java.util.TreeMap<>(results);
    }

    /** The predicate of the statement. */
    JsonNode predicate(String builder, boolean authenticated) {
        return predicate(BUILD_TYPE, builder, authenticated);
    }

    JsonNode predicate(String buildType, String builder, boolean authenticated) {
        ObjectNode predicate = Json.object();
        ObjectNode definition = predicate.putObject("buildDefinition").put("buildType", buildType);
        ObjectNode external = definition
                .putObject("externalParameters")
                .put("project", project)
                .put("pipeline", pipeline)
                .put("authenticated", authenticated);
        external.set("parameters", Json.tree(parameters));
        var dependencies = definition.putArray("resolvedDependencies");
        materials.forEach(material -> dependencies
                .addObject()
                .put("uri", material.uri())
                .putObject("digest")
                .put(material.algorithm(), material.digest()));
        ObjectNode details = predicate.putObject("runDetails");
        details.putObject("builder").put("id", builder);
        details.putObject("metadata")
                .put("invocationId", run)
                .put("startedOn", Instant.ofEpochMilli(startedAt).toString())
                .put("finishedOn", Instant.ofEpochMilli(finishedAt).toString());
        var byproducts = details.putArray("byproducts");
        results.forEach((name, result) -> byproducts.add(result(name, result)));
        return predicate;
    }

    static ObjectNode result(String name, JsonNode result) {
        ObjectNode byproduct = Json.object().put("name", name);
        byproduct.putObject("annotations").set("result", result);
        return byproduct;
    }

    /** The same with one result more. */
    Evidence and(String name, JsonNode result) {
        var more = new java.util.TreeMap<String, JsonNode>(results);
        more.put(name, result);
        return new Evidence(project, pipeline, run, parameters, materials, more, startedAt, finishedAt);
    }
}
