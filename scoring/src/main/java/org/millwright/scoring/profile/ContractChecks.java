package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/**
 * The rules of the data contracts upstream of a model that rows of production are held against. They travel with the training
 * profile; how many rows broke each is counted in the window's profile, so that it merges as profiles do. Safe for many
 * threads.
 */
public final class ContractChecks {
    /** Rules of all contracts; profiles count far more names exactly. */
    public static final int MOST = 200;

    /** Rules of one column: a value's verdicts fit into one number. */
    static final int MOST_OF_COLUMN = 31;

    private static final int MOST_VALUES = 10_000;
    private static final int MOST_UNCHECKED = 1_000;
    private static final String LOOKED_AT = "rows held against the contract";
    private static final String BROKEN = "rows that break the contract";

    /** The derived columns that it keeps in a window's profile. */
    public static final Set<String> DERIVED = Set.of(LOOKED_AT, BROKEN);

    private final List<ContractCheck> checks = new ArrayList<>();
    private final List<Unchecked> unchecked;
    private final Map<String, OfColumn> columns = new LinkedHashMap<>();

    /** A rule that traffic is not held against, and why. */
    public record Unchecked(ContractCheck.Source source, String why) {}

    /**
     * What a window says of a rule.
     *
     * @param rows that were held against it
     * @param broken of these, that break it
     */
    public record Counted(ContractCheck check, long rows, long broken) {
        /** 0 to 1; NaN when no row was looked at. */
        public double share() {
            return rows == 0 ? Double.NaN : Math.min(1, (double) broken / rows);
        }
    }

    /**
     * @param checks that are one too many, or cannot be tried in bounded time, become unchecked
     * @param unchecked rules that no row breaks by itself, or that are about no input
     */
    public ContractChecks(List<ContractCheck> checks, List<Unchecked> unchecked) {
        this.unchecked = new ArrayList<>(unchecked);
        checks.forEach(this::add);
        if (this.unchecked.size() > MOST_UNCHECKED) {
            this.unchecked.subList(MOST_UNCHECKED, this.unchecked.size()).clear();
        }
    }

    private void add(ContractCheck check) {
        OfColumn column = columns.getOrDefault(check.column(), new OfColumn());
        try {
            if (checks.size() == MOST || column.tests.size() == MOST_OF_COLUMN) {
                throw new IllegalArgumentException(
                        "it is one more than " + MOST_OF_COLUMN + " of a column, or " + MOST);
            }
            if (check.arguments().size() > MOST_VALUES) {
                throw new IllegalArgumentException("it names more than " + MOST_VALUES + " values");
            }
            column.tests.add(ValueTest.of(check));
            column.checks.add(check);
            columns.put(check.column(), column);
            checks.add(check);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            unchecked.add(new Unchecked(check.source(), String.valueOf(e.getMessage())));
        }
    }

    /** In the order in which the contracts state them. */
    public List<ContractCheck> checks() {
        return List.copyOf(checks);
    }

    public List<Unchecked> unchecked() {
        return List.copyOf(unchecked);
    }

    /** Whether no contract says anything at all. */
    public boolean isEmpty() {
        return checks.isEmpty() && unchecked.isEmpty();
    }

    /** The same without the rules that training rows break: the column is not what the contract speaks of. */
    public ContractChecks keptBy(Frame training) {
        Profile empty = new Profile(List.of());
        update(empty, training);
        List<ContractCheck> kept = new ArrayList<>();
        List<Unchecked> not = new ArrayList<>(unchecked);
        for (Counted counted : counts(empty)) {
            if (counted.check().most().allows(counted.broken(), counted.rows(), 0)) {
                kept.add(counted.check());
            } else {
                not.add(new Unchecked(
                        counted.check().source(),
                        "the training rows break it themselves, " + counted.broken() + " of " + counted.rows()));
            }
        }
        return new ContractChecks(kept, not);
    }

    /** Counts in the window's profile which rules these rows break. */
    public void update(Profile window, Frame inputs) {
        look(inputs).addTo(window, null);
    }

    /** Finds which rules these rows break; a column that is not there says nothing. */
    public RowFindings look(Frame inputs) {
        List<RowFindings> all = new ArrayList<>();
        columns.forEach((name, column) -> {
            int position = inputs.position(name);
            if (position >= 0 && inputs.rows() > 0) {
                Counts whole = column.count(inputs, position);
                all.add((window, rows) -> {
                    // Where all rows keep every rule, any part of them does.
                    Counts counts = rows == null
                            ? whole
                            : whole.isClean()
                                    ? new Counts(column.checks, rows.length)
                                    : column.count(inputs.select(List.of(name)).pick(rows), 0);
                    counts.addTo(window);
                });
            }
        });
        return RowFindings.of(all);
    }

    /** What a window's profile has counted, rule by rule. */
    public List<Counted> counts(Profile window) {
        Map<String, Long> looked = counts(window, LOOKED_AT);
        Map<String, Long> broken = counts(window, BROKEN);
        return checks.stream()
                .map(check ->
                        new Counted(check, looked.getOrDefault(key(check), 0L), broken.getOrDefault(key(check), 0L)))
                .toList();
    }

