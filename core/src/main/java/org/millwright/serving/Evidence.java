package org.millwright.serving;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.millwright.project.RolloutPlan;

/**
 * What is known of a version on trial since its step began, beside the version in production in the same time.
 *
 * @param production empty when nothing is in production
 * @param lasted how long the step is under way, in milliseconds
 * @param comparison by predictions and outcomes; empty when nobody can say
 */
public record Evidence(Side candidate, Optional<Side> production, long lasted, Optional<Comparison> comparison) {
    /** @param p99 latency in milliseconds */
    public record Side(long answered, long failed, OptionalDouble p99) {
        static final Side NOTHING = new Side(0, 0, OptionalDouble.empty());

        long all() {
            return answered + failed;
        }

        double failedShare() {
            return all() == 0 ? 0 : (double) failed / all();
        }
    }

    /**
     * The two versions' predictions in the same windows, and what came of them.
     *
     * @param candidateRows rows that the version on trial answered or was shown
     * @param psi of its predictions against production's; empty while either has too few
     * @param shape of both versions' predictions; empty while either has none
     */
    public record Comparison(
            long candidateRows,
            long productionRows,
            OptionalDouble psi,
            Optional<Shape> shape,
            Optional<Outcomes> outcomes) {}

    /**
     * Two distributions over the same bins of one width; the first and last bin hold what lies beyond, too.
     *
     * @param edges between the bins, ascending
     * @param candidate share of each bin, 0 to 1
     * @param production share of each bin, 0 to 1
     */
    public record Shape(List<Double> edges, List<Double> candidate, List<Double> production) {
        public Shape {
            edges = List.copyOf(edges);
            candidate = List.copyOf(candidate);
            production = List.copyOf(production);
        }
    }

    /**
     * A figure of both by outcomes.
     *
     * @param candidateLabels outcomes of the version on trial
     * @param difference candidate − production
     * @param low end of the difference's 95 % interval
     * @param high end of the difference's 95 % interval
     * @param p two-sided probability of a difference at least as large if there were none
     * @param paired whether both answered the same rows
     */
    public record Outcomes(
            RolloutPlan.Measure measure,
            long candidateLabels,
            long productionLabels,
            double candidate,
            double production,
            double difference,
            double low,
            double high,
            double p,
            boolean paired) {}
}
