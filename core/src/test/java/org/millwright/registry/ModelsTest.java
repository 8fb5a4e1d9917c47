package org.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
    private Run run;
    private LoggedModel logged;

    ModelsTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @BeforeEach
    void open() {
        models = new Models(
                room.database, room.ledger, room.clock, room.users.access(), room.runs, room.models, room.tree);
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
        ModelVersion version = models.addVersion(ANA, "m", NewVersion.ofModel(logged.id(), Optional.empty()));

        assertThat(version.version()).isEqualTo(1);
        assertThat(version.location()).isEqualTo(logged.artifactUri());
        assertThat(version.runId()).contains(run.id());
        assertThat(version.files())
                .isEqualTo(room.tree.digest(logged.artifactUri()))
                .hasSize(64);
        assertThat(models.version("m", 1)).isEqualTo(version);
        assertThat(room.models.get(logged.id()).tags())
                .containsEntry("mlflow.modelVersions", "[{\"name\": \"m\", \"version\": 1}]");
        assertThat(room.ledger.about("model:m/1").getFirst().subjects())
                .containsExactly("model:m/1", "model:m", "run:" + run.id(), "logged-model:" + logged.id());
        assertThat(models.addVersion(ANA, "m", NewVersion.ofModel(logged.id(), Optional.of(run.id())))
                        .version())
                .isEqualTo(2);
        assertThat(models.ofRun(run.id())).hasSize(2);
    }

    @Test
    void numbersAreNeverGivenTwice() {
        register("m");
        add("m");
        add("m");
        models.setAlias(ANA, "m", "best", 2);
        models.deleteVersion(ANA, "m", 2);

        assertThat(add("m").version()).isEqualTo(3);
        assertThat(models.get("m").aliases()).isEmpty();
        assertThatThrownBy(() -> models.version("m", 2)).hasMessage("Model Version (name=m, version=2) not found");
        assertThatThrownBy(() -> models.version("m", "x"))
                .hasMessage("Parameter 'version' must be an integer, got 'x'.");
    }

    @Test
    void namesAreThoseThatClientsCanUse() {
        register("a b.c-d");
        assertThatThrownBy(() -> register("a b.c-d"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessage("Registered Model (name=a b.c-d) already exists.");
        assertThatThrownBy(() -> models.get("zz")).hasMessage("Registered Model with name=zz not found");
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

        assertThat(models.byAlias("m", "champion").version()).isEqualTo(2);
        assertThat(models.version("m", 2).aliases()).containsExactly("champion");
        assertThatThrownBy(() -> models.byAlias("m", "none"))
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
        models.setStage(ANA, "m", 1, "production", false);
        models.setStage(ANA, "m", 2, "Production", true);

        assertThat(models.version("m", 1).stage()).isEqualTo(Stage.ARCHIVED);
        assertThat(models.latest("m", List.of("Production", "Archived")))
                .extracting(ModelVersion::version)
                .containsExactly(1L, 2L);
        assertThatThrownBy(() -> models.setStage(ANA, "m", 1, "None", true)).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> models.setStage(ANA, "m", 1, "Prod", false))
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
        assertThat(models.get("m").aliases()).containsOnlyKeys("mine");
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
        models.setVersionTag(ANA, "alpha", 2, "t", "x");

        assertThat(names("")).containsExactly("alpha", "beta");
        assertThat(names("name ILIKE 'AL%' AND tags.k = 'v'")).containsExactly("alpha");
        assertThat(names("tags.`mlflow.prompt.is_prompt` = 'true'")).containsExactly("prompt");
        assertThat(names("tags.`mlflow.prompt.is_prompt` != 'true'")).containsExactly("alpha", "beta");
        assertThat(numbers("name = 'alpha'")).containsExactly(2L, 1L);
        assertThat(numbers("name = 'alpha' AND version_number < 2")).containsExactly(1L);
        assertThat(numbers("run_id IN ('" + run.id() + "') AND tags.t = 'x'")).containsExactly(2L);
        assertThatThrownBy(() -> models.search("", List.of("created"), 10, "")).hasMessageContaining("Valid keys are");
        assertThat(models.search("", List.of("timestamp DESC"), 1, "").next()).isPresent();
    }

    @Test
    void aRenamedModelKeepsEverything() {
        register("m");
        add("m");
        models.setAlias(ANA, "m", "best", 1);
        models.setTag(ANA, "m", "k", "v");
        models.rename(ANA, "m", "n");

        assertThat(models.byAlias("n", "best").version()).isEqualTo(1);
        assertThat(models.get("n").tags()).containsEntry("k", "v");
        assertThat(models.find("m")).isEmpty();
        models.delete(ANA, "n");
        assertThat(models.find("n")).isEmpty();
    }

    @Test
    void evidenceIsAttachedStepByStep() {
        register("m");
        add("m");
        var bundle = new ModelVersion.BundleRef("d".repeat(64), "a".repeat(64));
        models.attachBundle(ANA, "m", 1, bundle);
        assertThat(models.version("m", 1).state()).isEqualTo(ModelVersion.State.BUNDLED);
        models.attachHandOff(ANA, "m", 1, new ModelVersion.HandOff(false, 10, 0.1, 0.5, "", 1));
        assertThat(models.version("m", 1).state()).isEqualTo(ModelVersion.State.DISAGREED);
        var agreed = new ModelVersion.HandOff(true, 10, 0.1, 6e-5, "", 2);
        models.attachHandOff(ANA, "m", 1, agreed);
        models.attachCertificate(ANA, "m", 1, "c".repeat(64));

        ModelVersion version = models.version("m", 1);
        assertThat(version.bundle()).contains(bundle);
        assertThat(version.handOff()).contains(agreed);
        assertThat(version.state()).isEqualTo(ModelVersion.State.CERTIFIED);
        assertThatThrownBy(() -> models.attachHandOff(ANA, "m", 1, agreed)).isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> models.attachBundle(ANA, "m", 1, bundle)).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void stepsMayNotTouchTheRegistry() {
        register("m");
        var step = Tracking.step(run.id());
        assertThatThrownBy(() -> models.create(step, "x", Optional.empty(), Map.of(), Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.addVersion(step, "m", NewVersion.ofModel(logged.id(), Optional.empty())))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.setTag(step, "m", "a", "b")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.delete(step, "m")).isInstanceOf(Problem.Denied.class);
    }

    private void register(String name) {
        models.create(ANA, name, Optional.empty(), Map.of(), Optional.empty());
    }

    private ModelVersion add(String name) {
        return models.addVersion(ANA, name, NewVersion.ofModel(logged.id(), Optional.empty()));
    }

    private ModelVersion added(String source, String runId, String modelId) {
        return models.addVersion(
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
        return models.search(filter, List.of(), 10, "").items().stream()
                .map(RegisteredModel::name)
                .toList();
    }

    private List<Long> numbers(String filter) {
        return models.searchVersions(filter, List.of(), 10, "").items().stream()
                .map(ModelVersion::version)
                .toList();
    }
}
