package org.millwright.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/**
 * Takes what scorers in applications profiled into the windows of a deployment.
 *
 * <p>The deployment need not answer here: one that nobody deployed has a model's name, and is watched for that model.
 */
public final class Replicas {
    private static final long DAY = 24 * 3600_000L;
    /** A category's own text has at most 200 characters, and a hash where it was cut. */
    private static final int LONGEST_CATEGORY = 220;

    private static final long MOST_ROWS = 1_000_000_000_000L;
    private static final int MOST_SEGMENTS = 100;
    private static final int LONGEST_SEGMENT = 512;

    private final Monitor monitor;
    private final Deployments deployments;
    private final Models models;
    private final Versions versions;
    private final References references;
    private final Access access;
    private final Clock clock;

    public Replicas(
            Monitor monitor,
            Deployments deployments,
            Models models,
            Versions versions,
            References references,
            Access access,
            Clock clock) {
        this.monitor = monitor;
        this.deployments = deployments;
        this.models = models;
        this.versions = versions;
        this.references = references;
        this.access = access;
        this.clock = clock;
    }

    /**
     * What a scorer answered on a day.
     *
     * @param replica names the scorer among all that ever were
     * @param sequence number of this report of the scorer, from 1; one that is in the windows already is not counted again
     * @param version of the model that answered
     * @param day first millisecond of it, UTC
     * @param rows answered
     * @param last when the last of them was answered
     * @param dropped rows that the scorer answered since its last report and could not profile
     * @param profile of the rows, as JSON; empty when the version has no training profile
     * @param segments of these rows, those that were declared when the scorer last asked
     */
    public record Report(
            String replica,
            long sequence,
            String version,
            long day,
            long rows,
            long last,
            long dropped,
            Optional<String> profile,
            List<Segment> segments) {
        public Report {
            segments = List.copyOf(segments);
            require(segments.size() <= MOST_SEGMENTS, "segments", "at most " + MOST_SEGMENTS);
            for (Segment segment : segments) {
                require(segment.rows() >= 1 && segment.rows() <= rows, "segments.rows", "1 to " + rows);
                int length = segment.name().length();
                require(
                        length > 0 && length <= LONGEST_SEGMENT,
                        "segments.name",
                        "1 to " + LONGEST_SEGMENT + " characters");
            }
            require(replica.matches("[A-Za-z0-9-]{8,48}"), "replica", "8 to 48 of A-Z, a-z, 0-9, '-'");
            require(sequence >= 1, "sequence", "at least 1");
            require(version.matches("[1-9][0-9]{0,17}"), "version", "a version's number as text");
            require(day >= 0 && day % DAY == 0, "day", "the first millisecond of a day, UTC");
            require(rows >= 1 && rows <= MOST_ROWS, "rows", "1 to " + MOST_ROWS);
            require(last >= day && last < day + DAY, "last", "a time of that day");
            require(dropped >= 0 && dropped <= MOST_ROWS, "dropped", "0 to " + MOST_ROWS);
        }

        private static void require(boolean holds, String field, String expected) {
            if (!holds) {
                throw new Problem.Invalid("Field '" + field + "' is out of bounds (expected: " + expected + ")");
            }
        }
    }

    /**
     * Rows of a report that belong together.
     *
     * @param name such as {@code origin=JFK}
     * @param profile of the rows, as JSON
     */
    public record Segment(String name, long rows, String profile) {}

    /** Columns whose values, together, make the segments that have profiles of their own: what a scorer splits its rows by. */
    public List<List<String>> segments(Actor by, String deployment) {
        Watching watching = watching(by, deployment);
        access.require(by, Permission.SCORE, watching.project());
        return monitor.measures().segments(watching.project()).groups();
    }

    /** Adds the report to the deployment's window; returns false when it is in it already. */
    public boolean receive(Actor by, String deployment, Report report) {
        Watching watching = watching(by, deployment);
        access.require(by, Permission.SCORE, watching.project());
        if (report.day() > clock.millis() + DAY) {
            throw new Problem.Invalid("Field 'day' is " + Instant.ofEpochMilli(report.day())
                    + ", which has not come yet (expected: a day of this server's clock)");
        }
        requireVersion(by, watching.model(), report.version());
        Optional<Profile> profile =
                report.profile().flatMap(sent -> profile(deployment, report.version(), sent, report.rows()));
        Map<String, Intake.Part> parts = profile.isEmpty()
                ? Map.of()
                : parts(
                        deployment,
                        report,
                        monitor.measures().segments(watching.project()).groups());
        return monitor.merge(
                deployment,
                watching.project(),
                watching.model(),
                report,
                profile.or(() -> references.of(deployment, report.version()).map(Reference::window)),
                parts);
    }

