package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.scoring.Python;

/** Manifests, held against the schemas of Kubernetes, which refuse what they do not know. */
class KubernetesCommandTest {
    private static final Python PYTHON = Python.with("kubernetes-validate-1.37.0", "kubernetes-validate==1.37.0");
    /** The oldest and the newest Kubernetes that are promised. */
    private static final List<String> VERSIONS = List.of("1.29", "1.37");

    private static final String SMALL = """
            apiVersion: millwright/v1
            kind: Kubernetes
            image: registry.example.com/millwright:0.1.0
            scorers:
              - name: scorers
            """;
    private static final String LARGE = """
            apiVersion: millwright/v1
            kind: Kubernetes
            name: mw
            namespace: ml
            image: registry.example.com/millwright@sha256:0123456789abcdef
            control-plane:
              storage: 100Gi
              storage-class: fast
              database: jdbc:postgresql://postgres.data.svc:5432/millwright?sslmode=require
              resources: {cpu: "4", memory: 8Gi}
              clients: [ingress]
            scorers:
              - name: scorers
                replicas: {min: 3, max: 30, cpu: 60}
                clients: [shop, web]
                hosts: [ml.example.com]
              - name: board
                deployments: [flight-delays, gates]
                replicas: {min: 1, max: 1}
                resources: {cpu: 250m, memory: 512Mi}
            """;

    @TempDir
    Path folder;

    @Test
    void everyManifestIsOneThatKubernetesKnows() throws IOException {
        for (String file : List.of(
                SMALL,
                LARGE,
                LARGE.replace("namespace: ml", "namespace: ml\nreconcile: true"),
                SMALL.replace("scorers:", "server: https://mw.example.com\nscorers:"))) {
            Result result = manifests(file, "yaml");
            assertThat(result.exit()).as(result.err()).isZero();
            Path written = Files.writeString(folder.resolve("all.yaml"), result.out());
            for (String version : VERSIONS) {
                Python.Result checked =
                        PYTHON.script("kubernetes-validate", "-k", version, "--strict", written.toString());
                assertThat(checked.code()).as(checked.output()).isZero();
            }
        }
        Path wrong = Files.writeString(
                folder.resolve("wrong.yaml"),
                manifests(SMALL, "yaml").out().replace("terminationGracePeriodSeconds", "terminationGrace"));
        assertThat(PYTHON.script("kubernetes-validate", "-k", "1.37", "--strict", wrong.toString())
                        .code())
                .as("the check finds mistakes")
                .isNotZero();
    }

