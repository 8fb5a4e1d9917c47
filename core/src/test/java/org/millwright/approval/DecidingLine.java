package org.millwright.approval;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.lineage.Certificates;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.Versions;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Runs;

/** A project with people, a model whose versions are handed off, and everything that decides about its releases. */
public final class DecidingLine implements AutoCloseable {
    /** A Tuesday. */
    public static final Instant BEGIN = Instant.parse("2026-03-03T09:00:00Z");

    public static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            performance: {metric: rmse, at-most: 40}
            """;

    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Tells how late a flight will arrive.
            owner: olga
            risk-tier: low
            data: []
            members: {ana: [data-scientist], olga: [ml-engineer], ben: [approver], mia: [approver]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            """;

    public final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    public final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    public final Database database;
    public final Ledger ledger;
    public final Users users;
    public final Artifacts artifacts;
    public final Runs runs;
    public final Projects projects;
    public final Agreements agreements;
    public final Models models;
    public final Versions versions;
    public final Certificates certificates;
    public final Approvals approvals;
    public final Inbox inbox;
    public final Findings findings;
    public final Releases releases;
    public final BreakGlass breakGlass;
    public final Deadlines deadlines;
    public final Actor ana;
    public final Actor olga;
    public final Actor ben;
    public final Actor mia;

    public DecidingLine(Database database, Path folder) {
        this.database = database;
        var ids = new Ids(clock);
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        var access = users.access();
        artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        var experiments = new Experiments(database, ledger, clock, access);
        runs = new Runs(database, ledger, clock, ids, access, experiments);
        var tree = new ArtifactTree(database, ledger, clock, access, artifacts);
        projects = new Projects(database, ledger, users, clock);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        models = new Models(database, ledger, clock, access);
        versions = new Versions(
                models, runs, new LoggedModels(database, ledger, clock, ids, access, experiments, tree), tree);
        certificates = new Certificates(database, ledger, artifacts, folder.resolve("bundles.pem"), clock);
        var deciding = new DecidingRooms(
                database,
                ledger,
                new Releases.Rooms(users, projects, agreements, models, versions, certificates),
                clock,
                ids);
        approvals = deciding.approvals;
        inbox = deciding.inbox;
        findings = deciding.findings;
        releases = deciding.releases;
        breakGlass = new BreakGlass(database, ledger, access, projects, approvals, releases, findings, clock);
        deadlines = new Deadlines(approvals, breakGlass, projects, agreements, clock);
        ana = person("ana", Role.DATA_SCIENTIST);
        olga = person("olga", Role.ML_ENGINEER);
        ben = person("ben", Role.APPROVER);
        mia = person("mia", Role.APPROVER);
        project("low", "");
        models.create(ana, "delays", Optional.empty(), Map.of(), Optional.of("delays"));
    }

    public Actor person(String name, Role... roles) {
        return user(name, Actor.Kind.PERSON, roles);
    }

    public Actor user(String name, Actor.Kind kind, Role... roles) {
        var user = users.add(Actor.LOCAL, name, name, kind, Set.of(roles), null);
        return new Actor(user.id(), name, kind, true, user.roles(), Optional.empty());
    }

    /** Puts a project file in force. */
    public void project(String tier, String release) {
        projects.request(
                ana,
                PROJECT.replace("risk-tier: low", "risk-tier: " + tier)
                        + (release.isEmpty() ? "" : "release: " + release + "\n"));
        if (projects.proposal("delays").isPresent()) {
            projects.approve(ben, "delays", "fine");
        }
    }

    /** Asks for another file of the project, which nobody decides about yet. */
    void change(String purpose) {
        projects.request(ana, PROJECT.replace("Tells how late a flight will arrive.", purpose));
    }

    public void agree(String text) {
        agreements.propose(ana, text);
        agreements.accept(olga, "delays", Optional.empty());
    }

    /** A version of ana's with a bundle and an agreeing hand-off. */
    public ModelVersion version() {
        return version(ana);
    }

    public ModelVersion version(Actor by) {
        return version(by, Optional.empty());
    }

    /** @param link the run of a pipeline that it came from */
    public ModelVersion version(Actor by, Optional<String> link) {
        ModelVersion made = versions.add(
                by,
                "delays",
                new NewVersion("s3://b/m", Optional.empty(), Optional.empty(), link, Optional.empty(), Map.of()));
        String digest = "%064d".formatted(made.version());
        versions.attachBundle(by, "delays", made.version(), new ModelVersion.BundleRef(digest, archive(made)));
        handOff(made, "a");
        return versions.get(by, "delays", made.version());
    }

    public String archive(ModelVersion version) {
        return "%064d".formatted(1_000 + version.version());
    }

    public void handOff(ModelVersion version, String report) {
        versions.attachHandOff(
                Actor.SYSTEM,
                "delays",
                version.version(),
                new ModelVersion.HandOff(true, 100, 0.001, 0, report, clock.millis(), List.of()));
    }

    /** Changes a row behind the back of the rooms. */
    public void edit(String sql) {
        database.write(() -> database.jdbc(sql, PreparedStatement::executeUpdate));
    }

    public Release ask(ModelVersion version) {
        return ask(ana, version);
    }

    public Release ask(Actor by, ModelVersion version) {
        return releases.request(
                by, "delays", version.version(), "", Json.object().put("commit", "abc"));
    }

    /** A release of a new version that is asked for. */
    public Release asked() {
        return ask(version());
    }

    public Release again(Release release) {
        return releases.get(release.id());
    }

    public Approvals.Decided approve(Actor by, Release release) {
        return inbox.decide(by, release.ref(), true, "good");
    }

    public void requireApproved(Release release) {
        ModelVersion version = versions.get(Actor.SYSTEM, "delays", release.version());
        releases.requireApproved("delays", Long.toString(release.version()), archive(version));
    }

    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    public void at(String instant) {
        now.set(Instant.parse(instant));
    }

    public List<String> story(Release release) {
        return ledger.about(release.ref()).stream().map(Entry::action).toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
