package org.millwright.alert;

import java.util.List;
import java.util.Locale;
import org.millwright.project.Agreement;

/**
 * What an alert is about: one promise of an agreement, or what needs no figure, such as the end of a certificate,
 * retraining that does not help, a review that is late, or a roll-out that took itself back.
 *
 * @param text its key, such as {@code drift} or {@code performance:rmse:origin=JFK}; the kind is what stands before the
 *     first colon
 */
public record Clause(String text) {
    /** The first promise about the whole traffic's performance. */
    public static final Clause PERFORMANCE = new Clause("performance");

    public static final Clause DRIFT = new Clause(Agreement.Drift.CLAUSE);

    /** All columns together. */
    public static final Clause MULTIVARIATE = new Clause(Agreement.Drift.MULTIVARIATE);

    /** The certificate of a version that serves ends soon, or has ended. */
    public static final Clause CERTIFICATE = new Clause("certificate");

    /** Training again does not help. */
    public static final Clause RETRAINING = new Clause("retraining");

    /** Nobody looked in time whether the project is still what was approved. */
    public static final Clause REVIEW = new Clause("review");

    /** A version that serves could be made again once, and cannot any more. */
    public static final Clause REPRODUCTION = new Clause("reproduction");

    /** Something that a version that serves came from was revoked. */
    public static final Clause REVOCATION = new Clause("revocation");

    /** A version on trial was worse, and took itself back. */
    public static final Clause ROLLOUT = new Clause("rollout");

    private static final int MOST = 256;

    /** What kind of promise it is. */
    public enum Kind {
        PERFORMANCE,
        /** Performance as it is estimated while outcomes are not known. */
        ESTIMATE,
        DRIFT,
        FAIRNESS,
        QUALITY,
        STALENESS,
        SERVICE,
        FEEDS,
        /** What is bad enough to stop serving. */
        STOP,
        CERTIFICATE,
        RETRAINING,
        REVIEW,
        REPRODUCTION,
        REVOCATION,
        /** A decision that is due, or that an emergency went round. */
        DECISION,
        /** What an approval was given under is broken by what serves. */
        CONDITION,
        ROLLOUT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a figure and a limit speak for it; of the others an alert's sentence says all. */
        public boolean isMeasured() {
            return switch (this) {
                case CERTIFICATE, RETRAINING, REVIEW, REPRODUCTION, REVOCATION, DECISION, CONDITION, ROLLOUT -> false;
                default -> true;
            };
        }
    }

    public Clause {
        if (text.length() > MOST) {
            throw new IllegalArgumentException("a clause's key has at most " + MOST + " characters: " + text);
        }
        kind(text);
    }

    public Kind kind() {
        return kind(text);
    }

    /** The part of a deployment's page with the plot or table that explains it, as the fragment of its address. */
    public String place() {
        return switch (kind()) {
            case PERFORMANCE -> text.contains("=") ? "segments" : "performance";
            case ESTIMATE -> "estimates";
            case DRIFT -> equals(MULTIVARIATE) ? "together" : "drift";
            case FAIRNESS -> "groups";
            case QUALITY -> text.equals(Agreement.Quality.CONTRACT) ? "contract" : "rows";
            case STALENESS -> text.equals(Agreement.Staleness.OUTSIDE_TRAINING) ? "rows" : "age";
            case SERVICE -> "traffic";
            case FEEDS -> "age";
            default -> "performance";
        };
    }

    private static Kind kind(String text) {
        int colon = text.indexOf(':');
        return Kind.valueOf((colon < 0 ? text : text.substring(0, colon)).toUpperCase(Locale.ROOT));
    }

    /** The clause of that key; IllegalArgumentException when there is no such kind. */
    public static Clause of(String text) {
        return new Clause(text);
    }

    /** Everything that is promised, in the order of the agreement. */
    public static List<Clause> agreed(Agreement agreement) {
        return agreement.clauses().stream().map(Clause::new).toList();
    }

    /** Whether it speaks of outcomes, and so is judged when those of a window are in. */
    public boolean needsOutcomes() {
        return switch (kind()) {
            case PERFORMANCE, FAIRNESS, STOP -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
