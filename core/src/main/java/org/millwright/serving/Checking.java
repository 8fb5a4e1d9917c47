package org.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.millwright.project.RolloutPlan;

/** Holds evidence against what a step must show. Pure. */
final class Checking {
    /** Failures are judged from so many requests on. */
    static final int FEW = 20;
    /** A slower p99 counts from so many milliseconds on: below, buckets and the scheduler decide. */
    private static final double NOISE = 1;

    private final RolloutPlan.Step step;
    private final RolloutPlan.Checks checks;
    private final Evidence evidence;
    private final List<Finding> findings = new ArrayList<>();

    private Checking(RolloutPlan plan, int step, Evidence evidence) {
        this.step = plan.steps().get(step);
        this.checks = plan.checks();
        this.evidence = evidence;
    }

    /** What each check of the step says. */
    static List<Finding> findings(RolloutPlan plan, int step, Evidence evidence) {
        return new Checking(plan, step, evidence).all();
    }

    private List<Finding> all() {
        requests();
        time();
        failures();
        checks.latencyRatio().ifPresent(this::latency);
        checks.drift().ifPresent(this::drift);
        checks.metric().ifPresent(this::metric);
        return List.copyOf(findings);
    }

    private void requests() {
        long answered = evidence.candidate().answered();
        String text = answered + " of " + step.minRequests() + " requests answered";
        findings.add(
                answered >= step.minRequests()
                        ? Finding.of("requests", true, text)
                        : Finding.waiting("requests", text));
    }

    private void time() {
        if (step.patience() > 0 && evidence.lasted() >= step.patience()) {
            findings.add(Finding.of("time", false, "it has not passed within " + duration(step.patience())));
        } else if (step.bake() > 0) {
            String text = duration(Math.min(evidence.lasted(), step.bake())) + " of " + duration(step.bake());
            findings.add(
                    evidence.lasted() >= step.bake() ? Finding.of("time", true, text) : Finding.waiting("time", text));
        }
    }

    private void failures() {
        Evidence.Side side = evidence.candidate();
        String text = "it failed " + side.failed() + " of " + side.all() + " requests (at most "
                + percent(checks.failedShare()) + ")";
        boolean enough = side.all() >= Math.min(FEW, step.minRequests());
        findings.add(
                enough
                        ? Finding.of("failed", side.failedShare() <= checks.failedShare(), text)
                        : Finding.waiting("failed", text));
    }

    private void latency(double ratio) {
        Evidence.Side candidate = evidence.candidate();
        Optional<Evidence.Side> production = evidence.production();
        if (production.isEmpty()) {
            findings.add(Finding.of("latency", true, "nothing is in production to compare with"));
            return;
        }
        double own = candidate.p99().orElse(Double.NaN);
        double other = production.get().p99().orElse(Double.NaN);
        String text = String.format(Locale.ROOT, "p99 %.2f ms, production %.2f ms (at most %.2f ×)", own, other, ratio);
        boolean enough = candidate.answered() >= step.minRequests()
                && production.get().answered() >= Math.min(FEW, step.minRequests());
        findings.add(
                enough
                        ? Finding.of("latency", own <= Math.max(ratio * other, other + NOISE), text)
                        : Finding.waiting("latency", "not enough answers to compare"));
    }

    private void drift(double limit) {
        if (evidence.production().isEmpty()) {
            findings.add(Finding.of("drift", true, "nothing is in production to compare with"));
            return;
        }
        OptionalDouble psi = evidence.comparison().map(Evidence.Comparison::psi).orElse(OptionalDouble.empty());
        findings.add(
                psi.isPresent()
                        ? Finding.of(
                                "drift",
                                psi.getAsDouble() <= limit,
                                String.format(
                                        Locale.ROOT,
                                        "PSI of the predictions %.3f (at most %.3f)",
                                        psi.getAsDouble(),
                                        limit))
                        : Finding.waiting("drift", "too few predictions to compare"));
    }

    private void metric(RolloutPlan.Metric metric) {
        if (evidence.production().isEmpty()) {
            findings.add(Finding.of("metric", true, "nothing is in production to compare with"));
            return;
        }
        Optional<Evidence.Outcomes> outcomes = evidence.comparison().flatMap(Evidence.Comparison::outcomes);
        long least = outcomes.map(found -> Math.min(found.candidateLabels(), found.productionLabels()))
                .orElse(0L);
        if (outcomes.isEmpty() || least < metric.minLabels()) {
            findings.add(Finding.waiting("metric", least + " of " + metric.minLabels() + " outcomes known"));
            return;
        }
        findings.add(Finding.of("metric", !isWorse(outcomes.get(), metric.margin()), text(outcomes.get())));
    }

    /** Whether it is worse by more than the margin, beyond what chance explains. */
    private static boolean isWorse(Evidence.Outcomes outcomes, double margin) {
        double allowed = margin * Math.abs(outcomes.production());
        return outcomes.measure() == RolloutPlan.Measure.OUTCOME
                ? outcomes.high() < -allowed
                : outcomes.low() > allowed;
    }

    private static String text(Evidence.Outcomes outcomes) {
        return String.format(
                Locale.ROOT,
                "%s %.4g, production %.4g (difference %.4g, 95 %%: %.4g to %.4g, p %s)",
                outcomes.measure().text(),
                outcomes.candidate(),
                outcomes.production(),
                outcomes.difference(),
                outcomes.low(),
                outcomes.high(),
                outcomes.p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", outcomes.p()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3g %%", share * 100);
    }

    static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
