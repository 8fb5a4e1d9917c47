package org.millwright.scoring.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.Profile;

/**
 * The drift of a table: every column judged, and how many of them drifted.
 *
 * <p>The size of a change decides, and only when chance does not explain it: no p-value alone makes drift of a harmless
 * difference in many rows, and no small window alarms by chance more often than {@link DriftSettings#alpha}. When both
 * sides are small (at most {@link DriftSettings#SMALL} rows) the test alone decides.
 *
 * @param columns in the reference's order, then those that only the current rows have
 */
public record DriftReport(List<ColumnVerdict> columns, DriftSettings settings) {
    public DriftReport {
        columns = List.copyOf(columns);
    }

    /** Judges columns that were compared one by one. */
    public static DriftReport of(List<ColumnComparison> columns, DriftSettings settings) {
        return new DriftReport(new Judge(settings).judge(columns), settings);
    }

    /** Compares raw rows, exactly, the columns at the same time. */
    public static DriftReport between(Frame reference, Frame current, DriftSettings settings) {
        Set<String> names = new LinkedHashSet<>(reference.names());
        names.addAll(current.names());
        List<ColumnComparison> columns = List.copyOf(names).parallelStream()
                .map(name -> ColumnComparison.of(counts(reference, name), counts(current, name)))
                .toList();
        return of(columns, settings);
    }

    private static @Nullable ColumnCounts counts(Frame frame, String name) {
        int at = frame.position(name);
        return at < 0 ? null : ColumnCounts.of(frame, at);
    }

    /** Compares a window's profile with the reference's. */
    public static DriftReport between(Profile reference, Profile current, DriftSettings settings) {
        List<ColumnComparison> columns = new ArrayList<>();
        reference
                .columns()
                .forEach(column -> columns.add(ColumnComparison.of(
                        column, current.column(column.name()).orElse(null))));
        return of(columns, settings);
    }

    /** The columns by how much they matter: those that drifted first, of each verdict the one that moved most. */
    public List<ColumnVerdict> ranked() {
        return columns.stream()
                .sorted(Comparator.comparing(ColumnVerdict::verdict)
                        .thenComparingDouble(ColumnVerdict::excess)
                        .reversed())
                .toList();
    }

    /** How many columns could be judged. */
    public int judged() {
        return (int) columns.stream().filter(ColumnVerdict::counts).count();
    }

    /** How many columns drifted. */
    public int drifted() {
        return (int) IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).verdict() == DriftVerdict.DRIFT)
                .count();
    }

    /** Share of the judged columns that drifted, 0 to 1; NaN when none could be judged. */
    public double share() {
        return judged() == 0 ? Double.NaN : (double) drifted() / judged();
    }

    /** DRIFT when enough columns drifted, WARN when any did. */
    public DriftVerdict verdict() {
        if (judged() == 0) {
            return DriftVerdict.INSUFFICIENT;
        }
        if (share() >= settings.columnsShare()) {
            return DriftVerdict.DRIFT;
        }
        return drifted() > 0 ? DriftVerdict.WARN : DriftVerdict.OK;
    }
}
