package org.millwright.signal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.outcome.Answers;
import org.millwright.outcome.Measuring;
import org.millwright.outcome.PredictedRows;
import org.millwright.outcome.Task;
import org.millwright.scoring.drift.Holm;
import org.millwright.scoring.profile.Mean;
import org.millwright.scoring.profile.TwoSamples;
import org.millwright.window.WindowState;

/** Compares the measured losses of two windows, kind of row by kind of row. Pure. */
public final class LossChanges {
    /** Outcomes that each window needs. */
    public static final int FEWEST = 100;

    private static final int QUARTERS = 4;
    private static final double ALPHA = 0.05;

    private final Labelled now;
    private final Labelled before;

    private LossChanges(Labelled now, Labelled before) {
        this.now = now;
        this.before = before;
    }

    /** The single predictions of a window that have an outcome. */
    public record Labelled(WindowState state, PredictedRows rows, Answers answers, int[] usable) {
        public static Labelled of(WindowState state, PredictedRows rows, Answers answers) {
            return new Labelled(
                    state,
                    rows,
                    answers,
                    IntStream.range(0, rows.size()).filter(answers::isUsable).toArray());
        }

        double loss(int row) {
            return answers.task() == Task.REGRESSION
                    ? Math.abs(answers.predicted()[row] - answers.truth()[row])
                    : answers.error(row);
        }

        Mean mean() {
            var mean = new Mean();
            for (int row : usable) {
                mean.add(loss(row));
            }
            return mean;
        }
    }

    /** Empty when one of the two has too few outcomes, or the loss did not rise by more than chance explains. */
    public static Optional<LossChange> of(Labelled now, Labelled before, List<String> columns) {
        if (now.usable().length < FEWEST || before.usable().length < FEWEST) {
            return Optional.empty();
        }
        TwoSamples.Welch rise = TwoSamples.welch(now.mean(), before.mean());
        return rise.low() > 0 ? Optional.of(new LossChanges(now, before).change(rise, columns)) : Optional.empty();
    }

