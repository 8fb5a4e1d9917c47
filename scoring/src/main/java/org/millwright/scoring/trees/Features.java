package org.millwright.scoring.trees;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** How the signature's columns become the numbers that trees compare. */
final class Features {
    /**
     * What a library does to a value before the trees see it.
     *
     * @param single values are rounded to 32 bits
     * @param infinite whether infinite values are taken
     * @param zero values up to that far from zero are zero
     * @param unseenRefused a category that training did not see is refused, else it is missing
     */
    record Rule(boolean single, boolean infinite, double zero, boolean unseenRefused) {
        static final Rule XGBOOST = new Rule(true, false, 0, true);
        static final Rule LIGHTGBM = new Rule(false, true, LightgbmTree.ZERO, false);
        static final Rule CATBOOST = new Rule(true, true, 0, false);
    }

    /**
     * One feature.
     *
     * @param column position in the signature
     * @param codes codes of a text column's categories, null for another column
     * @param hashed a text or whole number stands for the hash of its text
     */
    record Feature(int column, @Nullable Map<String, Integer> codes, boolean hashed) {
        Feature(int column, @Nullable Map<String, Integer> codes) {
            this(column, codes, false);
        }
    }

    private final Feature[] features;
    private final Rule rule;

    private Features(Feature[] features, Rule rule) {
        this.features = features;
        this.rule = rule;
    }

    static Features of(Signature signature, Rule rule, Feature... features) {
        for (Feature feature : features) {
            Signature.Column column = signature.inputs().get(feature.column());
            if (feature.hashed()) {
                hashable(column);
                continue;
            }
            if (column.type() == DataType.STRING && feature.codes() == null) {
                throw new ModelFailure("column '" + column.name()
                        + "' is text, but the model file holds no categories for it: train with a category column of"
                        + " texts, or encode it as numbers before");
            }
            if (column.type() != DataType.STRING && feature.codes() != null) {
                throw new ModelFailure("column '" + column.name() + "' is of type "
                        + column.type().text()
                        + ", but the model was trained on texts: log it with a signature that says string");
            }
        }
        return new Features(features, rule);
    }

    private static void hashable(Signature.Column column) {
        if (column.type() != DataType.STRING && !column.type().isIntegral()) {
            throw new ModelFailure("column '" + column.name() + "' is of type "
                    + column.type().text() + ", but a category for the model: log it as string or long");
        }
    }

    int count() {
        return features.length;
    }

    void fill(Frame frame, int row, double[] values) {
        for (int f = 0; f < features.length; f++) {
            values[f] = value(frame, features[f], row);
        }
    }

    private double value(Frame frame, Feature feature, int row) {
        Vector column = frame.column(feature.column());
        if (feature.hashed()) {
            return hash(column.value(row), frame, feature.column(), row);
        }
        if (column.isNull(row)) {
            return Double.NaN;
        }
        if (column instanceof Vector.Doubles doubles) {
            return real(doubles.values()[row], frame, feature.column(), row);
        }
        if (column instanceof Vector.Longs longs) {
            return rule.single() ? (double) (float) longs.values()[row] : (double) longs.values()[row];
        }
        if (column instanceof Vector.Booleans booleans) {
            return booleans.values()[row] ? 1 : 0;
        }
        return code((Vector.Strings) column, feature, frame, row);
    }

    private static double hash(@Nullable Object value, Frame frame, int column, int row) {
        if (value == null) {
            throw InvalidInput.cell(
                    frame.name(column), row, "a category, because the model takes no missing one", null);
        }
        return (int) CityHash.of(value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private double real(double value, Frame frame, int column, int row) {
        if (!rule.single()) {
            double given = frame.type(column) == DataType.FLOAT ? (float) value : value;
            return Math.abs(given) <= rule.zero() ? 0 : given;
        }
        float single = (float) value;
        if (Float.isInfinite(single) && !rule.infinite()) {
            throw InvalidInput.cell(frame.name(column), row, "a number within the range of 32-bit floats", value);
        }
        return single;
    }

    private double code(Vector.Strings column, Feature feature, Frame frame, int row) {
        String value = column.values()[row];
        Map<String, Integer> codes = feature.codes();
        if (value == null || codes == null) {
            return Double.NaN;
        }
        Integer code = codes.get(value);
        if (code == null && rule.unseenRefused()) {
            throw InvalidInput.cell(
                    frame.name(feature.column()), row, "one of the " + codes.size() + " categories seen", value);
        }
        return code == null ? Double.NaN : code;
    }
}
