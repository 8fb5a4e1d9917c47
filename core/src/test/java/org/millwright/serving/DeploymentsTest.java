package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.project.OnStop;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.scoring.signing.SigningKey;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class DeploymentsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Actor MIA =
            new Actor("u-mia", "mia", Actor.Kind.PERSON, true, Set.of(Role.ML_ENGINEER), Optional.empty());
    private static final Actor ANA =
            new Actor("u-ana", "ana", Actor.Kind.PERSON, true, Set.of(Role.DATA_SCIENTIST), Optional.empty());

    private final Database database;
    private final SigningKey key = SigningKey.generate();
    private final Set<String> approved = new HashSet<>(Set.of("1", "2", "3"));

    @TempDir
    Path folder;

    private Ledger ledger;
    private Bundles bundles;
    private Scorer scorer;
    private Deployments deployments;
    private Artifacts artifacts;
    private Ids ids;
    private int made;

    DeploymentsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        ids = Ids.seeded(CLOCK, 1);
        ledger = TestLedger.open(database, CLOCK, ids, folder);
        artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        bundles = new Bundles(artifacts, folder.resolve("bundles"), () -> List.of(key.trusted()), ids);
        restart();
    }

    private void restart() {
        if (scorer != null) {
            scorer.clear();
        }
        var users = new Users(database, ledger, CLOCK, ids);
        scorer = new Scorer(users.access(), CLOCK, ids);
        deployments = new Deployments(
                database,
                ledger,
                users.access(),
                CLOCK,
                bundles,
                scorer,
                this::require,
                project -> new OnStop.Previous());
        scorer.add(new RolloutJudge(deployments, scorer, Runnable::run));
        deployments.restore();
    }

    private void require(String model, String version, String bundle) {
        if (!approved.contains(version)) {
            throw new Problem.Refused("No release of " + model + "/" + version + " was approved", "");
        }
    }

    @AfterEach
    void close() {
        scorer.clear();
        database.close();
    }

    @Test
    void whileAServerStartsNothingIsSaidToBeUnknown() {
        var starting = new Scorer(new Users(database, ledger, CLOCK, ids).access(), CLOCK, ids);
        assertThatThrownBy(() -> starting.score(MIA, "delays", Optional.empty(), request("r")))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("still being loaded");
        assertThatThrownBy(() -> scorer.score(MIA, "delays", Optional.empty(), request("r")))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void aVersionGoesThroughStagingAndCanaryToProductionAndBack() {
        stage("1", TestBundles.expected());
        assertThatThrownBy(() -> score("r")).isInstanceOf(Problem.Unavailable.class);
        assertThat(scorer.score(MIA, "delays", Optional.of("1"), request("r")).version())
                .isEqualTo("1");
        deployments.canary(MIA, "delays", 25, 10);
        send(10);
        assertThat(deployments.get("delays").production()).contains("1");

        stage("2", TestBundles.expected());
        deployments.canary(MIA, "delays", 25, 50);
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < 400 && deployments.get("delays").candidate().isPresent(); i++) {
            versions.add(score("entity-" + i).version());
        }
        assertThat(versions).containsExactlyInAnyOrder("1", "2");
        assertThat(deployments.get("delays").production()).contains("2");
        assertThat(deployments.get("delays").previous()).contains("1");

        deployments.rollBack(MIA, "delays", "passengers complained");
        assertThat(score("r").version()).isEqualTo("1");
        assertThat(deployments.version("delays", "2").reason()).isEqualTo("passengers complained");
        assertThatThrownBy(() -> stage("2", TestBundles.expected()))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("passengers complained");
        assertThat(ledger.about("model:delays/2"))
                .extracting(Entry::action)
                .containsExactly(
                        "deployment.staged",
                        "deployment.canary-started",
                        "deployment.promoted",
                        "deployment.rolled-back");
    }

    @Test
    void everythingIsThereAfterARestart() {
        produce("1");
        stage("2", TestBundles.expected());
        deployments.canary(MIA, "delays", 50, 1_000);
        Set<String> before = answering();
        restart();
        assertThat(answering()).isEqualTo(before).hasSize(2);
        assertThat(deployments.faults()).isEmpty();
    }

    @Test
    void theSameKeyAlwaysMeetsTheSameVersionInAboutTheAskedShare() {
        produce("1");
        stage("2", TestBundles.expected());
        deployments.canary(MIA, "delays", 30, 1_000_000);
        int second = 0;
        for (int i = 0; i < 2_000; i++) {
            String version = score("entity-" + i).version();
            assertThat(score("entity-" + i).version()).isEqualTo(version);
            second += version.equals("2") ? 1 : 0;
        }
        assertThat(second / 2_000.0).isCloseTo(0.3, within(0.04));
    }

    @Test
    void whatDoesNotPredictAsRecordedIsNotStaged() {
        double[] wrong = TestBundles.expected();
        wrong[3] += 1;
        assertThatThrownBy(() -> stage("1", wrong))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("smoke test failed: 1 of 50");
        assertThat(deployments.find("delays")).isEmpty();
        assertThat(ledger.about("deployment:delays"))
                .extracting(Entry::action)
                .containsExactly("deployment.staging-refused");
    }

    @Test
    void alteredUnapprovedAndIncompatibleBundlesAreNotServed() throws Exception {
        Path altered = bundle("1", TestBundles.expected());
        Files.writeString(altered.resolve("stowaway"), "x");
        String sha = bundles.keep(altered).sha256();
        assertThatThrownBy(() -> deployments.stage(MIA, target("1", sha)))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("'stowaway'");

        approved.remove("3");
        assertThatThrownBy(() -> stage("3", TestBundles.expected())).hasMessageContaining("approved");

        String other = bundles.keep(bundle("2", TestBundles.expected())).sha256();
        assertThatThrownBy(() -> deployments.stage(MIA, target("1", other))).hasMessageContaining("made for delays/2");

        produce("1");
        var stranger = new Signature(
                List.of(Signature.Column.of("distance", DataType.DOUBLE), Signature.Column.of("new", DataType.DOUBLE)),
                List.of(Signature.Column.of("prediction", DataType.DOUBLE)));
        Path needsMore = TestBundles.write(
                folder.resolve("more"), "fixed.onnx", stranger, "2", new double[50], key, strangerRows());
        String more = bundles.keep(needsMore).sha256();
        assertThatThrownBy(() -> deployments.stage(MIA, target("2", more))).hasMessageContaining("column 'new'");
    }

    @Test
    void aModelInItsLibrarysOwnFormIsDeployedLikeAnother() {
        Path wrong = TestBundles.trees(folder.resolve("wrong"), "1", 0.5, key);
        String sha = bundles.keep(wrong).sha256();
        assertThatThrownBy(() -> deployments.stage(MIA, target("1", sha))).isInstanceOf(Problem.Refused.class);
        Path right = TestBundles.trees(folder.resolve("right"), "1", 0, key);
        deployments.stage(MIA, target("1", bundles.keep(right).sha256()));
        deployments.canary(MIA, "delays", 100, 5);
        send(5);
        assertThat(deployments.get("delays").production()).contains("1");
        restart();
        assertThat(score("r").version()).isEqualTo("1");
        assertThat(scorer.platform(MIA, "delays", Optional.empty())).isEqualTo("xgboost_ubj");
    }

    @Test
    void rightsAreChecked() {
        String sha = bundles.keep(bundle("1", TestBundles.expected())).sha256();
        assertThatThrownBy(() -> deployments.stage(ANA, target("1", sha))).isInstanceOf(Problem.Denied.class);
        produce("1");
        assertThatThrownBy(() -> deployments.rollBack(ANA, "delays", "because")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> deployments.rollBack(MIA, "delays", " ")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> deployments.rollBack(MIA, "delays", "why")).hasMessageContaining("no version before");
        stage("2", TestBundles.expected());
        deployments.canary(MIA, "delays", 10, 100);
        assertThatThrownBy(() -> deployments.promote(MIA, "delays")).hasMessageContaining("0 of 100");
    }

    @Test
    void aFailingCanaryIsTakenBackByItself() {
        produce("1");
        double[] distances = new double[50];
        for (int i = 0; i < 50; i++) {
            distances[i] = TestBundles.rows().doubles("distance")[i];
        }
        Path failing = TestBundles.write(
                folder.resolve("failing"),
                "fixed.onnx",
                TestBundles.SIGNATURE,
                "2",
                distances,
                key,
                TestBundles.rows());
        deployments.stage(MIA, target("2", bundles.keep(failing).sha256()));
        deployments.canary(MIA, "delays", 100, 200);
        int failures = 0;
        for (int i = 0; i < 60 && deployments.get("delays").candidate().isPresent(); i++) {
            try {
                score("r" + i);
            } catch (ModelFailure e) {
                failures++;
            }
        }
        assertThat(failures).isEqualTo(20);
        assertThat(score("r").version()).isEqualTo("1");
        assertThat(deployments.version("delays", "2").reason()).contains("failed 20 of 20");
    }

    @Test
    void requestsInFlightNeverFailWhileVersionsSwap() throws Exception {
        produce("1");
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                clients.add(threads.submit(() -> {
                    int sent = 0;
                    for (; !stop.get(); sent++) {
                        score("r" + sent);
                    }
                    return sent;
                }));
            }
            for (int v = 2; v <= 51; v++) {
                approved.add(Integer.toString(v));
                stage(Integer.toString(v), TestBundles.expected());
                deployments.canary(MIA, "delays", 50, 1);
                deployments.rollBack(MIA, "delays", "swap " + v);
            }
            stop.set(true);
            for (Future<Integer> client : clients) {
                assertThat(client.get(30, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    @Test
    void listenersHearOfEachAnswerOnceWithItsIds() {
        var seen = new CopyOnWriteArrayList<Scored>();
        scorer.add(seen::add);
        produce("1");
        seen.clear();
        var request = new ScoringRequest(
                "r", TestBundles.rows().slice(0, 2), List.of("a", "b"), new long[] {5}, List.of(), List.of());
        scorer.score(MIA, "delays", Optional.empty(), request);
        scorer.score(
                MIA,
                "delays",
                Optional.empty(),
                new ScoringRequest("s", TestBundles.rows().slice(0, 2), List.of(), new long[0], List.of(), List.of()));
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).ids()).containsExactly("a", "b");
        assertThat(seen.get(0).times()).containsExactly(5, 5);
        assertThat(seen.get(1).ids()).containsExactly("s/0", "s/1");
        assertThat(seen.get(1).times()).containsOnly(CLOCK.millis());
        assertThat(scorer.traffic("delays").get("1").total().rows()).isGreaterThanOrEqualTo(4);
    }

    private static Frame strangerRows() {
        return Frame.of(50)
                .doubles("distance", new double[50])
                .doubles("new", new double[50])
                .build();
    }

    private Set<String> answering() {
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            versions.add(score("k" + i).version());
        }
        return versions;
    }

    private void produce(String version) {
        stage(version, TestBundles.expected());
        deployments.canary(MIA, "delays", 100, 1);
        send(1);
        assertThat(deployments.get("delays").production()).contains(version);
    }

    private void send(int requests) {
        for (int i = 0; i < requests; i++) {
            score("request-" + i);
        }
    }

    private Answer score(String id) {
        return scorer.score(MIA, "delays", Optional.empty(), request(id));
    }

    private static ScoringRequest request(String id) {
        return new ScoringRequest(id, TestBundles.rows().slice(0, 1), List.of(), new long[0], List.of(), List.of());
    }

    private void stage(String version, double[] expected) {
        deployments.stage(
                MIA, target(version, bundles.keep(bundle(version, expected)).sha256()));
    }

    private static Target target(String version, String sha) {
        return new Target("delays", "flights", "delays", version, sha, 100);
    }

    private Path bundle(String version, double[] expected) {
        return TestBundles.write(folder.resolve("made" + made++), version, expected, key);
    }
}
