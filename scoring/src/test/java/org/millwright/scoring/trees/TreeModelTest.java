package org.millwright.scoring.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** Evaluation in Java against the libraries themselves. */
class TreeModelTest {
    /** 32-bit sums and exponentials may differ in the last bit or two. */
    private static final double SINGLE = 5e-7;

    private static final double DOUBLE = 1e-13;

    private static final TreeCases XGBOOST =
            TreeCases.of("xgboost", "xgboost-cpu==3.2.0", "pandas==2.3.3", "scikit-learn==1.7.2");
    private static final TreeCases LIGHTGBM =
            TreeCases.of("lightgbm", "lightgbm==4.6.0", "pandas==2.3.3", "scikit-learn==1.7.2");

    private static final TreeCases CATBOOST =
            TreeCases.of("catboost", "catboost==1.2.8", "pandas==2.3.3", "scikit-learn==1.7.2");

    @Test
    void everyXgboostModelPredictsAsXgboost() {
        assertThat(XGBOOST.all()).hasSizeGreaterThan(30);
        XGBOOST.all().forEach(each -> agrees(each, TreeModel::xgboost, SINGLE));
    }

    @Test
    void everyLightgbmModelPredictsAsLightgbm() {
        assertThat(LIGHTGBM.all()).hasSizeGreaterThan(20);
        LIGHTGBM.all().forEach(each -> agrees(each, TreeModel::lightgbm, DOUBLE));
    }

    @Test
    void everyCatboostModelPredictsAsCatboost() {
        assertThat(CATBOOST.all()).hasSizeGreaterThan(12);
        CATBOOST.all().forEach(each -> agrees(each, TreeModel::catboost, DOUBLE));
    }

