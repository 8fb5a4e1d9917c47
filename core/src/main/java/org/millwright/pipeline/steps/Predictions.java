package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
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
        var all = new ArrayList<double[]>();
        tables.read(
                parquet,
                model.signature().names(),
                BATCH,
                frame -> all.add(model.predict(frame).doubles(0)));
        return joined(all);
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
