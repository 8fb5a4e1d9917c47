package org.millwright.outcome;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.fairness.ErrorGaps;
import org.millwright.scoring.fairness.Fairness;
import org.millwright.scoring.fairness.FairnessSettings;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.fairness.GroupErrors;

/** Measures the single predictions of a window: overall, by segment, and how groups are treated. Pure. */
public final class Measuring {
    /** Outcomes that a segment needs for its figures. */
    public static final int FEWEST = 30;

    /** Segments of one split that are shown, the largest ones. */
    public static final int MOST_SEGMENTS = 50;

    private static final int MOST_CONFUSED = 20;

    private final PredictedRows rows;
    private final Answers answers;
    private final int[] usable;
    private final Map<String, @Nullable String[]> columns = new HashMap<>();

    private Measuring(PredictedRows rows, Answers answers) {
        this.rows = rows;
        this.answers = answers;
        this.usable = IntStream.range(0, rows.size()).filter(answers::isUsable).toArray();
    }

    /** @param all predictions of the window, also those that were answered without an id */
    public static Performance of(PredictedRows rows, Answers answers, long all, Segments split) {
        return new Measuring(rows, answers).measure(all, split);
    }

    private Performance measure(long all, Segments split) {
        List<Performance.Segment> segments = new ArrayList<>();
        split.groups().forEach(by -> segments.addAll(segments(by)));
        List<List<Long>> confusion =
                answers.classes().isEmpty() || answers.classes().size() > MOST_CONFUSED
                        ? List.of()
                        : Arrays.stream(answers.confusion(usable))
                                .map(counts -> Arrays.stream(counts).boxed().toList())
                                .toList();
        return new Performance(
                answers.task(),
                new Scores(all, usable.length, usable.length == 0 ? Map.of() : answers.measure(usable), ""),
                answers.classes(),
                answers.baseline(),
                confusion,
                answers.unknown(),
                segments,
                split.fairness().stream().map(this::bias).toList());
    }

    private List<Performance.Segment> segments(List<String> by) {
        @Nullable String[] names = names(by);
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            counts.merge(shown(name), 1, Integer::sum);
        }
        Map<String, List<Integer>> parts = new HashMap<>();
        for (int row : usable) {
            parts.computeIfAbsent(shown(names[row]), key -> new ArrayList<>()).add(row);
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_SEGMENTS)
                .map(entry -> new Performance.Segment(
                        by, entry.getKey(), scores(entry.getValue(), parts.getOrDefault(entry.getKey(), List.of()))))
                .toList();
    }

    private Scores scores(long all, List<Integer> part) {
        int n = part.size();
        return n < FEWEST
                ? new Scores(all, n, Map.of(), "only " + n + " outcomes (needed: " + FEWEST + ")")
                : new Scores(
                        all,
                        n,
                        answers.measure(
                                part.stream().mapToInt(Integer::intValue).toArray()),
                        "");
    }

    private Bias bias(List<String> by) {
        return switch (answers.task()) {
            case REGRESSION -> errors(by);
            case BINARY -> decisions(by);
            case MULTICLASS ->
                new Bias(
                        by,
                        List.of(),
                        List.of(),
                        0,
                        "more than two classes are predicted: no decision is the favourable one");
        };
    }

    private Bias errors(List<String> by) {
        List<GroupErrors> groups = ErrorGaps.of(names(by), answers.predicted(), answers.truth(), 1).groups().stream()
                .sorted(Comparator.comparingLong(GroupErrors::n).reversed().thenComparing(GroupErrors::name))
                .toList();
        return new Bias(
                by,
                List.of(),
                groups.stream().limit(MOST_SEGMENTS).toList(),
                groups.stream().skip(MOST_SEGMENTS).mapToLong(GroupErrors::n).sum(),
                groups.isEmpty() ? "no outcome is known yet" : "");
    }

    private Bias decisions(List<String> by) {
        int[] decisions = new int[rows.size()];
        int[] truth = new int[rows.size()];
        for (int i = 0; i < decisions.length; i++) {
            decisions[i] = decision(answers.predicted()[i]);
            truth[i] = decision(answers.truth()[i]);
        }
        List<Group> groups = Fairness.of(names(by), decisions, truth, FairnessSettings.DEFAULT).groups().stream()
                .sorted(Comparator.comparingLong(Group::n).reversed().thenComparing(Group::name))
                .toList();
        return new Bias(
                by,
                groups.stream().limit(MOST_SEGMENTS).toList(),
                List.of(),
                groups.stream().skip(MOST_SEGMENTS).mapToLong(Group::n).sum(),
                "");
    }

    private static int decision(double number) {
        return Double.isNaN(number) ? Fairness.MISSING : (int) number;
    }

    private @Nullable String[] names(List<String> by) {
        List<@Nullable String[]> parts = new ArrayList<>();
        for (String column : by) {
            parts.add(columns.computeIfAbsent(column, rows::segment));
        }
        return parts.size() == 1 ? parts.getFirst() : Fairness.intersection(parts);
    }

    private static String shown(@Nullable String name) {
        return name == null ? "(missing)" : name;
    }
}
