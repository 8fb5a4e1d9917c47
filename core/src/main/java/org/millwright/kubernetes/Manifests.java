package org.millwright.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;

/** What a file declares, as the objects of a cluster. The same file gives the same objects. */
public final class Manifests {
    /** Marks what a control plane made, and may therefore change and delete. */
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    static final String MANAGER = "millwright";
    static final String PART_OF = "app.kubernetes.io/part-of";

    private static final String CONFIG = "kubernetes";

    private final ClusterFile file;

    public Manifests(ClusterFile file) {
        this.file = file;
    }

    /** Everything to give to the cluster: without scorers where the control plane makes them. */
    public List<ObjectNode> all() {
        var all = new ArrayList<ObjectNode>();
        all.add(namespace());
        file.controlPlane().ifPresent(plane -> all.addAll(controlPlane(plane)));
        if (!file.reconcile()) {
            all.addAll(scorers());
        }
        return all;
    }

    /** The scorers of all groups. */
    public List<ObjectNode> scorers() {
        var all = new ArrayList<ObjectNode>();
        file.scorers().forEach(pool -> all.addAll(scorers(pool)));
        return all;
    }

    private List<ObjectNode> controlPlane(ClusterFile.ControlPlane plane) {
        List<ObjectNode> objects =
                read("control-plane", values(file.name(), plane.resources(), Map.of("storage", plane.storage())));
        for (ObjectNode object : objects) {
            switch (kind(object)) {
                case "StatefulSet" -> {
                    plane.storageClass()
                            .ifPresent(name -> at(object, "/spec/volumeClaimTemplates/0/spec")
                                    .put("storageClassName", name));
                    hosts(object, plane.access());
                    plane.database().ifPresent(database -> database(object, database));
                    if (file.reconcile()) {
                        reconciling(object);
                    }
                }
                case "NetworkPolicy" -> clients(object, plane.access());
                default -> {}
            }
        }
        if (file.reconcile()) {
            objects.add(config());
            objects.addAll(read("reconciler", values(file.name(), plane.resources(), Map.of())));
        }
        objects.forEach(object -> label(object, "control-plane"));
        return objects;
    }

    /** Keeps the metadata in a database; who connects to it is in a secret. */
    private static void database(ObjectNode statefulSet, ClusterFile.Database database) {
        var container = (ObjectNode) statefulSet.at("/spec/template/spec/containers/0");
        container.withArray("/args").insert(1, "--database").insert(2, database.url());
        for (String key : List.of("user", "password")) {
            container
                    .withArray("/env")
                    .addObject()
                    .put("name", "MW_DATABASE_" + key.toUpperCase(Locale.ROOT))
                    .putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", database.secret())
                    .put("key", key);
        }
    }

    /** Lets the control plane make the scorers of this file. */
    private static void reconciling(ObjectNode statefulSet) {
        ObjectNode pod = statefulSet.withObject("/spec/template/spec");
        pod.put("automountServiceAccountToken", true);
        ObjectNode container = (ObjectNode) pod.withArray("/containers").path(0);
        container.withArray("/args").add("--kubernetes").add("/etc/millwright/" + ClusterFile.FILE);
        container
                .withArray("/volumeMounts")
                .addObject()
                .put("name", CONFIG)
                .put("mountPath", "/etc/millwright")
                .put("readOnly", true);
        pod.withArray("/volumes")
                .addObject()
                .put("name", CONFIG)
                .putObject("configMap")
                .put("name", statefulSet.at("/metadata/name").asText());
    }

    /** Its pods may be nothing but restricted. */
    private ObjectNode namespace() {
        ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        namespace
                .putObject("metadata")
                .put("name", file.namespace())
                .putObject("labels")
                .put("pod-security.kubernetes.io/enforce", "restricted");
        return namespace;
    }

    private ObjectNode config() {
        ObjectNode config = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        config.putObject("metadata").put("name", file.name());
        config.putObject("data").put(ClusterFile.FILE, file.text());
        return config;
    }

