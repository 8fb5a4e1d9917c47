package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

/** What a person sees when the line cannot begin, and when one of its steps breaks. */
class LineTest {
    /** A typing error in a file of the project, and what is said about it. */
    private record Mistake(String file, String good, String bad, String said) {}

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake(
                    "pipeline.yaml",
                    "kind: ingest",
                    "kind: injest",
                    "pipeline.yaml:13: pipelines.line.steps[1].kind: unknown kind 'injest'; did you mean 'ingest'?"),
            new Mistake("pipeline.yaml", "needs: [numbers]", "needs: [work]", "steps wait for each other: work → work"),
            new Mistake(
                    "pipeline.yaml",
                    "from: fetch.months",
                    "from: work.result",
                    "steps wait for each other: numbers → work → numbers"),
            new Mistake(
                    "pipeline.yaml",
                    "gates: {type: string}",
                    "gates: {type: string, type: int}",
                    "key 'type' occurs a second time (expected: once, as in line 6)"),
            new Mistake(
                    "pipeline.yaml",
                    "gates: {type: string}",
                    "gates: &a [*a]",
                    "pipeline.yaml:6: an alias inside of what it stands for"),
            new Mistake(
                    "pipeline.yaml",
                    "run: [step.py, fetch",
                    "run: [stop.py, fetch",
                    "the project has no file 'stop.py'; did you mean 'step.py'?"),
            new Mistake("pipeline.yaml", "code: [step.py]", "code: [step.py", "pipeline.yaml:12: not valid YAML: "),
            new Mistake(
                    "pipeline.yaml",
                    "contract: contract.yaml",
                    "contract: contracts.yaml",
                    "the project has no file 'contracts.yaml'; did you mean 'contract.yaml'?"),
            new Mistake(
                    "contract.yaml",
                    "logicalType: integer",
                    "logicalType: whole",
                    "contract.yaml:9: schema[0].properties[0].logicalType: expected string, date"),
            new Mistake(
                    "contract.yaml",
                    "required: true",
                    "requird: true",
                    "contract.yaml:10: schema[0].properties[1].requird: unknown key 'requird'; did you mean 'required'?"),
            new Mistake(
                    "contract.yaml",
                    "name: numbers",
                    "name: figures",
                    "contract.yaml promises nothing about 'numbers' (expected: a table of that name)"),
            new Mistake(
                    "contract.yaml",
                    "kind: DataContract",
                    "kind: DataContract: no",
                    "contract.yaml:2: not valid YAML: "),
            new Mistake(
                    "millwright.yaml",
                    "risk-tier: low",
                    "risk-teir: low",
                    "millwright.yaml:6: risk-teir: unknown key 'risk-teir'; did you mean 'risk-tier'?"),
            new Mistake("millwright.yaml", "owner: ana", "owner: [ana", "millwright.yaml:6: not valid YAML: "),
            new Mistake("millwright.yaml", "name: small", "name:", "millwright.yaml:"),
            new Mistake(
                    "millwright.yaml",
                    "owner: ana",
                    "owner: ana\nowner: ben",
                    "key 'owner' occurs a second time (expected: once, as in line 5)"));

    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void start() throws IOException {
        terminal = new Terminal(folder);
        terminal.mw("user", "add", "ana", "--role", "data-scientist");
        terminal.mw("user", "add", "ben", "--role", "approver");
        Files.createDirectories(folder.resolve("gates"));
        SmallProject.write(folder.resolve("small"), SmallProject.python(), Map.of());
        terminal.cd(Path.of("small"));
        assertThat(terminal.mw("project", "request", "--as", "ana").exit()).isZero();
        assertThat(terminal.mw("approve", "project:small", "--as", "ben").exit())
                .isZero();
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void aMalformedFileStartsNothing() throws IOException {
        for (Mistake mistake : MISTAKES) {
            Path file = folder.resolve("small").resolve(mistake.file());
            String text = Files.readString(file);
            assertThat(text).contains(mistake.good());
            Files.writeString(file, text.replace(mistake.good(), mistake.bad()));

            Result run = line();

            Files.writeString(file, text);
            assertThat(run.exit()).as(run.err()).isEqualTo(Exit.USAGE);
            assertThat(run.err()).startsWith("mw: ").contains(mistake.said()).doesNotContain("Exception");
        }
        assertThat(terminal.mw("run", "list", "-o", "json").json()).isEmpty();
        assertThat(terminal.mw("ledger", "list", "-o", "csv").out()).doesNotContain("pipeline-run.");
        assertThat(folder.resolve("gates")).isEmptyDirectory();
    }

    @Test
    void aStepThatBreaksShowsItsLogAndTheRunGoesOnFromThere() throws IOException {
        open("fetch", "");
        open("work", "fail");

        Result broken = line();

        assertThat(broken.exit()).as(broken.err()).isEqualTo(Exit.FAILED);
        assertThat(broken.err())
                .contains("✓ fetch")
                .contains("✓ numbers")
                .contains("✗ work")
                .contains("step.py ended with exit code 3")
                .contains("      the disk is on fire")
                .contains("With the same files: mw resume ");
        JsonNode run = terminal.mw("run", "show", "-o", "json").json();
        assertThat(run.path("status").asText()).isEqualTo("failed");
        assertThat(run.path("error").asText()).startsWith("work: ").contains("the disk is on fire");
        assertThat(terminal.mw("data", "list", "numbers", "-o", "json").json()).hasSize(1);

        open("work", "");
        Result resumed = terminal.mw("resume", "--as", "ana", "-o", "json");

        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(resumed.json().path("id").asText()).isEqualTo(run.path("id").asText());
        JsonNode whole = terminal.mw("run", "show", "-o", "json").json();
        assertThat(Faults.step(whole, "fetch")).isEqualTo("succeeded 1");
        assertThat(Faults.step(whole, "numbers")).isEqualTo("succeeded 1");
        assertThat(Faults.step(whole, "work")).isEqualTo("succeeded 2");
        assertThat(Files.readAllLines(folder.resolve("gates/fetch.began"))).hasSize(1);
        assertThat(terminal.mw("run", "logs", "--step", "work").out()).contains("work begins");
        assertThat(terminal.mw("ledger", "verify").exit()).isZero();
    }

    private Result line() {
        return terminal.mw("run", "line", "--gates", folder.resolve("gates").toString(), "--as", "ana");
    }

    private void open(String step, String how) throws IOException {
        Files.writeString(folder.resolve("gates").resolve(step + ".open"), how);
    }
}
