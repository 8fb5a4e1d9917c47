package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.millwright.dataset.TableEngine;
import org.millwright.scoring.Model;

/** Columns of tables and what models predict for their rows, as plain numbers. */
final class Predictions {
    private static final int BATCH = 16_384;

    private final TableEngine tables;

    Predictions(TableEngine tables) {
        this.tables = tables;
    }

    /** The model's first output for every row, in the file's order. */
    double[] of(Model model, Path parquet) {
        var all = new Numbers();
        tables.read(
                parquet,
                model.signature().names(),
                BATCH,
                frame -> all.add(model.predict(frame).doubles(0)));
        return all.toArray();
    }

    /** A numeric column; NaN where a value is missing. */
    double[] column(Path parquet, String name) {
        var all = new Numbers();
        tables.read(parquet, List.of(name), BATCH, frame -> all.add(frame.doubles(0)));
        return all.toArray();
    }

    /** A growing array. */
    private static final class Numbers {
        private double[] values = new double[BATCH];
        private int size;

        void add(double[] more) {
            if (size + more.length > values.length) {
                values = Arrays.copyOf(values, Math.max(values.length * 2, size + more.length));
            }
            System.arraycopy(more, 0, values, size, more.length);
            size += more.length;
        }

        double[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