    private List<ObjectNode> scorers(ClusterFile.Scorers pool) {
        String name = file.name() + "-" + pool.name();
        List<ObjectNode> objects = read("scorers", values(name, pool.resources(), Map.of()));
        if (!pool.scales()) {
            objects.removeIf(object -> kind(object).equals("HorizontalPodAutoscaler"));
        }
        for (ObjectNode object : objects) {
            switch (kind(object)) {
                case "Deployment" -> deployment(object, pool);
                case "HorizontalPodAutoscaler" -> {
                    object.withObject("/spec").put("minReplicas", pool.least()).put("maxReplicas", pool.most());
                    at(object, "/spec/metrics/0/resource/target").put("averageUtilization", pool.cpu());
                }
                case "NetworkPolicy" -> {
                    clients(object, pool.access());
                    at(object, "/spec/egress/1/ports/0").put("port", port(file.server()));
                    if (file.controlPlane().isPresent()) {
                        at(object, "/spec/egress/1")
                                .withArray("/to")
                                .addObject()
                                .putObject("podSelector")
                                .putObject("matchLabels")
                                .put("app.kubernetes.io/component", "control-plane");
                    }
                }
                default -> {}
            }
            label(object, name);
        }
        return objects;
    }

    private static void deployment(ObjectNode deployment, ClusterFile.Scorers pool) {
        if (pool.scales()) {
            deployment.withObject("/spec").remove("replicas");
        } else {
            deployment.withObject("/spec").put("replicas", pool.least());
        }
        hosts(deployment, pool.access());
        if (!pool.deployments().isEmpty()) {
            ((ArrayNode) deployment.at("/spec/template/spec/containers/0/args"))
                    .add("--deployments")
                    .add(String.join(",", pool.deployments()));
        }
    }

    private static int port(URI server) {
        return server.getPort() > 0 ? server.getPort() : server.getScheme().equals("https") ? 443 : 80;
    }

    /** The names by which callers may address it come last in both templates. */
    private static void hosts(ObjectNode object, ClusterFile.Access access) {
        var words = (ArrayNode) object.at("/spec/template/spec/containers/0/args");
        String own = words.path(words.size() - 1).asText();
        words.set(
                words.size() - 1,
                String.join(
                        ",",
                        Stream.concat(Stream.of(own), access.hosts().stream()).toList()));
    }

    private static void clients(ObjectNode policy, ClusterFile.Access access) {
        var from = (ArrayNode) policy.at("/spec/ingress/0/from");
        access.clients()
                .forEach(namespace -> from.addObject()
                        .putObject("namespaceSelector")
                        .putObject("matchLabels")
                        .put("kubernetes.io/metadata.name", namespace));
    }

    /** Places the object in the namespace, and says of what it is a part; selectors name no other group's pods. */
    private void label(ObjectNode object, String instance) {
        object.withObject("/metadata").put("namespace", file.namespace());
        labels(object.withObject("/metadata/labels"), instance);
        object.withObject("/metadata/labels").put(PART_OF, file.name());
        for (String path : List.of(
                "/spec/selector/matchLabels",
                "/spec/podSelector/matchLabels",
                "/spec/template/metadata/labels",
                "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels")) {
            if (object.at(path) instanceof ObjectNode labels) {
                labels(labels, instance);
            }
        }
        if (kind(object).equals("Service")) {
            labels(object.withObject("/spec/selector"), instance);
        }
        if (object.at("/spec/template/metadata/labels") instanceof ObjectNode labels) {
            labels.put(PART_OF, file.name());
        }
    }

    private void labels(ObjectNode labels, String instance) {
        labels.put("app.kubernetes.io/name", MANAGER)
                .put("app.kubernetes.io/instance", instance.equals("control-plane") ? file.name() : instance);
    }

    private static ObjectNode at(ObjectNode object, String path) {
        return (ObjectNode) object.at(path);
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private Map<String, String> values(String name, ClusterFile.Resources resources, Map<String, String> more) {
        var values = new HashMap<>(more);
        values.put("name", name);
        values.put("namespace", file.namespace());
        values.put("image", file.image());
        values.put("server", file.server().toString());
        values.put("secret", file.secret());
        values.put("cpu", resources.cpu());
        values.put("memory", resources.memory());
        return values;
    }

    /** The objects of a template; values are of forms that no YAML is made of. */
    private static List<ObjectNode> read(String template, Map<String, String> values) {
        String text;
        try (InputStream in = Manifests.class.getResourceAsStream(template + ".yaml")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        var objects = new ArrayList<ObjectNode>();
        for (String document : text.split("(?m)^---\\R")) {
            objects.add((ObjectNode) Json.tree(Objects.requireNonNull(
                    Yaml.parse(template + ".yaml", document).plain())));
        }
        return objects;
    }
}
