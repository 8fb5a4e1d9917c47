package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.ModelFormat;

/** The hand-off of classifiers: what MLflow answers in Python beside what the runtimes answer in Java. */
class ClassifiersTest {
    private static final int ROWS = 700;

    @TempDir
    static Path folder;

    private static HandOffPython python;

    @BeforeAll
    static void saveModels() throws IOException {
        python = HandOffPython.saved("log_classes.py", folder);
    }

    @Test
    void classesOfEveryTypeAreTheSameInOnnx() throws IOException {
        assertThat(agrees("texts", ModelFormat.ONNX, 0).type(0)).isEqualTo(DataType.STRING);
        assertThat(agrees("thirds", ModelFormat.ONNX, 0).type(0)).isEqualTo(DataType.LONG);
        assertThat(agrees("truths", ModelFormat.ONNX, 0).type(0)).isEqualTo(DataType.BOOLEAN);
    }

    @Test
    void probabilitiesAreAnsweredAloneOrBehindTheClass() throws IOException {
        assertThat(agrees("shares", ModelFormat.ONNX, 1e-5).names()).containsExactly("late", "on time");
        assertThat(agrees("texts-probable", ModelFormat.ONNX, 1e-5).names())
                .containsExactly("class", "late", "on time");
        assertThat(agrees("thirds-probable", ModelFormat.ONNX, 1e-5).names())
                .containsExactly("third", "p0", "p1", "p2");
    }

    @Test
    void treesAnswerProbabilitiesBehindTheClass() throws IOException {
        agrees("xgboost-probable", ModelFormat.XGBOOST, 1e-5);
        agrees("lightgbm-probable", ModelFormat.LIGHTGBM, 1e-9);
        agrees("lightgbm-truths", ModelFormat.LIGHTGBM, 0);
        agrees("catboost-probable", ModelFormat.CATBOOST, 1e-9);
        agrees("catboost-apart", ModelFormat.CATBOOST, 1e-9);
        agrees("catboost-two", ModelFormat.CATBOOST, 1e-9);
    }

    @Test
    void graphsThatWereLoggedAsOnnxStayAsTheyAre() throws IOException {
        agrees("graph", ModelFormat.ONNX, 0);
        Path made = Files.createDirectory(folder.resolve("zipped-made"));
        Python.Result ended = python.handOff("zipped", made, 1);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains("mw_handoff.py: the model answers a collection for each row")
                .contains("without ZipMap");
    }

    @Test
    void evaluationAsksForProbabilitiesThatTheSignatureDoesNotDeclare() throws IOException {
        Path report = folder.resolve("thirds.json");
        Python.Result ended = python.predict("thirds", folder.resolve("thirds.parquet"), report, "--probabilities");
        assertThat(ended.code()).as(ended.output()).isZero();
        JsonNode said = Json.parse(Files.readAllBytes(report));
        assertThat(said.path("classes")).hasToString("[\"0\",\"1\",\"2\"]");
        assertThat(said.path("outputs")).hasSize(4);
        ended = python.predict("truths", folder.resolve("truths.parquet"), report, "--probabilities");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(Json.parse(Files.readAllBytes(report)).path("classes")).hasToString("[\"false\",\"true\"]");
    }

    /** What Java answers after a hand-off with which every recorded row agrees. */
    private static Frame agrees(String name, ModelFormat format, double tolerance) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name + "-made"));
        Python.Result ended = python.handOff(name, made, ROWS);
        assertThat(ended.code()).as(ended.output()).isZero();
        JsonNode export = export(made);
        assertThat(export.path("runtime").asText()).as("%s", export).isEqualTo(format.runtime());
        Signature signature = python.signature(name);
        var outputs = new ArrayList<String>();
        Json.parse(Files.readAllBytes(made.resolve("report.json")))
                .path("predict")
                .path("outputs")
                .forEach(output -> outputs.add(output.asText()));
        try (var tables = new DuckTables(made.resolve("duckdb"));
                var model = format.load(Files.readAllBytes(made.resolve(format.file())), signature)) {
            Frame rows = tables.head(folder.resolve("rows.parquet"), signature.names(), ROWS);
            Frame got = model.predict(rows);
            Frame recorded = tables.head(made.resolve("recorded.parquet"), outputs, ROWS);
            Agreement agreement = Agreement.between(named(recorded, got.names()), got, tolerance);
            assertThat(agreement.holds()).as("%s: %s", name, agreement).isTrue();
            assertThat(agreement.rows()).isEqualTo(ROWS);
            assertThat(got.names())
                    .isEqualTo(signature.outputs().stream()
                            .map(Signature.Column::name)
                            .toList());
            return got;
        }
    }

    private static Frame named(Frame frame, List<String> names) {
        assertThat(frame.width()).as("outputs recorded in Python").isEqualTo(names.size());
        Frame.Builder named = Frame.of(frame.rows());
        for (int i = 0; i < frame.width(); i++) {
            named.column(names.get(i), frame.type(i), frame.column(i));
        }
        return named.build();
    }

    private static JsonNode export(Path made) throws IOException {
        return Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
    }
}
