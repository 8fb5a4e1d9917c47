package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.identity.Actor;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class ArtifactTreeTest {
    private final Tracking room;

    ArtifactTreeTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void keepsListsAndDeletesFiles() throws IOException {
        String root = ArtifactTree.pathOf(room.run("a").artifactUri()).orElseThrow();
        put(ANA, root + "/notes/ä %41+b.txt", "one");
        put(ANA, root + "/notes/ä %41+b.txt", "two");
        put(ANA, root + "/z", "three");

        assertThat(room.tree.list(ANA, root)).extracting(ArtifactFile::name).containsExactly("notes", "z");
        assertThat(room.tree.files(ANA, root))
                .extracting(ArtifactFile::path)
                .containsExactly(root + "/notes/ä %41+b.txt", root + "/z");
        try (var in = room.tree.open(room.tree.file(ANA, root + "/notes/ä %41+b.txt"))) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("two");
        }
        assertThat(room.tree.list(ANA, root + "/z")).isEmpty();
        room.tree.delete(ANA, root + "/notes");
        room.tree.delete(ANA, root + "/notes");
        assertThat(room.tree.files(ANA, root)).extracting(ArtifactFile::name).containsExactly("z");
        assertThatThrownBy(() -> room.tree.file(ANA, root + "/notes")).isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void spaceOfDeletedFilesComesBackWhenNothingElseHasTheirBytes() throws IOException {
        String root = ArtifactTree.pathOf(room.run("a").artifactUri()).orElseThrow();
        put(ANA, root + "/a", "same");
        put(ANA, root + "/b", "same");
        put(ANA, root + "/c", "other");
        room.tree.delete(ANA, root + "/a");
        room.tree.delete(ANA, root + "/c");

        // The room's clock stands in the past, where nothing is old yet.
        assertThat(room.tree.collect(Duration.ZERO).files()).isZero();
        assertThat(room.tree.collect(Duration.ofDays(-3650)).files()).isEqualTo(1);
        try (var in = room.tree.open(room.tree.file(ANA, root + "/b"))) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("same");
        }
    }

    @Test
    void aNameIsAFileOrAFolder() {
        String root = ArtifactTree.pathOf(room.run("a").artifactUri()).orElseThrow();
        put(ANA, root + "/a/b", "x");

        assertThatThrownBy(() -> put(ANA, root + "/a", "x")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> put(ANA, root + "/a/b/c", "x")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> room.tree.put(ANA, root + "/big", in("12345"), 4))
                .isInstanceOf(Problem.TooLarge.class);
        assertThat(room.tree.find(ANA, root + "/big")).isEmpty();
    }

    @Test
    void aStepWritesBeneathItsRunAndItsModelsOnly() {
        Run own = room.run("own");
        Run other = room.run("other");
        Actor step = Tracking.step(own.id());
        LoggedModel mine = model(step, own.id());
        LoggedModel theirs = model(ANA, other.id());
        put(step, path(own.artifactUri()) + "/x", "x");
        put(step, path(mine.artifactUri()) + "/MLmodel", "x");

        for (String path : List.of(
                path(other.artifactUri()) + "/x",
                path(theirs.artifactUri()) + "/x",
                "0/" + own.id() + "/x",
                "0/x",
                "0/models/x",
                "1/" + own.id() + "/artifacts/x",
                own.id() + "/artifacts/x",
                "0/" + other.id() + "/artifacts/" + own.id() + "/artifacts/x",
                "free/x")) {
            assertThatThrownBy(() -> put(step, path, "x")).as(path).isInstanceOf(Problem.Denied.class);
            assertThatThrownBy(() -> room.tree.delete(step, path)).as(path).isInstanceOf(Problem.Denied.class);
        }
        assertThatThrownBy(() -> model(step, other.id())).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> room.models.setTags(step, theirs.id(), Map.of("a", "b")))
                .isInstanceOf(Problem.Denied.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "/etc/passwd",
                "a//b",
                "a/./b",
                "..",
                "C:\\x",
                "C:/x",
                "a\\..\\b",
                "a#b",
                "a\0b",
                "a\nb",
                "\uFFFD/x",
                "a/.."
            })
    void refusesPathsThatAreMoreThanNames(String path) {
        assertThatThrownBy(() -> put(ANA, path, "x"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("Invalid path");
        assertThatThrownBy(() -> room.tree.list(ANA, path)).hasMessage("Invalid path");
        assertThatThrownBy(() -> room.tree.delete(ANA, path)).hasMessage("Invalid path");
    }

    @Test
    void metricsOfAModelAreFoundByIt() {
        Run run = room.run("a");
        LoggedModel model = model(ANA, run.id());
        room.runs.logMetric(
                ANA,
                run.id(),
                new Metric(
                        "rmse",
                        2,
                        1,
                        0,
                        Optional.of(model.id()),
                        Optional.of(new Metric.DatasetRef("d", Optional.of("1")))));
        room.models.finish(ANA, model.id(), LoggedModel.Status.LOGGED_MODEL_READY);

        assertThat(room.models.get(ANA, model.id()).metrics()).hasSize(1);
        assertThat(found("metrics.rmse < 3 AND status = 'READY'", List.of())).containsExactly(model.id());
        assertThat(found("metrics.rmse < 3", List.of(new Metric.DatasetRef("e", Optional.empty()))))
                .isEmpty();
        assertThat(found("params.depth = '3' AND tags.t LIKE 'v%'", List.of())).containsExactly(model.id());
        room.models.delete(ANA, model.id());
        assertThatThrownBy(() -> room.models.get(ANA, model.id()))
                .hasMessage("Logged model with ID '" + model.id() + "' not found.");
    }

    private List<String> found(String filter, List<Metric.DatasetRef> datasets) {
        var order = List.of(
                new ModelSearch.Order("metrics.rmse", false, Optional.empty()),
                new ModelSearch.Order("name", true, Optional.empty()));
        return room.models.search(ANA, new ModelSearch(List.of("0"), datasets, filter, order, 10, "")).items().stream()
                .map(LoggedModel::id)
                .toList();
    }

    private LoggedModel model(Actor by, String run) {
        return room.models.create(
                by,
                new LoggedModels.NewModel(
                        "0", "model", "", Optional.of(run), Map.of("depth", "3"), Map.of("t", "value")));
    }

    private static String path(String uri) {
        return ArtifactTree.pathOf(uri).orElseThrow();
    }

    private void put(Actor by, String path, String text) {
        room.tree.put(by, path, in(text), 1_000);
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
