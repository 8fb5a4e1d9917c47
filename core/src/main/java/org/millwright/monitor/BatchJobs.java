package org.millwright.monitor;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.pipeline.steps.BatchListener;
import org.millwright.scoring.Frame;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.Deployments;
import org.millwright.serving.Scored;
import org.millwright.window.References;

/**
 * Takes what batch jobs answered into the windows of their deployment. Rows with an id are kept as a server's are, so that
 * outcomes find them; of the others only profiles are, one for each day, as of a scorer in an application. Both count once,
 * however often a job is done again by the same version in the same parts.
 */
public final class BatchJobs implements BatchListener {
    /** Days whose profiles are held at a time. */
    private static final int OPEN_DAYS = 8;
    /** Before the names of jobs: none can take the name of a server or a scorer. */
    private static final String JOB = "job/";
    /** Of the digest that names a job among replicas. */
    private static final int NAME = 32;

    private final Monitor monitor;
    private final Replicas replicas;
    private final References references;
    private final Deployments deployments;
    private final Clock clock;

    public BatchJobs(Monitor monitor, Replicas replicas, References references, Deployments deployments, Clock clock) {
        this.monitor = monitor;
        this.replicas = replicas;
        this.references = references;
        this.deployments = deployments;
        this.clock = clock;
    }

    @Override
    public Job begin(String deployment, String version, String ref) {
        return new Watching(
                deployment,
                version,
                "batch-" + Json.sha256(ref.getBytes(StandardCharsets.UTF_8)).substring(0, NAME));
    }

    private final class Watching implements Job {
        private final String deployment;
        private final Recorder.By by;
        private final String replica;
        private final Recorder recorder = new Recorder(Integer.MAX_VALUE);
        private final Set<Long> days = new LinkedHashSet<>();
        private long parts;
        private boolean named;

        Watching(String deployment, String version, String replica) {
            this.deployment = deployment;
            this.replica = replica;
            this.by = new Recorder.By(
                    version, references.of(deployment, version), references.signals(deployment, version));
            recorder.splitBy(replicas.segments(Actor.SYSTEM, deployment));
        }

        @Override
        public void answered(Frame inputs, Frame outputs, String[] ids, long[] times) {
            if (inputs.rows() == 0) {
                return;
            }
            if (ids.length > 0) {
                parts++;
                monitor.take(
                        Scored.ofBatch(
                                deployments.get(deployment), by.version(), clock.millis(), inputs, outputs, ids, times),
                        JOB + replica + "/" + by.version(),
                        parts);
                named = true;
            } else {
                byDay(times).forEach((day, rows) -> profile(inputs, outputs, day, rows, times));
            }
        }

        /** Rows by day, none of them later than today: a profile of a day to come is none that a scorer could have. */
        private Map<Long, int[]> byDay(long[] times) {
            long today = Recorder.day(clock.millis());
            Map<Long, IntStream.Builder> days = new LinkedHashMap<>();
            for (int row = 0; row < times.length; row++) {
                long day = Math.min(today, Recorder.day(times[row]));
                days.computeIfAbsent(day, key -> IntStream.builder()).add(row);
            }
            Map<Long, int[]> rows = new LinkedHashMap<>();
            days.forEach((day, builder) -> rows.put(day, builder.build().toArray()));
            return rows;
        }

        private void profile(Frame inputs, Frame outputs, long day, int[] rows, long[] times) {
            if (!days.contains(day) && days.size() >= OPEN_DAYS) {
                report();
            }
            days.add(day);
            long last = Arrays.stream(rows).mapToLong(row -> times[row]).max().orElse(day);
            recorder.record(by, inputs.pick(rows), outputs.pick(rows), Math.clamp(last, day, day + Recorder.DAY - 1));
            recorder.drain();
        }

        /** Sends the day that was begun first; false when none is left. */
        private boolean report() {
            Recorder.Part part = recorder.take();
            if (part == null) {
                return false;
            }
            days.remove(part.day());
            parts++;
            replicas.add(deployment, replica, parts, by.version(), part);
            return true;
        }

        @Override
        public void end() {
            boolean more = true;
            while (more) {
                more = report();
            }
            if (named) {
                monitor.taken(deployment);
            }
        }
    }
}
