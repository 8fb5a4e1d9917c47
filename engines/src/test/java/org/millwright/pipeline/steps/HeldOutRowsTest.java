package org.millwright.pipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.dataset.Contract;
import org.millwright.dataset.LiveRules;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/** What a version's held-out rows leave in its training profile. */
class HeldOutRowsTest {
    @TempDir
    Path folder;

    private DuckTables tables;

    @BeforeEach
    void open() {
        tables = new DuckTables(folder.resolve("scratch"));
    }

    @AfterEach
    void close() {
        tables.close();
    }

    /** A model of two columns of which it uses one. */
    private record Formula(ToDoubleFunction<Double> of) implements Model {
        @Override
        public Signature signature() {
            return new Signature(
                    List.of(
                            Signature.Column.of("x", DataType.DOUBLE),
                            new Signature.Column("kind", DataType.STRING, true, true)),
                    List.of(Signature.Column.of("prediction", DataType.DOUBLE)));
        }

        @Override
        public String platform() {
            return "formula";
        }

        @Override
        public Frame predict(Frame input) {
            double[] x = input.doubles("x");
            double[] predicted = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                if (x[i] > 100) {
                    throw InvalidInput.cell("x", i, "at most 100", x[i]);
                }
                predicted[i] = of.applyAsDouble(x[i]);
            }
            return Frame.of(x.length).doubles("prediction", predicted).build();
        }