    @Test
    void podsAreRestrictedProbedAndApart() throws IOException {
        Map<String, JsonNode> objects = objects(LARGE);
        assertThat(objects.keySet())
                .contains(
                        "Namespace/ml",
                        "StatefulSet/mw",
                        "Service/mw",
                        "NetworkPolicy/mw",
                        "Deployment/mw-scorers",
                        "HorizontalPodAutoscaler/mw-scorers",
                        "PodDisruptionBudget/mw-scorers",
                        "NetworkPolicy/mw-scorers",
                        "ServiceAccount/mw-board",
                        "Deployment/mw-board")
                .doesNotContain("HorizontalPodAutoscaler/mw-board", "Role/mw");
        for (String pod : List.of("StatefulSet/mw", "Deployment/mw-scorers", "Deployment/mw-board")) {
            JsonNode spec = objects.get(pod).at("/spec/template/spec");
            JsonNode container = spec.at("/containers/0");
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                    .isEqualTo("ALL");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.at("/" + probe + "/httpGet/path").asText()).startsWith("/");
            }
            assertThat(objects.get(pod).at("/spec/selector/matchLabels")).isEqualTo(selected(objects.get(pod)));
        }
        JsonNode plane = objects.get("StatefulSet/mw").at("/spec/template/spec/containers/0");
        assertThat(plane.at("/args/1").asText()).isEqualTo("--database");
        assertThat(plane.at("/args/2").asText()).endsWith("/millwright?sslmode=require");
        assertThat(plane.at("/env").findValuesAsText("key")).containsExactly("user", "password");
        assertThat(plane.at("/env/1/valueFrom/secretKeyRef/name").asText()).isEqualTo("mw-database");
        JsonNode egress = objects.get("NetworkPolicy/mw-scorers").at("/spec/egress/1");
        assertThat(egress.at("/to/0/podSelector/matchLabels/app.kubernetes.io~1component")
                        .asText())
                .isEqualTo("control-plane");
        JsonNode scorer = objects.get("Deployment/mw-scorers").at("/spec");
        assertThat(scorer.has("replicas")).as("the autoscaler's").isFalse();
        JsonNode environment = scorer.at("/template/spec/containers/0/env/0");
        assertThat(environment.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("mw-scorer");
        assertThat(words(scorer)).containsSequence("--server", "http://mw.ml.svc:5000");
        assertThat(words(scorer)).last().asString().endsWith(".svc.cluster.local,ml.example.com");
        JsonNode board = objects.get("Deployment/mw-board").at("/spec");
        assertThat(board.path("replicas").asInt()).isEqualTo(1);
        assertThat(words(board)).containsSequence("--deployments", "flight-delays,gates");
        JsonNode scaling = objects.get("HorizontalPodAutoscaler/mw-scorers").at("/spec");
        assertThat(scaling.path("maxReplicas").asInt()).isEqualTo(30);
        assertThat(objects.get("NetworkPolicy/mw-scorers").toString())
                .contains("\"kubernetes.io/metadata.name\":\"shop\"")
                .contains("\"port\":5000");
    }

    /** What a container is told is what mw takes. */
    @Test
    void containersAreStartedWithOptionsThatExist() throws IOException {
        var commands = new DocCommands();
        objects(LARGE.replace("namespace: ml", "namespace: ml\nreconcile: true"))
                .forEach((name, object) -> commands.read(name, "mw " + String.join(" ", words(object.path("spec")))));
        objects(LARGE).forEach((name, object) -> {
            List<String> words = words(object.path("spec"));
            if (!words.isEmpty()) {
                commands.read(name, "mw " + String.join(" ", words));
            }
        });
        assertThat(commands.mistakes()).isEmpty();
    }

    @Test
    void whereTheControlPlaneReconcilesItIsGivenTheFileAndTheRightToIt() throws IOException {
        String file = LARGE.replace("namespace: ml", "namespace: ml\nreconcile: true");
        Map<String, JsonNode> objects = objects(file);
        assertThat(objects.keySet())
                .contains("Role/mw", "RoleBinding/mw", "ConfigMap/mw")
                .noneMatch(name -> name.startsWith("Deployment/"));
        assertThat(objects.get("ConfigMap/mw")
                        .at("/data")
                        .path("kubernetes.yaml")
                        .asText())
                .isEqualTo(file);
        JsonNode pod = objects.get("StatefulSet/mw").at("/spec/template/spec");
        assertThat(pod.path("automountServiceAccountToken").asBoolean()).isTrue();
        assertThat(words(objects.get("StatefulSet/mw").path("spec")))
                .containsSequence("--kubernetes", "/etc/millwright/kubernetes.yaml");
    }

    @Test
    void allMistakesOfAFileAreToldAtOnceWithTheirLines() {
        Result result = manifests("""
                apiVersion: millwright/v1
                kind: Kubernetes
                image: "a b"
                replicas: 2
                control-plane:
                  database: jdbc:postgresql://db/mw?user=ana&password=s3cret
                scorers:
                  - name: Board
                    replicas: {min: 3, max: 2, cpu: 500}
                    resources: {memory: much}
                    deployments: ["a,b"]
                    hosts: ["x y"]
                """, "yaml");
        assertThat(result.exit()).isEqualTo(Exit.USAGE);
        assertThat(result.err())
                .contains("kubernetes.yaml:3: image: expected a container image")
                .contains("kubernetes.yaml:4: replicas: unknown key 'replicas'")
                .contains("expected a name of a-z")
                .contains("without user and password")
                .contains("min 3, max 2")
                .contains("cpu 500")
                .contains("expected bytes such as 1Gi")
                .contains("'a,b'")
                .contains("'x y' (expected: a host name");
        assertThat(manifests("", "yaml").err()).contains("the file is empty");
    }

    private Result manifests(String file, String form) {
        try {
            Files.writeString(folder.resolve("kubernetes.yaml"), file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Terminal.mw(Map.of(), folder, "kubernetes", "manifests", "-o", form);
    }

    private Map<String, JsonNode> objects(String file) {
        Result result = manifests(file, "json");
        assertThat(result.exit()).as(result.err()).isZero();
        var objects = new TreeMap<String, JsonNode>();
        result.json().path("items").forEach(object -> {
            String name = object.path("kind").asText() + "/"
                    + object.at("/metadata/name").asText();
            assertThat(objects.put(name, object)).as(name).isNull();
        });
        return objects;
    }

    /** The labels of the pods, as far as the selector names them. */
    private static JsonNode selected(JsonNode object) {
        JsonNode labels = object.at("/spec/template/metadata/labels");
        var names = new TreeSet<String>();
        object.at("/spec/selector/matchLabels").fieldNames().forEachRemaining(names::add);
        return ((com.fasterxml.jackson.databind.node.ObjectNode) labels.deepCopy()).retain(names);
    }

    private static List<String> words(JsonNode spec) {
        var words = new ArrayList<String>();
        spec.at("/template/spec/containers/0/args").forEach(word -> words.add(word.asText()));
        return words;
    }
}
