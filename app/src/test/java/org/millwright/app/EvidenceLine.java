package org.millwright.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.dataset.Acquisition;
import org.millwright.dataset.Contract;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Origin;
import org.millwright.evidence.Card;
import org.millwright.evidence.Section;
import org.millwright.gate.Rule;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.kernel.Json;
import org.millwright.lineage.Evidence;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.NewVersion;
import org.millwright.serving.TestBundles;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModels;

/**
 * A data folder with a released model as a line leaves it, made without Python: data by contract, gate, hand-off check,
 * certificate, agreement, approval, deployment. Version 2 is registered only.
 */
public final class EvidenceLine {
    public static final String MODEL = "delays";

    static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Tells passengers how late their flight will be.
            owner: ana
            risk-tier: low
            data: [{name: flights, classification: internal, source: a made-up airline}]
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver], eva: [auditor]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            release: {smoke-rows: 20, canary: {traffic: 50, min-requests: 4}}
            """;
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: month
            performance: {metric: skill, at-least: 0.2, min-labels: 100}
            drift: {method: psi, warn: 0.1, alert: 0.25, columns-share: 0.5}
            retrain: {pipeline: train, on: [performance], windows: {of: 2, broken: 1}, cool-down: 28d, min-new-labels: 200}
            investigate: mia
            """;
    private static final String CONTRACT = """
            apiVersion: v3.1.0
            kind: DataContract
            id: flights
            version: 1.0.0
            status: active
            schema:
              - name: flights
                properties:
                  - {name: id, logicalType: integer, required: true}
                  - {name: y, logicalType: number, required: true}
            """;
    private static final String INPUTS = """
            {"metrics": {"rows": 400, "skill": 0.41, "skill_low": 0.38, "skill_high": 0.44, "rmse": 21.5},
             "baseline": {"rmse": 28.1, "skill": 0}, "champion": null,
             "slices": {"carrier": [{"value": "AA", "rows": 210, "skill": 0.4, "rmse": 20},
                                    {"value": "ZZ", "rows": 190, "skill": 0.39, "rmse": 23}]}}
            """;
    private static final String RUN = "run:r1";

    private final Rooms rooms;
    private final Path folder;
    private final Map<String, Actor> people = new HashMap<>();

    private EvidenceLine(Rooms rooms, Path folder) {
        this.rooms = rooms;
        this.folder = folder;
    }

    /** Makes the folder; returns a token of each person. */
    public static Map<String, String> in(Path data) throws IOException {
        return in(Settings.embedded(data, 0));
    }

    public static Map<String, String> in(Settings settings) throws IOException {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var line = new EvidenceLine(
                    new Rooms(settings, Clock.systemUTC(), parts::push),
                    Files.createDirectories(settings.data().resolveSibling("made")));
            return line.make();
        } finally {
            parts.forEach(EvidenceLine::close);
        }
    }

    private Map<String, String> make() throws IOException {
        person("ana", Role.DATA_SCIENTIST);
        person("mia", Role.ML_ENGINEER);
        person("ben", Role.APPROVER);
        person("eva", Role.AUDITOR);
        person("leo", Role.APP_DEVELOPER);
        rooms.projects.request(people.get("ana"), PROJECT);
        rooms.projects.approve(people.get("ben"), MODEL, "Of use, and harmless");
        rooms.agreements.propose(people.get("ana"), AGREEMENT);
        rooms.agreements.accept(people.get("mia"), MODEL, Optional.empty());
        rooms.models.ensure(people.get("ana"), MODEL, MODEL);
        long first = register();
        DatasetVersion data = data();
        rooms.edges.record("r1", data.ref(), "model:" + MODEL + "/" + first);
        rooms.gates.judge(
                people.get("ana"),
                MODEL,
                RUN,
                List.of(new Rule("better than the mean", "metrics.skill_low > 0.0", "Train on more data")),
                Json.parse(INPUTS));
        String archive = evidence(first, data);
        release(first, archive);
        register();
        var tokens = new HashMap<String, String>();
        people.keySet()
                .forEach(name ->
                        tokens.put(name, rooms.users.issueToken(Actor.LOCAL, name, "test", Duration.ofDays(300))));
        return tokens;
    }

    private void person(String name, Role role) {
        User user = rooms.users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        people.put(name, new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty()));
    }

    private long register() {
        Actor ana = people.get("ana");
        var logged = rooms.loggedModels.create(
                ana, new LoggedModels.NewModel("0", MODEL, "", Optional.empty(), Map.of(), Map.of()));
        String path = ArtifactTree.pathOf(logged.artifactUri()).orElseThrow();
        byte[] text = "flavors: {}\n".getBytes(StandardCharsets.UTF_8);
        rooms.artifactTree.put(ana, path + "/MLmodel", new ByteArrayInputStream(text), 100);
        return rooms.versions
                .add(
                        ana,
                        MODEL,
                        new NewVersion(
                                "models:/" + logged.id(),
                                Optional.empty(),
                                Optional.of(logged.id()),
                                Optional.of(RUN),
                                Optional.empty(),
                                Map.of()))
                .version();
    }

    private DatasetVersion data() throws IOException {
        Path file = Files.writeString(folder.resolve("flights.csv"), "id,y\n1,3.5\n2,-1\n3,12\n");
        return rooms.datasets.acquire(
                people.get("ana"),
                new Acquisition(
                        MODEL,
                        "flights",
                        "2013-01",
                        file,
                        Optional.of(Contract.parse("contract.yaml", CONTRACT).table("flights")),
                        new Origin("flights.csv", Optional.empty())));
    }

    /** Bundle, hand-off check and certificate; returns the archive's hash. */
    private String evidence(long version, DatasetVersion data) {
        Actor ana = people.get("ana");
        Path bundle = TestBundles.watched(
                folder.resolve("bundle-" + version), Long.toString(version), rooms.certificates.key());
        String archive = rooms.bundles.keep(bundle).sha256();
        String report = rooms.artifacts
                .put(Json.bytes(Json.object().put("agrees", true)))
                .sha256();
        rooms.versions.attachHandOff(
                ana, MODEL, version, new ModelVersion.HandOff(true, 50, 0.001, 0, report, 1, List.of()));
        rooms.versions.attachBundle(
                ana,
                MODEL,
                version,
                new ModelVersion.BundleRef(rooms.bundles.open(archive).digest(), archive));
        var materials = List.of(
                Evidence.Material.commit("project:" + MODEL, "0123456789abcdef0123456789abcdef01234567"),
                Evidence.Material.sha256(data.ref(), data.sha256()));
        var how = new Evidence(MODEL, "train", "r1", Map.of("trees", "100"), materials, Map.of(), 1, 2);
        String statement = rooms.certificates
                .certify(ana, "model:" + MODEL + "/" + version, bundle, how, Duration.ofDays(365))
                .statement();
        rooms.versions.attachCertificate(ana, MODEL, version, statement);
        return archive;
    }

    private void release(long version, String archive) {
        var release = rooms.releases.request(people.get("ana"), MODEL, version, "", Json.object());
        rooms.deciding.inbox.decide(people.get("ben"), release.ref(), true, "Better than the mean, and small");
        rooms.deployments.stage(
                people.get("mia"),
                new org.millwright.serving.Target(MODEL, MODEL, MODEL, Long.toString(version), archive, 20));
        rooms.deployments.canary(people.get("mia"), MODEL, 100, 1);
    }

    /** Proves version 2 as well, has a gate judge it against version 1, makes it again, and asks for its release. */
    static void ask(Path data) throws IOException {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var line = new EvidenceLine(
                    new Rooms(Settings.embedded(data, 0), Clock.systemUTC(), parts::push), data.resolveSibling("made"));
            line.askFor(2);
        } finally {
            parts.forEach(EvidenceLine::close);
        }
    }

    private void askFor(long version) throws IOException {
        Actor ana = rooms.users.get("ana").actor();
        people.put("ana", ana);
        evidence(version, rooms.datasets.get("flights@2013-01/1"));
        var judgement = rooms.gates.judge(
                ana,
                MODEL,
                "run:r2",
                List.of(new Rule("better than the mean", "metrics.skill_low > 0.0", "Train on more data")),
                Json.parse(INPUTS.replace("null", "{\"version\": \"1\", \"skill\": 0.44, \"rmse\": 20.9}")));
        rooms.database.write(() -> rooms.ledger.append(
                Actor.SYSTEM,
                "model.reproduced",
                "model:" + MODEL + "/" + version,
                Json.object().put("verdict", "SAME_PREDICTIONS").put("reason", "")));
        rooms.releases.request(ana, MODEL, version, "", Json.object().put("gate", judgement.id()));
    }

    /** Writes a section of a model that no project governs, gives the model another name, and returns its card. */
    static Card renamed(Path data) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var rooms = new Rooms(Settings.embedded(data, 0), Clock.systemUTC(), parts::push);
            Evidenced evidence = Evidenced.over(rooms);
            var line = new EvidenceLine(rooms, data);
            line.people.put("ana", Actor.LOCAL);
            rooms.models.create(Actor.LOCAL, MODEL, Optional.empty(), Map.of(), Optional.empty());
            line.register();
            evidence.cards().write(Actor.LOCAL, MODEL, "1", Section.CONTACT, "Ana, at the desk");
            rooms.models.rename(Actor.LOCAL, MODEL, "arrivals");
            return evidence.cards().ofModel(Actor.LOCAL, "arrivals");
        } finally {
            parts.forEach(EvidenceLine::close);
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
