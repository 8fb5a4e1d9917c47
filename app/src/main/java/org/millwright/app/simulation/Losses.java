package org.millwright.app.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.millwright.scoring.profile.Mean;
import org.millwright.scoring.profile.TwoSamples;

/**
 * What production's answers cost beside those that the version before any retraining gives to the same rows.
 *
 * <p>Numbers lose their squared error and are told as RMSE, classes lose 1 when wrong and are told as error rate.
 */
public final class Losses {
    /** How an answer is held against the outcome. */
    public enum Kind {
        NUMBERS("RMSE"),
        CLASSES("error rate");

        private final String metric;

        Kind(String metric) {
            this.metric = metric;
        }

        /** The metric's name. */
        public String metric() {
            return metric;
        }
    }

    /** @param held the loss of the version that was never retrained */
    private record Pair(long at, double production, double held, double missedBy, double heldMissedBy) {}

    private final Kind kind;
    private final List<Pair> pairs = new ArrayList<>();

    public Losses(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** An answered row whose outcome is known. */
    public synchronized void add(long at, Object production, Object held, Object outcome) {
        if (kind == Kind.CLASSES) {
            double wrong = wrong(production, outcome);
            double heldWrong = wrong(held, outcome);
            pairs.add(new Pair(at, wrong, heldWrong, wrong, heldWrong));
            return;
        }
        double error = number(production) - number(outcome);
        double heldError = number(held) - number(outcome);
        if (Double.isFinite(error) && Double.isFinite(heldError)) {
            pairs.add(new Pair(at, error * error, heldError * heldError, Math.abs(error), Math.abs(heldError)));
        }
    }

    private static double number(Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static double wrong(Object answer, Object outcome) {
        boolean same = answer instanceof Number a && outcome instanceof Number b
                ? a.doubleValue() == b.doubleValue()
                : answer.equals(outcome);
        return same ? 0 : 1;
    }

    /**
     * A stretch of event time.
     *
     * @param n rows with an outcome
     * @param production metric of what production answered
     * @param held metric of the version that was never retrained
     * @param saved held − production, with its 95 % interval from {@code low} to {@code high}
     * @param kept sum of the absolute errors that production spared, in the label's unit, or of wrong classes
     */
    public record Period(
            String window,
            long start,
            long end,
            long n,
            double production,
            double held,
            double saved,
            double low,
            double high,
            double kept) {
        /** Whether production was better beyond chance. */
        public boolean isBetter() {
            return low > 0;
        }

        public boolean isWorse() {
            return high < 0;
        }
    }

    /** A window of the monitoring. */
    public record Span(String window, long start, long end) {}

    /** One period for each window that has rows, oldest first. */
    public synchronized List<Period> by(List<Span> windows) {
        var parts = new TreeMap<Span, List<Pair>>(Comparator.comparingLong(Span::start));
        windows.forEach(window -> parts.put(window, new ArrayList<>()));
        for (Pair pair : pairs) {
            var entry = parts.floorEntry(new Span("", pair.at(), pair.at() + 1));
            if (entry != null && pair.at() < entry.getKey().end()) {
                entry.getValue().add(pair);
            }
        }
        var periods = new ArrayList<Period>();
        parts.forEach((span, rows) -> {
            if (!rows.isEmpty()) {
                periods.add(of(span, rows));
            }
        });
        return periods;
    }

    /** All rows as one period. */
    public synchronized Period whole() {
        long start = pairs.stream().mapToLong(Pair::at).min().orElse(0);
        long end = pairs.stream().mapToLong(Pair::at).max().orElse(0) + 1;
        return of(new Span("all", start, end), pairs);
    }

    private Period of(Span span, List<Pair> rows) {
        var differences = new Mean();
        double production = 0;
        double held = 0;
        double kept = 0;
        for (Pair pair : rows) {
            differences.add(pair.held() - pair.production());
            production += pair.production();
            held += pair.held();
            kept += pair.heldMissedBy() - pair.missedBy();
        }
        int n = rows.size();
        double mean = metric(production, n);
        double heldMean = metric(held, n);
        if (n < 2) {
            return new Period(
                    span.window(),
                    span.start(),
                    span.end(),
                    n,
                    mean,
                    heldMean,
                    heldMean - mean,
                    Double.NaN,
                    Double.NaN,
                    kept);
        }
        // a² − b² = (a − b)(a + b): what the squared errors differ by, as a difference of the RMSEs
        double scale = kind == Kind.NUMBERS && mean + heldMean > 0 ? 1 / (mean + heldMean) : 1;
        TwoSamples.Welch paired = TwoSamples.paired(differences);
        return new Period(
                span.window(),
                span.start(),
                span.end(),
                n,
                mean,
                heldMean,
                heldMean - mean,
                paired.low() * scale,
                paired.high() * scale,
                kept);
    }

    private double metric(double sum, int n) {
        double mean = n == 0 ? Double.NaN : sum / n;
        return kind == Kind.NUMBERS ? Math.sqrt(mean) : mean;
    }
}
