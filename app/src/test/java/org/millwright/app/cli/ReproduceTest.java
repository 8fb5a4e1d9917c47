package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.app.cli.WholeLine.done;
import static org.millwright.app.cli.WholeLine.lock;
import static org.millwright.app.cli.WholeLine.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;
import org.millwright.reproduction.AgainProject;

/** A real line whose versions are made again: a steady one, one without a seed, one whose package has vanished. */
class ReproduceTest {
    private static final String MILLWRIGHT = AgainProject.file(1)
            + "handoff: {tolerance: 0.0001, rows: 100, narrow: {x: {not-null: true, finite: true, min: -1000, max: 1000}}}\n";
    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                parameters:
                  noise: {type: string, default: fixed}
                  seed: {type: int, default: 3}
                steps:
                  - id: fetch
                    kind: python
                    run: [rows.py, "${outputs.months}"]
                    code: [rows.py]
                    outputs: {months: dir}
                  - {id: ingest, kind: ingest, dataset: numbers, from: fetch.months, contract: contract.yaml}
                  - id: data
                    kind: snapshot
                    datasets: {numbers: {}}
                  - id: rows
                    kind: sql
                    run: rows.sql
                    inputs: {numbers: data.numbers}
                    outputs: {train: table, holdout: table}
                  - id: train
                    kind: python
                    run: [train.py, "${noise}", "${seed}"]
                    code: [train.py]
                    inputs: {train: rows.train}
                    outputs: {model: mlflow-model}
                  - {id: evaluate, kind: evaluate, model: train.model, data: rows.holdout, reference: rows.train, slices: []}
                  - {id: handoff, kind: handoff, model: train.model, data: rows.holdout}
                  - {id: register, kind: register, model: again}
            """;
    private static final String ROWS = """
            import pathlib
            import sys
            import numpy as np
            import pandas as pd
            x = np.random.default_rng(1).normal(10, 4, 400).round(2)
            folder = pathlib.Path(sys.argv[1]) / "numbers"
            folder.mkdir(parents=True)
            pd.DataFrame({"id": range(400), "x": x, "y": 3 * x + 1}).to_csv(folder / "2013-01.csv", index=False)
            """;
    private static final String SQL = """
            create view train as select x, y from numbers where id < 200 order by id;
            create view holdout as select x, y from numbers where id >= 200 order by id;
            """;
    private static final String CONTRACT = """
            apiVersion: v3.1.0
            kind: DataContract
            id: numbers
            version: 1.0.0
            status: active
            schema:
              - name: numbers
                properties:
                  - {name: id, logicalType: integer, primaryKey: true}
                  - {name: x, logicalType: number, required: true}
                  - {name: y, logicalType: number, required: true}
            """;
    private static final String TRAIN = """
            import os
            import sys
            import duckdb
            import mlflow
            import numpy as np
            import vanishing
            from mlflow.models import ModelSignature
            from mlflow.types import ColSpec, Schema
            from sklearn.linear_model import LinearRegression

