package org.millwright.scoring.trees;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** A model as XGBoost saves it since 1.6, in JSON or UBJSON. */
final class XgboostFile {
    private static final int MOST_FEATURES = 10_000_000;
    private static final int MOST_GROUPS = 100_000;

    private final Document learner;
    private final int features;
    private final XgboostTrees trees;

    private XgboostFile(Document learner, int features, XgboostTrees trees) {
        this.learner = learner;
        this.features = features;
        this.trees = trees;
    }

    static XgboostFile read(byte[] file) {
        if (file.length < 2 || file[0] != '{') {
            throw new ModelFailure("the file is no XGBoost model in JSON or UBJSON: save it with"
                    + " save_model('model.ubj') of XGBoost 1.6 or later");
        }
        Document root = isJson(file) ? JsonDocument.read(file) : UbjsonDocument.read(file);
        Document learner = root.object("learner");
        Document parameters = learner.object("learner_model_param");
        int features = parameters.parameter("num_feature", 0, MOST_FEATURES);
        int classes = parameters.parameter("num_class", 0, MOST_GROUPS);
        int targets = parameters.has("num_target") ? parameters.parameter("num_target", 1, MOST_GROUPS) : 1;
        int groups = Math.max(1, Math.max(classes, targets));
        XgboostObjective objective =
                XgboostObjective.of(learner.object("objective").text("name"));
        float[] base = base(parameters, groups, objective);
        return new XgboostFile(learner, features, trees(learner, features, base, objective));
    }

    /** Both forms begin with a brace; after it JSON has a quote or white space, UBJSON the type of a length. */
    private static boolean isJson(byte[] file) {
        return file[1] == '"' || file[1] == ' ' || file[1] == '\n' || file[1] == '\r' || file[1] == '\t';
    }

    private static float[] base(Document parameters, int groups, XgboostObjective objective) {
        float[] stated = parameters.parameters("base_score");
        if (stated.length != 1 && stated.length != groups) {
            throw parameters.damaged("base_score", "one number or " + groups);
        }
        float[] margins = new float[groups];
        for (int i = 0; i < groups; i++) {
            margins[i] = objective.margin(stated[stated.length == 1 ? 0 : i]);
        }
        return margins;
    }

    private static XgboostTrees trees(Document learner, int features, float[] base, XgboostObjective objective) {
        Document booster = learner.object("gradient_booster");
        String name = booster.text("name");
        boolean dart = name.equals("dart");
        if (!dart && !name.equals("gbtree")) {
            throw new ModelFailure("the XGBoost booster '" + name
                    + "' is not evaluated: expected gbtree or dart. Train with one of them or export to ONNX");
        }
        Document model = (dart ? booster.object("gbtree") : booster).object("model");
        List<Document> trees = model.objects("trees");
        int[] groups = model.wholes("tree_info", trees.size());
        double[] weights = dart ? booster.numbers("weight_drop", trees.size()) : null;
        XgboostTrees.Builder builder = new XgboostTrees.Builder(features, base, objective);
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] < 0 || groups[i] >= base.length) {
                throw model.damaged("tree_info", "groups below " + base.length);
            }
            builder.add(trees.get(i), groups[i], weights == null ? 1 : (float) weights[i]);
        }
        return builder.build();
    }

    Ensemble ensemble() {
        return trees;
    }

    /** By name where the file has names, as XGBoost itself insists, else by position. */
    Features features(Signature signature) {
        List<String> names = learner.texts("feature_names");
        List<@Nullable Map<String, Integer>> categories = categories();
        boolean named = names.size() == features;
        if (!named && !names.isEmpty()) {
            throw learner.damaged("feature_names", features + " names");
        }
        if (signature.inputs().size() != features) {
            throw new ModelFailure("the XGBoost model takes " + features + " features, the signature has "
                    + signature.inputs().size() + " columns: log it with the signature it was trained with");
        }
        Features.Feature[] all = new Features.Feature[features];
        for (int f = 0; f < features; f++) {
            int column = named ? signature.position(names.get(f)) : f;
            if (column < 0) {
                throw new ModelFailure("the XGBoost model's feature '" + names.get(f)
                        + "' is not a column of the signature: it has " + signature.names());
            }
            all[f] = new Features.Feature(column, f < categories.size() ? categories.get(f) : null);
        }
        return Features.of(signature, Features.Rule.XGBOOST, all);
    }

    /** Codes of the texts that category columns were trained on, feature by feature; XGBoost 3.1 and later. */
    private List<@Nullable Map<String, Integer>> categories() {
        List<@Nullable Map<String, Integer>> all = new ArrayList<>();
        Document booster = learner.object("gradient_booster");
        Document model = (booster.has("gbtree") ? booster.object("gbtree") : booster).object("model");
        if (!model.has("cats")) {
            return all;
        }
        for (Document feature : model.object("cats").objects("enc")) {
            all.add(feature.has("offsets") ? codes(feature) : null);
        }
        return all;
    }

    private static @Nullable Map<String, Integer> codes(Document feature) {
        int[] offsets = feature.wholes("offsets");
        int[] bytes = feature.wholes("values");
        Map<String, Integer> codes = new HashMap<>();
        for (int i = 0; i + 1 < offsets.length; i++) {
            if (offsets[i] < 0 || offsets[i + 1] < offsets[i] || offsets[i + 1] > bytes.length) {
                throw feature.damaged("offsets", "growing positions up to " + bytes.length);
            }
            byte[] text = new byte[offsets[i + 1] - offsets[i]];
            for (int b = 0; b < text.length; b++) {
                text[b] = ascii(bytes[offsets[i] + b]);
            }
            codes.put(new String(text, StandardCharsets.US_ASCII), i);
        }
        return codes.isEmpty() ? null : codes;
    }

    /** XGBoost 3.2 counts characters where it means bytes, so that other texts are cut and mixed up in the file. */
    private static byte ascii(int code) {
        if (code < 0 || code > 127) {
            throw new ModelFailure("the XGBoost model has category texts outside ASCII, which XGBoost does not save"
                    + " whole: give the categories ASCII names or codes, and train again");
        }
        return (byte) code;
    }
}
