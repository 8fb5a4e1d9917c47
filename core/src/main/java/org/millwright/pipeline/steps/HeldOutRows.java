package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.Vector;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.performance.LossEstimator;
import org.millwright.scoring.performance.ProbabilityEstimator;
import org.millwright.scoring.profile.Reference;

/**
 * Labelled rows that a model was not trained on. They tell where its errors are large, so that performance can be estimated
 * before labels come, how much it uses each column, and by how much rows vary in how well their columns hang together.
 */
final class HeldOutRows {
    private static final int BATCH = 16_384;
    private static final int USAGE_ROWS = 1_000;
    private static final int USAGE_COLUMNS = 500;
    private static final long SEED = 11;

    private final TableEngine tables;
    private final Path parquet;
    private final ProjectFile.ModelSpec spec;

    HeldOutRows(TableEngine tables, Path parquet, ProjectFile.ModelSpec spec) {
        this.tables = tables;
        this.parquet = parquet;
        this.spec = spec;
    }

    /**
     * The reference with an estimator and limits, where the rows allow them, and with the usage of columns. Rows that the model
     * refuses leave it as it is: a version can do without.
     */
    Reference complete(TrainingRows.Trained trained, Model model) {
        try {
            return completed(trained, model);
        } catch (InvalidInput e) {
            return trained.alone();
        }
    }

    private Reference completed(TrainingRows.Trained trained, Model model) {
        List<String> names = tables.columns(parquet).stream().map(Column::name).toList();
        if (!names.containsAll(model.signature().names()) || !names.contains(spec.label())) {
            return trained.alone();
        }
        Rows rows = read(model, names.contains(spec.time()) ? spec.time() : "");
        Reference limited =
                trained.with(trained.learned().map(learned -> learned.limitedBy(rows.inputs(), byTime(rows))));
        return estimated(limited, model, rows);
    }

    private Reference estimated(Reference reference, Model model, Rows rows) {
        int output = output(rows.predicted());
        if (rows.inputs().rows() < Estimator.LEAST_ROWS
                || !rows.predicted().type(output).isNumeric()) {
            return reference.with(Optional.empty(), usage(model, rows));
        }
        return reference.with(estimator(reference, rows).map(Estimator::toJson), usage(model, rows));
    }

    /** The output that says most: of a classifier's class and the probabilities behind it the last one's, else the first. */
    private int output(Frame predicted) {
        int last = predicted.width() - 1;
        boolean probabilities = spec.isClassification()
                && last > 0
                && IntStream.rangeClosed(1, last)
                        .allMatch(i -> predicted.type(i).isReal());
        return probabilities ? last : 0;
    }

    /** @param times as text, "" where there is none */
    private record Rows(Frame inputs, Frame predicted, Vector labels, DataType type, String[] times) {}

    private Rows read(Model model, String time) {
        List<String> inputs = model.signature().names();
        var columns = new LinkedHashSet<>(inputs);
        columns.add(spec.label());
        if (!time.isEmpty()) {
            columns.add(time);
        }
        var frames = new ArrayList<Frame>();
        int[] known = {0};
        tables.read(parquet, List.copyOf(columns), BATCH, frame -> {
            if (known[0] < Estimator.ENOUGH_ROWS) {
                known[0] += frame.rows();
                frames.add(frame);
            }
        });
        if (frames.isEmpty()) {
            frames.add(tables.head(parquet, List.copyOf(columns), 1));
        }
        Frame all = Frame.concat(frames);
        Frame rows = model.signature().conform(all.select(inputs)).frame();
        var predicted = new ArrayList<Frame>();
        for (int from = 0; from == 0 || from < rows.rows(); from += BATCH) {
            predicted.add(model.predict(rows.slice(from, Math.min(rows.rows(), from + BATCH))));
        }
        String[] times = new String[rows.rows()];
        for (int i = 0; i < times.length; i++) {
            Object value = time.isEmpty() ? null : all.value(all.position(time), i);
            times[i] = value == null ? "" : value.toString();
        }
        int label = all.position(spec.label());
        return new Rows(rows, Frame.concat(predicted), all.column(label), all.type(label), times);
    }

    private Optional<Estimator> estimator(Reference reference, Rows rows) {
        Optional<ManyClasses> many = spec.isClassification()
                ? ManyClasses.of(
                        rows.predicted(),
                        Frame.of(rows.labels().size())
                                .column(spec.label(), rows.type(), rows.labels())
                                .build(),
                        rows.times())
                : Optional.empty();
        return many.isPresent() ? many.flatMap(ManyClasses::estimator) : fewClasses(reference, rows);
    }

