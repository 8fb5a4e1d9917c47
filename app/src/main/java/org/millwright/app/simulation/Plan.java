package org.millwright.app.simulation;

import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a simulation replays and what goes wrong in it.
 *
 * @param from first month that is replayed
 * @param to last month, included
 * @param history first month of data that is there before
 * @param labelDelay how long after its event time an outcome becomes known
 * @param rows at most so many a month, a sample; all when empty
 * @param faults in the order in which they are applied
 * @param trainingData of an input or the label, the column {@code DATASET.COLUMN} of the project's data that it comes from
 */
public record Plan(
        YearMonth from,
        YearMonth to,
        YearMonth history,
        Duration labelDelay,
        Step step,
        OptionalInt rows,
        long seed,
        List<Fault> faults,
        Map<String, String> trainingData,
        Pipelines pipelines) {
    public Plan {
        faults = List.copyOf(faults);
        trainingData = Map.copyOf(trainingData);
    }

    /** How far event time goes before the server is told and asked. */
    public enum Step {
        DAY,
        WEEK,
        MONTH;

        /** The end of the step that begins at that time. */
        public long after(long millis) {
            var day = java.time.Instant.ofEpochMilli(millis)
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate();
            var next = switch (this) {
                case DAY -> day.plusDays(1);
                case WEEK -> day.plusWeeks(1);
                case MONTH -> day.withDayOfMonth(1).plusMonths(1);
            };
            return next.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        }
    }

    /** The project's pipelines: one brings months of data, one trains, one makes the rows of a month. */
    public record Pipelines(String acquire, String train, String replay) {}

    /** The same replay without faults. */
    public Plan control() {
        return new Plan(from, to, history, labelDelay, step, rows, seed, List.of(), Map.of(), pipelines);
    }

    public long begin() {
        return Stretch.begin(from.toString());
    }

    public long end() {
        return Stretch.end(to.toString());
    }

    /** The label delay as it is written. */
    public String delay() {
        return labelDelay.toHours() % 24 == 0 ? labelDelay.toDays() + "d" : labelDelay.toHours() + "h";
    }
}
