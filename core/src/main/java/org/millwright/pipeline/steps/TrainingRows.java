package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Reference;

/** The rows that a model was trained on, read once. */
final class TrainingRows {
    private static final int BATCH = 16_384;

    private final TableEngine tables;
    private final Path parquet;
    private final String label;
    private final String time;
    private final boolean classes;

    TrainingRows(TableEngine tables, Path parquet, ProjectFile.ModelSpec model) {
        this.tables = tables;
        this.parquet = parquet;
        this.label = model.label();
        this.time = model.time();
        this.classes = model.isClassification();
    }

    /**
     * What training rows told.
     *
     * @param learned how their columns hang together, which is no part of the reference yet
     */
    record Trained(Reference reference, Optional<Reconstruction> learned) {
        /** The reference for who has no held-out rows. */
        Reference alone() {
            return with(learned);
        }

        Reference with(Optional<Reconstruction> reconstruction) {
            return reference.reconstructedBy(reconstruction.map(Reconstruction::toJson));
        }
    }

    /**
     * What the model saw in training and says of it, to compare production with; it predicts while rows are read.
     *
     * @param promised rules of contracts about its inputs, of which those are kept that these rows keep
     */
    Trained reference(Model model, ContractChecks promised) {
        List<String> inputs = model.signature().names();
        var columns = new LinkedHashSet<>(inputs);
        columns.add(label);
        String timeType = type(time);
        if (!timeType.isEmpty()) {
            columns.add(time);
        }
        var frames = new ArrayList<Frame>();
        var predictions = new ArrayList<CompletableFuture<Frame>>();
        var labels = new ArrayList<Frame>();
        var span = new Span(timeType.startsWith("TIMESTAMP"));
        tables.read(parquet, List.copyOf(columns), BATCH, frame -> {
            Frame read = model.signature().conform(frame.select(inputs)).frame();
            frames.add(read);
            predictions.add(CompletableFuture.supplyAsync(() -> model.predict(read)));
            labels.add(frame.select(List.of(label)));
            if (!timeType.isEmpty()) {
                span.add(frame);
            }
        });
        span.end();
        Frame rows = Frame.concat(frames);
        Reference reference = reference(rows, predicted(predictions), Frame.concat(labels), span);
        return new Trained(
                promised.isEmpty() ? reference : reference.with(promised.keptBy(rows)),
                Reconstruction.learn(reference.inputs(), rows));
    }

    /** A classifier that answers probabilities is watched by the first of them, as numbers are. */
    private Reference reference(Frame inputs, Frame predicted, Frame labels, Span span) {
        if (classes) {
            return predicted.type(0).isReal()
                    ? Reference.ofProbabilities(inputs, predicted.doubles(0), labels.column(0), span.from(), span.to())
                    : Reference.ofClasses(inputs, predicted.column(0), labels.column(0), span.from(), span.to());
        }
        return Reference.of(inputs, predicted.doubles(0), numbers(labels), span.from(), span.to());
    }

    private static double[] numbers(Frame labels) {
        double[] unknown = new double[labels.rows()];
        Arrays.fill(unknown, Double.NaN);
        return labels.type(0) == DataType.STRING ? unknown : labels.doubles(0);
    }

    private static Frame predicted(List<CompletableFuture<Frame>> parts) {
        try {
            return Frame.concat(parts.stream().map(CompletableFuture::join).toList());
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
            long at = EventTimes.millis(text);
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
    }
}
