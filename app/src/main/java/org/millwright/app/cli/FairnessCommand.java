package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.fairness.Criterion;
import org.millwright.scoring.fairness.Fairness;
import org.millwright.scoring.fairness.FairnessSettings;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.fairness.Versus;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw fairness}: whether a classifier treats groups alike, and how far they are apart in the errors of a quantity. */
@Command(
        name = "fairness",
        description = "Whether a model treats groups alike: in decisions, or in errors of a quantity; needs no server.",
        mixinStandardHelpOptions = true)
final class FairnessCommand implements Callable<Integer> {
    @Mixin
    private Written written = new Written();

    @Mixin
    private PredictionOptions options = new PredictionOptions();

    @Parameters(paramLabel = "PREDICTIONS", description = "CSV or Parquet file.")
    private Path predictions = Path.of("");

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            required = true,
            description =
                    "The groups: a column, or several separated by commas for their intersections; may be repeated.")
    private List<String> by = List.of();

    @Option(
            names = "--ratio",
            description = "Least ratio of selection rates, or of mean absolute errors (default: ${DEFAULT-VALUE}, the"
                    + " four-fifths rule).",
            defaultValue = "0.8")
    private double ratio;

    @Option(
            names = "--difference",
            description = "Largest gap: in rates (default: 0.1), or in errors, in the label's unit (default: none).")
    private Optional<Double> difference = Optional.empty();

    @Option(
            names = "--min-rows",
            description = "A smaller group is shown and decides nothing (default: ${DEFAULT-VALUE}).",
            defaultValue = "30")
    private int minRows;

    @Option(names = "--check", description = "Exit 6 when the predictions are unfair.")
    private boolean check;

    @Override
    public Integer call() {
        List<String> columns = new ArrayList<>();
        by.forEach(each -> columns.addAll(Arrays.asList(each.split(","))));
        PredictionRows rows;
        try (var files = new TableFiles()) {
            Frame frame = options.read(files, written.around().resolve(predictions), columns, false, false);
            rows = PredictionRows.of(frame, options, Optional.empty());
        }
        if (rows.task() == PredictionRows.Task.regression) {
            boolean unfair = new ErrorGapsOutput(written, ratio, difference, minRows).write(rows, by, options.truth());
            return check && unfair ? Exit.REFUSED : Exit.OK;
        }
        FairnessSettings settings = settings();
        List<Fairness> all = new ArrayList<>();
        for (String each : by) {
            all.add(Fairness.of(
                    rows.slices(each),
                    decisions(rows, rows.predicted()),
                    rows.truth().length == 0 ? null : decisions(rows, rows.truth()),
                    settings));
        }
        write(all);
        boolean unfair = all.stream().anyMatch(each -> each.verdict() == Criterion.Verdict.UNFAIR);
        return check && unfair ? Exit.REFUSED : Exit.OK;
    }

    private FairnessSettings settings() {
        try {
            return new FairnessSettings(
                    ratio,
                    difference.orElse(FairnessSettings.DEFAULT.difference()),
                    minRows,
                    FairnessSettings.DEFAULT.alpha());
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(String.valueOf(e.getMessage()));
        }
    }

    /** 1 for the positive class, 0 for any other. */
    private int[] decisions(PredictionRows rows, double[] classes) {
        int positive = positive(rows);
        return Arrays.stream(classes)
                .mapToInt(number -> Double.isNaN(number) ? Fairness.MISSING : number == positive ? 1 : 0)
                .toArray();
    }

    private int positive(PredictionRows rows) {
        if (rows.task() == PredictionRows.Task.binary) {
            return 1;
        }
        int at = options.positive().map(rows.classes()::indexOf).orElse(-1);
        if (at < 0) {
            throw new Problem.Invalid(
                    "Which class is the favourable one? The values are " + String.join(", ", rows.classes()),
                    "Say --positive CLASS.");
        }
        return at;
    }

    private void write(List<Fairness> all) {
        if (written.isTable()) {
            for (int i = 0; i < all.size(); i++) {
                table(by.get(i), all.get(i));
            }
            return;
        }
        ArrayNode json = Json.array();
        for (int i = 0; i < all.size(); i++) {
            json.add(json(by.get(i), all.get(i)));
        }
        written.list(DriftOutput.plain(json), "by", "verdict");
    }

    private void table(String columns, Fairness fairness) {
        ArrayNode criteria = Json.array();
        fairness.criteria().forEach(criterion -> criteria.add(json(criterion)));
        written.list(criteria, "metric", "verdict", "value=shown.value", "threshold", "p=shown.p", "lowest", "highest");
        written.print("");
        ArrayNode groups = Json.array();
        fairness.groups().forEach(group -> groups.add(json(group, fairness)));
        written.list(
                groups,
                columns + "=group",
                "n",
                "selected=shown.selection_rate",
                "tpr=shown.tpr",
                "fpr=shown.fpr",
                "accuracy=shown.accuracy",
                "counts");
        written.print("");
        written.say(columns + ": " + fairness.verdict().text() + "; shares with their 95 % intervals");
    }

    private static ObjectNode json(String columns, Fairness fairness) {
        ObjectNode json = Json.object()
                .put("by", columns)
                .put("verdict", fairness.verdict().text())
                .put("privileged", fairness.privileged());
        ArrayNode criteria = json.putArray("criteria");
        fairness.criteria().forEach(criterion -> criteria.add(json(criterion)));
        ArrayNode groups = json.putArray("groups");
        fairness.groups().forEach(group -> groups.add(json(group, fairness)));
        return json;
    }

    static ObjectNode json(Criterion criterion) {
        ObjectNode json = Json.object()
                .put("metric", criterion.metric())
                .put("verdict", criterion.verdict().text())
                .put("lowest", criterion.lowest())
                .put("highest", criterion.highest());
        EvaluateCommand.put(json, "threshold", criterion.threshold());
        EvaluateCommand.put(json, "value", criterion.value());
        EvaluateCommand.put(json, "p", criterion.p());
        json.putObject("shown")
                .put("value", DriftOutput.number(criterion.value()))
                .put("p", DriftOutput.number(criterion.p()));
        return json;
    }

    private static ObjectNode json(Group group, Fairness fairness) {
        ObjectNode json = Json.object()
                .put("group", group.name())
                .put("n", group.n())
                .put("counts", fairness.judged().contains(group));
        ObjectNode shown = Json.object();
        rate(json, shown, "selection_rate", group.selectionRate());
        rate(json, shown, "tpr", group.tpr());
        rate(json, shown, "fpr", group.fpr());
        rate(json, shown, "tnr", group.tnr());
        rate(json, shown, "fnr", group.fnr());
        rate(json, shown, "accuracy", group.accuracy());
        rate(json, shown, "precision", group.precision());
        @Nullable
        Versus versus = fairness.versus().stream()
                .filter(each -> each.group().equals(group.name()))
                .min(Comparator.comparing(Versus::group))
                .orElse(null);
        if (versus != null) {
            EvaluateCommand.put(json, "disparate_impact", versus.disparateImpact());
            EvaluateCommand.put(json, "statistical_parity_difference", versus.statisticalParityDifference());
            EvaluateCommand.put(json, "average_odds_difference", versus.averageOddsDifference());
        }
        return json.set("shown", shown);
    }

    static void rate(ObjectNode json, ObjectNode shown, String name, Estimate rate) {
        EvaluateCommand.put(json, name, rate.value());
        if (Double.isFinite(rate.value())) {
            json.putArray(name + "_interval").add(rate.low()).add(rate.high());
            shown.put(
                    name,
                    DriftOutput.number(rate.value()) + " (" + DriftOutput.number(rate.low()) + " to "
                            + DriftOutput.number(rate.high()) + ")");
        }
    }
}