    /** Adds what this process profiled itself, by the version's own reference: there is nothing to read or to check. */
    void add(String deployment, String replica, long sequence, String version, Recorder.Part part) {
        Watching watching = watching(Actor.SYSTEM, deployment);
        Map<String, Intake.Part> parts = new LinkedHashMap<>();
        part.segments().forEach((name, segment) -> parts.put(name, new Intake.Part(segment.rows(), segment.profile())));
        monitor.merge(
                deployment,
                watching.project(),
                watching.model(),
                new Report(
                        replica,
                        sequence,
                        version,
                        part.day(),
                        part.rows(),
                        part.last(),
                        0,
                        Optional.empty(),
                        List.of()),
                part.profile(),
                parts);
    }

    private record Watching(String project, String model) {}

    private Watching watching(Actor by, String name) {
        Optional<Deployment> deployed = deployments.find(name);
        if (deployed.isPresent()) {
            return new Watching(deployed.get().project(), deployed.get().model());
        }
        RegisteredModel model = models.get(by, name);
        return model.project()
                .map(project -> new Watching(project, name))
                .orElseThrow(() -> new Problem.NotFound(
                        "No deployment named " + name + ", and no project governs a model of that name",
                        "mw deployment list"));
    }

    private void requireVersion(Actor by, String model, String number) {
        Optional<ModelVersion> version = versions.find(by, model, Long.parseLong(number));
        if (version.flatMap(ModelVersion::bundle).isEmpty()) {
            throw new Problem.NotFound("Model " + model + " has no version " + number + " with a bundle");
        }
    }

    /** The profile with the bins of the version's training profile; refused when it is not one of its columns. */
    private Optional<Profile> profile(String deployment, String version, String text, long rows) {
        Optional<Profile> window = references.of(deployment, version).map(Reference::window);
        if (window.isEmpty()) {
            return window;
        }
        try {
            Profile sent = Profile.fromJson(text);
            RowSignals signals = references.signals(deployment, version).orElseThrow();
            for (ColumnProfile column : sent.columns()) {
                requireSound(column, rows);
                if (Profile.isDerived(column.name()) && !signals.knows(column.name())) {
                    throw new IllegalArgumentException("it has no column '" + column.name() + "'");
                }
            }
            window.get().merge(sent);
            return window;
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("Field 'profile' is not a profile of version " + version + ": " + e.getMessage());
        }
    }

    /** The segments that are declared still: an agreement may have changed since the scorer asked. */
    private Map<String, Intake.Part> parts(String deployment, Report report, List<List<String>> groups) {
        Map<String, Intake.Part> parts = new LinkedHashMap<>();
        for (Segment segment : report.segments()) {
            if (SegmentRows.isOf(segment.name(), groups)) {
                profile(deployment, report.version(), segment.profile(), segment.rows())
                        .ifPresent(profile -> parts.put(segment.name(), new Intake.Part(segment.rows(), profile)));
            }
        }
        return parts;
    }

    /**
     * What is counted must add up: a damaged profile would spoil a window for good. Of a row several columns may lie outside of
     * training, so the derived texts that count them may be more than the rows.
     */
    private static void requireSound(ColumnProfile column, long rows) {
        boolean many = Profile.isDerived(column.name()) && column instanceof CategoryProfile;
        boolean sound = column.missing() >= 0 && column.missing() <= column.rows() && (many || column.rows() <= rows);
        if (column instanceof NumericProfile numbers) {
            long[] bins = numbers.bins();
            sound &= Arrays.stream(bins).allMatch(count -> count >= 0)
                    && Arrays.stream(bins).sum() == numbers.present()
                    && (numbers.present() == 0 || Double.isFinite(numbers.mean() + numbers.deviation()));
        } else if (column instanceof CategoryProfile categories) {
            var counts = categories.counts();
            sound &= counts.values().stream().allMatch(count -> count >= 0)
                    && counts.values().stream().mapToLong(count -> count).sum() <= categories.present()
                    && counts.keySet().stream().allMatch(name -> name.length() <= LONGEST_CATEGORY);
        }
        if (!sound) {
            throw new IllegalArgumentException("the counts of column '" + column.name() + "' do not add up");
        }
    }
}
