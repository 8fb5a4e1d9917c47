package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millwright.dataset.TableEngine;
import org.millwright.environment.Environment;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.ProjectFile;
import org.millwright.registry.handoff.EdgeCheck;
import org.millwright.registry.handoff.EdgeReport;
import org.millwright.registry.handoff.EdgeRows;
import org.millwright.registry.handoff.Proposal;
import org.millwright.registry.handoff.Proposer;
import org.millwright.scoring.ConstraintsJson;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.onnx.OnnxModel;

/**
 * Steps of kind {@code handoff}: the model in portable form, and whether the Java runtime predicts with it what the
 * original predicts in Python; without such a form, the same of a Python worker.
 */
public final class HandOffStep implements StepRunner {
    /** The output with every edge row and what became of it. */
    static final String EDGES = "edge-rows";

    private static final StepKind KIND = new StepKind(
            "handoff",
            3,
            List.of(need("model", StepKind.Form.REFERENCE), need("data", StepKind.Form.REFERENCE)),
            Map.of(
                    "report",
                    OutputType.JSON,
                    "portable",
                    OutputType.FILE,
                    "recorded",
                    OutputType.TABLE,
                    EDGES,
                    OutputType.JSON),
            true,
            true);

    private static final String QUESTIONS = "edges.json";
    private static final String ANSWERS = "edge-answers.json";

    private final Python python;
    private final HelperScripts scripts;
    private final TableEngine tables;
    private final Trees trees;
    private final Originals originals;

