package org.millwright.drift;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.Shares;

/**
 * How far a window moved from training, by the agreement's method.
 *
 * <p>Numbers are measured by that method, categories by its counterpart, both less what chance gives where it matters: see
 * {@link Effect}. Under method psi the limits of categories are the distances that a small change of that PSI has, so that
 * both kinds of column are equally strict. Missing values count by the PSI of their share.
 *
 * @param rows of the window
 * @param columns the features, in the order of training
 * @param prediction the model's answers
 * @param target the outcomes that are known; empty while there are none
 * @param unknown columns that the agreement names and the model does not have
 */
public record Drifted(
        long rows, List<Column> columns, Column prediction, Optional<Column> target, List<String> unknown) {
    /** Rows that a window needs before anything is said about its distribution. */
    public static final int MIN_ROWS = 100;

    private static final Agreement.Drift DEFAULT = new Agreement.Drift("psi", 0.1, 0.25, 0.5);

    public Drifted {
        columns = List.copyOf(columns);
        unknown = List.copyOf(unknown);
    }

    /**
     * One column's change.
     *
     * @param method what {@code value} is; ends in {@code -missing} when the share of missing values moved most
     * @param value effect size, NaN when there is too little to measure
     * @param verdict AT_RISK from {@code warn}, BROKEN from {@code alert}, INSUFFICIENT below {@link #MIN_ROWS}
     * @param p of the test that has to agree where the method has one; else NaN
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
            double p,
            ColumnDrift all) {}

    public static Drifted of(Reference reference, Profile window, Optional<Agreement.Drift> agreed) {
        return of(reference, window, Optional.empty(), agreed);
    }

    /** @param outcomes profile of those that are known, with the reference's bins */
    public static Drifted of(
            Reference reference, Profile window, Optional<ColumnProfile> outcomes, Optional<Agreement.Drift> agreed) {
        Agreement.Drift limits = agreed.orElse(DEFAULT);
        List<Column> columns = reference.inputs().columns().stream()
                .filter(column -> !limits.ignored().contains(column.name())
                        && window.column(column.name()).isPresent())
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
                outcomes.map(known -> column("outcome", reference.label(), known, limits)),
                unknown(reference, limits));
    }

    private static List<String> unknown(Reference reference, Agreement.Drift limits) {
        return Stream.concat(limits.columns().keySet().stream(), limits.ignored().stream())
                .filter(name -> reference.inputs().column(name).isEmpty())
                .filter(name -> !name.equals("prediction") && !name.equals("outcome"))
                .toList();
    }

    /** Share of the measured columns at or above the limit, 0 to 1; NaN when none was measured. */
    public double share(Verdict atLeast) {
        return measured() == 0 ? Double.NaN : (double) moved(atLeast) / measured();
    }

    /** Columns with enough values to say something. */
    public long measured() {
        return columns.stream().filter(c -> c.verdict() != Verdict.INSUFFICIENT).count();
    }

    /** Columns at or above the limit. */
    public long moved(Verdict atLeast) {
        return columns.stream()
                .filter(c ->
                        c.verdict() == Verdict.BROKEN || atLeast == Verdict.AT_RISK && c.verdict() == Verdict.AT_RISK)
                .count();
    }

    private static Column column(String name, ColumnProfile reference, ColumnProfile current, Agreement.Drift agreed) {
        ColumnDrift all = Drift.between(reference, current);
        Agreement.DriftLimits limits = agreed.limits(name);
        String method = Effect.method(limits.method(), reference);
        boolean distance =
                reference instanceof CategoryProfile && limits.method().equals("psi");
        double warn = distance ? distance(limits.warn()) : limits.warn();
        double alert = distance ? distance(limits.alert()) : limits.alert();
        if (current.rows() < MIN_ROWS) {
            return new Column(
                    name, method, Double.NaN, warn, alert, Verdict.INSUFFICIENT, current.rows(), Double.NaN, all);
        }
        Effect effect = current.present() < MIN_ROWS ? Effect.UNKNOWN : Effect.of(method, reference, current, all);
        double missing = missing(reference, current);
        Verdict byValue = effect.p() > Effect.ALPHA ? Verdict.KEPT : verdict(effect.value(), warn, alert);
        Verdict byMissing = verdict(missing, DEFAULT.warn(), DEFAULT.alert());
        if (Double.isNaN(effect.value()) || byMissing.ordinal() > byValue.ordinal()) {
            double from = DEFAULT.warn();
            return new Column(
                    name, "psi-missing", missing, from, DEFAULT.alert(), byMissing, current.rows(), Double.NaN, all);
        }
        return new Column(name, method, effect.value(), warn, alert, byValue, current.present(), effect.p(), all);
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
    public static double distance(double psi) {
        return Math.sqrt(psi / (8 * Math.log(2)));
    }
}
