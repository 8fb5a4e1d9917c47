package org.millwright.signal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.project.Agreement;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Envelope;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/**
 * What is wrong with the rows of a window, held against training: the columns as such, whatever their distribution.
 *
 * @param rows of the window
 * @param outside share of rows with a value outside of training; NaN when rows were not looked at
 * @param findings the largest share first; none when there are too few rows to say anything
 * @param promised how the rows kept the data contracts upstream; empty when none was registered with the version
 */
public record DataQuality(long rows, double outside, List<Finding> findings, Optional<Promised> promised) {
    /** Rows that a window needs before anything is said about it. */
    public static final int MIN_ROWS = 100;

    private static final double CHANCE = 1e-6;
    private static final int LEAST_DISTINCT = 20;

    public DataQuality {
        findings = List.copyOf(findings);
    }

    /** What can be wrong with a column. */
    public enum Kind {
        /** No value any more of a column that had some. */
        VANISHED,
        /** More rows without a value than in training. */
        MISSING,
        /** Texts that training did not have. */
        UNSEEN,
        /** Numbers beyond the least and the greatest of training. */
        OUT_OF_RANGE,
        /** Numbers that are not finite, in a column that had none. */
        INFINITE,
        /** Texts in a column of numbers. */
        WRONG_TYPE,
        /** The same value in all rows, which chance does not explain. */
        STUCK,
        /** Value for value the rows of the window before. */
        REPEATED,
        /** More rows break a rule of a data contract than may. */
        CONTRACT;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Shares of the rows above which something is told.
     *
     * @param missingRise above the share of missing values in training
     * @param contract of rules that name no share themselves
     */
    public record Limits(double missingRise, double unseen, double typeErrors, double outOfRange, double contract) {
        public static Limits of(Agreement.Quality agreed) {
            return new Limits(
                    agreed.missingRise(),
                    agreed.unseen(),
                    agreed.typeErrors(),
                    agreed.outOfRange(),
                    agreed.contract().orElse(Agreement.Quality.CONTRACT_SHARE));
        }
    }

    /**
     * Something wrong.
     *
     * @param share of the rows, 0 to 1; of missing values, by how much it is above training's
     * @param limit above which it is told
     * @param same the one value of a stuck column; "" for all else
     * @param note in one sentence
     */
    public record Finding(Kind kind, String column, double share, double limit, String same, String note) {}

    /**
     * Holds a window against training.
     *
     * @param contract what the version's data contracts promise of rows
     * @param before the window before of the same version
     */
    public static DataQuality of(
            Reference reference,
            Optional<ContractChecks> contract,
            Profile window,
            long rows,
            Optional<Profile> before,
            Limits limits) {
        Envelope.Outside outside = Envelope.outside(window);
        List<Finding> findings = new ArrayList<>();
        if (rows >= MIN_ROWS) {
            var columns = new Columns(rows, outside, limits, findings);
            for (ColumnProfile trained : reference.inputs().columns()) {
                window.column(trained.name()).ifPresent(now -> columns.look(trained, now, before));
            }
            Envelope.wrongTypes(window).forEach((column, count) -> {
                double share = (double) count / rows;
                if (share > limits.typeErrors()) {
                    String note = count + " rows have a text where training had numbers";
                    findings.add(new Finding(Kind.WRONG_TYPE, column, share, limits.typeErrors(), "", note));
                }
            });
        }
        Optional<Promised> promised = contract.map(known -> Promised.of(known, window, limits.contract()));
        promised.ifPresent(found -> found.rules().stream()
                .filter(rule -> rule.tooMany() && !rule.isOf(ContractCheck.Severity.INFO))
                .forEach(rule -> findings.add(new Finding(
                        Kind.CONTRACT, rule.check().column(), rule.share(), rule.limit(), "", rule.note()))));
        findings.sort(Comparator.comparing((Finding finding) -> -finding.share())
                .thenComparing(Finding::kind)
                .thenComparing(Finding::column));
        return new DataQuality(rows, outside.share(), findings, promised);
    }

