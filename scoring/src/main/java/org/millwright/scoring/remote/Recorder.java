package org.millwright.scoring.remote;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;
import org.millwright.scoring.profile.SegmentRows;

/**
 * Profiles what was scored, a profile for each version and day (UTC), of which the server's windows consist. A scoring thread
 * only puts its rows where a bounded number of them waits, or counts them as lost; another thread profiles them.
 */
public final class Recorder {
    public static final long DAY = 24 * 3_600_000L;

    /** Days and versions that wait to be sent; while the server is away, the oldest go first. */
    private static final int MOST_PARTS = 16;

    private final int capacity;
    private final Waiting waiting = new Waiting();
    private final AtomicLong queued = new AtomicLong();
    private final LongAdder lost = new LongAdder();
    private final Map<Key, Part> parts = new LinkedHashMap<>();
    private long unreported;
    /** Columns whose values, together, make segments with profiles of their own. */
    private volatile List<List<String>> groups = List.of();

    /** @param capacity rows that may wait to be profiled */
    public Recorder(int capacity) {
        this.capacity = capacity;
    }

    /** Which version scored, as one object for each time that it was loaded. */
    public record By(String version, Optional<Reference> reference, Optional<RowSignals> signals) {
        public By(String version, Optional<Reference> reference) {
            this(version, reference, reference.map(RowSignals::of));
        }
    }

    private record Key(String version, long day) {}

    /** Rows of one segment, of those that are profiled. */
    public static final class Segment {
        final Profile profile;
        long rows;

        Segment(Profile profile) {
            this.profile = profile;
        }

        public Profile profile() {
            return profile;
        }

        public long rows() {
            return rows;
        }
    }

    /** From now on rows are split into segments by the values of these columns. */
    public void splitBy(List<List<String>> columns) {
        groups = List.copyOf(columns);
    }

    /**
     * What a version scored on a day, as far as it was not sent yet.
     *
     * @param day first millisecond of it
     */
    public static final class Part {
        final String version;
        final long day;
        final Optional<Profile> profile;
        final Map<String, Segment> segments = new LinkedHashMap<>();
        long rows;
        long last;

        Part(By by, long day) {
            this.version = by.version();
            this.day = day;
            this.profile = by.reference().map(Reference::window);
        }

        public long day() {
            return day;
        }

        public Optional<Profile> profile() {
            return profile;
        }

        /** By name, such as {@code origin=JFK}; at most {@link SegmentRows#MOST_PROFILED}. */
        public Map<String, Segment> segments() {
            return segments;
        }

        public long rows() {
            return rows;
        }

        /** When the last row was scored, in milliseconds since 1970 UTC. */
        public long last() {
            return last;
        }
    }

    /** Takes note of rows that were scored; neither blocks nor throws. */
    public void record(By by, Frame inputs, Frame outputs, long at) {
        int rows = inputs.rows();
        if (rows == 0) {
            return;
        }
        long now = queued.addAndGet(rows);
        if (now > capacity && now != rows) {
            queued.addAndGet(-rows);
            lost.add(rows);
            return;
        }
        waiting.offer(new Waiting.Rows(by, inputs, outputs, at));
    }

    /** Profiles what waits. */
    public synchronized void drain() {
        waiting.drain(this::profile);
    }

    private void profile(Waiting.Rows seen) {
        Recorder.By by = seen.by();
        Frame inputs = seen.inputs();
        Frame outputs = seen.outputs();
        long day = day(seen.last());
        Part part = parts.computeIfAbsent(new Key(by.version(), day), key -> new Part(by, day));
        part.rows += inputs.rows();
        part.last = Math.max(part.last, seen.last());
        part.profile.ifPresent(profile -> {
            update(profile, inputs, outputs);
            Optional<RowFindings> found =
                    by.signals().map(signals -> signals.look(inputs, place -> predictions(outputs, place)));
            found.ifPresent(findings -> findings.addTo(profile, null));
            SegmentRows.of(inputs, groups).forEach((name, rows) -> split(part, name, seen, found, rows));
        });
        queued.addAndGet(-inputs.rows());
        while (parts.size() > MOST_PARTS) {
            Part oldest = take();
            if (oldest != null) {
                lose(oldest.rows);
            }
        }
    }

    /** Adds rows to their segment, which further ones are not: they are only part of the whole. */
    private static void split(Part part, String name, Waiting.Rows seen, Optional<RowFindings> found, int[] rows) {
        Segment segment = part.segments.get(name);
        if (segment == null && part.segments.size() < SegmentRows.MOST_PROFILED) {
            segment = new Segment(seen.by().reference().orElseThrow().window());
            part.segments.put(name, segment);
        }
        if (segment != null) {
            segment.rows += rows.length;
            update(segment.profile, seen.inputs().pick(rows), seen.outputs().pick(rows));
            Profile profile = segment.profile;
            found.ifPresent(findings -> findings.addTo(profile, rows));
        }
    }

    private static void update(Profile profile, Frame inputs, Frame outputs) {
        for (int i = 0; i < inputs.width(); i++) {
            ColumnProfile column = profile.column(inputs.name(i)).orElse(null);
            if (column != null) {
                column.observe(inputs.column(i));
            }
        }
        ColumnProfile predictions = profile.column(Reference.OUTPUT).orElse(null);
        boolean counted =
                outputs.width() > 0 && (outputs.type(0).isNumeric() || predictions instanceof CategoryProfile);
        if (counted && predictions != null) {
            predictions.update(outputs.column(0));
        }
    }

    private static double[] predictions(Frame outputs, int output) {
        if (output < outputs.width() && outputs.type(output) != DataType.STRING) {
            return outputs.doubles(output);
        }
        double[] unknown = new double[outputs.rows()];
        Arrays.fill(unknown, Double.NaN);
        return unknown;
    }

    /** First millisecond of the time's day, UTC. */
    public static long day(long at) {
        return Math.floorDiv(at, DAY) * DAY;
    }

    /** The oldest part, which is the caller's from now on; null when nothing waits. */
    public synchronized @Nullable Part take() {
        Iterator<Part> oldest = parts.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Part part = oldest.next();
        oldest.remove();
        return part;
    }

    /** Counts rows that will be in no profile. */
    void lose(long rows) {
        lost.add(rows);
    }

    /** Rows lost and not reported yet; they count as reported from now on. */
    public synchronized long lostSince() {
        long now = lost.sum();
        long since = now - unreported;
        unreported = now;
        return since;
    }

    /** Gives back what a report could not tell. */
    public synchronized void unreport(long rows) {
        unreported -= rows;
    }

    public long lost() {
        return lost.sum();
    }

    public synchronized long waiting() {
        return queued.get()
                + parts.values().stream().mapToLong(part -> part.rows).sum();
    }
}
