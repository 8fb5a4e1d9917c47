package org.millwright.scoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.millwright.scoring.drift.ColumnComparison.Kind;
import org.millwright.scoring.drift.ColumnVerdict.Measure;
import org.millwright.scoring.profile.ColumnDrift;

/** Judges the columns of one table together, as their tests are corrected for being many. */
final class Judge {
    private final DriftSettings settings;

    Judge(DriftSettings settings) {
        this.settings = settings;
    }

    List<ColumnVerdict> judge(List<ColumnComparison> columns) {
        double[] values = new double[columns.size()];
        double[] missing = new double[columns.size()];
        for (int i = 0; i < values.length; i++) {
            ColumnDrift drift = columns.get(i).drift().orElse(null);
            values[i] = drift == null || !enough(drift) ? Double.NaN : drift.p();
            missing[i] = drift == null || !anyMissing(drift) ? Double.NaN : Missing.p(drift);
        }
        double[] p = Arrays.copyOf(values, 2 * values.length);
        System.arraycopy(missing, 0, p, values.length, missing.length);
        double[] adjusted = Holm.adjusted(p);
        List<ColumnVerdict> verdicts = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            verdicts.add(new Judge(settings.of(columns.get(i).column()))
                    .judge(columns.get(i), adjusted[i], adjusted[values.length + i]));
        }
        return verdicts;
    }

    private boolean enough(ColumnDrift drift) {
        return Math.min(drift.referenceRows(), drift.currentRows()) >= settings.minRows();
    }

    private boolean anyMissing(ColumnDrift drift) {
        return Math.min(drift.referenceAll(), drift.currentAll()) >= settings.minRows()
                && drift.referenceMissing() + drift.currentMissing() > 0;
    }

    private ColumnVerdict judge(ColumnComparison column, double p, double missingP) {
        ColumnDrift drift = column.drift().orElse(null);
        if (drift == null) {
            DriftVerdict verdict = switch (column.kind()) {
                case GONE, CHANGED -> DriftVerdict.DRIFT;
                case NEW -> DriftVerdict.OK;
                default -> DriftVerdict.INSUFFICIENT;
            };
            return new ColumnVerdict(
                    column, DriftMethod.PSI, Double.NaN, Double.NaN, Double.NaN, 0, verdict, List.of(), column.note());
        }
        ColumnVerdict byValues = enough(drift)
                ? byValues(column, drift, p)
                : verdict(
                        column, drift, method(column, drift), Double.NaN, p, DriftVerdict.INSUFFICIENT, tooFew(drift));
        DriftVerdict byMissing =
                missingP <= settings.alpha() ? size(DriftMethod.MISSING, Missing.psi(drift)) : DriftVerdict.OK;
        boolean worse = byMissing.compareTo(byValues.verdict()) > 0 && byMissing != DriftVerdict.OK;
        return worse
                ? verdict(column, drift, DriftMethod.MISSING, Missing.psi(drift), missingP, byMissing, missing(drift))
                : byValues;
    }

    private String tooFew(ColumnDrift drift) {
        return drift.referenceRows() + " and " + drift.currentRows() + " rows with a value (needed: "
                + settings.minRows() + " on both sides)";
    }

    private static String missing(ColumnDrift drift) {
        return String.format(
                Locale.ROOT,
                "missing in %.1f %% of the rows before, in %.1f %% now",
                100 * drift.referenceMissing(),
                100 * drift.currentMissing());
    }

    private ColumnVerdict byValues(ColumnComparison column, ColumnDrift drift, double p) {
        DriftMethod method = method(column, drift);
        if (method.isTest()) {
            double limit = limit(method);
            return verdict(column, drift, method, p, p, p <= limit ? DriftVerdict.DRIFT : DriftVerdict.OK, "");
        }
        double value = method.value(drift);
        double chance = chance(method, drift);
        DriftVerdict size = size(method, less(method, value, chance));
        String reason = "";
        if (size(method, value) != size) {
            reason = String.format(Locale.ROOT, "%.3g is what chance gives of %d values", chance, drift.bins());
        }
        if (settings.method().isEmpty()) {
            if (drift.newShare() > DriftMethod.NEW_CATEGORIES.alert() && size != DriftVerdict.DRIFT) {
                method = DriftMethod.NEW_CATEGORIES;
                value = drift.newShare();
                size = DriftVerdict.DRIFT;
                reason = "";
            } else if (drift.wasserstein() >= DriftMethod.WASSERSTEIN.alert() && size == DriftVerdict.OK) {
                method = DriftMethod.WASSERSTEIN;
                value = drift.wasserstein();
                size = DriftVerdict.WARN;
            }
        }
        if (size != DriftVerdict.OK && !(p <= settings.alpha())) {
            size = DriftVerdict.OK;
            reason = "not more than chance explains";
        }
        return verdict(column, drift, method, value, p, size, reason);
    }

    private ColumnVerdict verdict(
            ColumnComparison column,
            ColumnDrift drift,
            DriftMethod method,
            double value,
            double p,
            DriftVerdict verdict,
            String reason) {
        List<Measure> measures = new ArrayList<>();
        for (DriftMethod each : DriftMethod.values()) {
            if (each.appliesTo(drift.numeric())) {
                measures.add(measure(each, drift, p));
            }
        }
        double chance = chance(method, drift);
        boolean matters = chance > 0.1 * method.alert();
        return new ColumnVerdict(
                column, method, value, limit(method), p, matters ? chance : 0, verdict, measures, reason);
    }

    private Measure measure(DriftMethod method, ColumnDrift drift, double p) {
        double value = method.isTest() ? p : method.value(drift);
        DriftVerdict alone = Double.isNaN(value)
                ? DriftVerdict.INSUFFICIENT
                : method.isTest() ? value <= limit(method) ? DriftVerdict.DRIFT : DriftVerdict.OK : size(method, value);
        return new Measure(method, value, limit(method), alone);
    }

    /** The chosen method where it applies, else the column's default. */
    private DriftMethod method(ColumnComparison column, ColumnDrift drift) {
        return settings.method().filter(m -> m.appliesTo(drift.numeric())).orElseGet(() -> {
            boolean small = Math.max(drift.referenceRows(), drift.currentRows()) <= DriftSettings.SMALL;
            if (small) {
                return drift.numeric() ? DriftMethod.KS_TEST : DriftMethod.CHI_SQUARE;
            }
            return column.kind() == Kind.NUMERIC ? DriftMethod.PSI : DriftMethod.JENSEN_SHANNON;
        });
    }

    private double limit(DriftMethod method) {
        double own = method.isTest() ? settings.alpha() : method.alert();
        return settings.method().filter(m -> m == method).isPresent()
                ? settings.threshold().orElse(own)
                : own;
    }

    private DriftVerdict size(DriftMethod method, double value) {
        if (value >= limit(method)) {
            return DriftVerdict.DRIFT;
        }
        boolean own = limit(method) == method.alert();
        return own && value >= method.warn().orElse(Double.POSITIVE_INFINITY) ? DriftVerdict.WARN : DriftVerdict.OK;
    }

    /** What two samples of one distribution have on average, in the unit in which such parts add up. */
    private static double chance(DriftMethod method, ColumnDrift drift) {
        if (drift.numeric() || drift.referenceRows() == 0 || drift.currentRows() == 0) {
            return 0;
        }
        double cells = (drift.bins() - 1) * (1.0 / drift.referenceRows() + 1.0 / drift.currentRows());
        return switch (method) {
            case PSI -> cells;
            case JENSEN_SHANNON -> Math.sqrt(cells / 8 / Math.log(2));
            case HELLINGER -> Math.sqrt(cells / 8);
            case KULLBACK_LEIBLER -> cells / 2;
            default -> 0;
        };
    }

    /** The value without the part that chance gives; distances add up by their squares. */
    private static double less(DriftMethod method, double value, double chance) {
        return method == DriftMethod.JENSEN_SHANNON || method == DriftMethod.HELLINGER
                ? Math.sqrt(Math.max(0, value * value - chance * chance))
                : value - chance;
    }
}
