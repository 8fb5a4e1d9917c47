package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.project.OnStop;
import org.millwright.project.RolloutReader;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.scoring.signing.SigningKey;

/** A model at a deployment: version 1 in production, version 2 staged; time stands still unless told. */
abstract class ServingLine {
    static final Actor MIA = Actor.LOCAL;

    @TempDir
    Path folder;

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    final SigningKey key = SigningKey.generate();
    OnStop onStop = new OnStop.Previous();
    Set<String> revoked = new HashSet<>();
    Map<String, Instant> validUntil = new HashMap<>();
    Database database;
    Ledger ledger;
    Bundles bundles;
    Scorer scorer;
    Deployments deployments;
    RolloutJudge judge;
    Ids ids;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("millwright.db"));
        ids = Ids.seeded(clock, 1);
        ledger = TestLedger.open(database, clock, ids, folder);
        bundles = new Bundles(
                new Artifacts(folder.resolve("artifacts"), ids),
                folder.resolve("bundles"),
                () -> List.of(key.trusted()),
                ids);
        restart();
        stage("1");
        deployments.canary(MIA, "delays", 100, 1);
        send("first", 1);
        assertThat(deployments.get("delays").production()).contains("1");
        stage("2");
    }

    void restart() {
        var users = new Users(database, ledger, clock, ids);
        scorer = new Scorer(users.access(), clock, ids);
        deployments = new Deployments(
                database, ledger, users.access(), clock, bundles, scorer, new Cleared(), project -> onStop);
        judge = new RolloutJudge(deployments, scorer, Runnable::run);
        scorer.add(judge);
        deployments.restore();
    }

    /** Everything was approved, unless it was revoked since. */
    private final class Cleared implements Clearance {
        @Override
        public void require(String model, String version, String bundle) {
            if (revoked.contains(version)) {
                throw new Problem.Refused("The certificate of " + model + "/" + version + " was revoked", "");
            }
        }

        @Override
        public Optional<Instant> validUntil(String model, String version) {
            return Optional.ofNullable(validUntil.get(version));
        }
    }

    @AfterEach
    void close() {
        scorer.clear();
        database.close();
    }

    void begin(String plan) {
        deployments.begin(MIA, "delays", RolloutReader.parse("plan", plan));
    }

    Rollout.Trial trial() {
        return (Rollout.Trial) deployments.get("delays").rollout();
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    Set<String> send(String name, int requests) {
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < requests; i++) {
            versions.add(score(name + i, 0));
        }
        return versions;
    }

    String score(String id, int row) {
        var rows = TestBundles.rows().slice(row, row + 1);
        return scorer.score(
                        MIA,
                        "delays",
                        Optional.empty(),
                        new ScoringRequest(id, rows, List.of(), new long[0], List.of(), List.of()))
                .version();
    }

    void stage(String version) {
        Path bundle = TestBundles.write(
                folder.resolve("made" + version + ids.random()), version, TestBundles.expected(), key);
        String sha = bundles.keep(bundle).sha256();
        deployments.stage(MIA, new Target("delays", "flights", "delays", version, sha, 100));
    }
}
