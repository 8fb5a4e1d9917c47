package org.millwright.insight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How mature a scope is by its records at a moment.
 *
 * @param at milliseconds since the epoch
 * @param edition of the criteria
 * @param models in production that were looked at
 * @param level that every dimension reaches
 * @param google level of Google's model
 * @param focus what to close first: at most three
 */
public record Assessment(
        long at,
        int edition,
        int projects,
        int models,
        int level,
        String levelName,
        int google,
        List<Dimension> dimensions,
        List<Focus> focus) {
    /** More than three things at once are none. */
    public static final int MOST_FOCUS = 3;

    public Assessment {
        dimensions = List.copyOf(dimensions);
        focus = List.copyOf(focus);
    }

    /** A dimension, the level that it reaches, and every criterion with its answer. */
    public record Dimension(String id, String title, int level, List<Answered> criteria) {
        /** The first thing that keeps it from its next level. */
        public Optional<Answered> gap() {
            return criteria.stream()
                    .filter(answered -> !answered.met())
                    .min(Comparator.comparingInt(
                            answered -> answered.criterion().level()));
        }
    }

    /**
     * A criterion with its answer.
     *
     * @param evidence references of records that answer it with yes
     * @param missing what such a record is missing of
     */
    public record Answered(Criteria.Criterion criterion, boolean met, List<String> evidence, List<String> missing) {}

    /** A gap that is worth closing now. */
    public record Focus(String dimension, int level, Answered gap) {}

    /** What a query found. */
    record Answer(List<String> evidence, List<String> missing) {
        /** Yes is said by evidence alone, and only if nothing is missing. */
        boolean met() {
            return !evidence.isEmpty() && missing.isEmpty();
        }
    }

    /** @param answers by id of the criterion; one without an answer is not met */
    static Assessment of(Criteria criteria, Map<String, Answer> answers, long at, int projects, int models) {
        var dimensions = new ArrayList<Dimension>();
        for (Criteria.Dimension each : criteria.dimensions()) {
            List<Answered> answered = each.criteria().stream()
                    .map(criterion -> answered(criterion, answers.get(criterion.id())))
                    .toList();
            dimensions.add(new Dimension(each.id(), each.title(), level(answered, criteria.most()), answered));
        }
        int level = dimensions.stream().mapToInt(Dimension::level).min().orElse(0);
        return new Assessment(
                at,
                criteria.edition(),
                projects,
                models,
                level,
                criteria.levels().get(level),
                google(criteria, answers),
                dimensions,
                focus(criteria, dimensions));
    }

    private static Answered answered(Criteria.Criterion criterion, @org.jspecify.annotations.Nullable Answer answer) {
        return answer == null
                ? new Answered(criterion, false, List.of(), List.of())
                : new Answered(criterion, answer.met(), answer.evidence(), answer.missing());
    }

    /** The highest level of which, and of all below it, every criterion is met. */
    private static int level(List<Answered> criteria, int most) {
        return criteria.stream()
                .filter(answered -> !answered.met())
                .mapToInt(answered -> answered.criterion().level() - 1)
                .min()
                .orElse(most);
    }

    private static int google(Criteria criteria, Map<String, Answer> answers) {
        int level = 0;
        for (Criteria.Google each : criteria.google()) {
            boolean met = each.needs().stream().allMatch(id -> {
                Answer answer = answers.get(id);
                return answer != null && answer.met();
            });
            if (!met) {
                break;
            }
            level = each.level();
        }
        return level;
    }

    /** Of the dimensions with a gap the lowest, and of these what matters most. */
    private static List<Focus> focus(Criteria criteria, List<Dimension> dimensions) {
        Map<String, Integer> weights = new java.util.HashMap<>();
        criteria.dimensions().forEach(each -> weights.put(each.id(), each.weight()));
        return dimensions.stream()
                .filter(each -> each.gap().isPresent())
                .sorted(Comparator.comparingInt(Dimension::level)
                        .thenComparing(each -> -weights.getOrDefault(each.id(), 0))
                        .thenComparing(Dimension::id))
                .limit(MOST_FOCUS)
                .map(each -> new Focus(each.title(), each.level(), each.gap().orElseThrow()))
                .toList();
    }
}
