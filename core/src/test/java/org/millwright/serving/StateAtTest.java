package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millwright.approval.Approvals;
import org.millwright.approval.Findings;
import org.millwright.approval.Inbox;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.approval.WaitingAgreements;
import org.millwright.approval.WaitingProjects;
import org.millwright.artifact.Artifacts;
import org.millwright.history.Fact;
import org.millwright.history.History;
import org.millwright.history.State;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Evidence.Material;
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

/** What the rooms said at a time is what the ledger tells of that time: over a random walk of real changes. */
class StateAtTest extends ServingLine {
    private static final int STEPS = 220;
    private static final List<String> ALIASES = List.of("champion", "challenger", "tried");
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            """;
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: flights
            purpose: Predict delays
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            """;

    private Projects projects;
    private Agreements agreements;
    private Models models;
    private Versions versions;
    private Certificates certificates;
    private Inbox inbox;
    private Releases releases;
    private History history;
    private Actor ana;
    private Actor mia;
    private Actor ben;
    private int registered;
    private int agreed;

    /** What the rooms said after a step. */
    private record Said(long at, long size, Map<String, String> facts) {}

    @BeforeEach
    void compose() {
        var users = new Users(database, ledger, clock, ids);
        var access = users.access();
        projects = new Projects(database, ledger, users, clock);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        var experiments = new Experiments(database, ledger, clock, access);
        var runs = new Runs(database, ledger, clock, ids, access, experiments);
        var artifacts = new Artifacts(folder.resolve("files"), ids);
        var tree = new ArtifactTree(database, ledger, clock, access, artifacts);
        models = new Models(database, ledger, clock, access);
        var logged = new LoggedModels(database, ledger, clock, ids, access, experiments, tree);
        versions = new Versions(models, runs, logged, tree);
        certificates = new Certificates(database, ledger, artifacts, folder.resolve("keys/bundles.pem"), clock);
        var approvals = new Approvals(database, ledger, users, projects, clock, ids);
        inbox = new Inbox(database, approvals, clock);
        inbox.add(new WaitingProjects(projects, clock));
        inbox.add(new WaitingAgreements(agreements, clock));
        var findings = new Findings(database, ledger, users, projects, models, versions, approvals, clock, ids);
        releases = new Releases(
                database,
                ledger,
                access,
                projects,
                agreements,
                models,
                versions,
                approvals,
                findings,
                certificates,
                clock,
                ids);
        history = new History(database, ledger, access, clock);
        ana = person(users, "ana", Role.DATA_SCIENTIST);
        mia = person(users, "mia", Role.ML_ENGINEER);
        ben = person(users, "ben", Role.APPROVER);
        pass(Duration.ofMinutes(1));
        projects.request(ana, PROJECT);
        projects.approve(ben, "flights", "fine");
        models.create(Actor.LOCAL, "delays", Optional.empty(), Map.of(), Optional.of("flights"));
    }