    /** Looks at one column after the other. */
    private record Columns(long rows, Envelope.Outside outside, Limits limits, List<Finding> findings) {
        void look(ColumnProfile trained, ColumnProfile now, Optional<Profile> before) {
            String name = trained.name();
            String lacking = lacking(now);
            if (now.present() == 0 && trained.present() > 0) {
                String note = "none of " + rows + " rows has a " + lacking + "; of the training rows "
                        + percent(1 - trained.missingShare()) + " had one";
                findings.add(new Finding(Kind.VANISHED, name, 1 - trained.missingShare(), 0, "", note));
                beyond(trained, now);
                infinite(trained, now);
                return;
            }
            double missing = 1 - (double) now.present() / rows;
            if (missing - trained.missingShare() > limits.missingRise()) {
                String note = percent(missing) + " of the rows have no " + lacking + ", in training "
                        + percent(trained.missingShare());
                findings.add(new Finding(
                        Kind.MISSING, name, missing - trained.missingShare(), limits.missingRise(), "", note));
            }
            beyond(trained, now);
            infinite(trained, now);
            if (isStuck(trained, now)) {
                String note = "all " + now.present() + " values are " + only(now) + "; training had "
                        + Math.round(trained.distinct()) + " different ones";
                findings.add(new Finding(Kind.STUCK, name, (double) now.present() / rows, 0, only(now), note));
            } else if (before.flatMap(profile -> profile.column(name))
                    .filter(last -> isRepeated(last, now))
                    .isPresent()) {
                String note = "the " + now.present() + " values are, as a whole, those of the window before";
                findings.add(new Finding(Kind.REPEATED, name, 1, 0, "", note));
            }
        }

        /** What rows lack that have no usable value: an infinite one was sent, and counts as none. */
        private static String lacking(ColumnProfile now) {
            return now instanceof NumericProfile numbers && numbers.infinite() > 0
                    ? "finite value (" + numbers.infinite() + " are infinite)"
                    : "value";
        }

        private void infinite(ColumnProfile trained, ColumnProfile now) {
            if (now instanceof NumericProfile numbers
                    && numbers.infinite() > 0
                    && trained instanceof NumericProfile known
                    && known.infinite() == 0) {
                String note = numbers.infinite() + " values are infinite, in training none was";
                findings.add(new Finding(Kind.INFINITE, now.name(), (double) numbers.infinite() / rows, 0, "", note));
            }
        }

        private void beyond(ColumnProfile trained, ColumnProfile now) {
            boolean numbers = trained instanceof NumericProfile;
            double limit = numbers ? limits.outOfRange() : limits.unseen();
            double share = outside.rows() == 0
                    ? 0
                    : (double) outside.columns().getOrDefault(trained.name(), 0L) / outside.rows();
            if (share <= limit) {
                return;
            }
            String note = trained instanceof NumericProfile known && now instanceof NumericProfile seen
                    ? percent(share) + " of the rows are beyond training's " + figure(known.min()) + " to "
                            + figure(known.max())
                            + (seen.present() == 0
                                    ? ""
                                    : "; the window has " + figure(seen.min()) + " to " + figure(seen.max()))
                    : percent(share) + " of the rows have a category that training did not have";
            findings.add(
                    new Finding(numbers ? Kind.OUT_OF_RANGE : Kind.UNSEEN, trained.name(), share, limit, "", note));
        }
    }

    /** One value in all rows, where training's most frequent value makes that next to impossible. */
    private static boolean isStuck(ColumnProfile trained, ColumnProfile now) {
        return now.present() >= MIN_ROWS
                && now.distinct() == 1
                && now.present() * Math.log(mostFrequent(trained)) < Math.log(CHANCE);
    }

    /** The share of the most frequent value; a half when values are too many to count each. */
    private static double mostFrequent(ColumnProfile trained) {
        if (trained.present() == 0) {
            return 1;
        }
        long most = 0;
        if (trained instanceof CategoryProfile texts) {
            most = texts.counts().values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        } else if (trained instanceof NumericProfile numbers) {
            if (numbers.fewValues().isEmpty()) {
                return 0.5;
            }
            for (long count : numbers.fewCounts()) {
                most = Math.max(most, count);
            }
        }
        return (double) most / trained.present();
    }

    private static String only(ColumnProfile column) {
        if (column instanceof CategoryProfile texts) {
            return "'" + String.join("", texts.counts().keySet()) + "'";
        }
        return column instanceof NumericProfile numbers ? figure(numbers.min()) : "the same";
    }

    private static boolean isRepeated(ColumnProfile before, ColumnProfile now) {
        return before instanceof NumericProfile last
                && now instanceof NumericProfile numbers
                && numbers.present() >= MIN_ROWS
                && last.present() == numbers.present()
                && numbers.distinct() >= LEAST_DISTINCT
                && last.min() == numbers.min()
                && last.max() == numbers.max()
                && java.util.Arrays.equals(last.bins(), numbers.bins())
                && Math.abs(last.mean() - numbers.mean()) <= 1e-12 * Math.abs(numbers.mean())
                && Math.abs(last.deviation() - numbers.deviation()) <= 1e-9 * numbers.deviation();
    }

    private static String percent(double share) {
        double points = 100 * share;
        return (points > 0 && points < 10
                        ? String.format(Locale.ROOT, "%.1f", points)
                        : String.format(Locale.ROOT, "%.0f", points))
                + " %";
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