    private LossChange change(TwoSamples.Welch rise, List<String> columns) {
        List<LossChange.Part> parts = new ArrayList<>();
        columns.forEach(column -> parts.addAll(
                parts(column, now.rows().segment(column), before.rows().segment(column), rise)));
        double[] edges = quarters();
        parts.addAll(parts("prediction", predictions(now, edges), predictions(before, edges), rise));
        parts.addAll(parts("weekday", weekdays(now), weekdays(before), rise));
        double[] p =
                Holm.adjusted(parts.stream().mapToDouble(LossChange.Part::p).toArray());
        List<LossChange.Part> telling = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            LossChange.Part part = parts.get(i);
            if (p[i] <= ALPHA && part.change() > part.share() * rise.difference()) {
                telling.add(new LossChange.Part(
                        part.column(),
                        part.value(),
                        part.rows(),
                        part.before(),
                        part.now(),
                        part.share(),
                        part.change(),
                        p[i]));
            }
        }
        telling.sort(
                Comparator.comparingDouble((LossChange.Part part) -> part.share() * rise.difference() - part.change()));
        return new LossChange(
                now.answers().task() == Task.REGRESSION ? "mae" : "error_rate",
                now.state().window().label(),
                now.state().version(),
                before.state().window().label(),
                now.usable().length,
                before.usable().length,
                before.mean().value(),
                now.mean().value(),
                rise.low(),
                rise.high(),
                rise.p(),
                telling);
    }

    /** The losses of a kind of row in both windows, and of all others. */
    private static final class Split {
        final Mean now = new Mean();
        final Mean before = new Mean();
        final Mean othersNow = new Mean();
        final Mean othersBefore = new Mean();
    }

    private List<LossChange.Part> parts(
            String column, @Nullable String[] valuesNow, @Nullable String[] valuesBefore, TwoSamples.Welch rise) {
        Map<String, Split> splits = new TreeMap<>();
        for (int row : now.usable()) {
            splits.computeIfAbsent(shown(valuesNow[row]), value -> new Split())
                    .now
                    .add(now.loss(row));
        }
        for (int row : before.usable()) {
            splits.computeIfAbsent(shown(valuesBefore[row]), value -> new Split())
                    .before
                    .add(before.loss(row));
        }
        if (splits.size() < 2 || splits.size() > Measuring.MOST_SEGMENTS) {
            return List.of();
        }
        others(splits, valuesNow, valuesBefore);
        double mean = before.mean().value();
        List<LossChange.Part> parts = new ArrayList<>();
        splits.forEach((value, split) -> {
            double share = (double) split.now.n() / now.usable().length;
            double shareBefore = (double) split.before.n() / before.usable().length;
            double change = share * (split.now.value() - mean)
                    - (split.before.n() == 0 ? 0 : shareBefore * (split.before.value() - mean));
            parts.add(new LossChange.Part(
                    column,
                    value,
                    split.now.n(),
                    split.before.n() == 0 ? Double.NaN : split.before.value(),
                    split.now.n() == 0 ? Double.NaN : split.now.value(),
                    share,
                    change,
                    p(split)));
        });
        return parts;
    }

    private void others(Map<String, Split> splits, @Nullable String[] valuesNow, @Nullable String[] valuesBefore) {
        splits.forEach((value, split) -> {
            for (int row : now.usable()) {
                if (!value.equals(shown(valuesNow[row]))) {
                    split.othersNow.add(now.loss(row));
                }
            }
            for (int row : before.usable()) {
                if (!value.equals(shown(valuesBefore[row]))) {
                    split.othersBefore.add(before.loss(row));
                }
            }
        });
    }

    /** NaN when there is too little to say; 1 when it rose by less than that of the others. */
    private static double p(Split split) {
        boolean enough = Math.min(split.now.n(), split.before.n()) >= Measuring.FEWEST
                && Math.min(split.othersNow.n(), split.othersBefore.n()) >= Measuring.FEWEST;
        if (!enough) {
            return Double.NaN;
        }
        TwoSamples.Welch more = TwoSamples.moreThan(split.now, split.before, split.othersNow, split.othersBefore);
        return more.difference() <= 0 ? 1 : more.p();
    }

    private static String shown(@Nullable String value) {
        return value == null ? "(missing)" : value;
    }

    /** The quarters of the earlier predictions; of classes there are none. */
    private double[] quarters() {
        if (now.answers().task() != Task.REGRESSION) {
            return new double[0];
        }
        double[] sorted = Arrays.stream(before.usable())
                .mapToDouble(row -> before.answers().predicted()[row])
                .sorted()
                .toArray();
        double[] edges = new double[QUARTERS - 1];
        Arrays.setAll(edges, i -> sorted[(i + 1) * sorted.length / QUARTERS]);
        return edges;
    }

    private static String[] predictions(Labelled part, double[] edges) {
        double[] predicted = part.answers().predicted();
        List<String> classes = part.answers().classes();
        String[] names = new String[predicted.length];
        Arrays.fill(names, "");
        for (int row : part.usable()) {
            names[row] = edges.length == 0 ? classes.get((int) predicted[row]) : between(predicted[row], edges);
        }
        return names;
    }

    private static String between(double value, double[] edges) {
        int place = 0;
        while (place < edges.length && value > edges[place]) {
            place++;
        }
        String from = place == 0 ? "" : figure(edges[place - 1]);
        String to = place == edges.length ? "" : figure(edges[place]);
        return from.isEmpty() ? "up to " + to : to.isEmpty() ? "above " + from : from + " to " + to;
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String[] weekdays(Labelled part) {
        String[] names = new String[part.rows().size()];
        for (int row = 0; row < names.length; row++) {
            names[row] = Instant.ofEpochMilli(part.rows().time(row))
                    .atZone(ZoneOffset.UTC)
                    .getDayOfWeek()
                    .getDisplayName(TextStyle.FULL, Locale.ROOT);
        }
        return names;
    }

    /** The window to compare with: of the same version the one before, else the leading one before. */
    public static Optional<WindowState> before(
            WindowState state, List<WindowState> all, java.util.Set<String> leading) {
        Map<Boolean, WindowState> found = new LinkedHashMap<>();
        for (WindowState other : all) {
            boolean fits = other.window().end() <= state.window().start() && other.labels() >= FEWEST;
            boolean same = other.version().equals(state.version());
            if (fits && (same || leading.contains(other.version() + "|" + other.window()))) {
                found.put(same, other);
            }
        }
        return Optional.ofNullable(found.getOrDefault(true, found.get(false)));
    }
}
