package org.millwright.app.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server said in one replay. {@code seen} is the event time at which it could be known, {@code rows} how many rows
 * had been answered by then.
 *
 * @param windows of the monitoring, oldest first
 * @param whole what all rows cost
 * @param periods what each window cost
 * @param compared false when the version before any retraining could not be asked
 * @param problems what went wrong beside the faults, in words
 */
public record Observed(
        List<Losses.Span> windows,
        List<Judged> judged,
        List<Note> notes,
        List<Raised> alerts,
        List<Retrained> retrainings,
        List<Release> releases,
        List<Refusal> refusals,
        Totals totals,
        Losses.Kind kind,
        Losses.Period whole,
        List<Losses.Period> periods,
        boolean compared,
        List<String> problems) {
    public Observed {
        windows = List.copyOf(windows);
        judged = List.copyOf(judged);
        notes = List.copyOf(notes);
        alerts = List.copyOf(alerts);
        retrainings = List.copyOf(retrainings);
        releases = List.copyOf(releases);
        refusals = List.copyOf(refusals);
        periods = List.copyOf(periods);
        problems = List.copyOf(problems);
    }

    /** When something was first known. */
    public record Seen(long at, long rows) {}

    /**
     * A verdict on a clause of the agreement, of the version that answered most of the window.
     *
     * @param value NaN where nothing was measured
     */
    public record Judged(
            Losses.Span window,
            String clause,
            String verdict,
            String version,
            String method,
            double value,
            double threshold,
            long n,
            String note,
            Seen seen) {}

    /**
     * A column that moved from training in a window.
     *
     * @param rank 1 for the column that moved most for its limit
     */
    public record Note(
            Losses.Span window, String column, String verdict, String method, double value, int rank, Seen seen) {}

    /**
     * An alert.
     *
     * @param confirmed whether measured loss stands behind it: performance below its limit beyond chance
     * @param over when it was known to be resolved; {@link Long#MAX_VALUE} while it is not
     */
    public record Raised(
            String id,
            Losses.Span window,
            String clause,
            String version,
            String method,
            double value,
            double threshold,
            String message,
            boolean confirmed,
            Seen seen,
            long over) {
        boolean isOpen(long at) {
            return at < over;
        }
    }

    /**
     * A decision about training again.
     *
     * @param decision {@code train}, or why not
     * @param run that was started
     * @param status how the run ended
     */
    public record Retrained(
            String alert,
            String decision,
            String reason,
            Optional<String> run,
            String status,
            String told,
            Seen seen) {}

    /** A version that took over production. */
    public record Release(String version, Seen seen) {}

    /** Requests that the server refused, since when, and with what words first. */
    public record Refusal(long rows, String words, Seen seen) {}

    /** @param failed rows that got no answer for another reason than their content */
    public record Totals(long rows, long outcomes, long refused, long failed) {}

    /** The limit of the window's metric in the metric of {@link Losses}, when it can be told. */
    public Optional<Double> limit(Losses.Period period) {
        return judged.stream()
                .filter(one ->
                        one.window().start() == period.start() && one.clause().equals("performance"))
                .filter(one -> one.method().equals("skill") && Double.isFinite(one.value()) && one.value() < 1)
                .map(one -> period.production() * (1 - one.threshold()) / (1 - one.value()))
                .findFirst();
    }

    /** The same with more that went wrong. */
    public Observed with(List<String> more) {
        var all = new ArrayList<>(problems);
        all.addAll(more);
        return new Observed(
                windows,
                judged,
                notes,
                alerts,
                retrainings,
                releases,
                refusals,
                totals,
                kind,
                whole,
                periods,
                compared,
                all);
    }
}
