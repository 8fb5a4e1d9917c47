package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.registry.handoff.EdgeCheck;
import org.millwright.registry.handoff.EdgeClass;
import org.millwright.registry.handoff.EdgeReport;
import org.millwright.registry.handoff.EdgeResult.Outcome;
import org.millwright.registry.handoff.EdgeRows;
import org.millwright.registry.handoff.Proposal;
import org.millwright.registry.handoff.Proposer;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.ModelFormat;

/** Edge rows of real models: what Python answers beside what Java answers. */
class EdgeRowsTest {
    private static final int ROWS = 400;
    private static final double TOLERANCE = 1e-3;

    @TempDir
    static Path folder;

    private static HandOffPython python;

    @BeforeAll
    static void saveModels() throws IOException {
        python = HandOffPython.saved("log_edges.py", folder);
    }

    /** What the check found, and what it proposes. */
    private record Checked(EdgeReport report, Proposal proposal, Signature signature) {
        EdgeReport.Tally of(EdgeClass kind) {
            return report.tallies().stream()
                    .filter(tally -> tally.kind() == kind)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Checked check(String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name + "-made"));
        Signature signature = python.signature(name);
        try (var tables = new DuckTables(made.resolve("duckdb"))) {
            Frame recorded = tables.head(folder.resolve("rows.parquet"), signature.names(), ROWS);
            EdgeRows rows = EdgeRows.of(signature, recorded, 7);
            assertThat(EdgeRows.of(signature, recorded, 7)).isEqualTo(rows);
            Path questions = Files.write(made.resolve("edges.json"), rows.json(TOLERANCE));
            Path answers = made.resolve("answers.json");
            Python.Result ended = python.handOff(
                    name, made, ROWS, "--edges", questions.toString(), "--edge-answers", answers.toString());
            assertThat(ended.code()).as(ended.output()).isZero();
            JsonNode export =
                    Json.parse(Files.readAllBytes(made.resolve("report.json"))).path("export");
            ModelFormat format = ModelFormat.of(export.path("runtime").asText());
            try (var model = format.load(Files.readAllBytes(made.resolve(format.file())), signature)) {
                EdgeReport report = new EdgeCheck(model, rows, TOLERANCE).run(Json.parse(Files.readAllBytes(answers)));
                return new Checked(report, new Proposer(report, signature, recorded).propose(), signature);
            }
        }
    }

    @Test
    void treesThatTakeMissingValuesAgreeEverywhereButAtSplits() throws IOException {
        Checked onnx = check("onnx-nulls");
        assertThat(onnx.report().blocking()).as("%s", onnx.report().json()).isEmpty();
        assertThat(onnx.of(EdgeClass.NULL).count(Outcome.AGREES)).isEqualTo(9);
        EdgeReport.Tally splits = onnx.of(EdgeClass.SPLIT_THRESHOLD);
        assertThat(splits.results().size()).isGreaterThan(20);
        assertThat(splits.rate()).as("%s", onnx.report().json()).isGreaterThan(0);
        assertThat(onnx.proposal().columns()).isEmpty();
    }

    @Test
    void xgboostAgreesOnMissingValuesAndRefusesInfinityAsTheCallersFault() throws IOException {
        Checked trees = check("xgboost-missing");
        assertThat(trees.report().blocking()).as("%s", trees.report().json()).isEmpty();
        assertThat(trees.of(EdgeClass.NULL).count(Outcome.AGREES)).isEqualTo(9);
        assertThat(trees.of(EdgeClass.SPLIT_THRESHOLD).rate()).isZero();
        EdgeReport.Tally infinite = trees.of(EdgeClass.POSITIVE_INFINITY);
        assertThat(infinite.refused()).isEqualTo(9);
        assertThat(infinite.results().getFirst().got()).contains("row 0", "32-bit floats, got Infinity");
    }

    @Test
    void aLineDiffersAndOneNarrowingResolvesIt() throws IOException {
        Checked line = check("onnx-line");
        assertThat(line.report().blocking()).contains("null", "NaN", "+Inf", "-Inf", "beyond float32");
        assertThat(line.of(EdgeClass.NAN).count(Outcome.ONLY_PYTHON_REFUSES)).isEqualTo(3);
        assertThat(line.of(EdgeClass.NULL).count(Outcome.DIFFERS)).isEqualTo(3);
        assertThat(line.of(EdgeClass.UNSEEN_CATEGORY).blocks()).isFalse();
        Map<String, Constraints> columns = line.proposal().columns();
        assertThat(columns.get("carrier")).isEqualTo(Constraints.NONE.withNotNull());
        assertThat(columns.get("distance").notNull()).isTrue();
        assertThat(line.proposal().helps()).as("%s", line.proposal()).isTrue();
        EdgeReport narrowed = EdgeReport.of(line.report().evidence()).under(line.signature(), columns);
        assertThat(narrowed.blocking()).isEmpty();
        assertThat(EdgeReport.of(narrowed.evidence())).isEqualTo(narrowed);
        assertThat(narrowed.tallies().getFirst().results()).allMatch(result -> !result.admitted());
    }
}
