package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.engines.python.Scripts;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.BundleWriter;
import org.millwright.scoring.bundle.Manifest;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.bundle.Probe;
import org.millwright.scoring.bundle.Provenance;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.signing.Signer;

/** A model with columns of every type that a client logged, and what the hand-off makes of it. */
record ScoringModel(Python python, Path folder) {
    private static final String SCRIPT = "log_scoring.py";
    private static final int ROWS = 400;

    /** Logs and hands off the model. */
    static ScoringModel in(Path folder) throws IOException {
        var model = new ScoringModel(Python.handOff(), folder);
        new Scripts().copyTo(folder);
        try (var in = ScoringModel.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(in), folder.resolve(SCRIPT));
        }
        model.run(SCRIPT, folder.toString());
        model.run(
                "mw_handoff.py",
                "--model",
                model.saved().toString(),
                "--data",
                folder.resolve("rows.parquet").toString(),
                "--portable",
                folder.toString(),
                "--out",
                folder.resolve("recorded.parquet").toString(),
                "--report",
                folder.resolve("report.json").toString(),
                "--rows",
                Integer.toString(ROWS));
        return model;
    }

    private void run(String script, String... arguments) {
        var all = new java.util.ArrayList<>(List.of(folder.resolve(script).toString()));
        all.addAll(List.of(arguments));
        Python.Result ended = python.script("python", all.toArray(String[]::new));
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    /** The folder with the file MLmodel. */
    Path saved() {
        return folder.resolve("model");
    }

    /** The signed bundle of its portable form. */
    Path bundle(Path bundle, String version, Signer key) {
        try {
            JsonNode export = Json.parse(Files.readAllBytes(folder.resolve("report.json")))
                    .path("export");
            assertThat(export.path("runtime").asText()).as(export.toString()).isEqualTo(ModelFormat.ONNX.runtime());
            Yaml.Value section = Yaml.parse("MLmodel", Files.readString(saved().resolve("MLmodel")))
                    .get("signature")
                    .orElseThrow();
            Signature signature = Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
            Probe probe = probe(signature);
            double[] expected = probe.expected().doubles("prediction");
            Reference reference = Reference.of(probe.inputs(), expected, expected, 0, 0);
            Path profile = folder.resolve("profile.json");
            Files.writeString(profile, reference.toJson(), StandardCharsets.UTF_8);
            Path file = folder.resolve(ModelFormat.ONNX.file());
            BundleWriter.write(
                    bundle,
                    manifest(version, signature),
                    probe,
                    Map.of(ModelFormat.ONNX.file(), file, Reference.FILE, profile),
                    key);
            return bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Probe probe(Signature signature) {
        try (var tables = new DuckTables(folder.resolve("duckdb"))) {
            Frame rows = tables.head(folder.resolve("rows.parquet"), signature.names(), ROWS);
            return new Probe(
                    signature.conform(rows).frame(),
                    tables.head(folder.resolve("recorded.parquet"), List.of("prediction"), ROWS));
        }
    }

    private static Manifest manifest(String version, Signature signature) {
        return new Manifest(
                ReadyModel.NAME,
                version,
                ModelFormat.ONNX.runtime(),
                ModelFormat.ONNX.file(),
                Instant.EPOCH,
                signature,
                Provenance.UNKNOWN,
                Map.of(),
                Map.of(),
                0.001,
                null,
                List.of());
    }
}
