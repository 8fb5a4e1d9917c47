package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** Who may read what of an experiment, verb by verb. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class ReadersTest {
    private final Tracking room;
    private final RunTables tables;
    private Actor dan = ANA;
    private Actor guest = ANA;
    private String experiment = "";
    private String run = "";
    private String ofProject = "";
    private String model = "";

    ReadersTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
        tables = new RunTables(room.database, room.ledger, room.clock, room.users.access(), room.experiments);
    }

    @BeforeEach
    void share() {
        dan = person("dan", Set.of(Role.DATA_SCIENTIST));
        guest = person("guest", Set.of());
        room.users.grant(Actor.SYSTEM, "guest", Role.APP_DEVELOPER, Optional.of("delays"));
        experiment = room.experiments.create(ANA, "e", "", Map.of()).id();
        var asked = new NewRun(experiment, "r", "ana", 1, Map.of());
        run = room.runs.create(ANA, asked).id();
        ofProject =
                room.runs.create(ANA, asked, Map.of(Run.PROJECT_TAG, "delays")).id();
        room.runs.logMetric(ANA, run, new Metric("m", 1, 1, 1));
        model = room.models
                .create(ANA, new LoggedModels.NewModel(experiment, "", "", Optional.of(ofProject), Map.of(), Map.of()))
                .id();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void othersReadUntilTheOwnerSaysOtherwise() {
        readings(dan, run).forEach((name, reading) -> assertThatCode(name, reading));
        hide();
        readings(dan, run)
                .forEach((name, reading) -> assertThatThrownBy(reading)
                        .as(name)
                        .isInstanceOf(Problem.Denied.class)
                        .hasMessage("Permission denied: dan has NO_PERMISSIONS on experiment " + experiment
                                + ", this needs READ."));
        assertThat(room.runs.find(dan, run)).isEmpty();
        assertThat(room.experiments.mayRead(dan, experiment)).isFalse();
        assertThat(room.runs
                        .search(dan, List.of(experiment, "0" + experiment), View.ALL, "", List.of(), 10, "")
                        .items())
                .isEmpty();
        assertThat(room.experiments.search(dan, View.ALL, "", List.of(), 10, "").items())
                .extracting(Experiment::name)
                .containsExactly("Default");
        readings(ANA, run).forEach((name, reading) -> assertThatCode(name, reading));
        readings(Actor.SYSTEM, run).forEach((name, reading) -> assertThatCode(name, reading));
    }

    @Test
    void aProjectsRunIsReadByItsRoles() {
        hide();
        for (Actor reader : List.of(dan, guest)) {
            assertThat(room.runs.find(reader, ofProject)).isEqualTo(room.runs.find(ANA, ofProject));
            assertThat(room.models.get(reader, model).id()).isEqualTo(model);
            Run read = room.runs.get(reader, ofProject);
            assertThat(room.experiments.of(reader, read).id()).isEqualTo(experiment);
            assertThat(room.tree.list(
                            reader, ArtifactTree.pathOf(read.artifactUri()).orElseThrow()))
                    .isEmpty();
        }
        assertThatThrownBy(() -> room.runs.get(guest, run))
                .isInstanceOf(Problem.Denied.class)
                .hasMessage("Permission denied: guest may not read: that takes the permission read.");
        assertThatThrownBy(() -> room.experiments.get(guest, Experiment.DEFAULT))
                .isInstanceOf(Problem.Denied.class);
        assertThat(room.experiments
                        .search(guest, View.ALL, "", List.of(), 10, "")
                        .items())
                .isEmpty();
    }

    private Map<String, ThrowingCallable> readings(Actor by, String id) {
        var readings = new HashMap<String, ThrowingCallable>();
        readings.put("experiment", () -> room.experiments.get(by, experiment));
        readings.put("name", () -> room.experiments.byName(by, "e"));
        readings.put("datasets", () -> room.experiments.datasets(by, List.of(experiment)));
        readings.put("run", () -> room.runs.get(by, id));
        readings.put("runs", () -> room.runs.all(by, List.of(id)));
        readings.put("history", () -> room.runs.history(by, id, "m", 1, ""));
        readings.put("histories", () -> room.runs.histories(by, List.of(id), "m", 1));
        readings.put("thinned", () -> room.runs.thinned(by, List.of(id), "m", Optional.empty(), Optional.empty(), 1));
        readings.put("models", () -> room.models.ofRun(by, id));
        readings.put("files", () -> room.tree.files(by, experiment + "/" + id + "/artifacts"));
        readings.put("folder", () -> room.tree.list(by, experiment));
        readings.put("keys", () -> tables.keys(by, experiment, 1));
        readings.put("activity", () -> tables.activity(by, experiment, 1));
        readings.put("count", () -> tables.count(by, experiment, View.ALL, "", 1));
        readings.put("best", () -> tables.best(by, experiment, View.ALL, "", "m", true));
        readings.put("curve", () -> tables.curve(by, id, "m", Curve.Ask.whole(Curve.Axis.STEP, 10)));
        readings.put("views", () -> tables.views(by, experiment));
        return readings;
    }

    private static void assertThatCode(String name, ThrowingCallable reading) {
        org.assertj.core.api.Assertions.assertThatCode(reading).as(name).doesNotThrowAnyException();
    }

    private void hide() {
        room.users
                .access()
                .grants()
                .create(ANA, Resource.experiment(experiment), room.users.get("dan"), Level.NO_PERMISSIONS);
    }

    private Actor person(String name, Set<Role> roles) {
        String id = room.users
                .add(Actor.SYSTEM, name, name, Actor.Kind.PERSON, roles, null)
                .id();
        return new Actor(id, name, Actor.Kind.PERSON, true, roles, Optional.empty());
    }
}
