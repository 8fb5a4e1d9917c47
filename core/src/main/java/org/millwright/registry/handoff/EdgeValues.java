package org.millwright.registry.handoff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Signature;

/** Unusual values of one column. */
final class EdgeValues {
    private static final int LONG_TEXT = 4_096;

    private EdgeValues() {}

    /** Values by class; all that the column's type holds, whether the signature takes them or not. */
    static Map<EdgeClass, List<@Nullable Object>> of(Signature.Column column, @Nullable Object recorded, long seed) {
        var values = new EnumMap<EdgeClass, List<@Nullable Object>>(EdgeClass.class);
        put(values, EdgeClass.NULL, (Object) null);
        DataType type = column.type();
        if (type.isReal()) {
            reals(values, type, recorded instanceof Number number ? number.doubleValue() : 1);
        } else if (type.isIntegral()) {
            wholes(values, type);
        } else if (type == DataType.STRING) {
            put(values, EdgeClass.UNSEEN_CATEGORY, "unseen-" + Long.toHexString(seed));
            put(values, EdgeClass.EMPTY_TEXT, "");
            put(values, EdgeClass.LONG_TEXT, "x".repeat(LONG_TEXT));
        }
        return values;
    }

    private static void reals(Map<EdgeClass, List<@Nullable Object>> values, DataType type, double recorded) {
        put(values, EdgeClass.NAN, Double.NaN);
        put(values, EdgeClass.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        put(values, EdgeClass.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        var limits = new ArrayList<@Nullable Object>(List.of(0.0, -0.0, (double) Float.MIN_VALUE));
        for (float magnitude : new float[] {1e6f, 1e9f, 1e15f, 1e30f, Float.MAX_VALUE}) {
            limits.add((double) magnitude);
            limits.add(-(double) magnitude);
        }
        values.put(EdgeClass.FLOAT32_LIMITS, limits);
        if (type == DataType.DOUBLE) {
            put(
                    values,
                    EdgeClass.BEYOND_FLOAT32,
                    Double.MAX_VALUE,
                    -Double.MAX_VALUE,
                    2.0 * Float.MAX_VALUE,
                    Double.MIN_VALUE);
            put(
                    values,
                    EdgeClass.FLOAT32_PRECISION,
                    0x1p24 + 1,
                    1 / 3.0,
                    recorded / 3,
                    Math.nextUp(recorded),
                    0x1p53 - 1);
        }
    }

    private static void wholes(Map<EdgeClass, List<@Nullable Object>> values, DataType type) {
        boolean wide = type == DataType.LONG;
        put(
                values,
                EdgeClass.INTEGER_LIMITS,
                wide ? Long.MIN_VALUE : (long) Integer.MIN_VALUE,
                wide ? Long.MAX_VALUE : (long) Integer.MAX_VALUE,
                0L,
                -1L,
                1L << 20,
                -(1L << 20));
        var lost = new ArrayList<@Nullable Object>(List.of((1L << 24) + 1, -(1L << 24) - 1));
        if (wide) {
            lost.add((1L << 53) + 1);
        }
        values.put(EdgeClass.FLOAT32_PRECISION, lost);
    }

    private static void put(Map<EdgeClass, List<@Nullable Object>> values, EdgeClass kind, @Nullable Object... some) {
        values.put(kind, Arrays.asList(some));
    }
}
