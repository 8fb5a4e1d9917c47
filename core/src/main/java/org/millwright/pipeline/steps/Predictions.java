package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;

/** Columns of tables and what models predict for their rows, as plain numbers. */
final class Predictions {
    private static final int BATCH = 16_384;

    private final TableEngine tables;

    Predictions(TableEngine tables) {
        this.tables = tables;
    }

    /** The model's first output for every row, in the file's order; a row that it refuses is named. */
    double[] of(Model model, Path parquet) {
        var all = new ArrayList<double[]>();
        var before = new AtomicLong();
        tables.read(parquet, model.signature().names(), BATCH, frame -> {
            try {
                all.add(model.predict(frame).doubles(0));
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

    /** The same with NaN for each row that the model refuses, as production would with 400. */
    double[] whereTaken(Model model, Path parquet) {
        var all = new ArrayList<double[]>();
        tables.read(parquet, model.signature().names(), BATCH, frame -> all.add(whereTaken(model, frame)));
        return joined(all);
    }

    private static double[] whereTaken(Model model, Frame frame) {
        try {
            return model.predict(frame).doubles(0);
        } catch (InvalidInput e) {
            var each = new double[frame.rows()];
            for (int row = 0; row < each.length; row++) {
                each[row] = single(model, frame.slice(row, row + 1));
            }
            return each;
        }
    }

    private static double single(Model model, Frame row) {
        try {
            return model.predict(row).doubles(0)[0];
        } catch (InvalidInput e) {
            return Double.NaN;
        }
    }

    /** A numeric column; NaN where a value is missing. */
    double[] column(Path parquet, String name) {
        var all = new ArrayList<double[]>();
        tables.read(parquet, List.of(name), BATCH, frame -> all.add(frame.doubles(0)));
        return joined(all);
    }

    /** The parts one after the other. */
    static double[] joined(List<double[]> parts) {
        double[] all = new double[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (double[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
