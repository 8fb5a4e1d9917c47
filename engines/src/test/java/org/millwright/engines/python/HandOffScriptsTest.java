package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.ModelFormat;

/** The hand-off of models that MLflow's tree flavours saved: real Python on one side, the runtimes in Java on the other. */
class HandOffScriptsTest {
    private static final int ROWS = 700;

    @TempDir
    static Path folder;

    private static Python python;

    @BeforeAll
    static void saveModels() throws IOException {
        python = Python.with(
                "hand-off-trees-2",
                "mlflow-skinny==3.17.2",
                "xgboost-cpu==3.2.0",
                "lightgbm==4.6.0",
                "catboost==1.2.8",
                "skops==0.16.0",
                "scikit-learn==1.7.2",
                "pandas==2.3.3",
                "pyarrow==26.0.1");
        new Scripts().copyTo(folder);
        try (var in = HandOffScriptsTest.class.getResourceAsStream("log_trees.py")) {
            Files.copy(Objects.requireNonNull(in), folder.resolve("log_trees.py"));
        }
        Python.Result made =
                python.script("python", folder.resolve("log_trees.py").toString(), folder.toString());
        assertThat(made.code()).as(made.output()).isZero();
    }

    @Test
    void boostersAndScikitLearnModelsOfXgboostAgree() throws IOException {
        agrees("xgboost-booster", ModelFormat.XGBOOST, 1e-4);
        agrees("xgboost-early", ModelFormat.XGBOOST, 1e-4);
        agrees("xgboost-classes", ModelFormat.XGBOOST, 0);
    }

    @Test
    void boostersAndScikitLearnModelsOfLightgbmAgree() throws IOException {
        agrees("lightgbm-booster", ModelFormat.LIGHTGBM, 1e-12);
        agrees("lightgbm-early", ModelFormat.LIGHTGBM, 1e-12);
        agrees("lightgbm-classes", ModelFormat.LIGHTGBM, 0);
    }

    @Test
    void modelsOfCatboostAgreeCategoriesAmongThem() throws IOException {
        agrees("catboost-numbers", ModelFormat.CATBOOST, 1e-12);
        agrees("catboost-texts", ModelFormat.CATBOOST, 1e-12);
        agrees("catboost-classes", ModelFormat.CATBOOST, 0);
    }

    @Test
    void classesThatJavaCannotNameNeedAWorker() throws IOException {
        Path made = Files.createDirectory(folder.resolve("named-made"));
        assertThat(handOff("named-classes", made).code()).isZero();
        JsonNode export =
                Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
        assertThat(export.path("runtime").asText()).isEqualTo(ModelFormat.PYTHON.runtime());
        assertThat(export.path("why").asText()).contains("late, on time", "encode the label");
    }

    private static void agrees(String name, ModelFormat format, double tolerance) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name + "-made"));
        Python.Result ended = handOff(name, made);
        assertThat(ended.code()).as(ended.output()).isZero();
        JsonNode export =
                Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
        assertThat(export.path("runtime").asText()).isEqualTo(format.runtime());
        assertThat(export.path("file").asText()).isEqualTo(format.file());
        Signature signature = signature(name);
        try (var tables = new DuckTables(made.resolve("duckdb"));
                var model = format.load(Files.readAllBytes(made.resolve(format.file())), signature)) {
            Frame rows = tables.head(folder.resolve("rows.parquet"), signature.names(), ROWS);
            Frame expected = tables.head(made.resolve("recorded.parquet"), List.of("prediction"), ROWS);
            Agreement agreement = Agreement.between(expected, model.predict(rows), tolerance);
            assertThat(agreement.holds()).as("%s: %s", name, agreement).isTrue();
            assertThat(agreement.rows()).isEqualTo(ROWS);
        }
    }

    private static Signature signature(String name) throws IOException {
        String text = Files.readString(folder.resolve(name).resolve("MLmodel"));
        Yaml.Value section = Yaml.parse("MLmodel", text).get("signature").orElseThrow();
        return Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
    }

    private static Python.Result handOff(String name, Path made) {
        var arguments = new ArrayList<>(List.of(folder.resolve("mw_handoff.py").toString()));
        arguments.addAll(List.of("--model", folder.resolve(name).toString()));
        arguments.addAll(List.of("--data", folder.resolve("rows.parquet").toString()));
        arguments.addAll(List.of("--portable", made.toString()));
        arguments.addAll(List.of("--out", made.resolve("recorded.parquet").toString()));
        arguments.addAll(List.of("--report", made.resolve("report.json").toString()));
        arguments.addAll(List.of("--rows", Integer.toString(ROWS)));
        return python.script("python", arguments.toArray(new String[0]));
    }
}
