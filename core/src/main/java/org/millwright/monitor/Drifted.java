package org.millwright.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.Shares;

/**
 * How far a window moved from training, by the agreement's method.
 *
 * <p>Numbers are measured by that method. Categories are measured by the Jensen-Shannon distance, less what chance alone
 * gives for so many categories and rows, with categories of which fewer than five rows are expected taken as one; under method psi their limits are the distances that a small change of that PSI
 * has, so that both kinds of column are equally strict. Missing values count by the PSI of their share.
 *
 * @param rows of the window
 * @param columns the features, in the order of training
 * @param prediction the model's answers
 * @param target the outcomes that are known; empty while there are none
 */
public record Drifted(long rows, List<Column> columns, Column prediction, Optional<Column> target) {
    /** Rows that a window needs before anything is said about its distribution. */
    public static final int MIN_ROWS = 100;

    /** Rows of a category that a window of its size should have for the category to be looked at alone. */
    private static final int EXPECTED = 5;

    private static final Agreement.Drift DEFAULT = new Agreement.Drift("psi", 0.1, 0.25, 0.5);

    public Drifted {
        columns = List.copyOf(columns);
    }

    /**
     * One column's change.
     *
     * @param method what {@code value} is; ends in {@code -missing} when the share of missing values moved most
     * @param value effect size, NaN when there is too little to measure
     * @param verdict AT_RISK from {@code warn}, BROKEN from {@code alert}, INSUFFICIENT below {@link #MIN_ROWS}
     * @param all every measure, also those that decide nothing
     */
    public record Column(
            String name,
            String method,
            double value,
            double warn,
            double alert,
            Verdict verdict,
            long n,
            ColumnDrift all) {}

    static Drifted of(Reference reference, Profile window, Optional<Agreement.Drift> agreed) {
        return of(reference, window, Optional.empty(), agreed);
    }

    /** @param outcomes profile of those that are known, with the reference's bins */
    static Drifted of(
            Reference reference, Profile window, Optional<ColumnProfile> outcomes, Optional<Agreement.Drift> agreed) {
        Agreement.Drift limits = agreed.orElse(DEFAULT);
        List<Column> columns = reference.inputs().columns().stream()
                .filter(column -> window.column(column.name()).isPresent())
                .map(column -> column(
                        column.name(), column, window.column(column.name()).orElseThrow(), limits))
                .toList();
        Column prediction = column(
                "prediction",
                reference.prediction(),
                window.column(Reference.OUTPUT).orElseThrow(),
                limits);
        return new Drifted(
                window.rows(),
                columns,
                prediction,
                outcomes.map(known -> column("outcome", reference.label(), known, limits)));
    }

    /** Share of the measured columns at or above the limit, 0 to 1; NaN when none was measured. */
    public double share(Verdict atLeast) {
        long measured = columns.stream()
                .filter(c -> c.verdict() != Verdict.INSUFFICIENT)
                .count();
        long moved = columns.stream()
                .filter(c ->
                        c.verdict() == Verdict.BROKEN || atLeast == Verdict.AT_RISK && c.verdict() == Verdict.AT_RISK)
                .count();
        return measured == 0 ? Double.NaN : (double) moved / measured;
    }

    private static Column column(String name, ColumnProfile reference, ColumnProfile current, Agreement.Drift limits) {
        ColumnDrift all = Drift.between(reference, current);
        boolean category = reference instanceof CategoryProfile;
        String method = method(limits.method(), category);
        double scale = category && limits.method().equals("psi") ? 1 : 0;
        double warn = scale == 1 ? distance(limits.warn()) : limits.warn();
        double alert = scale == 1 ? distance(limits.alert()) : limits.alert();
        if (current.rows() < MIN_ROWS) {
            return new Column(name, method, Double.NaN, warn, alert, Verdict.INSUFFICIENT, current.rows(), all);
        }
        double value = current.present() < MIN_ROWS ? Double.NaN : value(method, reference, current, all);
        double missing = missing(reference, current);
        Verdict byValue = verdict(value, warn, alert);
        Verdict byMissing = verdict(missing, DEFAULT.warn(), DEFAULT.alert());
        if (Double.isNaN(value) || byMissing.ordinal() > byValue.ordinal()) {
            return new Column(
                    name, "psi-missing", missing, DEFAULT.warn(), DEFAULT.alert(), byMissing, current.rows(), all);
        }
        return new Column(name, method, value, warn, alert, byValue, current.present(), all);
    }

    private static String method(String agreed, boolean category) {
        if (!category) {
            return agreed;
        }
        return agreed.equals("ks") || agreed.equals("wasserstein") ? "total-variation" : "jensen-shannon";
    }

    private static double value(String method, ColumnProfile reference, ColumnProfile current, ColumnDrift all) {
        if (reference instanceof CategoryProfile r && current instanceof CategoryProfile c) {
            long[][] counts = pooled(r, c);
            return method.equals("total-variation")
                    ? Shares.totalVariation(counts[0], counts[1])
                    : lessChance(Shares.jensenShannon(counts[0], counts[1]), counts[0].length, all);
        }
        return switch (method) {
            case "psi" -> all.psi();
            case "ks" -> all.ks();
            case "wasserstein" -> all.wasserstein();
            case "jensen-shannon" ->
                lessChance(all.jensenShannon(), ((NumericProfile) reference).edges().length + 1, all);
            default -> throw new IllegalArgumentException("unknown drift method '" + method + "'");
        };
    }

    /** Counts of both by category; those of which too few are expected for a count to mean anything are one. */
    private static long[][] pooled(CategoryProfile reference, CategoryProfile current) {
        double scale = (double) current.present() / reference.present();
        List<long[]> cells = new ArrayList<>();
        long[] rest = {reference.present(), current.present()};
        Map<String, Long> now = current.counts();
        reference.counts().forEach((category, count) -> {
            if (count * scale >= EXPECTED) {
                long seen = now.getOrDefault(category, 0L);
                cells.add(new long[] {count, seen});
                rest[0] -= count;
                rest[1] -= seen;
            }
        });
        if (rest[0] > 0 || rest[1] > 0) {
            cells.add(rest);
        }
        long[][] counts = new long[2][cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            counts[0][i] = Math.max(0, cells.get(i)[0]);
            counts[1][i] = Math.max(0, cells.get(i)[1]);
        }
        return counts;
    }

    /** The distance without the part that two samples of one distribution have on average. */
    private static double lessChance(double distance, int bins, ColumnDrift all) {
        double chance = (bins - 1) / (8 * Math.log(2)) * (1.0 / all.referenceRows() + 1.0 / all.currentRows());
        return Math.sqrt(Math.max(0, distance * distance - chance));
    }

    /** PSI of the two shares with and without a value. */
    private static double missing(ColumnProfile reference, ColumnProfile current) {
        if (reference.rows() == 0) {
            return Double.NaN;
        }
        return Shares.psi(
                new long[] {reference.present(), reference.missing()},
                new long[] {current.present(), current.missing()});
    }

    private static Verdict verdict(double value, double warn, double alert) {
        if (Double.isNaN(value)) {
            return Verdict.INSUFFICIENT;
        }
        return value >= alert ? Verdict.BROKEN : value >= warn ? Verdict.AT_RISK : Verdict.KEPT;
    }

    /** The Jensen-Shannon distance, base 2, of a small change whose PSI is this. */
    static double distance(double psi) {
        return Math.sqrt(psi / (8 * Math.log(2)));
    }
}
