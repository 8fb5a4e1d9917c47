package org.millwright.scoring.drift;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Sample;

/**
 * One column of both sides measured, not yet judged: that takes all columns, as their tests are corrected together.
 *
 * @param kind of the column
 * @param drift every measure; empty when the two sides cannot be compared
 * @param histogram the two distributions; empty when there are none to show
 * @param note why the sides cannot be compared or what there is to know; empty when nothing
 */
public record ColumnComparison(
        String column, Kind kind, Optional<ColumnDrift> drift, Optional<Histogram> histogram, String note) {

    /** What a column is, which decides how it is compared. */
    public enum Kind {
        /** Numbers with more than 20 distinct values in the reference. */
        NUMERIC("numeric"),
        /** Numbers with few distinct values. */
        DISCRETE("discrete"),
        CATEGORICAL("categorical"),
        /** Texts of which nearly each occurs once: new ones are no news. */
        IDENTIFIER("identifier"),
        /** Dates and times, which move on by themselves. */
        TIME("time"),
        /** In the reference only. */
        GONE("gone"),
        /** In the current rows only. */
        NEW("new"),
        /** Numbers on one side, texts on the other. */
        CHANGED("type changed");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private static final int FEW_CATEGORIES = 50;
    private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*");

    /** Compares counted columns; null for a side that does not have it. */
    public static ColumnComparison of(@Nullable ColumnCounts reference, @Nullable ColumnCounts current) {
        if (reference == null || current == null) {
            return oneSided(reference, current);
        }
        String name = reference.name();
        if (reference instanceof ColumnCounts.Times r && current instanceof ColumnCounts.Times c) {
            return without(name, Kind.TIME, "not compared: " + period(r) + ", then " + period(c));
        }
        if (reference instanceof ColumnCounts.Numbers r && current instanceof ColumnCounts.Numbers c) {
            return new ColumnComparison(
                    name,
                    r.distinct() <= Drift.FEW ? Kind.DISCRETE : Kind.NUMERIC,
                    Optional.of(Drift.between(r, c)),
                    Optional.of(Histogram.of(r.sample(), c.sample())),
                    "");
        }
        if (isIdentifier(reference) && isText(current) || isIdentifier(current) && isText(reference)) {
            return without(
                    name,
                    Kind.IDENTIFIER,
                    "not compared: " + reference.distinct() + " different texts in " + reference.present() + " rows");
        }
        if (reference instanceof ColumnCounts.Categories r && current instanceof ColumnCounts.Categories c) {
            return categories(r, c);
        }
        return empty(reference, current);
    }

    private static boolean isText(ColumnCounts column) {
        return column instanceof ColumnCounts.Categories || column instanceof ColumnCounts.Identifiers;
    }

    /** Whether more than half of the texts are different. */
    private static boolean isIdentifier(ColumnCounts column) {
        return isText(column) && column.distinct() > FEW_CATEGORIES && column.distinct() > column.present() / 2;
    }

    private static ColumnComparison categories(ColumnCounts.Categories r, ColumnCounts.Categories c) {
        return new ColumnComparison(
                r.name(),
                Kind.CATEGORICAL,
                Optional.of(Drift.between(r, c)),
                Optional.of(Histogram.of(r.counts(), c.counts())),
                "");
    }

    /** A column without any value has no type of its own: it takes the other side's. */
    private static ColumnComparison empty(ColumnCounts reference, ColumnCounts current) {
        if (reference.present() == 0 || current.present() == 0) {
            if (reference instanceof ColumnCounts.Times || current instanceof ColumnCounts.Times) {
                return without(
                        reference.name(), Kind.TIME, "not compared: " + all(reference) + ", then " + all(current));
            }
            return reference.present() == 0
                    ? of(retyped(reference, current), current)
                    : of(reference, retyped(current, reference));
        }
        return without(
                reference.name(),
                Kind.CHANGED,
                word(reference) + " before, " + word(current) + " now"
                        + (reference instanceof ColumnCounts.Numbers ? noNumbers(current) : ""));
    }

    private static String all(ColumnCounts counts) {
        return counts instanceof ColumnCounts.Times times ? period(times) : "none";
    }

    /** How many texts are no numbers, with one of them. */
    private static String noNumbers(ColumnCounts current) {
        if (!(current instanceof ColumnCounts.Categories texts)) {
            return "";
        }
        long rows = 0;
        Optional<String> example = Optional.empty();
        for (Map.Entry<String, Long> text : texts.counts().entrySet()) {
            if (!NUMBER.matcher(text.getKey()).matches()) {
                rows += text.getValue();
                example = Optional.of(example.filter(least -> least.compareTo(text.getKey()) < 0)
                        .orElse(text.getKey()));
            }
        }
        String known = example.map(text -> text.length() > 24 ? text.substring(0, 24) + "…" : text)
                .orElse("");
        return rows == 0
                ? ""
                : ": " + rows + " of " + current.present()
                        + (rows == 1 ? " is no number: '" : " are no numbers, such as '") + known + "'";
    }

    private static ColumnCounts retyped(ColumnCounts empty, ColumnCounts as) {
        if (as instanceof ColumnCounts.Numbers) {
            return new ColumnCounts.Numbers(empty.name(), new Sample(new double[0], new long[0]), empty.missing());
        }
        return new ColumnCounts.Categories(empty.name(), Map.of(), empty.missing());
    }

    private static ColumnComparison oneSided(@Nullable ColumnCounts reference, @Nullable ColumnCounts current) {
        if (reference != null) {
            return without(reference.name(), Kind.GONE, "not among the current columns");
        }
        if (current != null) {
            return without(current.name(), Kind.NEW, "not among the reference's columns");
        }
        throw new IllegalArgumentException("a column that neither side has");
    }

    /** Compares profiles, whose numbers have the reference's frozen bins; null for a current profile without the column. */
    public static ColumnComparison of(ColumnProfile reference, @Nullable ColumnProfile current) {
        if (current == null) {
            return without(reference.name(), Kind.GONE, "not among the current columns");
        }
        if (reference instanceof NumericProfile r && current instanceof NumericProfile c) {
            return new ColumnComparison(
                    r.name(),
                    r.distinct() <= Drift.FEW ? Kind.DISCRETE : Kind.NUMERIC,
                    Optional.of(Drift.between(r, c)),
                    Optional.of(Histogram.of(r.sample(), c.sample())),
                    "");
        }
        if (reference instanceof CategoryProfile r && current instanceof CategoryProfile c) {
            return new ColumnComparison(
                    r.name(),
                    Kind.CATEGORICAL,
                    Optional.of(Drift.between(r, c)),
                    Optional.of(Histogram.of(r.counts(), c.counts())),
                    "");
        }
        return without(reference.name(), Kind.CHANGED, "of another kind than in the reference");
    }

    private static ColumnComparison without(String name, Kind kind, String note) {
        return new ColumnComparison(name, kind, Optional.empty(), Optional.empty(), note);
    }

    private static String period(ColumnCounts.Times times) {
        return times.present() == 0 ? "none" : times.first() + " to " + times.last();
    }

    private static String word(ColumnCounts counts) {
        if (counts instanceof ColumnCounts.Numbers) {
            return "numbers";
        }
        return counts instanceof ColumnCounts.Times ? "times" : "texts";
    }
}
