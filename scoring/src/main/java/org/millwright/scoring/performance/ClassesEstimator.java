package org.millwright.scoring.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.RowFindings;

/**
 * Confidence-based performance estimation that travels, for three classes and more and a model that answers the probability
 * of each. Of a window each class's calibrated probability is kept as two profiles: of the rows that are taken for the
 * class, and of the others. Their means are exact; the areas under ROC curves come of their sketches.
 */
public final class ClassesEstimator implements Estimator {
    /** With more classes too much would be kept of each window. */
    public static final int MOST_CLASSES = 16;

    static final String METHOD = "cbpe-multiclass";

    private static final int CHUNKS = 10;
    private static final int MOST_KNOTS = 128;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Optional<Isotonic>> calibrations;
    private final int output;
    private final Map<ClassesMetric, Learned> metrics;

    private ClassesEstimator(List<Optional<Isotonic>> calibrations, int output, Map<ClassesMetric, Learned> metrics) {
        this.calibrations = List.copyOf(calibrations);
        this.output = output;
        this.metrics = metrics;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param truth number of each row's class, from 0
     * @param probabilities that the model answered, by class, then by row; the likeliest class is what a row is taken for
     * @param order of the rows in time, whose chunks tell the limits
     * @param output the place of the model's output that has the first class's probabilities
     */
    public static ClassesEstimator fit(int[] truth, double[][] probabilities, int[] order, int output) {
        int[] ordered = Arrays.stream(order).map(row -> truth[row]).toArray();
        double[][] p = new double[probabilities.length][];
        Arrays.setAll(
                p,
                c -> Arrays.stream(order)
                        .mapToDouble(row -> probabilities[c][row])
                        .toArray());
        var cbpe = CbpeMulticlass.fit(
                ordered,
                likeliest(p, order.length),
                p,
                Chunk.merged(order.length, Math.max(1, Math.min(CHUNKS, order.length / Cbpe.MIN_ROWS))));
        Map<ClassesMetric, Learned> metrics = new LinkedHashMap<>();
        for (ClassesMetric metric : ClassesMetric.values()) {
            metrics.put(metric, cbpe.learned(metric.binary()));
        }
        return new ClassesEstimator(
                cbpe.isotonic().stream()
                        .map(one -> one.map(full -> full.thinned(MOST_KNOTS)))
                        .toList(),
                output,
                metrics);
    }

    private static int[] likeliest(double[][] probabilities, int rows) {
        int[] classes = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (int c = 1; c < probabilities.length; c++) {
                classes[row] = probabilities[c][row] > probabilities[classes[row]][row] ? c : classes[row];
            }
        }
        return classes;
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public Set<String> columns() {
        var columns = new TreeSet<String>();
        for (int c = 0; c < calibrations.size(); c++) {
            columns.add(taken(c));
            columns.add(others(c));
        }
        return columns;
    }

    private static String taken(int number) {
        return "probability of class " + number + " where predicted";
    }

    private static String others(int number) {
        return "probability of class " + number + " elsewhere";
    }

    @Override
    public RowFindings look(Frame inputs, IntFunction<double[]> outputs) {
        int classes = calibrations.size();
        double[][] said = new double[classes][];
        Arrays.setAll(said, c -> outputs.apply(output + c));
        int[] rows = usable(said, inputs.rows());
        double[][] p = new double[classes][rows.length];
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < rows.length; i++) {
                p[c][i] = said[c][rows[i]];
            }
        }
        int[] predicted = likeliest(p, rows.length);
        CbpeMulticlass.calibrate(p, calibrations);
        List<RowFindings> all = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            double[] probabilities = new double[inputs.rows()];
            boolean[] taken = new boolean[inputs.rows()];
            boolean[] others = new boolean[inputs.rows()];
            for (int i = 0; i < rows.length; i++) {
                probabilities[rows[i]] = p[c][i];
                taken[rows[i]] = predicted[i] == c;
                others[rows[i]] = predicted[i] != c;
            }
            all.add(RowFindings.numbers(taken(c), probabilities, taken));
            all.add(RowFindings.numbers(others(c), probabilities, others));
        }
        return RowFindings.of(all);
    }

    /** Rows whose answers are all probabilities. */
    private static int[] usable(double[][] said, int rows) {
        int[] usable = new int[rows];
        int n = 0;
        for (int row = 0; row < rows; row++) {
            boolean all = true;
            for (double[] column : said) {
                all &= column[row] >= 0 && column[row] <= 1;
            }
            if (all) {
                usable[n++] = row;
            }
        }
        return Arrays.copyOf(usable, n);
    }

    @Override
    public Optional<Estimates> estimate(Profile window) {
        int classes = calibrations.size();
        List<ExpectedCounts> counts = new ArrayList<>();
        double roc = 0;
        double hits = 0;
        long n = 0;
        for (int c = 0; c < classes; c++) {
            NumericProfile taken = window.derived(taken(c));
            NumericProfile others = window.derived(others(c));
            n = taken.present() + others.present();
            if (n == 0) {
                return Optional.empty();
            }
            double tp = ProbabilityEstimator.sum(taken);
            double fn = ProbabilityEstimator.sum(others);
            counts.add(new ExpectedCounts(tp, taken.present() - tp, fn, others.present() - fn));
            hits += tp;
            roc += RankedSamples.rocAuc(taken, others) / classes;
        }
        Map<String, Estimated> all = new LinkedHashMap<>();
        for (Map.Entry<ClassesMetric, Learned> metric : metrics.entrySet()) {
            double value = switch (metric.getKey()) {
                case ROC_AUC -> roc;
                case F1 -> mean(counts, ExpectedCounts::f1);
                case PRECISION -> mean(counts, ExpectedCounts::precision);
                case RECALL -> mean(counts, ExpectedCounts::recall);
                case ACCURACY -> hits / n;
            };
            all.put(metric.getKey().text(), metric.getValue().estimated(value, n, 0, 1));
        }
        return Optional.of(new Estimates(METHOD, n, all));
    }

    private static double mean(
            List<ExpectedCounts> counts, java.util.function.ToDoubleFunction<ExpectedCounts> metric) {
        return counts.stream().mapToDouble(metric).average().orElse(Double.NaN);
    }

    @Override
    public String toJson() {
        ObjectNode json = JSON.createObjectNode().put("method", METHOD).put("output", output);
        ArrayNode classes = json.putArray("classes");
        for (Optional<Isotonic> calibration : calibrations) {
            ObjectNode one = classes.addObject();
            calibration.ifPresent(function -> ProbabilityEstimator.write(one, function));
        }
        ObjectNode known = json.putObject("metrics");
        metrics.forEach((metric, learned) -> learned.write(known.putObject(metric.text())));
        return json.toString();
    }

    static ClassesEstimator read(JsonNode json) {
        JsonNode classes = json.path("classes");
        if (classes.size() < 3 || classes.size() > MOST_CLASSES) {
            throw new IllegalArgumentException("not an estimator: " + classes.size() + " classes");
        }
        List<Optional<Isotonic>> calibrations = new ArrayList<>();
        classes.forEach(one -> calibrations.add(ProbabilityEstimator.function(one)));
        Map<ClassesMetric, Learned> metrics = new LinkedHashMap<>();
        json.path("metrics")
                .properties()
                .forEach(field -> metrics.put(ClassesMetric.of(field.getKey()), Learned.read(field.getValue())));
        return new ClassesEstimator(calibrations, json.path("output").asInt(), metrics);
    }
}
