package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.project.RolloutPlan;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Evidence;
import org.millwright.serving.Finding;
import org.millwright.serving.Rollout;
import org.millwright.serving.Scorer;
import org.millwright.serving.Shadowing;

/**
 * A version on trial beside the one in production.
 *
 * @param champion the version in production; "" for none
 * @param lead where the trial stands, in words
 * @param steps of the plan in words
 * @param step of them that is under way, from 0
 * @param shapes both versions' predictions as a plot; "" while one has none
 * @param sentences what the two figures and plots say
 */
public record Challenge(
        String champion,
        String challenger,
        String lead,
        List<String> steps,
        int step,
        List<Finding> findings,
        String shapes,
        Optional<Evidence.Outcomes> outcomes,
        List<String> sentences) {

    static Optional<Challenge> of(Deployment deployment, Deployments deployments, Scorer scorer) {
        if (!(deployment.rollout() instanceof Rollout.Trial trial)) {
            return Optional.empty();
        }
        return deployments
                .standing(deployment)
                .map(standing -> of(deployment, trial, standing, scorer.shadowing(deployment.name())));
    }

    private static Challenge of(
            Deployment deployment, Rollout.Trial trial, Deployments.Standing standing, Optional<Shadowing> shadowing) {
        Optional<Evidence.Comparison> comparison = standing.evidence().comparison();
        return new Challenge(
                deployment.production().orElse(""),
                trial.version(),
                lead(deployment, trial),
                trial.plan().steps().stream().map(Challenge::step).toList(),
                trial.step(),
                standing.findings(),
                comparison
                        .flatMap(Evidence.Comparison::shape)
                        .map(shape -> shapes(trial.version(), shape))
                        .orElse(""),
                comparison.flatMap(Evidence.Comparison::outcomes),
                sentences(trial, comparison, shadowing));
    }

    private static String lead(Deployment deployment, Rollout.Trial trial) {
        String what = trial.isShadow()
                ? " is shown " + trial.current().percent() + " % of the requests; version "
                        + deployment.production().orElse("?") + " answers them."
                : " answers " + (deployment.production().isPresent() ? trial.percent() : 100) + " % of the requests.";
        return "Version " + trial.version() + what
                + (trial.current().byHand() ? " It goes on by a person's word only." : "");
    }

    private static String step(RolloutPlan.Step step) {
        var text = new StringBuilder(step.mode() == RolloutPlan.Mode.SHADOW ? "shadow, " : "")
                .append(step.percent())
                .append(" %, ")
                .append(Text.number((long) step.minRequests()))
                .append(" requests");
        if (step.bake() > 0) {
            text.append(", ").append(Text.duration(step.bake()));
        }
        return step.byHand() ? text.append(", by hand").toString() : text.toString();
    }

    private static String shapes(String challenger, Evidence.Shape shape) {
        var bins = new ArrayList<String>();
        List<Double> edges = shape.edges();
        for (int i = 0; i <= edges.size(); i++) {
            bins.add(
                    i == 0
                            ? "≤ " + Text.number(edges.getFirst())
                            : i == edges.size()
                                    ? "> " + Text.number(edges.getLast())
                                    : Text.number(edges.get(i - 1)) + " – " + Text.number(edges.get(i)));
        }
        return Histogram.svg(
                "Predictions of version " + challenger + " before those of production",
                bins,
                shape.production().stream().mapToDouble(Double::doubleValue).toArray(),
                shape.candidate().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static List<String> sentences(
            Rollout.Trial trial, Optional<Evidence.Comparison> comparison, Optional<Shadowing> shadowing) {
        var sentences = new ArrayList<String>();
        shadowing
                .filter(shadow -> shadow.rows() > 0)
                .ifPresent(shadow -> sentences.add("Over " + Text.number(shadow.rows())
                        + " mirrored rows it differs by " + Text.number(shadow.mean()) + " on average, by "
                        + Text.number(shadow.largest()) + " at most"
                        + (shadow.left() > 0
                                ? "; " + Text.number(shadow.left()) + " requests came too fast to be mirrored."
                                : ".")));
        comparison.ifPresent(found -> found.psi()
                .ifPresent(psi -> sentences.add("PSI of its predictions against production's: " + Text.number(psi)
                        + " (" + Text.number(found.candidateRows()) + " and " + Text.number(found.productionRows())
                        + " rows).")));
        comparison.flatMap(Evidence.Comparison::outcomes).ifPresent(found -> sentences.add(told(trial, found)));
        return List.copyOf(sentences);
    }

    private static String told(Rollout.Trial trial, Evidence.Outcomes found) {
        boolean smaller = found.measure() != RolloutPlan.Measure.OUTCOME;
        String verdict = found.low() > 0 == smaller && (found.low() > 0 || found.high() < 0)
                ? "worse"
                : found.low() > 0 || found.high() < 0 ? "better" : "not distinguishable";
        return String.format(
                Locale.ROOT,
                "By %s of %s and %s outcomes version %s is %s: %s against %s, difference %s (95 %%: %s to %s, p %s%s).",
                found.measure().text(),
                Text.number(found.candidateLabels()),
                Text.number(found.productionLabels()),
                trial.version(),
                verdict,
                Text.number(found.candidate()),
                Text.number(found.production()),
                Text.number(found.difference()),
                Text.number(found.low()),
                Text.number(found.high()),
                Text.number(found.p()),
                found.paired() ? ", row by row" : "");
    }

    /** The difference with its interval on a line whose middle is zero, as SVG; "" without outcomes. */
    public String interval() {
        return outcomes.map(Challenge::interval).orElse("");
    }

    private static String interval(Evidence.Outcomes found) {
        double most = Math.max(Math.abs(found.low()), Math.abs(found.high())) * 1.15;
        if (!(most > 0)) {
            return "";
        }
        double low = 120 + 120 * found.low() / most;
        double high = 120 + 120 * found.high() / most;
        double at = 120 + 120 * found.difference() / most;
        return String.format(
                Locale.ROOT,
                "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 240 44\"><title>Difference to production with its 95 %% interval</title>"
                        + "<line class=\"axis\" x1=\"120\" x2=\"120\" y1=\"2\" y2=\"28\"/>"
                        + "<line class=\"series\" x1=\"%.1f\" x2=\"%.1f\" y1=\"15\" y2=\"15\"/>"
                        + "<circle class=\"dot\" cx=\"%.1f\" cy=\"15\" r=\"5\"/>"
                        + "<text x=\"120\" y=\"41\" text-anchor=\"middle\">no difference</text></svg>",
                low,
                high,
                at);
    }
}
