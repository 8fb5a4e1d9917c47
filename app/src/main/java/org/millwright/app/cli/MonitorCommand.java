package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw monitor}: how a deployment does against what was agreed. */
@Command(
        name = "monitor",
        description =
                "How a deployment does against its agreement, window by window, and what is known without outcomes: show, "
                        + "performance, segments, signals, causes, labels.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class MonitorCommand {
    @Command(
            name = "show",
            description = "Windows and their verdicts, and what was decided about training again.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode monitor = shared.client().get(DeploymentCommand.path(name, "/monitor"));
        if (!shared.isTable() && !shared.isCsv()) {
            ((ObjectNode) monitor).set("signals", shared.client().get(DeploymentCommand.path(name, "/signals")));
            return shared.show(monitor, "deployment");
        }
        shared.list(
                verdicts(monitor),
                "window",
                "version",
                "clause",
                "verdict",
                "method",
                "value",
                "limit=threshold",
                "n",
                "note");
        if (shared.isTable() && !monitor.path("retrainings").isEmpty()) {
            shared.print("");
            shared.list(monitor.path("retrainings"), "retraining=event", "decision", "at", "run", "reason");
        }
        return Exit.OK;
    }

    @Command(
            name = "signals",
            description =
                    "What is known without outcomes: estimated performance, what is wrong with the rows, age, feeds, notes.",
            mixinStandardHelpOptions = true)
    int signals(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode signals = shared.client().get(DeploymentCommand.path(name, "/signals"));
        return shared.isTable() || shared.isCsv()
                ? shared.list(MonitorSignals.rows(signals), "window", "signal", "subject", "verdict", "value", "note")
                : shared.show(signals, "deployment");
    }

    @Command(
            name = "causes",
            description =
                    "What may be behind what the newest window shows: columns, kinds of rows, changes at that time.",
            mixinStandardHelpOptions = true)
    int causes(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode signals = shared.client().get(DeploymentCommand.path(name, "/signals"));
        JsonNode losses = signals.path("losses");
        if (shared.isTable() || shared.isCsv()) {
            JsonNode rows = MonitorSignals.causes(signals.path("causes"), losses);
            if (rows.isEmpty()) {
                shared.say(
                        "Nothing stands out: no column moved, no kind of rows became more or got worse, and nothing changed at"
                                + " that time. What is known of each window: mw monitor show " + name);
            }
            return shared.list(rows, "cause", "what", "value", "note");
        }
        ObjectNode causes = signals.path("causes") instanceof ObjectNode found ? found : Json.object();
        if (losses.isObject()) {
            causes.set("losses", losses);
        }
        return shared.show(causes, "window");
    }

    /** What closed windows said, window by window. */
    static JsonNode verdicts(JsonNode monitor) {
        var all = Json.array();
        monitor.path("windows").forEach(window -> window.path("judged").forEach(all::add));
        return all;
    }

    @Command(
            name = "performance",
            description = "Every metric of a window with its 95 % interval, by segment, and how groups are treated.",
            mixinStandardHelpOptions = true)
    int performance(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DEPLOYMENT") String name,
            @Option(names = "--window", description = "Such as 2013-10; the newest by default.")
                    Optional<String> window,
            @Option(names = "--model-version", description = "The one that answered most by default.")
                    Optional<String> version) {
        JsonNode measured =
                shared.client().get(DeploymentCommand.path(name, "/monitor/performance") + query(window, version));
        if (!shared.isTable() && !shared.isCsv()) {
            return shared.show(measured, "task", "n", "coverage");
        }
        ArrayNode metrics = Json.array();
        metrics(metrics, "all", measured);
        measured.path("segments")
                .forEach(segment -> metrics(
                        metrics,
                        joined(segment.path("by")) + "=" + segment.path("value").asText(),
                        segment));
        shared.list(metrics, "slice", "metric", "value", "low", "high", "n", "note");
        if (shared.isCsv()) {
            return Exit.OK;
        }
        measured.path("fairness").forEach(bias -> fairness(shared, bias));
        JsonNode unknown = measured.path("unknownClasses");
        if (!unknown.isEmpty()) {
            shared.say("Outcomes of classes that the version does not know, which no metric counts: " + unknown);
        }
        return Exit.OK;
    }

    @Command(
            name = "segments",
            description = "How far each segment that the agreement names moved from training, and by which columns.",
            mixinStandardHelpOptions = true)
    int segments(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DEPLOYMENT") String name,
            @Option(names = "--window", description = "Such as 2013-10; the newest by default.")
                    Optional<String> window,
            @Option(names = "--model-version", description = "The one that answered most by default.")
                    Optional<String> version) {
        JsonNode segments = shared.client()
                .get(DeploymentCommand.path(name, "/monitor/segments") + query(window, version))
                .path("segments");
        if (shared.isDocument()) {
            return shared.list(segments, "segment", "rows", "drift");
        }
        ArrayNode rows = Json.array();
        segments.forEach(segment -> rows.addObject()
                .put("segment", segment.path("segment").asText())
                .put("rows", segment.path("rows").asLong())
                .put(
                        "moved",
                        DriftOutput.number(segment.path("drift").path("share").asDouble(Double.NaN)))
                .put("most", most(segment.path("drift").path("columns")))
                .put("note", segment.path("drift").has("share") ? "" : "too few rows to compare"));
        return shared.list(rows, "segment", "rows", "moved", "most", "note");
    }

    private static String query(Optional<String> window, Optional<String> version) {
        return "?window=" + Client.part(window.orElse("")) + "&version=" + Client.part(version.orElse(""));
    }

    /** The columns that moved most, with their values. */
    private static String most(JsonNode columns) {
        List<JsonNode> all = new ArrayList<>();
        columns.forEach(all::add);
        return all.stream()
                .filter(column -> column.has("value"))
                .sorted(Comparator.comparingDouble(column ->
                        -column.path("value").asDouble() / column.path("alert").asDouble(1)))
                .limit(3)
                .map(column -> column.path("name").asText() + " "
                        + DriftOutput.number(column.path("value").asDouble()))
                .collect(Collectors.joining(", "));
    }

    private static String joined(JsonNode by) {
        List<String> columns = new ArrayList<>();
        by.forEach(column -> columns.add(column.asText()));
        return String.join(" × ", columns);
    }

    private static void metrics(ArrayNode all, String slice, JsonNode scores) {
        long n = scores.path("n").asLong();
        if (scores.has("note")) {
            all.addObject()
                    .put("slice", slice)
                    .put("n", n)
                    .put("note", scores.path("note").asText());
        }
        scores.properties().forEach(field -> {
            JsonNode estimate = field.getValue();
            if (estimate.isObject() && estimate.has("value")) {
                ObjectNode row = all.addObject()
                        .put("slice", slice)
                        .put("metric", field.getKey())
                        .put("n", n);
                for (String part : List.of("value", "low", "high")) {
                    row.put(part, DriftOutput.number(estimate.path(part).asDouble(Double.NaN)));
                }
            }
        });
    }

    private static void fairness(Shared shared, JsonNode bias) {
        shared.print("");
        if (bias.has("note")) {
            shared.print(
                    "by " + joined(bias.path("by")) + ": " + bias.path("note").asText());
            return;
        }
        shared.print(
                "by " + joined(bias.path("by")) + ": " + bias.path("verdict").asText());
        shared.list(bias.path("criteria"), "metric", "verdict", "value", "threshold", "p", "lowest", "highest");
        shared.print("");
        shared.list(
                bias.path("groups"),
                "group",
                "n",
                "counts",
                "selection_rate=selection_rate.value",
                "disparate_impact",
                "tpr=tpr.value",
                "fpr=fpr.value",
                "accuracy=accuracy.value");
    }

    @Command(
            name = "labels",
            description = "Send the outcomes of a CSV or Parquet file; rows without a value are left out.",
            mixinStandardHelpOptions = true)
    int labels(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DEPLOYMENT") String name,
            @Parameters(paramLabel = "FILE", description = "CSV or Parquet.") Path file,
            @Option(names = "--id", description = "Column that names the prediction.", defaultValue = "id") String id,
            @Option(
                            names = "--value",
                            description = "Column with the outcome: a number, or the name of a class.",
                            defaultValue = "value")
                    String value,
            @Option(names = "--time", description = "Column with the time of observation.") Optional<String> time,
            @Option(
                            names = "--attributes",
                            paramLabel = "COLUMN,…",
                            description = "Columns that the agreement splits by and the model does not know.")
                    Optional<String> attributes) {
        LabelFile read = LabelFile.read(
                shared.around().resolve(file),
                id,
                value,
                time,
                attributes.map(columns -> List.of(columns.split(","))).orElse(List.of()));
        List<ArrayNode> parts = read.parts();
        List<JsonNode> answers = new ArrayList<>();
        for (ArrayNode part : parts) {
            answers.add(shared.client().post(DeploymentCommand.path(name, "/labels"), part));
            shared.screen()
                    .live(List.of("  " + Texts.count(answers.size() * 50_000L) + " of about "
                            + Texts.count(parts.size() * 50_000L) + " outcomes"));
        }
        shared.screen().settle();
        int left = read.unknown(parts);
        if (left > 0) {
            shared.say(Texts.count(left) + " rows have no value yet and were left out.");
        }
        return shared.show(
                LabelFile.sum(answers),
                "received",
                "joined",
                "pending",
                "duplicates",
                "contradicted",
                "unknown",
                "contradictions",
                "unknownClasses",
                "unusedAttributes");
    }
}
