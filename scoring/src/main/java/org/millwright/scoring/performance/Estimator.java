package org.millwright.scoring.performance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;

/**
 * Estimates a version's performance on rows whose labels are not known. It was learned on held-out rows, travels with the
 * training profile, and keeps of production a few counts in the window's profile: whatever number of replicas saw the rows,
 * their merged profiles give the same estimate.
 */
public sealed interface Estimator permits LossEstimator, ProbabilityEstimator, ClassesEstimator {
    /** What every estimate rests on. */
    String ASSUMPTION =
            "Holds as long as the truth depends on the inputs as it did on the held-out rows (no concept drift) and"
                    + " the inputs are such as training had.";

    /** Held-out rows from which there are limits: five chunks of a hundred. */
    int LEAST_ROWS = 500;

    /** Rows that are enough to learn from. */
    int ENOUGH_ROWS = 50_000;

    /**
     * An estimate.
     *
     * @param method {@code dle}, {@code cbpe} or {@code cbpe-multiclass}
     * @param rows that it rests on
     * @param metrics by name
     */
    record Estimates(String method, long rows, Map<String, Estimated> metrics) {
        public Estimates {
            metrics = Map.copyOf(metrics);
        }
    }

    /** The method's name: {@code dle}, {@code cbpe} or {@code cbpe-multiclass}. */
    String method();

    /** The derived columns that it keeps in a window's profile. */
    Set<String> columns();

    /**
     * Finds what rows of production tell.
     *
     * @param outputs what the model answered as its output of that place, from 0; NaN for what is no number
     */
    RowFindings look(Frame inputs, IntFunction<double[]> outputs);

    /** Counts rows of production in the profile of their window. */
    default void update(Profile window, Frame inputs, IntFunction<double[]> outputs) {
        look(inputs, outputs).addTo(window, null);
    }

    /** What the counts in a window's profile say; empty when no rows were counted. */
    Optional<Estimates> estimate(Profile window);

    String toJson();

    /** The estimator of a version, when it has one. */
    static Optional<Estimator> of(Reference reference) {
        return reference.estimator().map(Estimator::fromJson);
    }

    /** Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. */
    static Estimator fromJson(String text) {
        try {
            JsonNode json = new ObjectMapper().readTree(text);
            return switch (json.path("method").asText()) {
                case LossEstimator.METHOD -> LossEstimator.read(json);
                case ProbabilityEstimator.METHOD -> ProbabilityEstimator.read(json);
                case ClassesEstimator.METHOD -> ClassesEstimator.read(json);
                default ->
                    throw new IllegalArgumentException(
                            "an estimator of method '" + json.path("method").asText()
                                    + "': this version knows dle, cbpe and cbpe-multiclass; take a newer Millwright");
            };
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not an estimator: " + e.getOriginalMessage(), e);
        }
    }
}
