package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.ClassificationMetrics;
import org.millwright.scoring.profile.PairedDifference;

/** Predicted classes, measured against always predicting the class that training had most of. */
final class MeasuredClasses implements Measured {
    /** With more classes the confusion matrix is no table for people, and left out. */
    private static final int SHOWN = 50;

    private final String label;
    private final boolean isTruth;
    private final Classes known;
    private final Classes all;
    private final @Nullable String positive;
    private final @Nullable String[] truth;
    private final Classified candidate;
    private final String majority;
    private final double[] shares;
    private final Numbered own;

    private MeasuredClasses(
            ProjectFile.ModelSpec model,
            Frame labels,
            @Nullable String[] reference,
            Frame outputs,
            List<String> named) {
        this.label = model.label();
        this.isTruth = Classes.isTruth(labels);
        this.truth = Classes.in(labels, 0, isTruth);
        var names = new LinkedHashSet<>(Classes.distinct(reference));
        names.addAll(Classes.distinct(truth));
        this.known = Classes.of(label, names);
        this.candidate = Classified.read(outputs, known.matching(named, isTruth), known, isTruth, label);
        this.all = with(candidate);
        this.positive = positive(model.positive(), all, label);
        this.shares = shares(reference, all);
        this.majority = all.names().get(most(shares));
        this.own = numbered(candidate, all);
    }

    /**
     * Of labels, their values in training, and what a model says.
     *
     * @param named classes that the last outputs are probabilities of, in the model's order; empty when it does not say
     */
    static MeasuredClasses of(
            ProjectFile.ModelSpec model, Frame truth, Frame reference, Frame outputs, List<String> named) {
        var training = Classes.in(reference, 0, Classes.isTruth(truth));
        if (Classes.distinct(training).isEmpty()) {
            throw new Problem.Invalid("The reference has no value in column " + model.label());
        }
        return new MeasuredClasses(model, truth, training, outputs, named);
    }

    private Classes with(Classified said) {
        var names = new LinkedHashSet<>(known.names());
        names.addAll(Classes.distinct(said.classes()));
        if (said.probabilities() != null) {
            names.addAll(said.order());
        }
        return Classes.of(label, names);
    }

    /** The class that is looked for when there are two: the declared one, else the second. */
    private static @Nullable String positive(String declared, Classes classes, String label) {
        boolean fits = declared.isEmpty() || classes.size() <= 2 && classes.number(declared, -1) >= 0;
        if (!fits) {
            throw new Problem.Invalid(
                    "model.positive is " + declared + ", but column " + label + " has "
                            + (classes.size() > 2
                                    ? classes.size() + " classes (expected: two)"
                                    : String.join(", ", classes.names())),
                    "Correct it in millwright.yaml, or leave it out.");
        }
        if (classes.size() > 2) {
            return null;
        }
        return declared.isEmpty() ? classes.names().getLast() : declared;
    }

    private static double[] shares(@Nullable String[] reference, Classes classes) {
        double[] shares = new double[classes.size()];
        double rows = 0;
        for (String name : reference) {
            int number = classes.number(name, -1);
            if (number >= 0) {
                shares[number]++;
                rows++;
            }
        }
        double sum = rows;
        return Arrays.stream(shares).map(count -> count / sum).toArray();
    }

    private static int most(double[] shares) {
        int most = 0;
        for (int i = 1; i < shares.length; i++) {
            most = shares[i] > shares[most] ? i : most;
        }
        return most;
    }

    @Override
    public ObjectNode overall() {
        ClassificationMetrics metrics = own.measure();
        ObjectNode json = json(metrics);
        if (all.size() <= SHOWN) {
            ObjectNode confusion = json.putObject("confusion");
            confusion.set("classes", Json.tree(all.names()));
            confusion.set("counts", Json.tree(metrics.confusion()));
        }
        return json;
    }

    @Override
    public ObjectNode of(List<Integer> rows) {
        return json(own.rows(rows).measure());
    }

    @Override
    public ObjectNode baseline() {
        var always = new String[truth.length];
        Arrays.fill(always, majority);
        double[][] constant = null;
        if (candidate.probabilities() != null) {
            constant = new double[shares.length][truth.length];
            for (int c = 0; c < shares.length; c++) {
                Arrays.fill(constant[c], shares[c]);
            }
        }
        ObjectNode json = Json.object().put("class", majority);
        Metrics.put(json, "share", shares[all.number(majority, 0)]);
        ObjectNode metrics = json(
                numbered(new Classified(always, constant, all.names()), all).measure());
        List.of("accuracy", "balanced_accuracy", "precision", "recall", "f1", "log_loss", "brier")
                .forEach(name -> {
                    if (metrics.has(name)) {
                        json.set(name, metrics.get(name));
                    }
                });
        return json;
    }

    @Override
    public ObjectNode other(Frame predictions, long[] groups, double tolerance) {
        Classified said = Classified.read(predictions, List.of(), known, isTruth, label);
        Classes theirs = with(said);
        ObjectNode json = json(numbered(said, theirs).measure());
        Classes both = union(theirs);
        Numbered first = numbered(candidate, both);
        Numbered second = numbered(said, both);
        boolean probable = first.probabilities() != null && second.probabilities() != null;
        Metrics.putDifference(
                json,
                probable ? "log_loss" : "error_rate",
                PairedDifference.ofMeans(
                        first.losses(probable),
                        second.sameWhere(first, tolerance).losses(probable),
                        groups),
                groups.length > 0);
        return json;
    }

