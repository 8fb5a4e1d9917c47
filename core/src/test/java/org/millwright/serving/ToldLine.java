package org.millwright.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.millwright.approval.DecidingRooms;
import org.millwright.approval.Inbox;
import org.millwright.approval.Releases;
import org.millwright.artifact.Artifacts;
import org.millwright.history.History;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
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

/** A deployment and the rooms that change what it serves, whose history the ledger tells. */
abstract class ToldLine extends ServingLine {
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

    Projects projects;
    Agreements agreements;
    Models models;
    Versions versions;
    Certificates certificates;
    Inbox inbox;
    Releases releases;
    History history;
    Actor ana;
    Actor mia;
    Actor ben;
    int registered;

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
        var deciding = new DecidingRooms(
                database,
                ledger,
                new Releases.Rooms(users, projects, agreements, models, versions, certificates),
                clock,
                ids);
        inbox = deciding.inbox;
        releases = deciding.releases;
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

    void register() {
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

    void certify(long version) {
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
}
