package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.artifact.Artifacts;
import org.millwright.dataset.SqlJob;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;

/** Steps of kind {@code sql}: a script whose inputs are views and whose outputs are the tables or views of that name. */
public final class SqlStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "sql",
            1,
            List.of(
                    need("run", StepKind.Form.FILE),
                    need("inputs", StepKind.Form.INPUTS),
                    need("outputs", StepKind.Form.OUTPUTS),
                    may("parameters", StepKind.Form.PARAMETERS)),
            Map.of(),
            true,
            false);

    private final TableEngine tables;
    private final Sources sources;
    private final Trees trees;

    public SqlStep(TableEngine tables, Sources sources, Trees trees) {
        this.tables = tables;
        this.sources = sources;
        this.trees = trees;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void prepare() {
        tables.check();
    }

    @Override
    public void check(Yaml.Value entry) {
        entry.get("outputs")
                .filter(Yaml.Value::isMap)
                .ifPresent(outputs -> outputs.fields().values().stream()
                        .filter(type -> !type.asText().equals("table"))
                        .forEach(type -> type.error("expected table, got '" + type.asText() + "'")));
    }

    @Override
    public Result run(StepContext context) {
        String file = context.step().text("run");
        var workspace = new Workspace(context, trees);
        Map<String, Path> outputs = workspace.outputs();
        var inputs = new LinkedHashMap<String, List<Path>>();
        context.inputs().forEach((name, output) -> inputs.put(name, files(name, output)));
        tables.run(new SqlJob(
                file,
                sources.text(context.source(), file),
                inputs,
                new LinkedHashMap<>(context.visible()),
                outputs,
                context.step().timeout()));
        var kept = new ArrayList<Output>();
        var words = new ArrayList<String>();
        outputs.forEach((name, path) -> {
            long rows = tables.rows(path);
            Output output = workspace.keep(name, path);
            kept.add(new Output(
                    name, output.type(), output.digest(), Json.object().put("rows", rows)));
            words.add(name + " " + rows + " rows");
        });
        return new Result(kept, String.join(", ", words));
    }

    private List<Path> files(String name, Output output) {
        Artifacts artifacts = trees.artifacts();
        if (output.type() == OutputType.TABLE) {
            return List.of(trees.single(output.digest()));
        }
        if (output.type() != OutputType.DATASET) {
            throw new Problem.Invalid(
                    "Input '" + name + "' is a " + output.type().text() + " (expected: a dataset or a table)");
        }
        var files = new ArrayList<Path>();
        output.info()
                .path("versions")
                .forEach(version ->
                        files.add(artifacts.path(version.path("sha256").asText())));
        return files;
    }
}