        @Override
        public void close() {}
    }

    private static final Formula LINE = new Formula(x -> 2 * x);
    private static final Formula CURVE = new Formula(x -> 1 / (1 + Math.exp(-2 * x)));

    /** @param y of the first column, for one row at a time */
    private Path table(String name, int rows, ToDoubleFunction<Double> y) {
        var random = new Random(7);
        double[] x = new double[rows];
        double[] label = new double[rows];
        String[] kind = new String[rows];
        String[] day = new String[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = random.nextGaussian();
            label[i] = y.applyAsDouble(x[i]);
            kind[i] = i % 7 == 0 ? null : "k" + i % 3;
            day[i] = String.format("2025-01-%02dT00:00:00", 1 + i % 28);
        }
        Path parquet = folder.resolve(name + ".parquet");
        try (var writer = tables.writer(parquet)) {
            writer.append(Frame.of(rows)
                    .doubles("x", x)
                    .strings("kind", kind)
                    .doubles("y", label)
                    .strings("day", day)
                    .build());
            writer.finish();
        }
        return parquet;
    }

    private static ProjectFile.ModelSpec spec(String task) {
        return new ProjectFile.ModelSpec("m", task, "y", "", "", "day");
    }

    /** Of the contract of the data, which training rows keep but for {@code x}: it is not what came in under that name. */
    private static ContractChecks promised() {
        String contract = """
                apiVersion: v3.1.0
                kind: DataContract
                id: m
                version: 1.0.0
                status: active
                schema:
                  - name: kinds
                    properties:
                      - {name: kind, logicalType: string, logicalTypeOptions: {pattern: "^k"}}
                      - {name: x, logicalType: number, logicalTypeOptions: {minimum: 1}}
                """;
        return LiveRules.of(Contract.parse("contract.yaml", contract).tables(), List.of("x", "kind"));
    }

    private Reference complete(Path parquet, Model model, String task) {
        TrainingRows.Trained trained = new TrainingRows(tables, parquet, spec(task)).reference(model, promised());
        return Reference.fromJson(new HeldOutRows(tables, parquet, spec(task))
                .complete(trained, model)
                .toJson());
    }

    @Test
    void aRegressionGetsAnEstimatorOfItsErrorsAndTheUsageOfColumns() {
        var noise = new Random(1);
        Path parquet = table("numbers", 2_000, x -> 2 * x + noise.nextGaussian() * (x > 0 ? 3 : 1));
        Reference reference = complete(parquet, LINE, "regression");
        assertThat(reference.usage().get("x")).isBetween(0.8, 1.5);
        assertThat(reference.usage().get("kind")).isZero();
        ContractChecks contract = ContractChecks.of(reference).orElseThrow();
        assertThat(contract.checks())
                .extracting(check -> check.source().rule())
                .containsExactly("kind.pattern", "x.type");
        assertThat(contract.unchecked())
                .filteredOn(rule -> rule.source().rule().equals("x.range"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.why()).contains("the training rows break it themselves"));
        Profile window = reference.window();
        double[] x = new double[500];
        String[] kind = new String[500];
        for (int i = 0; i < 500; i++) {
            x[i] = 0.05 + i / 300.0;
            kind[i] = i % 7 == 0 ? null : "k" + i % 3;
        }
        Frame now = Frame.of(500).doubles("x", x).strings("kind", kind).build();
        RowSignals signals = RowSignals.of(reference);
        signals.update(window, now, place -> LINE.predict(now).doubles(place));
        var together = signals.reconstruction().orElseThrow().measure(window).orElseThrow();
        assertThat(together.rows()).isEqualTo(500);
        assertThat(together.usual()).isBetween(together.least(), together.most());
        var estimates = Estimator.of(reference).orElseThrow().estimate(window).orElseThrow();
        assertThat(estimates.metrics()).containsOnlyKeys("mae", "rmse", "skill");
        assertThat(estimates.metrics().get("mae").value()).isCloseTo(3 * 0.798, within(0.3));
        assertThat(estimates.metrics().get("mae").limits().areKnown()).isTrue();
    }

    @Test
    void twoClassesWithAProbabilityGetOneOfConfidence() {
        var chance = new Random(2);
        Path parquet = table("classes", 2_000, x -> chance.nextDouble() < 1 / (1 + Math.exp(-2 * x)) ? 1 : 0);
        Reference reference = complete(parquet, CURVE, "classification");
        assertThat(Estimator.of(reference).orElseThrow().method()).isEqualTo("cbpe");
    }

    /** As libraries have it: the class, then the probability of each. */
    private record Classifier(Formula curve) implements Model {
        @Override
        public Signature signature() {
            return new Signature(
                    curve.signature().inputs(),
                    List.of(
                            Signature.Column.of("label", DataType.LONG),
                            Signature.Column.of("p0", DataType.DOUBLE),
                            Signature.Column.of("p1", DataType.DOUBLE)));
        }

        @Override
        public String platform() {
            return "formula";
        }

        @Override
        public Frame predict(Frame input) {
            double[] p = curve.predict(input).doubles(0);
            return Frame.of(p.length)
                    .longs("label", Arrays.stream(p).mapToLong(Math::round).toArray())
                    .doubles("p0", Arrays.stream(p).map(one -> 1 - one).toArray())
                    .doubles("p1", p)
                    .build();
        }

        @Override
        public void close() {}
    }

    @Test
    void theProbabilityBehindAClassIsLookedAt() {
        var chance = new Random(2);
        Path parquet = table("behind", 2_000, x -> chance.nextDouble() < 1 / (1 + Math.exp(-2 * x)) ? 1 : 0);
        var model = new Classifier(CURVE);
        Reference reference = complete(parquet, model, "classification");
        RowSignals signals = RowSignals.of(reference);
        assertThat(signals.estimator().orElseThrow().toJson()).contains("\"output\":2");
        assertThat(reference.usage().get("x")).isPositive();
        Profile window = reference.window();
        Frame now = Frame.of(200)
                .doubles("x", new Random(3).doubles(200, 1, 3).toArray())
                .strings("kind", new String[200])
                .build();
        signals.update(window, now, place -> model.predict(now).doubles(place));
        var estimates = signals.estimator().orElseThrow().estimate(window).orElseThrow();
        assertThat(estimates.metrics().get("accuracy").value())
                .as("where it is sure")
                .isGreaterThan(0.93);
    }

    @Test
    void tooFewRowsOrRefusedOnesLeaveTheVersionWithout() {
        Path few = table("few", 300, x -> 2 * x);
        Reference reference = complete(few, LINE, "regression");
        assertThat(reference.estimator()).isEmpty();
        Profile window = reference.window();
        RowSignals signals = RowSignals.of(reference);
        signals.update(window, Frame.of(1).doubles("x", new double[1]).build(), place -> new double[1]);
        assertThat(signals.reconstruction()
                        .orElseThrow()
                        .measure(window)
                        .orElseThrow()
                        .hasLimits())
                .as("an error without limits")
                .isFalse();
        assertThat(reference.usage()).containsKeys("x", "kind");
        TrainingRows.Trained trained = new TrainingRows(tables, few, spec("regression")).reference(LINE, promised());
        var picky = new Formula(x -> x);
        Path odd = table("odd", 600, x -> x);
        Path refused = folder.resolve("refused.parquet");
        try (var writer = tables.writer(refused)) {
            writer.append(Frame.of(1)
                    .doubles("x", new double[] {1_000})
                    .strings("kind", new String[] {"k1"})
                    .doubles("y", new double[] {1})
                    .strings("day", new String[] {"2025-01-01T00:00:00"})
                    .build());
            writer.finish();
        }
        assertThat(new HeldOutRows(tables, odd, spec("regression"))
                        .complete(trained, picky)
                        .estimator())
                .as("a model without any error")
                .hasValueSatisfying(text -> assertThat(text).doesNotContain("NaN"));
        assertThat(new HeldOutRows(tables, refused, spec("regression")).complete(trained, picky))
                .isEqualTo(trained.alone());
    }
}
