package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.profile.Reference;

/** The rows that a model was trained on, read once. */
final class TrainingRows {
    private static final int BATCH = 16_384;

    private final TableEngine tables;
    private final Path parquet;
    private final String label;
    private final String time;

    /** @param time column with the time of an event, or empty */
    TrainingRows(TableEngine tables, Path parquet, String label, String time) {
        this.tables = tables;
        this.parquet = parquet;
        this.label = label;
        this.time = time;
    }

    /** What the model saw in training and says of it, to compare production with; it predicts while rows are read. */
    Reference reference(Model model) {
        List<String> inputs = model.signature().names();
        var columns = new LinkedHashSet<>(inputs);
        columns.add(label);
        String timeType = type(time);
        if (!timeType.isEmpty()) {
            columns.add(time);
        }
        var frames = new ArrayList<Frame>();
        var predictions = new ArrayList<CompletableFuture<double[]>>();
        var labels = new ArrayList<double[]>();
        var span = new Span(timeType.startsWith("TIMESTAMP"));
        tables.read(parquet, List.copyOf(columns), BATCH, frame -> {
            Frame rows = model.signature().conform(frame.select(inputs)).frame();
            frames.add(rows);
            predictions.add(
                    CompletableFuture.supplyAsync(() -> model.predict(rows).doubles(0)));
            labels.add(frame.doubles(label));
            if (!timeType.isEmpty()) {
                span.add(frame);
            }
        });
        span.end();
        return Reference.of(
                Frame.concat(frames), predicted(predictions), Predictions.joined(labels), span.from(), span.to());
    }

    private static double[] predicted(List<CompletableFuture<double[]>> parts) {
        try {
            return Predictions.joined(
                    parts.stream().map(CompletableFuture::join).toList());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The type of a column, or nothing when it is not there. */
    private String type(String column) {
        return column.isEmpty()
                ? ""
                : tables.columns(parquet).stream()
                        .filter(found -> found.name().equals(column))
                        .map(Column::type)
                        .findFirst()
                        .orElse("");
    }

    /** Earliest and latest time of a column, in milliseconds since the epoch; zeros when it holds no times. */
    private final class Span {
        /** Times that the engine wrote are all of one form, in which texts sort as times do. */
        private final boolean uniform;

        private String least = "";
        private String greatest = "";
        private long from = Long.MAX_VALUE;
        private long to = Long.MIN_VALUE;

        Span(boolean uniform) {
            this.uniform = uniform;
        }

        void add(Frame frame) {
            int position = frame.position(time);
            for (int row = 0; row < frame.rows(); row++) {
                if (frame.value(position, row) instanceof String text) {
                    add(text);
                }
            }
        }

        private void add(String text) {
            if (!uniform) {
                widen(text);
            } else if (least.isEmpty()) {
                least = text;
                greatest = text;
            } else if (text.compareTo(least) < 0) {
                least = text;
            } else if (text.compareTo(greatest) > 0) {
                greatest = text;
            }
        }

        private void widen(String text) {
            long at = millis(text);
            if (at != 0) {
                from = Math.min(from, at);
                to = Math.max(to, at);
            }
        }

        /** No more will be added. */
        void end() {
            widen(least);
            widen(greatest);
            if (from == Long.MAX_VALUE) {
                from = 0;
                to = 0;
            }
        }

        long from() {
            return from;
        }

        long to() {
            return to;
        }

        private static long millis(String text) {
            try {
                String iso = text.replace(' ', 'T');
                return iso.endsWith("Z")
                        ? Instant.parse(iso).toEpochMilli()
                        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
            } catch (DateTimeParseException e) {
                return 0;
            }
        }
    }
}
