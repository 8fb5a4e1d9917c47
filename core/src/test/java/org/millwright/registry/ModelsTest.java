package org.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Run;
import org.millwright.tracking.Tracking;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class ModelsTest {
    private final Tracking room;
    private Models models;
    private Versions versions;
    private Run run;
    private LoggedModel logged;

    ModelsTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @BeforeEach
    void open() {
        models = new Models(room.database, room.ledger, room.clock, room.users.access());
        versions = new Versions(models, room.runs, room.models, room.tree);
        run = room.run("r");
        logged = room.models.create(
                ANA, new LoggedModels.NewModel("0", "model", "", Optional.of(run.id()), Map.of(), Map.of()));
        String path = ArtifactTree.pathOf(logged.artifactUri()).orElseThrow();
        room.tree.put(ANA, path + "/MLmodel", new ByteArrayInputStream(new byte[] {1}), 9);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aVersionPinsItsFilesAndTellsItsStory() {
        register("m");
        ModelVersion version = versions.add(ANA, "m", NewVersion.ofModel(logged.id(), Optional.empty()));

        assertThat(version.version()).isEqualTo(1);
        assertThat(version.location()).isEqualTo(logged.artifactUri());
        assertThat(version.runId()).contains(run.id());
        assertThat(version.files())
                .isEqualTo(room.tree.digest(logged.artifactUri()))
                .hasSize(64);
        assertThat(versions.get(ANA, "m", 1)).isEqualTo(version);
        assertThat(room.models.get(ANA, logged.id()).tags())
                .containsEntry("mlflow.modelVersions", "[{\"name\": \"m\", \"version\": 1}]");
        assertThat(room.ledger.about("model:m/1").getFirst().subjects())
                .containsExactly("model:m/1", "model:m", "run:" + run.id(), "logged-model:" + logged.id());
        assertThat(versions.add(ANA, "m", NewVersion.ofModel(logged.id(), Optional.of(run.id())))
                        .version())
                .isEqualTo(2);
        assertThat(versions.ofRun(ANA, run.id())).hasSize(2);
    }

    @Test
    void numbersAreNeverGivenTwice() {
        register("m");
        add("m");
        add("m");
        models.setAlias(ANA, "m", "best", 2);
        versions.delete(ANA, "m", 2);

        assertThat(add("m").version()).isEqualTo(3);
        assertThat(models.get(ANA, "m").aliases()).isEmpty();
        assertThatThrownBy(() -> versions.get(ANA, "m", 2)).hasMessage("Model Version (name=m, version=2) not found");
        assertThatThrownBy(() -> versions.get(ANA, "m", "x"))
                .hasMessage("Parameter 'version' must be an integer, got 'x'.");
    }

    @Test
    void namesAreThoseThatClientsCanUse() {
        register("a b.c-d");
        assertThatThrownBy(() -> register("a b.c-d"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessage("Registered Model (name=a b.c-d) already exists.");
        assertThatThrownBy(() -> models.get(ANA, "zz")).hasMessage("Registered Model with name=zz not found");
        for (String bad : List.of("", " ", "a/b", "a:b", "..", "x".repeat(257), "a\0b")) {
            assertThatThrownBy(() -> register(bad)).as(bad).isInstanceOf(Problem.Invalid.class);
        }
    }

    @Test
    void aliasesMoveAndAreReserved() {
        register("m");
        add("m");
        add("m");
        models.setAlias(ANA, "m", "champion", 1);
        models.setAlias(ANA, "m", "champion", 2);

        assertThat(models.byAlias(ANA, "m", "champion").version()).isEqualTo(2);
        assertThat(versions.get(ANA, "m", 2).aliases()).containsExactly("champion");
        assertThatThrownBy(() -> models.byAlias(ANA, "m", "none"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("Registered model alias none not found.");
        for (String bad : List.of("latest", "LATEST", "v1", "V22", "a b", "", "a/b")) {
            assertThatThrownBy(() -> models.setAlias(ANA, "m", bad, 1)).isInstanceOf(Problem.Invalid.class);
        }
        models.deleteAlias(ANA, "m", "champion");
        models.deleteAlias(ANA, "m", "champion");
        assertThat(room.ledger.about("model:m"))
                .extracting(Entry::action)
                .containsSubsequence("model.alias-set", "model.alias-set", "model.alias-deleted");
    }

    @Test
    void stagesArchiveTheirPredecessors() {
        register("m");
        add("m");
        add("m");
        versions.setStage(ANA, "m", 1, "production", false);
        versions.setStage(ANA, "m", 2, "Production", true);

        assertThat(versions.get(ANA, "m", 1).stage()).isEqualTo(Stage.ARCHIVED);
        assertThat(versions.latest(ANA, "m", List.of("Production", "Archived")))
                .extracting(ModelVersion::version)
                .containsExactly(1L, 2L);
        assertThatThrownBy(() -> versions.setStage(ANA, "m", 1, "None", true)).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> versions.setStage(ANA, "m", 1, "Prod", false))
                .hasMessage(
                        "Invalid Model Version stage: Prod. Value must be one of None, Staging, Production, Archived.");
    }

    @Test
    void aGuardKeepsAnAliasWhereItIs() {
        register("m");
        add("m");
        models.guard((by, model, alias, version) -> {
            if (alias.equals("champion")) {
                throw new Problem.Denied("needs approval", "");
            }
        });
        models.setAlias(ANA, "m", "mine", 1);

        assertThatThrownBy(() -> models.setAlias(ANA, "m", "champion", 1)).isInstanceOf(Problem.Denied.class);
        assertThat(models.get(ANA, "m").aliases()).containsOnlyKeys("mine");
    }

    @Test
    void sourcesLieInARootThatIsKnown() {
        register("m");
        assertThat(added("runs:/" + run.id() + "/sub", "", "").location()).isEqualTo(run.artifactUri() + "/sub");
        assertThat(added(run.artifactUri() + "/sub", run.id(), "").location()).isEqualTo(run.artifactUri() + "/sub");
        assertThat(added("models:/" + logged.id(), run.id(), logged.id()).modelId())
                .contains(logged.id());
        models.setAlias(ANA, "m", "best", 3);
        assertThat(added("models:/m@best", "", "").location()).isEqualTo(logged.artifactUri());
        assertThat(added("models:/m/3", "", "").runId()).contains(run.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "file:///etc/passwd",
                "FILE:/etc",
                "http:///#/../../etc/",
                "mlflow-artifacts:/0/OTHER/artifacts/x",
                "mlflow-artifacts:/0/models/MODEL/artifacts",
                "runs:/OTHER/x",
                "mlflow-artifacts:/0/RUN/artifacts/../../x",
                "s3a://b/artifacts/../../x",
                "mlflow-artifacts://host:9000/models/..%2f..%2fx",
                "mlflow-artifacts:/0/RUN/artifacts/..%2f..%2fx",
                "mlflow-artifacts:/0/RUN/artifacts/%252e%252e/x",
                "runs://RUN/x",
                "models:/m-unknown",
                "models://h/m/1",
                "runs:/RUN/a?b=..",
                "dummy-source",
                " ",
                "runs:/RUN/a\\..\\b"
            })
    void localPathsAndOthersWorkAreRefused(String source) {
        register("m");
        String other = room.run("other").id();
        String sent = source.replace("RUN", run.id()).replace("OTHER", other).replace("MODEL", logged.id());
        assertThatThrownBy(() -> added(sent, sent.contains(logged.id()) ? other : run.id(), ""))
                .isInstanceOf(Problem.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://b/k",
                "https://models.example/x",
                "mlflow-artifacts:/models/a",
                "mlflow-artifacts://host:9000/models/..../",
                "runs:/unknown/x"
            })
    void placesElsewhereAreKeptAsSent(String source) {
        register("m");
        ModelVersion version = added(source, run.id(), "");
        assertThat(version.location()).isEqualTo(source);
        assertThat(version.runId()).contains(run.id());
    }

    @Test
    void aPlaceOfOursWithoutRunBelongsToTheRunThatItLiesIn() {
        register("m");
        assertThat(added(run.artifactUri() + "/x", "", "").runId()).contains(run.id());
    }

    @Test
    void searchesAsMlflowDoes() {
        models.create(ANA, "alpha", Optional.of("d"), Map.of("k", "v"), Optional.empty());
        register("beta");
        models.create(ANA, "prompt", Optional.empty(), Map.of("mlflow.prompt.is_prompt", "true"), Optional.empty());
        add("alpha");
        add("alpha");
        versions.setTag(ANA, "alpha", 2, "t", "x");

        assertThat(names("")).containsExactly("alpha", "beta");
        assertThat(names("name ILIKE 'AL%' AND tags.k = 'v'")).containsExactly("alpha");
        assertThat(names("tags.`mlflow.prompt.is_prompt` = 'true'")).containsExactly("prompt");
        assertThat(names("tags.`mlflow.prompt.is_prompt` != 'true'")).containsExactly("alpha", "beta");
        assertThat(numbers("name = 'alpha'")).containsExactly(2L, 1L);
        assertThat(numbers("name = 'alpha' AND version_number < 2")).containsExactly(1L);
        assertThat(numbers("run_id IN ('" + run.id() + "') AND tags.t = 'x'")).containsExactly(2L);
        assertThatThrownBy(() -> models.search(ANA, "", List.of("created"), 10, ""))
                .hasMessageContaining("Valid keys are");
        assertThat(models.search(ANA, "", List.of("timestamp DESC"), 1, "").next())
                .isPresent();
    }

    @Test
    void aRenamedModelKeepsEverything() {
        register("m");
        add("m");
        models.setAlias(ANA, "m", "best", 1);
        models.setTag(ANA, "m", "k", "v");
        models.rename(ANA, "m", "n");

        assertThat(models.byAlias(ANA, "n", "best").version()).isEqualTo(1);
        assertThat(models.get(ANA, "n").tags()).containsEntry("k", "v");
        assertThatThrownBy(() -> models.get(ANA, "m")).isInstanceOf(Problem.NotFound.class);
        models.delete(ANA, "n");
        assertThatThrownBy(() -> models.get(ANA, "n")).isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void evidenceIsAttachedStepByStep() {
        register("m");
        add("m");
        var bundle = new ModelVersion.BundleRef("d".repeat(64), "a".repeat(64));
        versions.attachBundle(ANA, "m", 1, bundle);
        assertThat(versions.get(ANA, "m", 1).state()).isEqualTo(ModelVersion.State.BUNDLED);
        versions.attachHandOff(ANA, "m", 1, new ModelVersion.HandOff(false, 10, 0.1, 0.5, "", 1, java.util.List.of()));
        assertThat(versions.get(ANA, "m", 1).state()).isEqualTo(ModelVersion.State.DISAGREED);
        var agreed = new ModelVersion.HandOff(true, 10, 0.1, 6e-5, "", 2, java.util.List.of());
        versions.attachHandOff(ANA, "m", 1, agreed);
        versions.attachCertificate(ANA, "m", 1, "c".repeat(64));

        ModelVersion version = versions.get(ANA, "m", 1);
        assertThat(version.bundle()).contains(bundle);
        assertThat(version.handOff()).contains(agreed);
        assertThat(version.state()).isEqualTo(ModelVersion.State.CERTIFIED);
        assertThatThrownBy(() -> versions.attachHandOff(ANA, "m", 1, agreed)).isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> versions.attachBundle(ANA, "m", 1, bundle)).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aProjectsModelIsReadByItsRolesAndOthersByTheirLevel() {
        var user = room.users.add(Actor.SYSTEM, "dan", "", Actor.Kind.PERSON, Set.of(Role.APPROVER), null);
        var dan = new Actor(user.id(), "dan", Actor.Kind.PERSON, true, Set.of(Role.APPROVER), Optional.empty());
        models.create(ANA, "governed", Optional.empty(), Map.of(), Optional.of("delays"));
        register("mine");
        register("open");
        for (String name : List.of("governed", "mine", "open")) {
            add(name);
        }
        for (String name : List.of("governed", "mine")) {
            room.users.access().grants().create(ANA, Resource.model(name), user, Level.NO_PERMISSIONS);
        }

        assertThat(models.search(dan, "", List.of(), 10, "").items())
                .extracting(RegisteredModel::name)
                .containsExactly("governed", "open");
        assertThat(versions.search(dan, "", List.of(), 1, "").items()).hasSize(1);
        assertThat(versions.search(dan, "", List.of(), 10, "").items())
                .extracting(ModelVersion::name)
                .containsExactlyInAnyOrder("governed", "open");
        assertThat(versions.ofRun(dan, run.id())).hasSize(2);
        assertThat(versions.get(dan, "governed", 1).version()).isEqualTo(1);
        for (ThrowingCallable reading : List.<ThrowingCallable>of(
                () -> models.get(dan, "mine"),
                () -> models.byAlias(dan, "mine", "best"),
                () -> versions.get(dan, "mine", 1),
                () -> versions.find(dan, "mine", 1),
                () -> versions.all(dan, "mine"),
                () -> versions.latest(dan, "mine", List.of()))) {
            assertThatThrownBy(reading)
                    .isInstanceOf(Problem.Denied.class)
                    .hasMessage("Permission denied: dan has NO_PERMISSIONS on registered model mine, this needs READ.");
        }
        var nobody = new Actor("u-x", "nobody", Actor.Kind.PERSON, true, Set.of(), Optional.empty());
        assertThatThrownBy(() -> models.get(nobody, "open"))
                .hasMessage("Permission denied: nobody may not read: that takes the permission read.");
        assertThat(models.search(nobody, "", List.of(), 10, "").items()).isEmpty();
    }

    @Test
    void stepsMayNotTouchTheRegistry() {
        register("m");
        var step = Tracking.step(run.id());
        assertThatThrownBy(() -> models.create(step, "x", Optional.empty(), Map.of(), Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> versions.add(step, "m", NewVersion.ofModel(logged.id(), Optional.empty())))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.setTag(step, "m", "a", "b")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.delete(step, "m")).isInstanceOf(Problem.Denied.class);
    }

    private void register(String name) {
        models.create(ANA, name, Optional.empty(), Map.of(), Optional.empty());
    }

    private ModelVersion add(String name) {
        return versions.add(ANA, name, NewVersion.ofModel(logged.id(), Optional.empty()));
    }

    private ModelVersion added(String source, String runId, String modelId) {
        return versions.add(
                ANA,
                "m",
                new NewVersion(
                        source,
                        Optional.of(runId).filter(id -> !id.isEmpty()),
                        Optional.of(modelId).filter(id -> !id.isEmpty()),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
    }

    private List<String> names(String filter) {
        return models.search(ANA, filter, List.of(), 10, "").items().stream()
                .map(RegisteredModel::name)
                .toList();
    }

    private List<Long> numbers(String filter) {
        return versions.search(ANA, filter, List.of(), 10, "").items().stream()
                .map(ModelVersion::version)
                .toList();
    }
}
