package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.Vector;

/** Columns of tables and what models predict for their rows, as one frame in the file's order. */
final class Predictions {
    private static final int BATCH = 16_384;

    private final TableEngine tables;

    Predictions(TableEngine tables) {
        this.tables = tables;
    }

    /** Rows that were asked together, and the answer unless the model refused them. */
    private record Asked(int rows, Optional<Frame> answer) {}

    /** The model's outputs for every row; a row that it refuses is named. */
    Frame of(Model model, Path parquet) {
        return of(model, parquet, List.of(), frame -> {});
    }

    /**
     * The same, while somebody else looks at the rows.
     *
     * @param more columns beside the model's inputs, for {@code other} only
     */
    Frame of(Model model, Path parquet, List<String> more, Consumer<Frame> other) {
        var all = new ArrayList<Asked>();
        var before = new AtomicLong();
        List<String> inputs = model.signature().names();
        var columns = new LinkedHashSet<>(inputs);
        columns.addAll(more);
        tables.read(parquet, List.copyOf(columns), BATCH, frame -> {
            try {
                Frame asked = columns.size() == inputs.size() ? frame : frame.select(inputs);
                all.add(new Asked(frame.rows(), Optional.of(model.predict(asked))));
                other.accept(frame);
            } catch (InvalidInput e) {
                throw new Problem.Invalid(
                        "The model does not take row " + (before.get() + Math.max(0, e.row())) + " of the data: "
                                + e.getMessage(),
                        "Correct the data, or score it with a version that takes it.");
            }
            before.addAndGet(frame.rows());
        });
        return joined(all);
    }

    /** The same with nothing for each row that the model refuses, as production would with 400. */
    Frame whereTaken(Model model, Path parquet) {
        var all = new ArrayList<Asked>();
        tables.read(parquet, model.signature().names(), BATCH, frame -> {
            Asked together = ask(model, frame);
            for (int row = 0; together.answer().isEmpty() && row < frame.rows(); row++) {
                all.add(ask(model, frame.slice(row, row + 1)));
            }
            if (together.answer().isPresent()) {
                all.add(together);
            }
        });
        return joined(all);
    }

    private static Asked ask(Model model, Frame rows) {
        try {
            return new Asked(rows.rows(), Optional.of(model.predict(rows)));
        } catch (InvalidInput e) {
            return new Asked(rows.rows(), Optional.empty());
        }
    }

    private static Frame joined(List<Asked> all) {
        Frame like = all.stream()
                .flatMap(asked -> asked.answer().stream())
                .findFirst()
                .orElseGet(
                        () -> Frame.of(0).doubles("prediction", new double[0]).build());
        List<Frame> parts = all.stream()
                .map(asked -> asked.answer().orElseGet(() -> nothing(like, asked.rows())))
                .toList();
        return parts.isEmpty() ? like : Frame.concat(parts);
    }

    /** Rows of the same columns without a value. */
    private static Frame nothing(Frame like, int rows) {
        Frame.Builder nothing = Frame.of(rows);
        for (int i = 0; i < like.width(); i++) {
            nothing.column(like.name(i), like.type(i), missing(like.type(i), rows));
        }
        return nothing.build();
    }

    private static Vector missing(DataType type, int rows) {
        var all = new BitSet(rows);
        all.set(0, rows);
        if (type.isReal()) {
            double[] values = new double[rows];
            java.util.Arrays.fill(values, Double.NaN);
            return new Vector.Doubles(values, all);
        }
        if (type.isIntegral()) {
            return new Vector.Longs(new long[rows], all);
        }
        return type == DataType.BOOLEAN
                ? new Vector.Booleans(new boolean[rows], all)
                : new Vector.Strings(new @Nullable String[rows]);
    }

    /** Some columns of a table. */
    Frame columns(Path parquet, List<String> names) {
        var all = new ArrayList<Frame>();
        tables.read(parquet, names, BATCH, all::add);
        return all.isEmpty() ? tables.head(parquet, names, 1) : Frame.concat(all);
    }
}
