package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** The questions that CatBoost's trees ask of a row, in the order of their {@code split_index}. */
final class CatboostSplits {
    /** One number of the row, with the 32-bit borders that it is compared to. */
    private record Number(String name, int column, double missing, float[] borders) {}

    /** One category of the row, known by the hash of its text, with the hashes that it is compared to. */
    private record Category(String name, int column, int[] values) {}

    /** A statistic of the label for a category, with the borders that it is compared to. */
    private record Statistic(CatboostStatistic of, float[] borders) {}

    private final List<Number> numbers = new ArrayList<>();
    private final List<Category> categories = new ArrayList<>();
    private final List<Statistic> statistics = new ArrayList<>();
    private int count;

    static CatboostSplits read(Document features, Document root) {
        CatboostSplits splits = new CatboostSplits();
        for (Document feature : list(features, "float_features")) {
            splits.number(feature);
        }
        for (Document feature : list(features, "categorical_features")) {
            int[] values = feature.has("values") ? feature.wholes("values") : new int[0];
            splits.categories.add(new Category(name(feature), position(feature), values));
            splits.count += values.length;
        }
        for (Document ctr : list(features, "ctrs")) {
            float[] borders = floats(ctr.numbers("borders"));
            Document tables = root.object("ctr_data");
            CatboostStatistic statistic =
                    CatboostStatistic.read(ctr, tables, splits.numbers.size(), splits.categories.size());
            splits.statistics.add(new Statistic(statistic, borders));
            splits.count += borders.length;
        }
        return splits;
    }

    private static List<Document> list(Document features, String kind) {
        return features.has(kind) ? features.objects(kind) : List.of();
    }

    private void number(Document feature) {
        String treatment = feature.has("nan_value_treatment") ? feature.text("nan_value_treatment") : "AsIs";
        double missing = switch (treatment) {
            case "AsFalse" -> Double.NEGATIVE_INFINITY;
            case "AsTrue" -> Double.POSITIVE_INFINITY;
            default -> Double.NaN;
        };
        float[] borders = feature.has("borders") ? floats(feature.numbers("borders")) : new float[0];
        numbers.add(new Number(name(feature), position(feature), missing, borders));
        count += borders.length;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static String name(Document feature) {
        return feature.has("feature_id") ? feature.text("feature_id") : "";
    }

    private static int position(Document feature) {
        if (feature.get("flat_feature_index") instanceof Double index && index >= 0 && index < 10_000_000) {
            return index.intValue();
        }
        throw feature.damaged("flat_feature_index", "a position");
    }

    int count() {
        return count;
    }

    /** What a row answers to each question. */
    boolean[] answers(double[] row) {
        boolean[] answers = new boolean[count];
        int at = 0;
        double[] seen = new double[numbers.size()];
        for (int i = 0; i < seen.length; i++) {
            Number number = numbers.get(i);
            double value = row[number.column()];
            seen[i] = Double.isNaN(value) ? number.missing() : value;
            for (float border : number.borders()) {
                answers[at++] = seen[i] > border;
            }
        }
        long[] hashes = new long[categories.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = (int) row[categories.get(i).column()];
            for (int value : categories.get(i).values()) {
                answers[at++] = hashes[i] == value;
            }
        }
        for (Statistic statistic : statistics) {
            float value = statistic.of().value(seen, hashes);
            for (float border : statistic.borders()) {
                answers[at++] = value > border;
            }
        }
        return answers;
    }

    /** By position, as CatBoost does. */
    Features features(Signature signature) {
        int width = numbers.size() + categories.size();
        if (signature.inputs().size() != width) {
            throw new ModelFailure("the CatBoost model takes " + width + " features, the signature has "
                    + signature.inputs().size() + " columns: log it with the signature it was trained with");
        }
        Map<Integer, Boolean> hashed = new HashMap<>();
        numbers.forEach(number -> place(signature, number.name(), number.column(), hashed, false));
        categories.forEach(category -> place(signature, category.name(), category.column(), hashed, true));
        List<Features.Feature> all = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            all.add(new Features.Feature(column, null, Boolean.TRUE.equals(hashed.get(column))));
        }
        return Features.of(signature, Features.Rule.CATBOOST, all.toArray(new Features.Feature[0]));
    }

    private static void place(
            Signature signature, String name, int column, Map<Integer, Boolean> hashed, boolean isHashed) {
        int named = signature.position(name);
        boolean elsewhere = named >= 0 && named != column;
        if (elsewhere || column >= signature.inputs().size() || hashed.put(column, isHashed) != null) {
            throw new ModelFailure("the CatBoost model has feature '" + name + "' at position " + column
                    + ", the signature has " + signature.names() + ": log it with the columns in training's order");
        }
    }
}
