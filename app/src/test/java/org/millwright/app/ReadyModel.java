package org.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.kernel.Json;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.NewVersion;
import org.millwright.scoring.Frame;
import org.millwright.serving.TestBundles;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModels;

/** A data folder with a project of ana's and versions of a small real model, all evidence attached, none released. */
public final class ReadyModel {
    public static final String NAME = "delays";

    private static final String PROJECT = """
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
            """;

    private ReadyModel() {}

    /** Makes the folder; returns a token of each person. */
    public static Map<String, String> in(Path data, int versions) {
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
                add(rooms, ana, data.resolveSibling("bundle-" + number));
            }
            return List.of("ana", "ben", "mia").stream()
                    .collect(Collectors.toMap(
                            name -> name,
                            name -> rooms.users.issueToken(Actor.LOCAL, name, "test", Duration.ofHours(1))));
        } finally {
            parts.forEach(ReadyModel::close);
        }
    }

    private static Actor person(Rooms rooms, String name, Role role) {
        User user = rooms.users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private static void add(Rooms rooms, Actor ana, Path bundle) {
        var logged = rooms.loggedModels.create(
                ana, new LoggedModels.NewModel("0", NAME, "", Optional.empty(), Map.of(), Map.of()));
        String path = ArtifactTree.pathOf(logged.artifactUri()).orElseThrow();
        byte[] text = "flavors: {}\n".getBytes(StandardCharsets.UTF_8);
        rooms.artifactTree.put(ana, path + "/MLmodel", new ByteArrayInputStream(text), 100);
        long number = rooms.versions
                .add(ana, NAME, NewVersion.ofModel(logged.id(), Optional.empty()))
                .version();
        TestBundles.watched(bundle, Long.toString(number), rooms.certificates.key());
        String archive = rooms.bundles.keep(bundle).sha256();
        rooms.versions.attachHandOff(ana, NAME, number, new ModelVersion.HandOff(true, 50, 0.001, 0, "", 1));
        rooms.versions.attachBundle(
                ana,
                NAME,
                number,
                new ModelVersion.BundleRef(rooms.bundles.open(archive).digest(), archive));
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
