package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.List;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** A model as CatBoost saves it in JSON: symmetric trees over numbers and categories. */
final class CatboostFile {
    private static final int DEEPEST = 16;

    private final CatboostSplits splits;
    private final CatboostTrees trees;

    private CatboostFile(CatboostSplits splits, CatboostTrees trees) {
        this.splits = splits;
        this.trees = trees;
    }

    static CatboostFile read(byte[] file) {
        if (file.length == 0 || file[0] != '{') {
            throw new ModelFailure(
                    "the file is no CatBoost model in JSON: save it with save_model('model.json', format='json')");
        }
        Document root = JsonDocument.read(file);
        Document features = root.object("features_info");
        refuse(features, "text_features");
        refuse(features, "embedding_features");
        if (!root.has("oblivious_trees")) {
            throw new ModelFailure("the CatBoost model has no symmetric trees: train with grow_policy='SymmetricTree',"
                    + " others are not evaluated");
        }
        CatboostSplits splits = CatboostSplits.read(features, root);
        double[] bias = bias(root);
        CatboostTrees.Link link = link(root.object("model_info"), bias.length);
        List<CatboostTrees.Tree> trees = new ArrayList<>();
        for (Document tree : root.objects("oblivious_trees")) {
            trees.add(tree(tree, splits.count(), bias.length));
        }
        return new CatboostFile(splits, new CatboostTrees(splits, trees, scale(root), bias, link));
    }

    private static void refuse(Document features, String kind) {
        if (features.has(kind)) {
            throw new ModelFailure("the CatBoost model has " + kind + ", which are not evaluated: train without them");
        }
    }

    private static double scale(Document root) {
        if (root.get("scale_and_bias") instanceof List<?> list
                && !list.isEmpty()
                && list.get(0) instanceof Double scale) {
            return scale;
        }
        throw root.damaged("scale_and_bias", "a number and a list of numbers");
    }

    private static double[] bias(Document root) {
        if (root.get("scale_and_bias") instanceof List<?> list
                && list.size() == 2
                && list.get(1) instanceof double[] bias
                && bias.length > 0) {
            return bias;
        }
        throw root.damaged("scale_and_bias", "a number and a list of numbers");
    }

    private static CatboostTrees.Link link(Document info, int width) {
        String loss = info.has("params") && info.object("params").has("loss_function")
                ? info.object("params").object("loss_function").text("type")
                : "";
        switch (loss) {
            case "Logloss", "CrossEntropy", "MultiClass":
                return CatboostTrees.Link.CLASSES;
            case "MultiClassOneVsAll":
                return CatboostTrees.Link.CLASSES_APART;
            case "Poisson", "Tweedie":
                return CatboostTrees.Link.EXPONENTIAL;
            case "RMSE", "MAE", "Quantile", "MAPE", "Huber", "Expectile", "LogLinQuantile", "Lq", "MultiRMSE":
                return CatboostTrees.Link.IDENTITY;
            default:
                throw new ModelFailure("the CatBoost loss '" + InvalidInput.shorten(loss) + "' with " + width
                        + " outputs is not evaluated: expected a usual one of regression or classification");
        }
    }

    private static CatboostTrees.Tree tree(Document tree, int splits, int width) {
        List<Document> levels = tree.has("splits") ? tree.objects("splits") : List.of();
        if (levels.size() > DEEPEST) {
            throw tree.damaged("splits", "at most " + DEEPEST);
        }
        int[] used = new int[levels.size()];
        for (int i = 0; i < used.length; i++) {
            if (!(levels.get(i).get("split_index") instanceof Double index && index >= 0 && index < splits)) {
                throw levels.get(i).damaged("split_index", "a number below " + splits);
            }
            used[i] = index.intValue();
        }
        return new CatboostTrees.Tree(used, tree.numbers("leaf_values", (1 << used.length) * width));
    }

    Ensemble ensemble() {
        return trees;
    }

    Features features(Signature signature) {
        return splits.features(signature);
    }
}
