package org.millwright.scoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;

/**
 * A column as numbers whose mean is 0 and whose deviation is 1 in training: texts by how frequent they were there, missing
 * values by the mean or the most frequent text. All of it follows from the training profile.
 */
abstract sealed class StandardColumn {
    /** So many deviations away a value counts as no farther, unless training had one: a single damaged value decides nothing. */
    private static final double FARTHEST = 10;

    /** Of a mean; a smaller deviation is one of arithmetic. */
    private static final double NO_DEVIATION = 1e-9;

    private final String name;

    private StandardColumn(String name) {
        this.name = name;
    }

    /** The columns that vary and are no identifiers: texts of which more than half are different. */
    static List<StandardColumn> of(Profile training) {
        List<StandardColumn> all = new ArrayList<>();
        for (ColumnProfile column : training.columns()) {
            of(column).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<StandardColumn> of(ColumnProfile column) {
        if (column.present() == 0) {
            return Optional.empty();
        }
        if (column instanceof NumericProfile numbers) {
            double deviation = numbers.deviation() * Math.sqrt((double) numbers.present() / numbers.rows());
            return deviation > NO_DEVIATION * Math.abs(numbers.mean()) && Double.isFinite(deviation)
                    ? Optional.of(new Numbers(numbers, deviation))
                    : Optional.empty();
        }
        return column instanceof CategoryProfile texts && 2 * texts.distinct() <= texts.present()
                ? Texts.of(texts)
                : Optional.empty();
    }

    String name() {
        return name;
    }

    /** The column's values in a frame; null when it is not there. The place where it should be is looked at first. */
    @Nullable
    Vector in(Frame frame, int place) {
        int at = place < frame.width() && frame.name(place).equals(name) ? place : frame.position(name);
        return at < 0 ? null : frame.column(at);
    }

    /** Writes rows {@code from} to before {@code to}; a column that is not there, or holds other values, is missing. */
    abstract void write(@Nullable Vector values, int from, int to, double[] into);

    private static double near(double z, double least, double most) {
        return Math.max(least, Math.min(most, z));
    }

    private static final class Numbers extends StandardColumn {
        private final double mean;
        private final double deviation;
        private final double least;
        private final double most;

        Numbers(NumericProfile column, double deviation) {
            super(column.name());
            this.mean = column.mean();
            this.deviation = deviation;
            this.least = Math.min(-FARTHEST, (column.min() - mean) / deviation);
            this.most = Math.max(FARTHEST, (column.max() - mean) / deviation);
        }

        @Override
        void write(@Nullable Vector values, int from, int to, double[] into) {
            if (values instanceof Vector.Doubles doubles) {
                double[] numbers = doubles.values();
                for (int i = from; i < to; i++) {
                    into[i - from] = standard(numbers[i]);
                }
            } else if (values instanceof Vector.Longs longs) {
                long[] numbers = longs.values();
                for (int i = from; i < to; i++) {
                    into[i - from] = longs.isNull(i) ? 0 : standard(numbers[i]);
                }
            } else {
                Arrays.fill(into, 0, to - from, 0);
            }
        }

        private double standard(double value) {
            return Double.isFinite(value) ? near((value - mean) / deviation, least, most) : 0;
        }
    }

    private static final class Texts extends StandardColumn {
        private final Map<String, Double> known;
        private final double unseen;
        private final double missing;

        private Texts(String name, Map<String, Double> known, double unseen, double missing) {
            super(name);
            this.known = known;
            this.unseen = unseen;
            this.missing = missing;
        }

        /** Empty when all texts are as frequent. Of more than a profile counts, those that it does not are as if unseen. */
        static Optional<StandardColumn> of(CategoryProfile column) {
            Map<String, Long> counts = column.counts();
            if (counts.isEmpty()) {
                return Optional.empty();
            }
            String usual = Collections.max(counts.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            double rows = column.rows();
            Map<String, Double> shares = new HashMap<>();
            double mean = 0;
            double square = 0;
            for (Map.Entry<String, Long> entry : counts.entrySet()) {
                double share = (entry.getValue() + (entry.getKey().equals(usual) ? column.missing() : 0)) / rows;
                shares.put(entry.getKey(), share);
                mean += share * share;
                square += share * share * share;
            }
            double center = mean;
            double deviation = Math.sqrt(Math.max(0, square - mean * mean));
            if (deviation <= NO_DEVIATION) {
                return Optional.empty();
            }
            shares.replaceAll((text, share) -> (share - center) / deviation);
            double unseen = near(-center / deviation, -FARTHEST, FARTHEST);
            return Optional.of(new Texts(column.name(), shares, unseen, shares.getOrDefault(usual, unseen)));
        }

        @Override
        void write(@Nullable Vector values, int from, int to, double[] into) {
            if (values == null) {
                Arrays.fill(into, 0, to - from, missing);
            } else if (values instanceof Vector.Strings strings) {
                @Nullable String[] texts = strings.values();
                for (int i = from; i < to; i++) {
                    String text = texts[i];
                    into[i - from] = text == null ? missing : standard(CategoryProfile.key(text));
                }
            } else {
                for (int i = from; i < to; i++) {
                    Object value = values.value(i);
                    into[i - from] = value == null ? missing : standard(CategoryProfile.text(value));
                }
            }
        }

        private double standard(String text) {
            Double z = known.get(text);
            return z == null ? unseen : z;
        }
    }
}
