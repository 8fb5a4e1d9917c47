package org.millwright.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.millwright.kernel.Json;
import org.millwright.scoring.fairness.Criterion;
import org.millwright.scoring.fairness.ErrorGaps;
import org.millwright.scoring.fairness.Fairness;
import org.millwright.scoring.fairness.FairnessSettings;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.fairness.GroupErrors;
import org.millwright.scoring.fairness.Versus;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * What a version's decisions, or errors of a quantity, were for the groups that columns make.
 *
 * @param by the columns; of several, groups are their intersections
 * @param groups of a classifier, by name; the largest ones
 * @param errors of a quantity's groups, by name; the largest ones
 * @param others rows of groups beyond those
 * @param note why there is nothing to compare; "" when there is
 */
public record Bias(List<String> by, List<Group> groups, List<GroupErrors> errors, long others, String note) {
    public Bias {
        by = List.copyOf(by);
        groups = List.copyOf(groups);
        errors = List.copyOf(errors);
    }

    /** Whether the groups are treated alike, by settings of an agreement or the usual ones. */
    public Fairness fairness(FairnessSettings settings) {
        return Fairness.of(groups, settings);
    }

    public Fairness fairness() {
        return fairness(FairnessSettings.DEFAULT);
    }

    /** How far the groups' errors are apart, of those with enough rows. */
    public ErrorGaps gaps(int minRows) {
        return ErrorGaps.of(errors, minRows);
    }

    public ErrorGaps gaps() {
        return gaps(FairnessSettings.DEFAULT.minRows());
    }

    /** Whether errors of a quantity are compared, not decisions. */
    public boolean isOfErrors() {
        return !errors.isEmpty();
    }

    /** The columns as people read them. */
    public String name() {
        return String.join(" × ", by);
    }

    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.set("by", Json.tree(by));
        if (isOfErrors()) {
            errorsInto(json);
        } else {
            decisionsInto(json);
        }
        json.put("others", others);
        if (!note.isEmpty()) {
            json.put("note", note);
        }
        return json;
    }

    private void decisionsInto(ObjectNode json) {
        Fairness fairness = fairness();
        json.put("verdict", fairness.verdict().text()).put("privileged", fairness.privileged());
        ArrayNode criteria = json.putArray("criteria");
        fairness.criteria().forEach(criterion -> criteria.add(json(criterion)));
        ArrayNode all = json.putArray("groups");
        groups.forEach(group -> all.add(json(group, fairness)));
    }

    private void errorsInto(ObjectNode json) {
        ErrorGaps gaps = gaps();
        List<Criterion> judged = gaps.criteria();
        json.put("verdict", ErrorGaps.worst(judged).text());
        ArrayNode criteria = json.putArray("criteria");
        judged.forEach(criterion -> criteria.add(json(criterion)));
        ArrayNode all = json.putArray("errors");
        errors.forEach(group -> {
            ObjectNode one = all.addObject()
                    .put("group", group.name())
                    .put("n", group.n())
                    .put("counts", gaps.judged().contains(group));
            put(one, "mean_error", group.meanErrorEstimate());
            put(one, "mae", group.maeEstimate());
            Scores.put(one, "mean_error_deviation", group.meanErrorDeviation());
            Scores.put(one, "mae_deviation", group.maeDeviation());
        });
    }

    private static ObjectNode json(Criterion criterion) {
        ObjectNode json = Json.object()
                .put("metric", criterion.metric())
                .put("verdict", criterion.verdict().text())
                .put("lowest", criterion.lowest())
                .put("highest", criterion.highest());
        Scores.put(json, "threshold", criterion.threshold());
        Scores.put(json, "value", criterion.value());
        Scores.put(json, "p", criterion.p());
        return json;
    }

    private static ObjectNode json(Group group, Fairness fairness) {
        ObjectNode json = Json.object()
                .put("group", group.name())
                .put("n", group.n())
                .put("counts", fairness.judged().contains(group))
                .put("selected", group.selected())
                .put("tp", group.tp())
                .put("fp", group.fp())
                .put("tn", group.tn())
                .put("fn", group.fn());
        put(json, "selection_rate", group.selectionRate());
        put(json, "tpr", group.tpr());
        put(json, "fpr", group.fpr());
        put(json, "tnr", group.tnr());
        put(json, "fnr", group.fnr());
        put(json, "accuracy", group.accuracy());
        put(json, "precision", group.precision());
        for (Versus versus : fairness.versus()) {
            if (versus.group().equals(group.name())) {
                Scores.put(json, "disparate_impact", versus.disparateImpact());
                Scores.put(json, "statistical_parity_difference", versus.statisticalParityDifference());
                Scores.put(json, "average_odds_difference", versus.averageOddsDifference());
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Estimate rate) {
        if (Double.isFinite(rate.value())) {
            ObjectNode estimate = json.putObject(name).put("value", rate.value());
            Scores.put(estimate, "low", rate.low());
            Scores.put(estimate, "high", rate.high());
        }
    }

    static Bias from(JsonNode json) {
        List<String> by = new ArrayList<>();
        json.path("by").forEach(column -> by.add(column.asText()));
        List<Group> groups = new ArrayList<>();
        json.path("groups")
                .forEach(group -> groups.add(new Group(
                        group.path("group").asText(),
                        group.path("n").asLong(),
                        group.path("selected").asLong(),
                        group.path("tp").asLong(),
                        group.path("fp").asLong(),
                        group.path("tn").asLong(),
                        group.path("fn").asLong())));
        List<GroupErrors> errors = new ArrayList<>();
        json.path("errors")
                .forEach(group -> errors.add(new GroupErrors(
                        group.path("group").asText(),
                        group.path("n").asLong(),
                        group.path("mean_error").path("value").asDouble(Double.NaN),
                        group.path("mean_error_deviation").asDouble(Double.NaN),
                        group.path("mae").path("value").asDouble(Double.NaN),
                        group.path("mae_deviation").asDouble(Double.NaN))));
        return new Bias(
                by,
                groups,
                errors,
                json.path("others").asLong(),
                json.path("note").asText(""));
    }
}