    private static void agrees(TreeCases.Case each, BiFunction<byte[], Signature, TreeModel> load, double tolerance) {
        try (TreeModel model = load.apply(each.file(), each.signature())) {
            Frame got = model.predict(each.rows());
            assertThat(got.width()).as(each.name()).isEqualTo(each.expected()[0].length);
            for (int row = 0; row < got.rows(); row++) {
                for (int c = 0; c < got.width(); c++) {
                    double expected = each.expected()[row][c];
                    double value = got.doubles(c)[row];
                    double allowed = tolerance * Math.max(1, Math.abs(expected));
                    assertThat(Double.compare(value, expected) == 0 || Math.abs(value - expected) <= allowed)
                            .as(
                                    "%s, row %d %s: expected %s, got %s",
                                    each, row, each.rows().row(row), expected, value)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void infiniteNumbersAndUnseenCategoriesAreRefusedWhereXgboostRefusesThem() {
        TreeCases.Case texts = XGBOOST.named("texts ubj");
        try (TreeModel model = TreeModel.xgboost(texts.file(), texts.signature())) {
            for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39}) {
                assertThatThrownBy(() -> model.predict(row(value, "UA")))
                        .isInstanceOf(InvalidInput.class)
                        .hasMessageContaining("column 'a', row 0");
            }
            assertThatThrownBy(() -> model.predict(row(1, "ZZ")))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("column 'carrier', row 0");
        }
        TreeCases.Case lenient = LIGHTGBM.named("texts");
        try (TreeModel model = TreeModel.lightgbm(lenient.file(), lenient.signature())) {
            double missing = model.predict(row(1, null)).doubles(0)[0];
            assertThat(model.predict(row(1, "ZZ")).doubles(0)[0]).isEqualTo(missing);
        }
    }

    private static Frame row(double a, String carrier) {
        return Frame.of(1)
                .doubles("a", new double[] {a})
                .doubles("b", new double[] {1})
                .doubles("c", new double[] {1})
                .strings("carrier", new String[] {carrier})
                .strings("hub", new String[] {"x"})
                .build();
    }

    @Test
    void wholeNumbersAndTruthValuesAreRoundedOnceAsTheLibrariesDo() {
        Signature whole = new Signature(
                List.of(
                        Signature.Column.of("a", DataType.LONG),
                        Signature.Column.of("b", DataType.BOOLEAN),
                        Signature.Column.of("c", DataType.FLOAT)),
                List.of());
        Frame given = Frame.of(1)
                .longs("a", new long[] {(1L << 60) + 1})
                .booleans("b", new boolean[] {true})
                .column("c", DataType.FLOAT, new org.millwright.scoring.Vector.Doubles(new double[] {0.1}))
                .build();
        Frame same = Frame.of(1)
                .doubles("a", new double[] {0x1p60})
                .doubles("b", new double[] {1})
                .doubles("c", new double[] {0.1f})
                .build();
        TreeCases.Case single = XGBOOST.named("deep json");
        TreeCases.Case twice = LIGHTGBM.named("deep");
        try (Model a = TreeModel.xgboost(single.file(), whole);
                Model b = TreeModel.xgboost(single.file(), single.signature());
                Model c = TreeModel.lightgbm(twice.file(), whole);
                Model d = TreeModel.lightgbm(twice.file(), twice.signature())) {
            assertThat(a.predict(given).doubles(0)).isEqualTo(b.predict(same).doubles(0));
            assertThat(c.predict(given).doubles(0)).isEqualTo(d.predict(same).doubles(0));
        }
    }

    @Test
    void manyThreadsDoNotMixTheirRows() throws Exception {
        TreeCases.Case each = LIGHTGBM.named("deep");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (TreeModel model = TreeModel.lightgbm(each.file(), each.signature())) {
            List<Future<Double>> futures = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                int row = i % each.rows().rows();
                futures.add(threads.submit(() ->
                        model.predict(each.rows().slice(row, row + 1)).doubles(0)[0] - each.expected()[row][0]));
            }
            for (Future<Double> future : futures) {
                assertThat(future.get()).isBetween(-1e-12, 1e-12);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void refusesWhatItDoesNotEvaluateAndSaysWhatToDo() throws IOException {
        Signature signature = XGBOOST.named("squared json").signature();
        refused(() -> TreeModel.xgboost(XGBOOST.file("refused-linear.json"), wide(4)), "gblinear", "ONNX");
        refused(() -> TreeModel.xgboost(XGBOOST.file("refused-vector.json"), signature), "size_leaf_vector");
        Signature texted = XGBOOST.named("texts json").signature();
        refused(() -> TreeModel.xgboost(XGBOOST.file("refused-texts.ubj"), texted), "ASCII");
        refused(() -> TreeModel.xgboost(new byte[] {1, 2, 3}, signature), "save_model");
        refused(() -> TreeModel.xgboost("tree\n".getBytes(StandardCharsets.UTF_8), signature), "save_model");
        refused(() -> TreeModel.lightgbm("{}".getBytes(StandardCharsets.UTF_8), signature), "save_model");
        refused(() -> TreeModel.xgboost(XGBOOST.file("squared.json"), wide(2)), "2 columns");
        refused(() -> TreeModel.xgboost(XGBOOST.file("squared.json"), wide(3)), "'a'", "signature");
        refused(() -> TreeModel.lightgbm(LIGHTGBM.file("binary.txt"), wide(2)), "2 columns");
        Signature texts = new Signature(
                List.of(
                        Signature.Column.of("a", DataType.DOUBLE),
                        Signature.Column.of("b", DataType.STRING),
                        Signature.Column.of("c", DataType.DOUBLE)),
                List.of());
        refused(() -> TreeModel.xgboost(XGBOOST.file("squared.json"), texts), "'b'", "categories");
        refused(() -> TreeModel.lightgbm(LIGHTGBM.file("binary.txt"), texts), "text columns");
        refused(() -> TreeModel.catboost(CATBOOST.file("refused-lossguide.json"), signature), "SymmetricTree");
        refused(() -> TreeModel.catboost(CATBOOST.file("rmse.json"), wide(2)), "2 columns");
        refused(() -> TreeModel.catboost(new byte[] {'C', 'B', 'M', '1'}, signature), "save_model");
        Model closed = TreeModel.lightgbm(LIGHTGBM.file("binary.txt"), signature);
        closed.close();
        closed.close();
        refused(() -> closed.predict(XGBOOST.named("squared json").rows()), "closed");
    }

    private static Signature wide(int columns) {
        List<Signature.Column> inputs = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            inputs.add(Signature.Column.of("x" + i, DataType.DOUBLE));
        }
        return new Signature(inputs, List.of());
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... said) {
        assertThatThrownBy(call).isInstanceOf(ModelFailure.class).hasMessageContainingAll(said);
    }

    @Test
    void aDamagedFileIsOneClearErrorOrStillAModel() {
        Random random = new Random(8);
        for (String name : List.of("codes json", "codes ubj", "texts ubj", "dart json", "softprob ubj")) {
            damaged(XGBOOST.named(name), TreeModel::xgboost, random);
        }
        for (String name : List.of("texts", "linear", "multiclass")) {
            damaged(LIGHTGBM.named(name), TreeModel::lightgbm, random);
        }
        for (String name : List.of("combined counters", "one hot", "multiclass")) {
            damaged(CATBOOST.named(name), TreeModel::catboost, random);
        }
    }

    private static void damaged(TreeCases.Case each, BiFunction<byte[], Signature, TreeModel> load, Random random) {
        for (int i = 0; i < 400; i++) {
            byte[] file = each.file().clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = random.nextInt(file.length);
                file[at] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (file[at] ^ 1 << random.nextInt(8));
            }
            loadsOrFails(file, each, load);
            int cut = random.nextInt(each.file().length);
            loadsOrFails(Arrays.copyOf(each.file(), cut), each, load);
        }
    }

    private static void loadsOrFails(byte[] file, TreeCases.Case each, BiFunction<byte[], Signature, TreeModel> load) {
        try (TreeModel model = load.apply(file, each.signature())) {
            model.predict(each.rows());
        } catch (ModelFailure | InvalidInput expected) {
            assertThat(expected.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        }
    }
}
