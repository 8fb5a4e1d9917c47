package org.millwright.app.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Frame;
import picocli.CommandLine.Option;

/** Which columns of a file of predictions are what. */
final class PredictionOptions {
    private static final List<String> SCORES = List.of("y_pred_proba", "y_prob", "y_score", "probability");

    @Option(
            names = "--truth",
            paramLabel = "COLUMN",
            description = "True values (default: ${DEFAULT-VALUE}).",
            defaultValue = "y_true")
    private String truth = "y_true";

    @Option(
            names = "--prediction",
            paramLabel = "COLUMN",
            description = "Predicted values (default: ${DEFAULT-VALUE}).",
            defaultValue = "y_pred")
    private String prediction = "y_pred";

    @Option(
            names = "--probability",
            paramLabel = "COLUMN",
            description = "Of the positive class; else y_pred_proba, y_prob, y_score or probability, if there.")
    private Optional<String> probability = Optional.empty();

    @Option(
            names = "--probabilities",
            paramLabel = "CLASS=COLUMN",
            split = ",",
            description = "Of each class, when they are more than two.")
    private Map<String, String> probabilities = new LinkedHashMap<>();

    @Option(names = "--task", description = "${COMPLETION-CANDIDATES}; else by the true values.")
    private Optional<PredictionRows.Task> task = Optional.empty();

    @Option(
            names = "--positive",
            paramLabel = "CLASS",
            description = "The class that is looked for; else 1, true or yes.")
    private Optional<String> positive = Optional.empty();

    @Option(names = "--missing", split = ",", description = "Missing values in CSV files; else those of pandas.")
    private List<String> missing = TableFiles.MISSING;

    String truth() {
        return truth;
    }

    String prediction() {
        return prediction;
    }

    Optional<PredictionRows.Task> task() {
        return task;
    }

    Optional<String> positive() {
        return positive;
    }

    Map<String, String> probabilities() {
        return probabilities;
    }

    /** The column of the positive class's probability, if the frame has one. */
    Optional<String> probability(Frame frame) {
        return probability.or(
                () -> SCORES.stream().filter(frame.names()::contains).findFirst());
    }

    /** What to say when there is a probability that a third class keeps from being used. */
    Optional<String> unused(PredictionRows rows) {
        return rows.task() == PredictionRows.Task.multiclass && rows.probabilities() == null
                ? probability(rows.frame())
                        .map(column -> "Taken as " + rows.classes().size() + " classes ("
                                + String.join(
                                        ", ", rows.classes().stream().limit(5).toList())
                                + "), so that column '" + column
                                + "' is not used; one class against the rest: --task binary --positive CLASS.")
                : Optional.empty();
    }

    /**
     * Reads all that is needed of a file, or all columns.
     *
     * @param labelled whether true values are needed
     */
    Frame read(TableFiles files, Path file, List<String> others, boolean all, boolean labelled) {
        try (OpenTable table = files.open(file, missing)) {
            List<String> there = table.columns().stream().map(Column::name).toList();
            Set<String> wanted = new LinkedHashSet<>(List.of(prediction));
            wanted.addAll(probabilities.values());
            probability.ifPresent(wanted::add);
            wanted.addAll(others);
            for (String name : wanted) {
                if (!there.contains(name)) {
                    throw new Problem.Invalid("No column '" + name + "' in " + file.getFileName()
                            + Yaml.nearest(name, there)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("")
                            + " (it has: " + Texts.some(there) + ")");
                }
            }
            if (there.contains(truth)) {
                wanted.add(truth);
            } else if (labelled) {
                throw new Problem.Invalid(
                        "No column '" + truth + "' of true values in " + file.getFileName() + " (it has: "
                                + Texts.some(there) + ")",
                        "Name it by --truth, or estimate without: --reference FILE.");
            }
            SCORES.stream().filter(there::contains).findFirst().ifPresent(wanted::add);
            if (table.rows() > PredictionRows.MOST) {
                throw new Problem.TooLarge(
                        file.getFileName() + " has " + Texts.count(table.rows()) + " rows (at most "
                                + Texts.count(PredictionRows.MOST) + ")",
                        "Take a sample of them.");
            }
            return table.read(all ? there : List.copyOf(wanted));
        }
    }
}
