package org.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.kernel.Json;
import org.millwright.lineage.Evidence;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.NewVersion;
import org.millwright.registry.handoff.EdgeCheck;
import org.millwright.registry.handoff.EdgeReport;
import org.millwright.registry.handoff.EdgeRows;
import org.millwright.registry.handoff.Proposer;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.signing.Signer;
import org.millwright.serving.TestBundles;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModels;

/** A data folder with a project of ana's and versions of a small real model, all evidence attached, none released. */
public final class ReadyModel {
    public static final String NAME = "delays";

    static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Shows what happens to a release.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], ben: [approver], mia: [approver]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            release: {smoke-rows: 20, canary: {traffic: 50, min-requests: 4}}
            review-every: 200d
            """;

    private ReadyModel() {}

    /** Writes the signed bundle of a version. */
    public interface Maker {
        Path write(Path folder, String version, Signer key);
    }

    /** Makes the folder; returns a token of each person. */
    public static Map<String, String> in(Path data, int versions) {
        return in(data, versions, TestBundles::watched);
    }

    /** The same with bundles of another model. */
    public static Map<String, String> in(Path data, int versions, Maker maker) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var rooms = new Rooms(Settings.embedded(data, 0), Clock.systemUTC(), parts::push);
            Actor ana = person(rooms, "ana", Role.DATA_SCIENTIST);
            Actor ben = person(rooms, "ben", Role.APPROVER);
            person(rooms, "mia", Role.APPROVER);
            rooms.projects.request(ana, PROJECT);
            rooms.projects.approve(ben, NAME, "Harmless");
            rooms.models.ensure(ana, NAME, NAME);
            for (int number = 1; number <= versions; number++) {
                add(rooms, ana, data.resolveSibling("bundle-" + number), maker);
            }
            return List.of("ana", "ben", "mia").stream()
                    .collect(Collectors.toMap(
                            name -> name,
                            name -> rooms.users.issueToken(Actor.LOCAL, name, "test", Duration.ofDays(300))));
        } finally {
            parts.forEach(ReadyModel::close);
        }
    }

    /** Certifies the versions that are there, each for so long. */
    public static void certify(Path data, Duration validFor) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var rooms = new Rooms(Settings.embedded(data, 0), Clock.systemUTC(), parts::push);
            Actor ana = ana(rooms);
            for (ModelVersion version : rooms.versions.all(ana, NAME)) {
                Path folder = data.resolveSibling("bundle-" + version.version());
                var how = new Evidence(NAME, "train", "r", Map.of(), List.of(), Map.of(), 1, 2);
                String certificate = rooms.certificates
                        .certify(ana, version.subject(), folder, how, validFor)
                        .statement();
                rooms.versions.attachCertificate(ana, NAME, version.version(), certificate);
            }
        } finally {
            parts.forEach(ReadyModel::close);
        }
    }

    private static Actor ana(Rooms rooms) {
        User user = rooms.users.get("ana");
        return new Actor(user.id(), "ana", Actor.Kind.PERSON, true, Set.of(Role.DATA_SCIENTIST), Optional.empty());
    }

    /** The same with one version whose edge rows differ: Python refuses a missing wind, Java answers. */
    public static Map<String, String> blocked(Path data) {
        Map<String, String> tokens = in(data, 0);
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            var rooms = new Rooms(Settings.embedded(data, 0), Clock.systemUTC(), parts::push);
            Actor ana = ana(rooms);
            Path folder = data.resolveSibling("bundle-edges");
            long number = register(rooms, ana);
            TestBundles.write(folder, Long.toString(number), TestBundles.expected(), rooms.certificates.key());
            Bundle bundle = Bundle.open(folder, List.of(rooms.certificates.trusted()));
            String archive = rooms.bundles.keep(folder).sha256();
            JsonNode report = report(rooms, bundle);
            String kept = rooms.artifacts.put(Json.bytes(report)).sha256();
            var blocking = List.of("null", "NaN");
            rooms.versions.attachHandOff(
                    ana, NAME, number, new ModelVersion.HandOff(true, 50, 0.001, 0, kept, 1, blocking));
            rooms.versions.attachBundle(ana, NAME, number, new ModelVersion.BundleRef(bundle.digest(), archive));
            var how = new Evidence(NAME, "train", "r", Map.of(), List.of(), Map.of("handoff", report), 1, 2);
            rooms.versions.attachCertificate(
                    ana,
                    NAME,
                    number,
                    rooms.certificates
                            .certify(ana, "model:" + NAME + "/" + number, folder, how)
                            .statement());
            return tokens;
        } finally {
            parts.forEach(ReadyModel::close);
        }
    }

    private static JsonNode report(Rooms rooms, Bundle bundle) {
        Frame recorded = bundle.probe().inputs();
        EdgeRows rows = EdgeRows.of(bundle.manifest().signature(), recorded, 7);
        try (var model = bundle.load()) {
            ObjectNode answers = Json.object();
            var list = answers.putArray("answers");
            for (JsonNode row : Json.parse(rows.json(0.001)).path("rows")) {
                JsonNode wind = row.path("changed").path("wind");
                boolean missing = wind.isNull() || wind.path("real").asText().equals("NaN");
                list.add(
                        missing
                                ? Json.object().put("error", "ValueError: Input X contains NaN.")
                                : same(model, rows, list.size()));
            }
            EdgeReport edges = new EdgeCheck(model, rows, 0.001).run(answers);
            ObjectNode report = Json.object().put("agrees", true);
            ObjectNode json = edges.json()
                    .put("evidence", rooms.artifacts.put(edges.evidence()).sha256());
            json.set(
                    "proposal",
                    new Proposer(edges, bundle.manifest().signature(), recorded)
                            .propose()
                            .json());
            return report.set("edges", json);
        }
    }

    private static Actor person(Rooms rooms, String name, Role role) {
        User user = rooms.users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private static void add(Rooms rooms, Actor ana, Path bundle, Maker maker) {
        long number = register(rooms, ana);
        maker.write(bundle, Long.toString(number), rooms.certificates.key());
        String archive = rooms.bundles.keep(bundle).sha256();
        rooms.versions.attachHandOff(ana, NAME, number, new ModelVersion.HandOff(true, 50, 0.001, 0, "", 1, List.of()));
        rooms.versions.attachBundle(
                ana,
                NAME,
                number,
                new ModelVersion.BundleRef(rooms.bundles.open(archive).digest(), archive));
    }

    private static long register(Rooms rooms, Actor ana) {
        var logged = rooms.loggedModels.create(
                ana, new LoggedModels.NewModel("0", NAME, "", Optional.empty(), Map.of(), Map.of()));
        String path = ArtifactTree.pathOf(logged.artifactUri()).orElseThrow();
        byte[] text = "flavors: {}\n".getBytes(StandardCharsets.UTF_8);
        rooms.artifactTree.put(ana, path + "/MLmodel", new ByteArrayInputStream(text), 100);
        return rooms.versions
                .add(ana, NAME, NewVersion.ofModel(logged.id(), Optional.empty()))
                .version();
    }

    /** What the model itself answers to an edge row, as if Python had. */
    private static JsonNode same(Model model, EdgeRows rows, int index) {
        var row = new LinkedHashMap<String, @Nullable Object>(
                rows.bases().get(rows.rows().get(index).base()));
        row.putAll(rows.rows().get(index).changed());
        try {
            double predicted =
                    model.predict(Frame.ofRows(model.signature(), List.of(row))).doubles(0)[0];
            JsonNode value = Double.isFinite(predicted)
                    ? Json.tree(predicted)
                    : Json.object().put("real", Double.toString(predicted));
            return Json.object().set("values", Json.array().add(value));
        } catch (InvalidInput e) {
            return Json.object().put("error", String.valueOf(e.getMessage()));
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request to score one recorded row. */
    public static JsonNode request() {
        Frame rows = TestBundles.rows();
        ObjectNode body = Json.object();
        body.putArray("dataframe_records").add(Json.tree(rows.row(0)));
        return body;
    }
}
