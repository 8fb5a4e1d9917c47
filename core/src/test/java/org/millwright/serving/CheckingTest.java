package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.millwright.project.RolloutPlan;
import org.millwright.project.RolloutPlan.Checks;
import org.millwright.project.RolloutPlan.Measure;
import org.millwright.project.RolloutPlan.Metric;
import org.millwright.project.RolloutPlan.Mode;
import org.millwright.project.RolloutPlan.Step;

class CheckingTest {
    private static final Step STEP = new Step(Mode.LIVE, 10, 100, 60_000, 0, false);
    private static final Checks ALL = new Checks(
            0.01, OptionalDouble.of(1.5), OptionalDouble.of(0.2), Optional.of(new Metric(Measure.MSE, 0.1, 500)));

    static Evidence.Comparison comparison(
            double psi, long labels, long others, double difference, double low, double high) {
        return new Evidence.Comparison(
                labels,
                others,
                OptionalDouble.of(psi),
                Optional.empty(),
                Optional.of(new Evidence.Outcomes(
                        Measure.MSE, labels, others, 10 + difference, 10, difference, low, high, 0.01, false)));
    }

    private static Evidence evidence(
            Evidence.Side candidate, Evidence.Side production, long lasted, Evidence.Comparison comparison) {
        return new Evidence(candidate, Optional.of(production), lasted, Optional.ofNullable(comparison));
    }

    private static Evidence.Side side(long answered, long failed, double p99) {
        return new Evidence.Side(answered, failed, OptionalDouble.of(p99));
    }

    private static Finding.State state(Evidence evidence, String check) {
        return Checking.findings(plan(ALL), 0, evidence).stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static RolloutPlan plan(Checks checks) {
        return new RolloutPlan(List.of(STEP), checks, Optional.empty());
    }

    @Test
    void everyCheckPassesOnGoodEvidence() {
        Evidence good = evidence(side(200, 0, 5), side(900, 0, 4), 60_000, comparison(0.05, 600, 900, 0.5, -1, 2));
        assertThat(Checking.findings(plan(ALL), 0, good))
                .extracting(Finding::state)
                .hasSize(6)
                .containsOnly(Finding.State.PASSED);
    }

    @Test
    void eachCheckFailsOnItsOwnFigure() {
        Evidence.Side champion = side(900, 0, 4);
        assertThat(state(evidence(side(200, 3, 5), champion, 0, null), "failed"))
                .isEqualTo(Finding.State.FAILED);
        assertThat(state(evidence(side(200, 0, 6.1), champion, 0, null), "latency"))
                .isEqualTo(Finding.State.FAILED);
        assertThat(state(evidence(side(200, 0, 0.9), side(900, 0, 0.1), 0, null), "latency"))
                .as("below a millisecond more is noise")
                .isEqualTo(Finding.State.PASSED);
        assertThat(state(evidence(side(0, 0, 5), champion, 0, comparison(0.3, 9, 9, 0, 0, 0)), "drift"))
                .isEqualTo(Finding.State.FAILED);
        assertThat(state(evidence(side(0, 0, 5), champion, 0, comparison(0, 600, 600, 2, 1.1, 3)), "metric"))
                .isEqualTo(Finding.State.FAILED);
        assertThat(state(evidence(side(0, 0, 5), champion, 0, comparison(0, 600, 600, 2, 0.9, 3)), "metric"))
                .as("within the margin of a tenth")
                .isEqualTo(Finding.State.PASSED);
        assertThat(state(evidence(side(0, 0, 5), champion, 0, comparison(0, 600, 499, 9, 8, 10)), "metric"))
                .as("too few outcomes decide nothing")
                .isEqualTo(Finding.State.WAITING);
    }

    @Property
    void whatIsNotKnownNeverPasses(
            @ForAll @LongRange(min = 0, max = 99) long answered,
            @ForAll @LongRange(min = 0, max = 1_000_000) long lasted,
            @ForAll @IntRange(min = 0, max = 499) int labels) {
        Evidence few =
                evidence(side(answered, 0, 1), side(10_000, 0, 1), lasted, comparison(0, labels, 10_000, 0, -1, 1));
        assertThat(Checking.findings(plan(ALL), 0, few)).anyMatch(f -> f.state() != Finding.State.PASSED);
        Evidence none = evidence(side(1_000, 0, 1), side(10_000, 0, 1), 3_600_000, null);
        assertThat(Checking.findings(plan(ALL), 0, none))
                .filteredOn(finding -> finding.state() == Finding.State.WAITING)
                .extracting(Finding::check)
                .containsExactly("drift", "metric");
    }
}
