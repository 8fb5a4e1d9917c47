package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.millwright.app.simulation.Fault;
import org.millwright.app.simulation.Plan;
import org.millwright.app.simulation.TrainingFaults;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/**
 * Brings faults into the data that a project trains on, too, where the plan says which column that is: a month is taken in
 * again with the faults, through the same contract, by a pipeline that the copy of the project gets for it.
 */
final class SimulatedFaults {
    private static final String PIPELINES = "pipeline.yaml";
    private static final String SCRIPT = "simulated_month.py";
    private static final String PYTHON = """
            import pathlib, shutil, sys

            table, out, dataset, month = sys.argv[1:]
            folder = pathlib.Path(out) / dataset
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(table, folder / (month + ".parquet"))
            """;

    private final Path project;
    private final TrainingFaults faults;
    private final Set<String> told = new LinkedHashSet<>();
    private final Map<String, List<String>> seen = new LinkedHashMap<>();

    SimulatedFaults(Path project, Plan plan, ReplayRows.Columns columns) {
        this.project = project;
        this.faults = new TrainingFaults(plan, columns.label(), columns.time());
    }

    /** Takes the month in again as the faults leave it. */
    void follow(YearMonth month, DemoShell shell, String owner) {
        faults.unplaced(month)
                .forEach(fault -> told.add("training does not see " + fault.text()
                        + (fault instanceof Fault.Moved
                                ? ": give --training-data LABEL=DATASET.COLUMN, or retraining cannot learn it"
                                : ": it is in the requests only")));
        for (String dataset : faults.datasets(month)) {
            write(dataset, month, types(shell, dataset, month));
            DemoShell.Result run = shell.quiet("run " + pipeline(dataset) + " --month " + month + " --as " + owner);
            switch (run.exit()) {
                case Exit.OK ->
                    seen.computeIfAbsent(dataset, name -> new ArrayList<>()).add(month.toString());
                case Exit.REFUSED ->
                    told.add("the contract of " + dataset + " kept " + month
                            + " with the faults out, so training sees it" + " clean: "
                            + run.json()
                                    .path("error")
                                    .asText()
                                    .lines()
                                    .findFirst()
                                    .orElse(""));
                default ->
                    throw new Problem.Refused(
                            "The faults could not be brought into " + dataset + "@" + month + ": " + run.error(), "");
            }
        }
    }

    List<String> told() {
        var all = new ArrayList<>(told);
        seen.forEach((dataset, months) ->
                all.add("training sees the faults in " + dataset + " of " + String.join(", ", months)));
        return all;
    }

    private static String pipeline(String dataset) {
        return "simulated-" + dataset;
    }

    private static Map<String, String> types(DemoShell shell, String dataset, YearMonth month) {
        var types = new LinkedHashMap<String, String>();
        shell.look("data show " + dataset + "@" + month)
                .path("columns")
                .forEach(column -> types.put(
                        column.path("name").asText(), column.path("type").asText()));
        return types;
    }

    private void write(String dataset, YearMonth month, Map<String, String> types) {
        try {
            String sql = "simulated_" + dataset + ".sql";
            Files.writeString(project.resolve(sql), faults.sql(dataset, month, types));
            Files.writeString(project.resolve(SCRIPT), PYTHON);
            Path file = project.resolve(PIPELINES);
            ObjectNode all = Json.tree(Objects.requireNonNull(
                            Yaml.parse(PIPELINES, Files.readString(file)).plain()))
                    .deepCopy();
            ObjectNode pipelines = (ObjectNode) all.path("pipelines");
            pipelines.set(pipeline(dataset), steps(dataset, sql, contract(pipelines, dataset)));
            Files.writeString(file, all.toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The contract by which the project itself takes the dataset in; "" for none. */
    private static String contract(ObjectNode pipelines, String dataset) {
        var found = new ArrayList<String>();
        pipelines.forEach(pipeline -> pipeline.path("steps").forEach(step -> {
            if (step.path("kind").asText().equals("ingest")
                    && step.path("dataset").asText().equals(dataset)
                    && step.has("contract")) {
                found.add(step.path("contract").asText());
            }
        }));
        return found.isEmpty() ? "" : found.getFirst();
    }

    private static JsonNode steps(String dataset, String sql, String contract) {
        String text = """
                {"parameters": {"month": {"type": "month"}},
                 "steps": [
                   {"id": "data", "kind": "snapshot",
                    "datasets": {"@": {"from": "${month}", "through": "${month}"}}},
                   {"id": "fault", "kind": "sql", "run": "@SQL", "inputs": {"clean": "data.@"}, "outputs": {"faulted": "table"}},
                   {"id": "months", "kind": "python", "code": ["@PY"], "inputs": {"table": "fault.faulted"},
                    "run": ["@PY", "${inputs.table}", "${outputs.months}", "@", "${month}"], "outputs": {"months": "dir"}},
                   {"id": "ingest", "kind": "ingest", "dataset": "@", "from": "months.months"}
                 ]}
                """.replace("@SQL", sql).replace("@PY", SCRIPT).replace("@", dataset);
        JsonNode pipeline = Json.parse(text);
        if (!contract.isEmpty()) {
            ((ObjectNode) pipeline.path("steps").path(3)).put("contract", contract);
        }
        return pipeline;
    }
}