    public HandOffStep(Python python, HelperScripts scripts, TableEngine tables, Trees trees, Originals originals) {
        this.python = python;
        this.scripts = scripts;
        this.tables = tables;
        this.trees = trees;
        this.originals = originals;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void prepare() {
        OnnxModel.prepare();
    }

    @Override
    public Map<String, String> alsoKeyedBy(StepContext context) {
        ProjectFile.HandOff rule = context.project().handOff();
        return Map.of(
                "environment",
                python.environment(context).id(),
                "scripts",
                scripts.digest(),
                "rows",
                Integer.toString(rule.rows()),
                "tolerance",
                Double.toString(rule.tolerance()),
                "narrow",
                Json.canonical(ConstraintsJson.writeAll(rule.narrow())));
    }

    @Override
    public Result run(StepContext context) throws IOException {
        ProjectFile.HandOff rule = context.project().handOff();
        var workspace = new Workspace(context, trees);
        Path model = workspace.input("model", context.input("model"));
        Path data = workspace.input("data", context.input("data"));
        Path made = workspace.folder("made");
        Signature signature = declared(signature(model.resolve("MLmodel")), rule);
        Frame rows = tables.head(data, signature.names(), rule.rows());
        EdgeRows edges = EdgeRows.of(signature, rows, Python.seed(context));
        Files.write(made.resolve(QUESTIONS), edges.json(rule.tolerance()));
        JsonNode python = export(context, workspace, model, data, made, rule.rows());
        Frame expected = tables.head(made.resolve("recorded.parquet"), outputs(python), rule.rows());
        try (Model runtime = load(context, python, signature, made)) {
            Agreement agreement = recorded(expected, runtime, rows, rule.tolerance());
            EdgeReport report = new EdgeCheck(runtime, edges, rule.tolerance())
                    .run(Json.parse(Files.readAllBytes(made.resolve(ANSWERS))));
            Proposal proposal = new Proposer(report, signature, rows).propose();
            tell(context, report, proposal);
            return result(context, new Found(agreement, report, proposal), python, model, made);
        }
    }

    /** What the comparison found. */
    private record Found(Agreement agreement, EdgeReport edges, Proposal proposal) {}

    /** The model's signature, narrowed as the project declares. */
    static Signature declared(Signature signature, ProjectFile.HandOff rule) {
        try {
            return signature.narrowed(rule.narrow());
        } catch (InvalidInput e) {
            throw new Problem.Invalid(
                    "handoff.narrow does not fit the model: " + e.getMessage(), "Correct it in millwright.yaml.");
        }
    }

    /** A recorded row that the signature refuses is one that Java does not answer as Python did. */
    private static Agreement recorded(Frame expected, Model runtime, Frame rows, double tolerance) {
        try {
            Frame got = runtime.predict(rows);
            return Agreement.between(named(expected, got.names()), got, tolerance);
        } catch (InvalidInput e) {
            var cell = new Agreement.Cell(
                    e.row(), String.valueOf(e.column()), "a prediction, as in Python", String.valueOf(e.getMessage()));
            return new Agreement(expected.rows(), tolerance, 0, 1, List.of(cell));
        }
    }

    private static void tell(StepContext context, EdgeReport report, Proposal proposal) {
        if (report.blocking().isEmpty()) {
            context.log().say(report.results().size() + " edge rows: nothing differs that the signature lets in");
            return;
        }
        context.log().say("Edge rows differ that the signature lets in: " + String.join(", ", report.blocking()));
        proposal.columns()
                .forEach((column, narrowed) -> context.log().say("  proposed: " + column + " " + narrowed.text()));
    }

    /** The columns under other names, where there are as many: the script that recorded them has names of its own. */
    static Frame named(Frame frame, List<String> names) {
        if (frame.width() != names.size()) {
            return frame;
        }
        Frame.Builder named = Frame.of(frame.rows());
        for (int i = 0; i < frame.width(); i++) {
            named.column(names.get(i), frame.type(i), frame.column(i));
        }
        return named.build();
    }

    private static List<String> outputs(JsonNode python) {
        var names = new ArrayList<String>();
        python.path("predict").path("outputs").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** The model in its portable form; without one, or when Java refuses that, in a Python worker. */
    private Model load(StepContext context, JsonNode python, Signature signature, Path made) throws IOException {
        ObjectNode export = (ObjectNode) python.path("export");
        ModelFormat format = ModelFormat.of(export.path("runtime").asText());
        if (format != ModelFormat.PYTHON) {
            try {
                return format.load(Files.readAllBytes(made.resolve(format.file())), signature);
            } catch (ModelFailure e) {
                export.put("runtime", ModelFormat.PYTHON.runtime()).put("why", String.valueOf(e.getMessage()));
            }
        }
        context.log().say("A Python worker will serve it: " + export.path("why").asText());
        String digest = context.input("model").digest();
        originals.requireNames(digest);
        return originals.load(context, this.python.environment(context), digest, signature);
    }

    private JsonNode export(StepContext context, Workspace workspace, Path model, Path data, Path made, int rows)
            throws IOException {
        Environment environment = python.environment(context);
        Path folder = workspace.folder("scripts");
        scripts.copyTo(folder);
        Path report = folder.resolve("report.json");
        python.run(
                context,
                environment,
                folder,
                List.of(
                        folder.resolve("mw_handoff.py").toString(),
                        "--model",
                        model.toString(),
                        "--data",
                        data.toString(),
                        "--portable",
                        made.toString(),
                        "--out",
                        made.resolve("recorded.parquet").toString(),
                        "--report",
                        report.toString(),
                        "--rows",
                        Integer.toString(rows),
                        "--edges",
                        made.resolve(QUESTIONS).toString(),
                        "--edge-answers",
                        made.resolve(ANSWERS).toString()),
                Map.of());
        return Json.parse(Files.readAllBytes(report));
    }

    /** The signature that the MLmodel file of a logged model states. */
    static Signature signature(Path mlmodel) throws IOException {
        Yaml.Value section = Yaml.parse("MLmodel", Files.readString(mlmodel))
                .get("signature")
                .orElseThrow(() -> new Problem.Invalid(
                        "The model has no signature", "Log it with signature=… or input_example=…."));
        return Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
    }

    private Result result(StepContext context, Found found, JsonNode python, Path model, Path made) {
        JsonNode export = python.path("export");
        ModelFormat format = ModelFormat.of(export.path("runtime").asText());
        boolean worker = format == ModelFormat.PYTHON;
        Agreement agreement = found.agreement();
        String rows = trees.artifacts().put(found.edges().evidence()).sha256();
        ObjectNode report = Json.object()
                .put("agrees", agreement.holds())
                .put("rows", agreement.rows())
                .put("tolerance", agreement.tolerance())
                .put("largest", agreement.largest())
                .put("disagreements", agreement.disagreements());
        report.set("examples", Json.tree(agreement.examples()));
        report.set("export", export);
        ObjectNode edges = found.edges().json().put("evidence", rows);
        edges.set("proposal", found.proposal().json());
        edges.set(
                "narrowed", ConstraintsJson.writeAll(context.project().handOff().narrow()));
        report.set("edges", edges);
        String digest = trees.artifacts()
                .put(Json.canonical(report).getBytes(StandardCharsets.UTF_8))
                .sha256();
        ObjectNode info = Json.object();
        context.inputs().forEach((name, input) -> info.put(name, input.digest()));
        info.put("agrees", agreement.holds()).put("rows", agreement.rows()).put("largest", agreement.largest());
        info.set("blocking", Json.tree(found.edges().blocking()));
        ObjectNode runtime = Json.object().put("runtime", format.runtime());
        Path portable = worker ? model.resolve("MLmodel") : made.resolve(format.file());
        if (worker) {
            runtime.put("why", export.path("why").asText());
        }
        var outputs = List.of(
                new Output("report", OutputType.JSON, digest, info),
                new Output("portable", OutputType.FILE, trees.put(portable), runtime),
                new Output("recorded", OutputType.TABLE, trees.put(made.resolve("recorded.parquet")), Json.object()),
                new Output(EDGES, OutputType.JSON, rows, Json.object()));
        return new Result(
                outputs,
                String.format(
                        Locale.ROOT,
                        "%s %s on %d rows, largest difference %.2g (tolerance %s)%s%s",
                        worker ? "Python and its worker" : "Python and Java",
                        agreement.holds() ? "agree" : "DISAGREE",
                        agreement.rows(),
                        agreement.largest(),
                        agreement.tolerance(),
                        worker
                                ? "; no portable form: "
                                        + InvalidInput.shorten(
                                                export.path("why").asText())
                                : "",
                        found.edges().blocking().isEmpty()
                                ? ""
                                : "; edge rows differ: "
                                        + String.join(", ", found.edges().blocking())));
    }
}
