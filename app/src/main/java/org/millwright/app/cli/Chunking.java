package org.millwright.app.cli;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.performance.Chunk;
import picocli.CommandLine.Option;

/** How rows are parted: into so many chunks, into chunks of a size, or by periods of a time. */
final class Chunking {
    private static final int MOST = 10_000;
    private static final int DEFAULT = 10;

    @Option(names = "--chunks", description = "Into how many parts to estimate (default: 10).")
    private Optional<Integer> number = Optional.empty();

    @Option(names = "--chunk-size", paramLabel = "ROWS", description = "Or how many rows a part has.")
    private Optional<Integer> size = Optional.empty();

    @Option(names = "--chunk-period", description = "Or by time: ${COMPLETION-CANDIDATES}; needs --timestamp.")
    private Optional<Period> period = Optional.empty();

    @Option(
            names = "--timestamp",
            paramLabel = "COLUMN",
            description = "Orders rows by this time; else as in the file.")
    private Optional<String> timestamp = Optional.empty();

    /** What a part covers. */
    enum Period {
        hour,
        day,
        week,
        month,
        quarter,
        year;

        /** The period that a time, which begins with year, month and day, is in. */
        String of(String time) {
            LocalDate date = LocalDate.parse(time.substring(0, 10));
            return switch (this) {
                case hour -> time.substring(0, 10) + " " + (time.length() >= 13 ? time.substring(11, 13) : "00") + "h";
                case day -> date.toString();
                case week ->
                    date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                            .toString();
                case month -> date.toString().substring(0, 7);
                case quarter -> date.getYear() + "-Q" + date.get(IsoFields.QUARTER_OF_YEAR);
                case year -> Integer.toString(date.getYear());
            };
        }
    }

    /** The column that rows are ordered by. */
    Optional<String> timestamp() {
        return timestamp;
    }

    /** Refuses what does not go together. */
    void check() {
        number.ifPresent(chunks -> within("--chunks", chunks, 1));
        size.ifPresent(rows -> within("--chunk-size", rows, 1));
        int ways = (number.isPresent() ? 1 : 0) + (size.isPresent() ? 1 : 0) + (period.isPresent() ? 1 : 0);
        if (ways > 1) {
            throw new Problem.Invalid(
                    "--chunks, --chunk-size and --chunk-period part rows in different ways (expected: one)");
        }
        if (period.isPresent() && timestamp.isEmpty()) {
            throw new Problem.Invalid("--chunk-period needs a time", "Name its column: --timestamp COLUMN.");
        }
    }

    private static void within(String option, int value, int least) {
        int most = option.equals("--chunks") ? MOST : Integer.MAX_VALUE;
        if (value < least || value > most) {
            throw new Problem.Invalid(
                    option + ": " + value + " (expected: " + least + (most == MOST ? " to " + MOST : " or more") + ")");
        }
    }

    /** The rows in the order of time. */
    int[] ordered(Frame frame, int[] rows) {
        if (timestamp.isEmpty()) {
            return rows;
        }
        @Nullable String[] times = times(frame, timestamp.get());
        record At(int row, String time) {}
        return IntStream.of(rows).mapToObj(row -> new At(row, known(times, row))).toList().stream()
                .sorted(Comparator.comparing(At::time))
                .mapToInt(At::row)
                .toArray();
    }

    /** Parts of ordered rows, by what they are called. */
    List<Map.Entry<String, Chunk>> parts(Frame frame, int[] ordered) {
        if (period.isEmpty()) {
            List<Chunk> chunks = size.isPresent()
                    ? Chunk.ofSize(ordered.length, size.get())
                    : Chunk.merged(ordered.length, number.orElse(DEFAULT));
            return chunks.stream()
                    .map(chunk -> Map.entry(chunk.from() + 1 + "-" + chunk.to(), chunk))
                    .toList();
        }
        @Nullable String[] times = times(frame, timestamp.orElseThrow());
        List<Map.Entry<String, Chunk>> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= ordered.length; i++) {
            String before = period.get().of(known(times, ordered[i - 1]));
            if (i == ordered.length
                    || !period.get().of(known(times, ordered[i])).equals(before)) {
                parts.add(Map.entry(before, new Chunk(from, i)));
                from = i;
            }
        }
        if (parts.size() > MOST) {
            throw new Problem.Invalid("--chunk-period: " + parts.size() + " periods (at most " + MOST + ")");
        }
        return parts;
    }

    private static @Nullable String[] times(Frame frame, String column) {
        int at = frame.position(column);
        @Nullable String[] times = new @Nullable String[frame.rows()];
        for (int i = 0; i < times.length; i++) {
            Object value = frame.value(at, i);
            times[i] = value == null ? null : value.toString();
        }
        return times;
    }

    /** A time that begins with a date, so that its order is that of texts. */
    private String known(@Nullable String[] times, int row) {
        String time = times[row];
        try {
            if (time != null && time.length() >= 10) {
                LocalDate.parse(time.substring(0, 10));
                return time;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new Problem.Invalid("Column '" + timestamp.orElse("") + "', row " + (row + 1) + ": "
                + (time == null ? "no time" : "'" + time + "' is no time")
                + " (expected: such as 2024-05-31 or 2024-05-31T14:00:00)");
    }
}
