package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What training saw of the label for one category or a combination of them: CatBoost's "ctr". */
final class CatboostStatistic {
    private static final long MULTIPLIER = 0x4906ba494954cb65L;
    private static final int MOST_COUNTS = 10_000;

    /** How a count of good cases is taken from a table's numbers. */
    private enum Kind {
        BORDERS,
        BUCKETS,
        MEAN,
        COUNTER
    }

    /** One part of a combination: a category, whether it is a certain one, or whether a number is above a border. */
    private sealed interface Part {
        long of(double[] numbers, long[] hashes);
    }

    private record Category(int index) implements Part {
        @Override
        public long of(double[] numbers, long[] hashes) {
            return hashes[index];
        }
    }

    private record IsCategory(int index, int value) implements Part {
        @Override
        public long of(double[] numbers, long[] hashes) {
            return hashes[index] == value ? 1 : 0;
        }
    }

    private record IsAbove(int index, float border) implements Part {
        @Override
        public long of(double[] numbers, long[] hashes) {
            return numbers[index] > border ? 1 : 0;
        }
    }

    private final Part[] parts;
    private final Kind kind;
    private final int border;
    private final float[] prior;
    private final float shift;
    private final float scale;
    private final double denominator;
    private final Map<Long, double[]> table;

    private CatboostStatistic(Document ctr, Kind kind, List<Part> parts, Document data, Map<Long, double[]> table) {
        this.kind = kind;
        this.parts = parts.toArray(new Part[0]);
        this.border = (int) number(ctr, "target_border_idx");
        this.prior = new float[] {(float) number(ctr, "prior_numerator"), (float) number(ctr, "prior_denomerator")};
        this.shift = (float) number(ctr, "shift");
        this.scale = (float) number(ctr, "scale");
        this.denominator = number(data, "counter_denominator");
        this.table = table;
    }

    static CatboostStatistic read(Document ctr, Document tables, int numbers, int categories) {
        List<Part> parts = new ArrayList<>();
        for (Document element : ctr.objects("elements")) {
            parts.add(part(element, numbers, categories));
        }
        Kind kind = kind(ctr);
        Document data = tables.object(ctr.text("identifier"));
        CatboostStatistic statistic = new CatboostStatistic(ctr, kind, parts, data, table(data));
        int least = kind == Kind.COUNTER ? 1 : 2;
        int stride = (int) number(data, "hash_stride") - 1;
        if (stride < least || statistic.border < 0 || statistic.border >= stride) {
            throw data.damaged("hash_stride", "more than " + Math.max(least, statistic.border));
        }
        return statistic;
    }

    private static Part part(Document element, int numbers, int categories) {
        String kind = element.text("combination_element");
        return switch (kind) {
            case "cat_feature_value" -> new Category(index(element, "cat_feature_index", categories));
            case "cat_feature_exact_value" ->
                new IsCategory(index(element, "cat_feature_index", categories), (int) number(element, "value"));
            case "float_feature" ->
                new IsAbove(index(element, "float_feature_index", numbers), (float) number(element, "border"));
            default -> throw element.damaged("combination_element", "a category or a number");
        };
    }

    private static int index(Document element, String name, int limit) {
        double index = number(element, name);
        if (!(index >= 0 && index < limit)) {
            throw element.damaged(name, "a number below " + limit);
        }
        return (int) index;
    }

    private static Kind kind(Document ctr) {
        return switch (ctr.text("ctr_type")) {
            case "Borders" -> Kind.BORDERS;
            case "Buckets" -> Kind.BUCKETS;
            case "BinarizedTargetMeanValue", "FloatTargetMeanValue" -> Kind.MEAN;
            case "Counter", "FeatureFreq" -> Kind.COUNTER;
            default -> throw ctr.damaged("ctr_type", "Borders, Buckets, Counter or a mean value");
        };
    }

    private static Map<Long, double[]> table(Document data) {
        int stride = (int) number(data, "hash_stride");
        Map<Long, double[]> table = new HashMap<>();
        if (!(data.get("hash_map") instanceof List<?> flat) || stride < 2 || stride > MOST_COUNTS) {
            return table;
        }
        for (int i = 0; i + stride <= flat.size(); i += stride) {
            double[] counts = new double[stride - 1];
            for (int c = 0; c < counts.length; c++) {
                if (!(flat.get(i + 1 + c) instanceof Double count)) {
                    throw data.damaged("hash_map", "a hash and " + counts.length + " numbers");
                }
                counts[c] = count;
            }
            table.put(hash(data, flat.get(i)), counts);
        }
        return table;
    }

    private static long hash(Document data, Object text) {
        try {
            return Long.parseUnsignedLong(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw data.damaged("hash_map", "hashes as texts");
        }
    }

    private static double number(Document document, String name) {
        if (document.get(name) instanceof Double number) {
            return number;
        }
        throw document.damaged(name, "a number");
    }

    /** In 32-bit floats, as CatBoost. */
    float value(double[] numbers, long[] hashes) {
        long hash = 0;
        for (Part part : parts) {
            hash = MULTIPLIER * (hash + MULTIPLIER * part.of(numbers, hashes));
        }
        double[] counts = table.get(hash);
        double good = 0;
        double total = 0;
        if (counts != null) {
            good = good(counts);
            total = kind == Kind.COUNTER ? denominator : kind == Kind.MEAN ? counts[1] : sum(counts, 0);
        }
        float ratio = ((float) good + prior[0]) / ((float) total + prior[1]);
        return (ratio + shift) * scale;
    }

    private double good(double[] counts) {
        return switch (kind) {
            case BORDERS -> sum(counts, border + 1);
            case BUCKETS -> counts[border];
            case MEAN, COUNTER -> counts[0];
        };
    }

    private static double sum(double[] counts, int from) {
        double sum = 0;
        for (int i = from; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }
}