            rows = duckdb.read_parquet(os.environ["MW_INPUT_TRAIN"]).df()
            random = np.random.default_rng(int(sys.argv[2]) if sys.argv[1] == "fixed" else None)
            model = LinearRegression().fit(rows[["x"]], rows["y"] + random.normal(0, vanishing.SIGMA, len(rows)))
            with mlflow.start_run():
                mlflow.sklearn.log_model(
                    model,
                    name="model",
                    signature=ModelSignature(Schema([ColSpec("double", "x")]), Schema([ColSpec("double", "prediction")])),
                    serialization_format="cloudpickle",
                    pip_requirements=[],
                )
            """;

    @TempDir
    Path folder;

    @Test
    void eachVersionGetsTheVerdictItDeserves() throws IOException {
        Path shelf = folder.resolve("shelf");
        var terminal = new Terminal(folder);
        try {
            project(terminal, shelf);
            done(terminal.mw("run", "train", "--as", "ana"));
            done(terminal.mw("run", "train", "--noise", "free", "--as", "ana"));
            assertThat(terminal.mw("reproduce", "again/1", "--as", "ben").exit())
                    .isEqualTo(Exit.FORBIDDEN);
            assertThat(terminal.mw("revoke", "dataset:numbers@2013-01/1", "--reason", "x", "--as", "ana")
                            .exit())
                    .isEqualTo(Exit.FORBIDDEN);
            terminal = interrupted(terminal);

            steady(terminal);
            unseeded(terminal);
            nothingOfItIsAResult(terminal);
            certified(terminal);

            vanish(shelf);
            Result gone = terminal.mw("reproduce", "again/1", "-o", "json");
            assertThat(gone.exit()).isEqualTo(Exit.REFUSED);
            assertThat(gone.json().path("verdict").asText()).isEqualTo("CANNOT_RERUN");
            assertThat(gone.json().path("cause").asText()).isEqualTo("PACKAGE_GONE");
            assertThat(gone.json().path("reason").asText()).contains("vanishing");
            assertThat(done(terminal.mw("model", "show", "again/1")).out()).contains("CANNOT_RERUN", "vanishing");
            assertThat(done(terminal.mw("ledger", "list", "--about", "model:again/1", "-o", "json"))
                            .out())
                    .contains("PACKAGE_GONE");
            takenBack(terminal);
            assertThat(done(terminal.mw("ledger", "verify")).out()).isNotEmpty();
        } finally {
            terminal.close();
        }
    }

    /** Certified, it is made again; the server stops meanwhile, and the next one begins anew. */
    private Terminal interrupted(Terminal first) {
        assertThat(done(first.mw("certify", "model:again/1", "--as", "ana")).err())
                .contains("Nobody has made it again.");
        ServerProcess.await(
                "the certified version to be made again",
                () -> reproductions(first, "again/1").isEmpty() ? null : true);
        assertThat(reproductions(first, "again/1").path(0).path("occasion").asText())
                .isEqualTo("certificate");
        String id = done(first.mw("reproduce", "again/1", "--no-wait", "--as", "ana", "-o", "json"))
                .json()
                .path("id")
                .asText();
        assertThat(reproductions(first, "again/1")).hasSize(1);
        ServerProcess.await(
                "a step to work",
                () -> get(first, "api/1/reproductions/" + id + "?wait=1000")
                                .at("/progress/text")
                                .asText()
                                .startsWith("step ")
                        ? true
                        : null);
        first.close();
        var second = new Terminal(folder);
        second.cd(Path.of("again"));
        return second;
    }

    private void steady(Terminal terminal) {
        Result same = terminal.mw("reproduce", "again/1", "-o", "json");
        assertThat(same.exit()).as(same.out() + same.err()).isZero();
        assertThat(same.json().path("verdict").asText()).isEqualTo("BIT_IDENTICAL");
        assertThat(same.json().path("by").asText()).isEqualTo("ana");
        JsonNode comparison = same.json().path("comparison");
        assertThat(comparison.at("/artifact/again").asText())
                .isEqualTo(comparison.at("/artifact/recorded").asText())
                .hasSize(64);
        assertThat(comparison.path("steps").findValuesAsText("step")).containsExactly("rows", "train", "handoff");
        assertThat(comparison.at("/environment/rebuilt").asText()).startsWith("anew");
        assertThat(page(terminal, "models/again/versions/1")).contains("bit identical");
    }

    private static JsonNode reproductions(Terminal terminal, String version) {
        return done(terminal.mw("reproduce", version, "--list", "-o", "json")).json();
    }

    private void unseeded(Terminal terminal) {
        done(terminal.mw("reproduce", "again/2", "--no-wait"));
        done(terminal.mw("reproduce", "again/2", "--cancel"));
        ServerProcess.await(
                "the cancelled one to end",
                () -> reproductions(terminal, "again/2")
                                .path(0)
                                .path("state")
                                .asText()
                                .equals("cancelled")
                        ? true
                        : null);
        assertThat(terminal.mw("reproduce", "again/2", "--cancel").err()).contains("Nothing waits or runs.");
        Result other = terminal.mw("reproduce", "again/2", "-o", "json");
        assertThat(other.exit()).as(other.out() + other.err()).isEqualTo(Exit.REFUSED);
        assertThat(other.json().path("verdict").asText()).isEqualTo("DIFFERENT");
        assertThat(other.json().path("cause").asText()).isEqualTo("SEED");
        assertThat(other.json().path("reason").asText()).contains("Step train is the first that differs");
        assertThat(other.json().at("/comparison/predictions/rows").asInt()).isPositive();
        assertThat(other.json().at("/comparison/steps/0/same").asBoolean()).isTrue();
        assertThat(other.json().at("/comparison/steps/1/differs").toString()).contains("model/model.pkl");
    }

    /** No run of a pipeline, no version, no MLflow run that anyone finds. */
    private void nothingOfItIsAResult(Terminal terminal) {
        assertThat(done(terminal.mw("run", "list", "-o", "json")).json()).hasSize(2);
        assertThat(done(terminal.mw("model", "show", "again", "-o", "json"))
                        .json()
                        .path("versions"))
                .hasSize(2);
        assertThat(page(terminal, "api/2.0/mlflow/experiments/get-by-name?experiment_name=again%20reproductions"))
                .contains("again reproductions");
        assertThat(terminal.folder().resolve("server/reproductions"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
        String told = done(terminal.mw("ledger", "list", "--about", "model:again/1", "-o", "csv"))
                .out();
        assertThat(told)
                .contains("model.reproduction-asked", "model.reproduction-resumed", "model.reproduced")
                .containsOnlyOnce("model.reproduced");
    }

    /** What the line made has a statement, which a stranger verifies with the public key alone. */
    private void certified(Terminal terminal) throws IOException {
        String run = done(terminal.mw("run", "list", "-o", "json"))
                .json()
                .at("/0/id")
                .asText();
        String environment = done(terminal.mw("env", "list", "-o", "json"))
                .json()
                .at("/0/id")
                .asText();
        var pages = Map.of(
                "dataset:numbers@2013-01/1",
                "data/numbers@2013-01%2F1",
                "run:" + run,
                "runs/" + run,
                "environment:" + environment,
                "environments/" + environment);
        for (String ref : pages.keySet()) {
            assertThat(page(terminal, pages.get(ref)))
                    .contains("It has no certificate yet: <code>mw certify " + ref + "</code>");
            Result made = terminal.mw("certify", ref, "--out", "handed", "-o", "json");
            assertThat(made.exit()).as(ref + made.err()).isZero();
            assertThat(made.json().path("root").asText()).hasSize(64);
            assertThat(page(terminal, pages.get(ref)))
                    .contains("verified now", made.json().path("root").asText());
        }
        Matcher features = Pattern.compile("mw certify (artifact:[0-9a-f]{64})")
                .matcher(page(terminal, "runs/" + run + "/steps/rows"));
        assertThat(features.find()).isTrue();
        done(terminal.mw("certify", features.group(1)));
        assertThat(page(terminal, "runs/" + run + "/steps/rows"))
                .contains("certified")
                .doesNotContain("mw certify " + features.group(1));
        Files.writeString(
                folder.resolve("again/key.pub"),
                done(terminal.mw("key", "show")).out());
        Result verified = done(Terminal.mw(Map.of(), folder.resolve("again"), "verify", "handed", "--key", "key.pub"));
        assertThat(verified.out()).contains("dataset:numbers@2013-01/1", "run:" + run, "environment:" + environment);
        assertThat(terminal.mw("certify", "lock:none").exit()).isEqualTo(Exit.USAGE);
        assertThat(terminal.mw("certify", "run:none").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    /** Revoked data takes the models with it that came from it: marked, shown, and not released. */
    private void takenBack(Terminal terminal) {
        Result revoked = terminal.mw("revoke", "dataset:numbers@2013-01/1", "--reason", "Wrong units", "-o", "json");
        assertThat(revoked.exit()).as(revoked.err()).isZero();
        assertThat(revoked.json().path("models").toString()).contains("model:again/1", "model:again/2");
        assertThat(done(terminal.mw("model", "show", "again/1")).out())
                .contains("dataset:numbers@2013-01/1: Wrong units");
        assertThat(page(terminal, "models/again/versions/1"))
                .contains("It comes from", "dataset:numbers@2013-01/1", "Wrong units");
        assertThat(page(terminal, "data/numbers@2013-01%2F1")).contains("Wrong units", "model:again/1");
        Result released = terminal.mw("release", "again/1");
        assertThat(released.exit()).isEqualTo(Exit.REFUSED);
        assertThat(released.err())
                .contains("model:again/1 comes from dataset:numbers@2013-01/1, which was revoked: Wrong units");
        assertThat(terminal.mw("revoke", "dataset:numbers@2013-09/1", "--reason", "x")
                        .exit())
                .isEqualTo(Exit.NOT_FOUND);
        assertThat(terminal.mw("revoke", "numbers", "--reason", "x").exit()).isEqualTo(Exit.USAGE);
    }

    private static void vanish(Path shelf) throws IOException {
        try (var files = Files.list(shelf)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private void project(Terminal terminal, Path shelf) throws IOException {
        terminal.mw("user", "add", "ana", "--role", "data-scientist");
        terminal.mw("user", "add", "ben", "--role", "approver");
        SmallProject.write(
                folder.resolve("again"),
                "3.11",
                Map.of(
                        "millwright.yaml", MILLWRIGHT,
                        "pipeline.yaml", PIPELINE,
                        "rows.py", ROWS,
                        "rows.sql", SQL,
                        "contract.yaml", CONTRACT,
                        "train.py", TRAIN,
                        "requirements.lock", "--find-links " + shelf + "\n" + wheel(shelf) + lock()));
        terminal.cd(Path.of("again"));
        done(terminal.mw("project", "request", "--as", "ana"));
        done(terminal.mw("approve", "project:again", "--as", "ben"));
    }

    /** Puts a package of one line on the shelf; returns its line of the lock. */
    private static String wheel(Path shelf) throws IOException {
        Path wheel = Files.createDirectories(shelf).resolve("vanishing-1.0-py3-none-any.whl");
        try (var zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            for (String[] file : new String[][] {
                {"vanishing.py", "SIGMA = 1.0\n"},
                {"vanishing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: vanishing\nVersion: 1.0\n"},
                {
                    "vanishing-1.0.dist-info/WHEEL",
                    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                },
                {"vanishing-1.0.dist-info/RECORD", "vanishing.py,,\n"}
            }) {
                zip.putNextEntry(new ZipEntry(file[0]));
                zip.write(file[1].getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(wheel));
            return "vanishing==1.0 --hash=sha256:" + HexFormat.of().formatHex(digest) + "\n";
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode get(Terminal terminal, String path) {
        return Json.parse(page(terminal, path));
    }

    private String page(Terminal terminal, String path) {
        return text(terminal.url() + path).body();
    }
}
