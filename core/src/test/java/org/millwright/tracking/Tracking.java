package org.millwright.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

/** The tracking room on a database, wired for tests. */
public final class Tracking implements AutoCloseable {
    public static final Actor ANA =
            new Actor("u-ana", "ana", Actor.Kind.PERSON, true, Set.of(Role.DATA_SCIENTIST), Optional.empty());

    public final Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    public final Ids ids = Ids.seeded(clock, 1);
    public final Path folder;
    public final Database database;
    public final Ledger ledger;
    public final Users users;
    public final Artifacts artifacts;
    public final Experiments experiments;
    public final Runs runs;
    public final ArtifactTree tree;
    public final LoggedModels models;

    public Tracking(Database database) {
        this.database = database;
        try {
            this.folder = Files.createTempDirectory("millwright-test");
            this.ledger = TestLedger.open(database, clock, ids, folder);
            this.artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.users = new Users(database, ledger, clock, ids);
        this.experiments = new Experiments(database, ledger, clock, users.access());
        this.runs = new Runs(database, ledger, clock, ids, users.access(), experiments);
        this.tree = new ArtifactTree(database, ledger, clock, users.access(), artifacts);
        this.models = new LoggedModels(database, ledger, clock, ids, users.access(), experiments, tree);
    }

    /** The token of a step that runs as Ana. */
    public static Actor step(String run) {
        return new Actor("u-ana", "ana", Actor.Kind.STEP, true, Set.of(Role.DATA_SCIENTIST), Optional.of(run));
    }

    public Run run(String name) {
        return runs.create(ANA, new NewRun(Experiment.DEFAULT, name, "ana", clock.millis(), Map.of()));
    }

    @Override
    public void close() {
        database.close();
    }
}
