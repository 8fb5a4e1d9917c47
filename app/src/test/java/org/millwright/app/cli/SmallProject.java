package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A project whose steps are real Python and do almost nothing: each notes that it began, then waits for its gate.
 *
 * <p>In the folder that the parameter {@code gates} names, a step writes {@code STEP.began} (a line with its process id for
 * each attempt) and goes on when {@code STEP.open} is there; it fails when that says so.
 */
final class SmallProject {
    private static final String MILLWRIGHT = """
            apiVersion: millwright/v1
            kind: Project
            name: small
            purpose: Shows that a line goes on after a fault.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], ben: [approver]}
            environment: {python: "@python@"}
            model: {task: regression, label: y}
            """;
    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              line:
                parameters:
                  gates: {type: string}
                steps:
                  - id: fetch
                    kind: python
                    run: [step.py, fetch, "${gates}", "${outputs.months}"]
                    code: [step.py]
                    outputs: {months: dir}
                  - {id: numbers, kind: ingest, dataset: numbers, from: fetch.months, contract: contract.yaml}
                  - id: work
                    kind: python
                    run: [step.py, work, "${gates}", "${outputs.result}"]
                    code: [step.py]
                    inputs: {months: fetch.months}
                    needs: [numbers]
                    outputs: {result: dir}
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
                  - {name: y, logicalType: number, required: true}
            """;
    private static final String STEP = """
            import os, pathlib, signal, sys, time
            name, gates, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print(name, "begins", flush=True)
            with open(gates / (name + ".began"), "a") as began:
                began.write(str(os.getpid()) + "\\n")
            while not (gates / (name + ".open")).exists():
                time.sleep(0.01)
            if (gates / (name + ".open")).read_text() == "fail":
                print("the disk is on fire", file=sys.stderr)
                sys.exit(3)
            (out / "numbers").mkdir(parents=True)
            rows = "".join(f"{i},{i / 2}\\n" for i in range(500))
            (out / "numbers" / "2013-01.csv").write_text("id,y\\n" + rows)
            """;
    /** The smallest package there is: an environment needs one. */
    private static final String LOCK = """
            six==1.17.0 \\
                --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\
                --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81
            """;

    private SmallProject() {}

    /** Writes the folder, with some of its files changed. */
    static void write(Path folder, String python, Map<String, String> changes) {
        var files = new LinkedHashMap<String, String>();
        files.put("millwright.yaml", MILLWRIGHT.replace("@python@", python));
        files.put("pipeline.yaml", PIPELINE);
        files.put("contract.yaml", CONTRACT);
        files.put("step.py", STEP);
        files.put("requirements.in", "six\n");
        files.put("requirements.lock", LOCK);
        files.putAll(changes);
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the Python that the tests run with, such as 3.11. */
    static String python() {
        try {
            Process process = new ProcessBuilder(
                            "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2], end='')")
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("The tests need Python: apt-get install python3-venv", e);
        }
    }
}