    private static Map<String, Long> counts(Profile window, String name) {
        Optional<ColumnProfile> column = window.column(Profile.derivedName(name));
        return column.isPresent() && column.get() instanceof CategoryProfile texts ? texts.counts() : Map.of();
    }

    /** What a rule's rows are counted by. */
    private static String key(ContractCheck check) {
        return CategoryProfile.key(check.source().text());
    }

    public String toJson() {
        return ContractJson.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. What a later version wrote and this
     * one does not know is unchecked.
     */
    public static ContractChecks fromJson(String text) {
        return ContractJson.read(text);
    }

    /** The rules of a version, when contracts say anything of its inputs. */
    public static Optional<ContractChecks> of(Reference reference) {
        return reference.contract().map(ContractChecks::fromJson);
    }

    /** Rules of one column, and what was found of texts that occurred before. */
    private static final class OfColumn {
        /** Values of production are mostly repeated; those of a column without end are tried each time. */
        private static final int MOST_KNOWN = 4_096;

        private static final int LONGEST_KNOWN = 200;

        final List<ContractCheck> checks = new ArrayList<>();
        final List<ValueTest> tests = new ArrayList<>();
        /** By text: a bit for each rule that it breaks, and 31 places above for those that nobody tried. */
        private final Map<String, Long> known = new ConcurrentHashMap<>();

        Counts count(Frame inputs, int position) {
            var counts = new Counts(checks, inputs.rows());
            if (inputs.column(position) instanceof Vector.Strings texts) {
                for (String text : texts.values()) {
                    if (text == null) {
                        counts.missing++;
                    } else {
                        counts.add(verdicts(text));
                    }
                }
                return counts;
            }
            boolean truths = inputs.column(position) instanceof Vector.Booleans;
            double[] values = inputs.doubles(position);
            for (double value : values) {
                counts.missing += Double.isNaN(value) ? 1 : 0;
            }
            for (int i = 0; i < tests.size(); i++) {
                counts.broken[i] = truths && isOfTexts(checks.get(i))
                        ? truths(i, values)
                        : tests.get(i).count(values);
            }
            return counts;
        }

        private static boolean isOfTexts(ContractCheck check) {
            return switch (check.kind()) {
                case ONE_OF, PRESENT, PATTERN, LENGTH -> true;
                default -> false;
            };
        }

        private long truths(int rule, double[] values) {
            long broken = 0;
            for (double value : values) {
                boolean breaks = !Double.isNaN(value)
                        && tests.get(rule).of(Boolean.toString(value != 0)) == ValueTest.Verdict.BROKEN;
                broken += breaks ? 1 : 0;
            }
            return broken;
        }

        private long verdicts(String text) {
            Long found = text.length() > LONGEST_KNOWN ? null : known.get(text);
            if (found != null) {
                return found;
            }
            long verdicts = 0;
            for (int i = 0; i < tests.size(); i++) {
                verdicts |= switch (tests.get(i).of(text)) {
                    case KEPT -> 0;
                    case BROKEN -> 1L << i;
                    case UNKNOWN -> 1L << i + MOST_OF_COLUMN;
                };
            }
            if (text.length() <= LONGEST_KNOWN && known.size() < MOST_KNOWN) {
                known.put(text, verdicts);
            }
            return verdicts;
        }
    }

    /** What rows break of the rules of one column. */
    private static final class Counts {
        private final List<ContractCheck> checks;
        private final int rows;
        final long[] broken;
        private final long[] unknown;
        long missing;

        Counts(List<ContractCheck> checks, int rows) {
            this.checks = checks;
            this.rows = rows;
            this.broken = new long[checks.size()];
            this.unknown = new long[checks.size()];
        }

        boolean isClean() {
            return missing == 0
                    && Arrays.stream(broken).allMatch(count -> count == 0)
                    && Arrays.stream(unknown).allMatch(count -> count == 0);
        }

        void add(long verdicts) {
            for (long left = verdicts; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                if (bit < MOST_OF_COLUMN) {
                    broken[bit]++;
                } else {
                    unknown[bit - MOST_OF_COLUMN]++;
                }
            }
        }

        void addTo(Profile window) {
            CategoryProfile looked = window.derivedTexts(LOOKED_AT);
            CategoryProfile breaking = window.derivedTexts(BROKEN);
            for (int i = 0; i < broken.length; i++) {
                ContractCheck check = checks.get(i);
                boolean ofMissing =
                        check.kind() == ContractCheck.Kind.REQUIRED || check.kind() == ContractCheck.Kind.PRESENT;
                long count = broken[i] + (ofMissing ? missing : 0);
                if (rows > unknown[i]) {
                    looked.add(check.source().text(), rows - unknown[i]);
                }
                if (count > 0) {
                    breaking.add(check.source().text(), count);
                }
            }
        }
    }
}
