package org.millwright.scoring.trees;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** A model as LightGBM saves it since 3.0: blocks of {@code name=value} lines. */
final class LightgbmFile {
    private static final String CATEGORIES = "pandas_categorical:";

    private final int features;
    private final LightgbmTrees trees;
    private final List<Map<String, Integer>> categories;

    private LightgbmFile(int features, LightgbmTrees trees, List<Map<String, Integer>> categories) {
        this.features = features;
        this.trees = trees;
        this.categories = categories;
    }

    static LightgbmFile read(byte[] file) {
        List<String> lines = text(file).lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().equals("tree")) {
            throw new ModelFailure(
                    "the file is no LightGBM model: it does not begin with 'tree'. Save it with save_model()");
        }
        LightgbmBlock header = LightgbmBlock.read("header", lines, 1);
        int features = 1 + header.whole("max_feature_idx", 0, Integer.MAX_VALUE - 1);
        int perIteration = header.whole("num_tree_per_iteration", 1, lines.size());
        LightgbmObjective objective = LightgbmObjective.of(header.optional("objective"));
        List<LightgbmTree> trees = new ArrayList<>();
        int next = header.end();
        while (next < lines.size() && !lines.get(next).equals("end of trees")) {
            if (lines.get(next).isBlank()) {
                next++;
                continue;
            }
            LightgbmBlock block = tree(lines, next, trees.size());
            trees.add(LightgbmTree.read(block, features));
            next = block.end();
        }
        int promised = header.optional("tree_sizes").isEmpty()
                ? 0
                : header.optional("tree_sizes").split(" ").length;
        if (next == lines.size() || trees.size() != promised || trees.size() % perIteration != 0) {
            throw new ModelFailure("the model file is damaged: it promises " + promised + " trees and holds "
                    + trees.size() + (next == lines.size() ? " without 'end of trees'" : ""));
        }
        boolean average = header.has("average_output");
        return new LightgbmFile(
                features, new LightgbmTrees(trees, perIteration, average, objective), categories(lines));
    }

    private static LightgbmBlock tree(List<String> lines, int at, int number) {
        if (!lines.get(at).equals("Tree=" + number)) {
            throw new ModelFailure("the model file is damaged: expected 'Tree=" + number + "' in line " + (at + 1));
        }
        return LightgbmBlock.read("tree " + number, lines, at + 1);
    }

    private static String text(byte[] file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFailure("the file is no LightGBM model: it is not UTF-8 text", e);
        }
    }

    /** Codes of the texts that pandas' category columns were trained on, column by column. */
    private static List<Map<String, Integer>> categories(List<String> lines) {
        List<Map<String, Integer>> all = new ArrayList<>();
        String last = lines.stream()
                .filter(line -> line.startsWith(CATEGORIES))
                .findFirst()
                .orElse(CATEGORIES + "[]");
        if (JsonDocument.array(last.substring(CATEGORIES.length())) instanceof List<?> columns) {
            for (Object column : columns) {
                Map<String, Integer> codes = new HashMap<>();
                if (column instanceof List<?> values) {
                    values.forEach(value -> codes.put(String.valueOf(value), codes.size()));
                }
                all.add(codes);
            }
        }
        return all;
    }

    Ensemble ensemble() {
        return trees;
    }

    /** By position, as LightGBM does; the text columns in order are the category columns in order. */
    Features features(Signature signature) {
        List<Signature.Column> inputs = signature.inputs();
        if (inputs.size() != features) {
            throw new ModelFailure("the LightGBM model takes " + features + " features, the signature has "
                    + inputs.size() + " columns: log it with the signature it was trained with");
        }
        long texts = inputs.stream()
                .filter(column -> column.type() == DataType.STRING)
                .count();
        if (texts > 0 && texts != categories.size()) {
            throw new ModelFailure("the signature has " + texts + " text columns, the LightGBM model categories for "
                    + categories.size() + ": train with a pandas category column for each text column");
        }
        Features.Feature[] all = new Features.Feature[features];
        int text = 0;
        for (int f = 0; f < features; f++) {
            @Nullable
            Map<String, Integer> codes = inputs.get(f).type() == DataType.STRING ? categories.get(text++) : null;
            all[f] = new Features.Feature(f, codes);
        }
        return Features.of(signature, Features.Rule.LIGHTGBM, all);
    }
}
