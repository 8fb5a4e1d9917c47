package org.millwright.app.cli;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.millwright.app.simulation.Injector;
import org.millwright.app.simulation.Row;
import org.millwright.app.simulation.Stretch;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;

/** Where a simulation's rows come from, month by month, in order of event time and without faults. */
interface SimulatedRows {
    List<Row> of(YearMonth month);

    /** Does to the data that the project trains on what the faults did to the requests of that month. */
    default void follow(YearMonth month) {}

    /** The rows of a CSV or Parquet file. */
    static List<Row> read(TableFiles files, Path file, ReplayRows.Columns columns) {
        try (OpenTable table = files.open(file, TableFiles.MISSING)) {
            List<String> names = table.columns().stream().map(Column::name).toList();
            for (String needed : List.of(columns.id(), columns.time(), columns.label())) {
                if (!names.contains(needed)) {
                    throw new Problem.Invalid(
                            file + " has no column '" + needed + "' (it has: " + String.join(", ", names) + ")",
                            "Name the right one with --id, --time or --label.");
                }
            }
            return rows(table.read(names), columns);
        }
    }

    private static List<Row> rows(Frame frame, ReplayRows.Columns columns) {
        int id = frame.position(columns.id());
        int time = frame.position(columns.time());
        int label = frame.position(columns.label());
        var rows = new ArrayList<Row>(frame.rows());
        for (int r = 0; r < frame.rows(); r++) {
            var values = new HashMap<String, @Nullable Object>();
            for (int c = 0; c < frame.width(); c++) {
                if (c != id && c != time && c != label) {
                    values.put(frame.name(c), present(frame.value(c, r)));
                }
            }
            rows.add(new Row(
                    String.valueOf(frame.value(id, r)),
                    ReplayRows.millis(frame.value(time, r)),
                    values,
                    present(frame.value(label, r))));
        }
        rows.sort(Comparator.comparingLong(Row::at).thenComparing(Row::id));
        return rows;
    }

    private static @Nullable Object present(@Nullable Object value) {
        return value instanceof Double number && number.isNaN() ? null : value;
    }

    /** A sample that is the same for the same seed, in the same order. */
    static List<Row> sample(List<Row> rows, OptionalInt most, long seed) {
        if (most.isEmpty() || rows.size() <= most.getAsInt()) {
            return rows;
        }
        return rows.stream()
                .sorted(Comparator.comparingDouble((Row row) -> Injector.chance(row.id(), seed)))
                .limit(most.getAsInt())
                .sorted(Comparator.comparingLong(Row::at).thenComparing(Row::id))
                .toList();
    }

    /** Those of a file that hold a whole simulation. */
    static SimulatedRows ofFile(List<Row> all, OptionalInt most, long seed) {
        return month -> sample(
                all.stream()
                        .filter(row ->
                                row.at() >= Stretch.begin(month.toString()) && row.at() < Stretch.end(month.toString()))
                        .toList(),
                most,
                seed);
    }
}