    private static Actor person(Users users, String name, Role... roles) {
        users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(roles), null);
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(roles), Optional.empty());
    }

    @Test
    void theLedgerTellsWhatTheRoomsSaid() {
        var random = new Random(7);
        register();
        register();
        var said = new ArrayList<Said>();
        for (int i = 0; i < STEPS; i++) {
            pass(Duration.ofSeconds(1 + random.nextInt(100)));
            step(random);
            said.add(new Said(clock.millis(), ledger.size(), said()));
        }
        assertThat(said.stream().map(Said::facts).distinct().count()).isGreaterThan(STEPS / 4);
        for (Said then : said) {
            assertThat(told(Optional.of(then.at()), then.size()))
                    .as("after %s entries", then.size())
                    .isEqualTo(then.facts());
        }
        assertThat(told(Optional.empty(), ledger.size()))
                .isEqualTo(said.getLast().facts());
        for (String ref : refs()) {
            eachFactIsToldByItsEntry(history.at(ana, ref, Optional.empty()).asset());
        }
        assertThat(ledger.verify().entries()).isEqualTo(ledger.size());
        noLeafNamesAnybody();
    }

    @Test
    void theDifferenceBetweenTwoMomentsNamesWhatBeganAndEnded() {
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 1);
        long before = clock.millis();
        pass(Duration.ofHours(1));
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 2);
        models.setAlias(Actor.LOCAL, "delays", "tried", 1);
        certify(2);

        List<History.Change> changes = History.changes(
                history.at(ana, "model:delays", Optional.of(before)),
                history.at(ana, "model:delays", Optional.empty()));

        assertThat(changes)
                .filteredOn(change -> change.ref().equals("model:delays"))
                .extracting(change -> change.name() + " "
                        + change.before().map(fact -> fact.value().asText()).orElse("-") + " "
                        + change.after().map(fact -> fact.value().asText()).orElse("-"))
                .contains("alias.champion 1 2", "alias.tried - 1");
        Fact data = history.at(ana, "model:delays/2", Optional.empty())
                .asset()
                .fact("data")
                .orElseThrow();
        assertThat(data.value().toString())
                .isEqualTo("[{\"ref\":\"dataset:flights@2\",\"sha256\":\"" + "2".repeat(64) + "\"}]");
    }

    @Test
    void timesToComeAndTurnedRoundAreRefused() {
        register();
        long now = clock.millis();
        pass(Duration.ofHours(1));
        assertThatThrownBy(() -> history.at(ana, "model:delays", Optional.of(clock.millis() + 1)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("is still to come");
        History.Moment then = history.at(ana, "model:delays", Optional.of(now));
        History.Moment later = history.at(ana, "model:delays", Optional.empty());
        assertThatThrownBy(() -> History.changes(later, then))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("the earlier time first");
    }

    @Test
    void aReleaseThatIsAskedForAgainTellsNoFactWithoutAName() {
        register();
        database.write(() -> ledger.append(
                ana,
                "release.requested",
                List.of("release:x", "model:delays/1", "model:delays"),
                Json.object().put("note", "").put("before", "LAPSED")));
        assertThat(history.at(ana, "model:delays", Optional.empty()).asset().facts())
                .doesNotContainKey("deployment.");
    }

    @Test
    void aModelKeepsItsPastWhenItIsRenamed() {
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 1);
        certify(1);
        pass(Duration.ofHours(1));
        models.rename(Actor.LOCAL, "delays", "lateness");
        pass(Duration.ofHours(1));
        models.setAlias(Actor.LOCAL, "lateness", "tried", 1);

        State renamed = history.at(ana, "model:lateness", Optional.empty()).asset();
        assertThat(renamed.text("alias.champion")).isEqualTo("1");
        assertThat(renamed.text("alias.tried")).isEqualTo("1");
        assertThat(renamed.text("project")).isEqualTo("flights");
        assertThat(history.at(ana, "model:delays", Optional.empty())
                        .asset()
                        .facts()
                        .keySet())
                .containsExactly("project", "renamed");
        assertThat(history.at(ana, "model:lateness/1", Optional.empty()).asset().fact("certificate"))
                .isPresent();
    }

    private void noLeafNamesAnybody() {
        Pattern names = Pattern.compile("\\b(ana|mia|ben)\\b|@example", Pattern.CASE_INSENSITIVE);
        List<Entry> all = ledger.from(0, 10_000);
        assertThat(all)
                .filteredOn(entry -> names.matcher(entry.details().toString()).find())
                .extracting(Entry::action)
                .contains("project.requested", "deployment.rolled-back", "certificate.revoked", "approval.approved");
        assertThat(all).noneMatch(entry -> names.matcher(entry.leaf()).find());
    }

    private void eachFactIsToldByItsEntry(State state) {
        for (Fact fact : state.facts().values()) {
            State alone = State.nothing(state.ref())
                    .apply(ledger.from(fact.index(), 1).getFirst());
            assertThat(alone.fact(fact.name())).contains(fact);
        }
    }

    private void step(Random random) {
        long version = 1 + random.nextInt(registered);
        String alias = ALIASES.get(random.nextInt(ALIASES.size()));
        try {
            switch (random.nextInt(16)) {
                case 0 -> register();
                case 1, 2 -> models.setAlias(Actor.LOCAL, "delays", alias, version);
                case 3 -> models.deleteAlias(Actor.LOCAL, "delays", alias);
                case 4 ->
                    versions.setStage(
                            Actor.LOCAL,
                            "delays",
                            version,
                            random.nextBoolean() ? "Production" : "Staging",
                            random.nextBoolean());
                case 5, 6 -> stage(Long.toString(version));
                case 7 -> deployments.canary(MIA, "delays", 10 + random.nextInt(80), 1 + random.nextInt(8));
                case 8, 9 -> send("entity" + random.nextInt(1_000), 30);
                case 10 -> deployments.rollBack(MIA, "delays", "Why not, asks Mia.");
                case 11 -> certify(version);
                case 12 ->
                    certificates.revoke(mia, "model:delays/" + version, "Bad data, says ben@example.org", List.of());
                case 13 -> releases.request(ana, "delays", version, "", Json.object());
                case 14 -> decide(random);
                default -> rare(random);
            }
        } catch (Problem e) {
            // The room refused: nothing may have changed.
        }
    }

    private void rare(Random random) {
        switch (random.nextInt(5)) {
            case 0 -> deployments.stop(MIA, "delays", "Smoke seen by ben");
            case 1 -> deployments.resume(MIA, "delays", "fine again");
            case 2 -> projects.pause(mia, "flights", "Holidays of ANA");
            case 3 -> projects.resume(mia, "flights", "back");
            default -> {
                agreements.propose(ana, AGREEMENT + "performance: {metric: rmse, at-most: " + ++agreed + "}\n");
                agreements.accept(mia, "delays", Optional.empty());
            }
        }
    }

    private void decide(Random random) {
        Optional<Release> waiting = releases.list(100).stream()
                .filter(release -> release.state() == Release.State.REQUESTED)
                .findFirst();
        waiting.ifPresent(release -> inbox.decide(ben, release.ref(), random.nextInt(3) > 0, "Because of ana"));
    }

    private void register() {
        registered++;
        versions.add(
                Actor.LOCAL,
                "delays",
                new NewVersion(
                        "s3://elsewhere/" + registered,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
        versions.attachBundle(
                Actor.LOCAL, "delays", registered, new ModelVersion.BundleRef("b" + registered, "a" + registered));
        versions.attachHandOff(
                Actor.LOCAL,
                "delays",
                registered,
                new ModelVersion.HandOff(true, 200, 1e-6, 0, "r" + registered, clock.millis(), List.of()));
    }

    private void certify(long version) {
        try {
            Path made = folder.resolve("certified" + version);
            if (!Files.exists(made)) {
                Files.createDirectories(made);
                Files.writeString(made.resolve("model.onnx"), "onnx " + version);
            }
            certificates.certify(
                    mia,
                    "model:delays/" + version,
                    made,
                    new org.millwright.lineage.Evidence(
                            "flights",
                            "train",
                            "r-" + version,
                            Map.of(),
                            List.of(Material.sha256(
                                    "dataset:flights@" + version,
                                    Long.toString(version).repeat(64))),
                            Map.of(),
                            1,
                            2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> refs() {
        var refs = new ArrayList<>(List.of("model:delays", "deployment:delays", "project:flights", "agreement:delays"));
        for (int version = 1; version <= registered; version++) {
            refs.add("model:delays/" + version);
        }
        return refs;
    }

    private Map<String, String> said() {
        var facts = new TreeMap<String, String>();
        models.get(Actor.LOCAL, "delays")
                .aliases()
                .forEach((alias, version) -> facts.put("alias " + alias, version + ""));
        Deployment deployment = deployments.get("delays");
        deployment.production().ifPresent(version -> facts.put("production", version));
        deployment.previous().ifPresent(version -> facts.put("previous", version));
        deployment.halt().ifPresent(halt -> facts.put("halted", halt.reason()));
        switch (deployment.rollout()) {
            case Rollout.None none -> {}
            case Rollout.Staged staged -> facts.put("candidate", staged.version() + " 0");
            case Rollout.Trial trial -> facts.put("candidate", trial.version() + " " + trial.percent());
        }
        facts.put("project", projects.get("flights").state().name().toLowerCase(Locale.ROOT));
        agreements.versions(ana, "delays").stream()
                .filter(version -> version.state() == org.millwright.project.AgreementVersion.State.IN_FORCE)
                .forEach(version -> facts.put("agreement", version.digest()));
        releases.list(1_000)
                .forEach(release -> facts.put(
                        release.ref(),
                        release.version() + " " + release.state().name().toLowerCase(Locale.ROOT)));
        for (int version = 1; version <= registered; version++) {
            String name = "stage " + version;
            facts.put(name, versions.get(Actor.LOCAL, "delays", version).stage().text());
            String subject = "model:delays/" + version;
            certificates
                    .of(subject)
                    .ifPresent(certificate -> facts.put(
                            "certificate " + subject, certificate.revocation().isPresent() ? "revoked" : "valid"));
        }
        return facts;
    }

    private Map<String, String> told(Optional<Long> at, long size) {
        var facts = new TreeMap<String, String>();
        History.Moment moment = history.at(ana, "model:delays", at);
        assertThat(moment.size()).isEqualTo(size);
        moment.asset()
                .facts("alias.")
                .forEach(fact -> facts.put(
                        "alias " + fact.name().substring(6), fact.value().asText()));
        State deployment = moment.of("deployment:delays");
        for (String name : List.of("production", "previous")) {
            deployment.fact(name).ifPresent(fact -> facts.put(name, fact.value().asText()));
        }
        deployment
                .fact("halted")
                .ifPresent(
                        fact -> facts.put("halted", fact.value().path("reason").asText()));
        deployment
                .fact("candidate")
                .ifPresent(fact -> facts.put(
                        "candidate",
                        fact.value().path("version").asText() + " "
                                + fact.value().path("percent").asInt()));
        facts.put("project", moment.of("project:flights").text("state"));
        moment.of("agreement:delays")
                .fact("in-force")
                .ifPresent(
                        fact -> facts.put("agreement", fact.value().path("file").asText()));
        for (Fact fact : moment.asset().facts("version.")) {
            String number = fact.name().substring("version.".length());
            State version = history.at(ana, "model:delays/" + number, at).asset();
            facts.put(
                    "stage " + number,
                    version.fact("stage").map(stage -> stage.value().asText()).orElse("None"));
            version.fact("certificate")
                    .ifPresent(certificate -> facts.put(
                            "certificate " + version.ref(),
                            certificate.value().path("state").asText()));
            version.facts("release.")
                    .forEach(release -> facts.put(
                            "release:" + release.name().substring(8),
                            number + " " + release.value().asText()));
        }
        return facts;
    }

    @Test
    void onlyWhoMayReadAsks() {
        Actor nobody = new Actor("u-x", "x", Actor.Kind.PERSON, true, Set.of(), Optional.empty());

        assertThatThrownBy(() -> history.at(nobody, "model:delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> history.at(ana, "alert:1", Optional.empty()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("expected: model:NAME");
    }
}
