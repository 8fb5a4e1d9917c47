package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.fairness.Criterion;
import org.millwright.scoring.fairness.ErrorGaps;
import org.millwright.scoring.fairness.GroupErrors;

/**
 * How far groups are apart in the errors of a quantity, as {@code mw fairness} tells it.
 *
 * @param ratio least ratio of mean absolute errors
 * @param difference largest gap in the label's unit; empty for none
 * @param minRows a smaller group decides nothing
 */
record ErrorGapsOutput(Written written, double ratio, Optional<Double> difference, int minRows) {
    ErrorGapsOutput {
        require(ratio > 0 && ratio <= 1, "ratio", ratio, "above 0, at most 1");
        difference.ifPresent(
                gap -> require(gap >= 0 && Double.isFinite(gap), "difference", gap, "0 or more, in the label's unit"));
        require(minRows >= 1, "min rows", minRows, "1 or more");
    }

    private static void require(boolean right, String what, double value, String expected) {
        if (!right) {
            throw new Problem.Invalid(what + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** Writes all splits; whether groups are too far apart in one of them. */
    boolean write(PredictionRows rows, List<String> by, String truth) {
        if (rows.truth().length == 0) {
            throw new Problem.Invalid(
                    "No column '" + truth + "' of true values: errors of a quantity need them",
                    "Name it by --truth; for decisions, name a column of classes such as 0 and 1 by --prediction.");
        }
        List<ErrorGaps> all = new ArrayList<>();
        by.forEach(each -> all.add(ErrorGaps.of(rows.slices(each), rows.predicted(), rows.truth(), minRows)));
        if (written.isTable()) {
            for (int i = 0; i < all.size(); i++) {
                table(by.get(i), all.get(i));
            }
        } else {
            ArrayNode json = Json.array();
            for (int i = 0; i < all.size(); i++) {
                json.add(json(by.get(i), all.get(i)));
            }
            written.list(DriftOutput.plain(json), "by", "verdict");
        }
        return all.stream().anyMatch(each -> ErrorGaps.worst(criteria(each)) == Criterion.Verdict.UNFAIR);
    }

    private List<Criterion> criteria(ErrorGaps gaps) {
        return Arrays.stream(ErrorGaps.Measure.values())
                .map(measure -> gaps.criterion(
                        measure, measure == ErrorGaps.Measure.MAE_RATIO ? ratio : difference.orElse(Double.NaN)))
                .toList();
    }

    private void table(String columns, ErrorGaps gaps) {
        ObjectNode json = json(columns, gaps);
        written.list(
                (ArrayNode) json.get("criteria"),
                "metric",
                "verdict",
                "value=shown.value",
                "threshold",
                "p=shown.p",
                "lowest",
                "highest");
        written.print("");
        written.list(
                (ArrayNode) json.get("groups"),
                columns + "=group",
                "n",
                "mean_error=shown.mean_error",
                "mae=shown.mae",
                "rmse=shown.rmse",
                "counts");
        written.print("");
        written.say(columns + ": " + json.path("verdict").asText()
                + "; errors are prediction - truth in the label's unit, with their 95 % intervals"
                + (difference.isPresent() ? "" : "; gaps are judged with --difference"));
    }

    private ObjectNode json(String columns, ErrorGaps gaps) {
        List<Criterion> judged = criteria(gaps);
        ObjectNode json = Json.object()
                .put("by", columns)
                .put("verdict", ErrorGaps.worst(judged).text());
        ArrayNode criteria = json.putArray("criteria");
        judged.forEach(criterion -> criteria.add(FairnessCommand.json(criterion)));
        ArrayNode groups = json.putArray("groups");
        for (GroupErrors group : gaps.groups()) {
            ObjectNode one = groups.addObject()
                    .put("group", group.name())
                    .put("n", group.n())
                    .put("counts", gaps.judged().contains(group));
            ObjectNode shown = Json.object().put("rmse", DriftOutput.number(group.rmse()));
            FairnessCommand.rate(one, shown, "mean_error", group.meanErrorEstimate());
            FairnessCommand.rate(one, shown, "mae", group.maeEstimate());
            one.put("rmse", group.rmse()).set("shown", shown);
        }
        return json;
    }
}
