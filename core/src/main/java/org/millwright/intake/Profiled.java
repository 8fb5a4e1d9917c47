package org.millwright.intake;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.window.References;

/**
 * A report whose profiles can be added to a window.
 *
 * @param profile of the rows; empty when the version has no training profile
 * @param segments by name
 */
public record Profiled(Report report, Optional<Profile> profile, Map<String, Part> segments) {
    /** A category's own text has at most 200 characters, and a hash where it was cut. */
    private static final int LONGEST_CATEGORY = 220;

    /** Rows of a segment that were profiled elsewhere. */
    public record Part(long rows, Profile profile) {}

    /**
     * Reads the profiles; {@link Problem.Invalid} when one is none of the version's.
     *
     * @param groups columns whose values together make the segments that are declared still: an agreement may have changed
     *     since the scorer asked
     */
    public static Profiled of(Report report, String deployment, References references, List<List<String>> groups) {
        Optional<Reference> reference = references.of(deployment, report.version());
        if (reference.isEmpty()) {
            return new Profiled(report, Optional.empty(), Map.of());
        }
        var reading = new Reading(
                report.version(),
                reference.get(),
                references.signals(deployment, report.version()).orElseThrow());
        Optional<Profile> profile = report.profile().map(sent -> reading.profile(sent, report.rows()));
        return new Profiled(
                report,
                profile.or(() -> reference.map(Reference::window)),
                profile.isEmpty() ? Map.of() : reading.parts(report, groups));
    }

    private record Reading(String version, Reference reference, RowSignals signals) {
        /** The profile with the bins of the version's training profile; refused when it is not one of its columns. */
        private Profile profile(String text, long rows) {
            Profile window = reference.window();
            try {
                Profile sent = Profile.fromJson(text);
                for (ColumnProfile column : sent.columns()) {
                    requireSound(column, rows);
                    if (Profile.isDerived(column.name()) && !signals.knows(column.name())) {
                        throw new IllegalArgumentException("it has no column '" + column.name() + "'");
                    }
                }
                window.merge(sent);
                return window;
            } catch (IllegalArgumentException e) {
                throw new Problem.Invalid(
                        "Field 'profile' is not a profile of version " + version + ": " + e.getMessage());
            }
        }

        private Map<String, Part> parts(Report report, List<List<String>> groups) {
            Map<String, Part> parts = new LinkedHashMap<>();
            for (Report.Segment segment : report.segments()) {
                if (SegmentRows.isOf(segment.name(), groups)) {
                    parts.put(segment.name(), new Part(segment.rows(), profile(segment.profile(), segment.rows())));
                }
            }
            return parts;
        }
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