    private Optional<Estimator> fewClasses(Reference reference, Rows rows) {
        int output = output(rows.predicted());
        double[] predicted = rows.predicted().doubles(output);
        double[] truth = truth(rows);
        int[] usable = IntStream.range(0, truth.length)
                .filter(i -> Double.isFinite(truth[i]) && Double.isFinite(predicted[i]))
                .toArray();
        if (usable.length < Estimator.LEAST_ROWS) {
            return Optional.empty();
        }
        double[] y = Arrays.stream(usable).mapToDouble(i -> truth[i]).toArray();
        double[] p = Arrays.stream(usable).mapToDouble(i -> predicted[i]).toArray();
        int[] order = byTime(IntStream.range(0, usable.length), i -> rows.times()[usable[i]]);
        if (!spec.isClassification()) {
            return Optional.of(LossEstimator.fit(chosen(rows.inputs(), usable), y, p, reference.baseline(), order));
        }
        boolean probabilities =
                rows.predicted().type(output).isReal() && Arrays.stream(p).allMatch(score -> score >= 0 && score <= 1);
        double positives = Arrays.stream(y).sum();
        boolean two =
                Arrays.stream(y).allMatch(value -> value == 0 || value == 1) && positives > 0 && positives < y.length;
        if (!probabilities || !two) {
            return Optional.empty();
        }
        boolean[] positive = new boolean[y.length];
        for (int i = 0; i < y.length; i++) {
            positive[i] = y[i] == 1;
        }
        return Optional.of(ProbabilityEstimator.fit(positive, p, order, output));
    }

    private static int[] byTime(Rows rows) {
        return byTime(IntStream.range(0, rows.times().length), row -> rows.times()[row]);
    }

    /** The places, that of the oldest time first. */
    static int[] byTime(IntStream places, IntFunction<String> time) {
        return places.boxed()
                .sorted(Comparator.comparing(time::apply))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The labels as numbers: of two classes 1 for the positive one; NaN where unknown. */
    private double[] truth(Rows rows) {
        double[] truth = new double[rows.labels().size()];
        String positive = spec.isClassification() ? positive(rows.labels()) : "";
        boolean named = !positive.isEmpty();
        for (int i = 0; i < truth.length; i++) {
            Object value = rows.labels().value(i);
            if (value == null) {
                truth[i] = Double.NaN;
            } else if (named) {
                truth[i] = value.toString().equals(positive) ? 1 : 0;
            } else if (value instanceof Boolean flag) {
                truth[i] = flag ? 1 : 0;
            } else {
                truth[i] = value instanceof Number number ? number.doubleValue() : Double.NaN;
            }
        }
        return truth;
    }

    /** The class that is looked for: the declared one, else the second of two texts; "" when neither says. */
    private String positive(Vector labels) {
        if (!spec.positive().isEmpty() || !(labels instanceof Vector.Strings)) {
            return spec.positive();
        }
        var classes = new TreeSet<String>();
        for (int i = 0; i < labels.size() && classes.size() <= 2; i++) {
            Object value = labels.value(i);
            if (value != null) {
                classes.add(value.toString());
            }
        }
        return classes.size() == 2 ? classes.last() : "";
    }

    private static Frame chosen(Frame frame, int[] rows) {
        if (rows.length == frame.rows()) {
            return frame;
        }
        List<Frame> runs = new ArrayList<>();
        for (int from = 0; from < rows.length; ) {
            int to = from + 1;
            while (to < rows.length && rows[to] == rows[to - 1] + 1) {
                to++;
            }
            runs.add(frame.slice(rows[from], rows[to - 1] + 1));
            from = to;
        }
        return Frame.concat(runs);
    }

    /** By how much predictions move when a column's values are dealt out anew: the mean change in standard deviations. */
    private Map<String, Double> usage(Model model, Rows rows) {
        int output = output(rows.predicted());
        Map<String, Double> usage = new TreeMap<>();
        int n = Math.min(USAGE_ROWS, rows.inputs().rows());
        if (n < 2 || !rows.predicted().type(output).isNumeric() || rows.inputs().width() > USAGE_COLUMNS) {
            return usage;
        }
        Frame inputs = rows.inputs().slice(0, n);
        double[] before = rows.predicted().slice(0, n).doubles(output);
        double deviation = deviation(before);
        int[] dealt = dealt(n);
        for (int c = 0; c < inputs.width() && deviation > 0; c++) {
            double[] after = model.predict(dealt(inputs, c, dealt)).doubles(output);
            double moved = 0;
            for (int i = 0; i < n; i++) {
                double change = Math.abs(after[i] - before[i]);
                moved += Double.isNaN(change) ? 0 : change;
            }
            usage.put(inputs.name(c), moved / n / deviation);
        }
        return usage;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).filter(Double::isFinite).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .filter(Double::isFinite)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0));
    }

    private static int[] dealt(int n) {
        int[] places = IntStream.range(0, n).toArray();
        var random = new SplittableRandom(SEED);
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = places[i];
            places[i] = places[other];
            places[other] = kept;
        }
        return places;
    }

    private static Frame dealt(Frame inputs, int column, int[] places) {
        Frame.Builder builder = Frame.of(inputs.rows());
        for (int c = 0; c < inputs.width(); c++) {
            builder.column(
                    inputs.name(c),
                    inputs.type(c),
                    c == column ? dealt(inputs.column(c), inputs.type(c), places) : inputs.column(c));
        }
        return builder.build();
    }

    private static Vector dealt(Vector values, DataType type, int[] places) {
        var one = Frame.of(values.size()).column("", type, values).build();
        return Frame.concat(Arrays.stream(places)
                        .mapToObj(place -> one.slice(place, place + 1))
                        .toList())
                .column(0);
    }
}
