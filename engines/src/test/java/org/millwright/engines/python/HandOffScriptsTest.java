package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
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

    private static HandOffPython python;

    @BeforeAll
    static void saveModels() throws IOException {
        python = HandOffPython.saved("log_trees.py", folder);
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
        assertThat(python.handOff("named-classes", made, ROWS).code()).isZero();
        JsonNode export =
                Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
        assertThat(export.path("runtime").asText()).isEqualTo(ModelFormat.PYTHON.runtime());
        assertThat(export.path("why").asText()).contains("late, on time", "encode the label");
    }

    private static void agrees(String name, ModelFormat format, double tolerance) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name + "-made"));
        Python.Result ended = python.handOff(name, made, ROWS);
        assertThat(ended.code()).as(ended.output()).isZero();
        JsonNode export =
                Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
        assertThat(export.path("runtime").asText()).isEqualTo(format.runtime());
        assertThat(export.path("file").asText()).isEqualTo(format.file());
        Signature signature = python.signature(name);
        try (var tables = new DuckTables(made.resolve("duckdb"));
                var model = format.load(Files.readAllBytes(made.resolve(format.file())), signature)) {
            Frame rows = tables.head(folder.resolve("rows.parquet"), signature.names(), ROWS);
            Frame expected = tables.head(made.resolve("recorded.parquet"), List.of("prediction"), ROWS);
            Agreement agreement = Agreement.between(expected, model.predict(rows), tolerance);
            assertThat(agreement.holds()).as("%s: %s", name, agreement).isTrue();
            assertThat(agreement.rows()).isEqualTo(ROWS);
        }
    }
}
