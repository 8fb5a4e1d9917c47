package org.millwright.engines.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kubernetes.ClusterApi;
import org.millwright.kubernetes.ClusterFile;
import org.millwright.kubernetes.Reconciler;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

/** Against the client's own double of an API server, which keeps what it is given. */
class ReconcilerTest {
    private static final String FILE = """
            apiVersion: millwright/v1
            kind: Kubernetes
            name: mw
            image: registry.example.com/millwright:0.1.0
            reconcile: true
            scorers:
              - name: scorers
                replicas: {min: 2, max: 10}
            """;

    @TempDir
    Path folder;

    private KubernetesMockServer server;
    private ClusterApi cluster;
    private Database database;
    private Ledger ledger;

    @BeforeEach
    void open() {
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
        server.init();
        KubernetesClient client = server.createClient();
        cluster = new Fabric8Cluster(client, "mw");
        database = Database.sqlite(folder.resolve("millwright.db"));
        Clock clock = Clock.systemUTC();
        ledger = TestLedger.open(database, clock, new Ids(clock), folder);
    }

    @AfterEach
    void close() {
        cluster.close();
        database.close();
        server.destroy();
    }

    private List<String> reconcile(String file) {
        return new Reconciler(cluster, ClusterFile.parse(file), database, ledger).reconcile();
    }

    private ObjectNode find(ClusterApi.Kind kind, String name) throws ClusterApi.Failed {
        return cluster.find(kind, name).orElseThrow();
    }

    @Test
    void makesWhatIsDeclaredOnceAndNotesIt() throws ClusterApi.Failed {
        assertThat(reconcile(FILE))
                .containsExactly(
                        "created ServiceAccount/mw-scorers",
                        "created Service/mw-scorers",
                        "created NetworkPolicy/mw-scorers",
                        "created Deployment/mw-scorers",
                        "created PodDisruptionBudget/mw-scorers",
                        "created HorizontalPodAutoscaler/mw-scorers");
        assertThat(reconcile(FILE)).isEmpty();
        assertThat(ledger.size()).isEqualTo(1);
        ObjectNode deployment = find(ClusterApi.Kind.DEPLOYMENT, "mw-scorers");
        assertThat(deployment
                        .at("/metadata/labels/app.kubernetes.io~1managed-by")
                        .asText())
                .isEqualTo("millwright");
        assertThat(deployment.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("registry.example.com/millwright:0.1.0");
    }

    @Test
    void putsRightWhatWasChangedAndLeavesWhatTheClusterAdds() throws ClusterApi.Failed {
        reconcile(FILE);
        ObjectNode deployment = find(ClusterApi.Kind.DEPLOYMENT, "mw-scorers");
        deployment.withObject("/spec").put("replicas", 7).put("revisionHistoryLimit", 3);
        ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
        container.put("imagePullPolicy", "Always");
        cluster.replace(deployment);
        assertThat(reconcile(FILE)).as("the autoscaler's and the cluster's own").isEmpty();

        deployment = find(ClusterApi.Kind.DEPLOYMENT, "mw-scorers");
        container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
        container.put("image", "registry.example.com/other");
        container.withArray("/args").add("--data");
        cluster.replace(deployment);
        assertThat(reconcile(FILE)).containsExactly("changed Deployment/mw-scorers");
        ObjectNode mended = find(ClusterApi.Kind.DEPLOYMENT, "mw-scorers");
        assertThat(mended.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("registry.example.com/millwright:0.1.0");
        assertThat(mended.at("/spec/template/spec/containers/0/args").toString())
                .doesNotContain("--data");
        assertThat(mended.at("/spec/template/spec/containers/0/imagePullPolicy").asText())
                .isEqualTo("Always");
        assertThat(mended.at("/spec/replicas").asInt()).isEqualTo(7);

        cluster.delete(ClusterApi.Kind.SERVICE, "mw-scorers");
        assertThat(reconcile(FILE.replace("0.1.0", "0.2.0")))
                .containsExactly("created Service/mw-scorers", "changed Deployment/mw-scorers");
    }

    @Test
    void deletesWhatIsNoLongerWantedAndNothingElse() throws ClusterApi.Failed {
        reconcile(FILE);
        ObjectNode foreign = find(ClusterApi.Kind.SERVICE, "mw-scorers");
        foreign.withObject("/metadata").put("name", "shop").remove(List.of("resourceVersion", "uid"));
        foreign.withObject("/metadata/labels").put("app.kubernetes.io/managed-by", "somebody");
        cluster.create(foreign);
        ObjectNode other = foreign.deepCopy();
        other.withObject("/metadata").put("name", "second-millwright");
        other.withObject("/metadata/labels")
                .put("app.kubernetes.io/managed-by", "millwright")
                .put("app.kubernetes.io/part-of", "other");
        cluster.create(other);

        assertThat(reconcile(FILE.replace("max: 10", "max: 2")))
                .containsExactly("changed Deployment/mw-scorers", "deleted HorizontalPodAutoscaler/mw-scorers");
        assertThat(reconcile(FILE.replace("name: scorers", "name: board")))
                .filteredOn(done -> done.startsWith("deleted"))
                .containsExactlyInAnyOrder(
                        "deleted ServiceAccount/mw-scorers",
                        "deleted Service/mw-scorers",
                        "deleted NetworkPolicy/mw-scorers",
                        "deleted Deployment/mw-scorers",
                        "deleted PodDisruptionBudget/mw-scorers");
        assertThat(cluster.find(ClusterApi.Kind.SERVICE, "shop")).isPresent();
        assertThat(cluster.find(ClusterApi.Kind.SERVICE, "second-millwright")).isPresent();
    }

    @Test
    void leavesAnObjectOfTheSameNameThatSomebodyElseMade() throws ClusterApi.Failed {
        reconcile(FILE);
        ObjectNode service = find(ClusterApi.Kind.SERVICE, "mw-scorers");
        service.withObject("/metadata/labels").put("app.kubernetes.io/managed-by", "helm");
        service.withObject("/spec").put("type", "LoadBalancer");
        cluster.replace(service);
        var reconciler = new Reconciler(cluster, ClusterFile.parse(FILE), database, ledger);
        assertThat(reconciler.reconcile()).isEmpty();
        assertThat(reconciler.faults())
                .containsExactly("Service/mw-scorers: somebody else made it, so it stays as it is");
        reconciler.reconcile();
        assertThat(ledger.about("kubernetes:mw"))
                .as("made, then told once what is wrong")
                .extracting(entry -> entry.details().path("wrong").size())
                .containsExactly(0, 1);
        assertThat(find(ClusterApi.Kind.SERVICE, "mw-scorers").at("/spec/type").asText())
                .isEqualTo("LoadBalancer");
    }

    @Test
    void aClusterThatIsAwayIsToldAndTriedAgain() throws ClusterApi.Failed {
        reconcile(FILE);
        try (var away = new Fabric8Cluster(
                new KubernetesClientBuilder()
                        .withConfig(new io.fabric8.kubernetes.client.ConfigBuilder()
                                .withMasterUrl("http://127.0.0.1:1")
                                .withRequestRetryBackoffLimit(0)
                                .build())
                        .build(),
                "mw")) {
            var reconciler = new Reconciler(away, ClusterFile.parse(FILE), database, ledger);
            assertThat(reconciler.reconcile()).isEmpty();
            assertThat(reconciler.faults()).hasSize(7).allMatch(fault -> fault.contains("the cluster's API said"));
        }
        assertThat(reconcile(FILE)).isEmpty();
    }
}