    private Classes union(Classes others) {
        var names = new LinkedHashSet<>(all.names());
        names.addAll(others.names());
        return Classes.of(label, names);
    }

    @Override
    public void describe(ObjectNode evaluation) {
        evaluation.put("task", "classification").set("classes", Json.tree(all.names()));
        if (positive != null) {
            evaluation.put("positive", positive);
        }
    }

    /** What a model says, in numbers. */
    private record Numbered(
            int[] truth, int[] said, double @Nullable [][] probabilities, ClassificationMetrics.Classes classes) {
        ClassificationMetrics measure() {
            return ClassificationMetrics.of(truth, said, probabilities, classes);
        }

        /** The same with the other's answers where the probabilities of a row are the same. */
        Numbered sameWhere(Numbered other, double tolerance) {
            double @Nullable [][] theirs = other.probabilities;
            if (probabilities == null || theirs == null) {
                return this;
            }
            double[][] same = new double[probabilities.length][];
            for (int c = 0; c < same.length; c++) {
                double[] own = probabilities[c];
                double[] others = theirs[c];
                same[c] = own.clone();
                for (int row = 0; row < own.length; row++) {
                    same[c][row] = Measured.same(others[row], own[row], tolerance) ? others[row] : own[row];
                }
            }
            return new Numbered(truth, said, same, classes);
        }

        /** Of each row; NaN where the truth or a prediction is missing. */
        double[] losses(boolean probable) {
            double[] losses = new double[truth.length];
            for (int row = 0; row < losses.length; row++) {
                boolean known =
                        truth[row] != ClassificationMetrics.MISSING && said[row] != ClassificationMetrics.MISSING;
                losses[row] = !known
                        ? Double.NaN
                        : probable && probabilities != null
                                ? ClassificationMetrics.logLoss(probabilities[truth[row]][row])
                                : truth[row] == said[row] ? 0 : 1;
            }
            return losses;
        }

        Numbered rows(List<Integer> rows) {
            double[][] chosen = null;
            if (probabilities != null) {
                chosen = new double[probabilities.length][];
                for (int c = 0; c < chosen.length; c++) {
                    double[] from = probabilities[c];
                    chosen[c] = rows.stream().mapToDouble(row -> from[row]).toArray();
                }
            }
            return new Numbered(
                    rows.stream().mapToInt(row -> truth[row]).toArray(),
                    rows.stream().mapToInt(row -> said[row]).toArray(),
                    chosen,
                    classes);
        }
    }

    private Numbered numbered(Classified said, Classes classes) {
        int none = ClassificationMetrics.MISSING;
        var numbers = new ClassificationMetrics.Classes(
                classes.size(), classes.number(positive, none), classes.number(majority, none));
        return new Numbered(
                classes.numbers(truth), classes.numbers(said.classes()), probabilities(said, classes), numbers);
    }

    /** By the classes' numbers; a class that the model does not know has none. */
    private static double @Nullable [][] probabilities(Classified said, Classes classes) {
        if (said.probabilities() == null) {
            return null;
        }
        double[][] ordered = new double[classes.size()][said.classes().length];
        for (int c = 0; c < said.order().size(); c++) {
            ordered[classes.number(said.order().get(c), 0)] = said.probabilities()[c];
        }
        return ordered;
    }

    private static ObjectNode json(ClassificationMetrics metrics) {
        ObjectNode json = Json.object().put("rows", metrics.n()).put("skipped", metrics.skipped());
        Metrics.put(json, "accuracy", metrics.accuracy());
        Metrics.put(json, "balanced_accuracy", metrics.balancedAccuracy());
        Metrics.put(json, "precision", metrics.precision());
        Metrics.put(json, "recall", metrics.recall());
        Metrics.put(json, "f1", metrics.f1());
        Metrics.put(json, "skill", metrics.skill());
        metrics.probabilities().ifPresent(probable -> {
            Metrics.put(json, "roc_auc", probable.rocAuc());
            Metrics.put(json, "average_precision", probable.averagePrecision());
            Metrics.put(json, "log_loss", probable.logLoss());
            Metrics.put(json, "brier", probable.brier());
        });
        return json;
    }

    @Override
    public String sentence(ObjectNode metrics, JsonNode champion) {
        String text = String.format(
                Locale.ROOT,
                "%d rows: accuracy %.3f, F1 %.3f, skill %+.4f",
                metrics.path("rows").asLong(),
                metrics.path("accuracy").asDouble(Double.NaN),
                metrics.path("f1").asDouble(Double.NaN),
                metrics.path("skill").asDouble(Double.NaN));
        return champion.isObject()
                ? text
                        + String.format(
                                Locale.ROOT,
                                "; version %s in production: accuracy %.3f, F1 %.3f",
                                champion.path("version").asText(),
                                champion.path("accuracy").asDouble(Double.NaN),
                                champion.path("f1").asDouble(Double.NaN))
                        + Metrics.difference(champion)
                : text;
    }
}
