package org.millwright.scoring.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.Signature;
import org.millwright.scoring.TestModels;

class OnnxModelTest {
    @Test
    void columnsOfThreeTypesPredictAsScikitLearnDid() {
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED)) {
            Frame predictions = model.predict(TestModels.mixedRows());
            assertThat(predictions.names()).containsExactly("prediction");
            assertThat(predictions.doubles(0)).containsExactly(TestModels.mixedExpected(), within(1e-4));
        }
    }

    @Test
    void whoWaitsForACoreGivesUpInTime() {
        int cores = Runtime.getRuntime().availableProcessors();
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED)) {
            for (int i = 0; i < cores; i++) {
                NativeCalls.enter(NativeCalls.FOREVER);
            }
            try {
                assertThatThrownBy(() -> model.predict(TestModels.mixedRows(), Duration.ofMillis(20)))
                        .isInstanceOf(Overloaded.class)
                        .hasMessage("All cores were busy for 20 ms");
            } finally {
                for (int i = 0; i < cores; i++) {
                    NativeCalls.leave();
                }
            }
            Frame predictions = model.predict(TestModels.mixedRows(), Duration.ofMinutes(1));
            assertThat(predictions.doubles(0)).containsExactly(TestModels.mixedExpected(), within(1e-4));
        }
    }

    @Test
    void oneMatrixInputAndTwoOutputs() {
        Signature signature = new Signature(
                List.of(Signature.Column.of("a", DataType.DOUBLE), Signature.Column.of("b", DataType.DOUBLE)),
                List.of());
        JsonNode recorded = TestModels.json("matrix.json");
        int rows = recorded.path("inputs").size();
        double[] a = new double[rows];
        double[] b = new double[rows];
        for (int i = 0; i < rows; i++) {
            a[i] = recorded.path("inputs").path(i).path(0).asDouble();
            b[i] = recorded.path("inputs").path(i).path(1).asDouble();
        }
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("matrix.onnx"), signature)) {
            Frame got =
                    model.predict(Frame.of(rows).doubles("b", b).doubles("a", a).build());
            assertThat(got.width()).isEqualTo(3);
            for (int i = 0; i < rows; i++) {
                assertThat(got.value(0, i))
                        .isEqualTo(recorded.path("label").path(i).asLong());
                assertThat((Double) got.value(2, i))
                        .isCloseTo(recorded.path("probability").path(i).path(1).asDouble(), within(1e-5));
            }
        }
    }

    @Test
    void anyBatchSizeInAnyOrderGivesTheSame() {
        double[] expected = TestModels.mixedExpected();
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED)) {
            Frame rows = TestModels.mixedRows();
            for (int size : new int[] {1, 7, 1, 50, 3}) {
                double[] part = Arrays.copyOf(expected, size);
                assertThat(model.predict(rows.slice(0, size)).doubles(0)).containsExactly(part, within(1e-4));
            }
            List<Frame> many = new ArrayList<>();
            for (int i = 0; i < 201; i++) {
                many.add(rows);
            }
            double[] got = model.predict(Frame.concat(many)).doubles(0);
            for (int i = 0; i < got.length; i++) {
                assertThat(got[i]).isCloseTo(expected[i % expected.length], within(1e-4));
            }
            assertThat(model.predict(rows.slice(0, 0)).rows()).isZero();
        }
    }

    @Test
    void manyThreadsDoNotMixTheirRows() throws Exception {
        double[] expected = TestModels.mixedExpected();
        Frame rows = TestModels.mixedRows();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED)) {
            List<Future<Double>> futures = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                int row = i % rows.rows();
                futures.add(threads.submit(() ->
                        Math.abs(model.predict(rows.slice(row, row + 1)).doubles(0)[0] - expected[row])));
            }
            for (Future<Double> future : futures) {
                assertThat(future.get()).isLessThan(1e-4);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void missingNumbersReachTheModelOnlyWhereTheyCan() {
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED)) {
            Map<String, Object> row = new HashMap<>(Map.of("wind", 3.0, "hour", 7, "carrier", "UA"));
            row.put("distance", null);
            Frame missing = Frame.ofRows(TestModels.MIXED, List.of(row));
            assertThat(model.predict(missing).doubles(0)[0]).isNotNaN();
            Frame hole = Frame.of(1)
                    .doubles("distance", new double[] {1})
                    .doubles("wind", new double[] {1})
                    .doubles("hour", new double[] {Double.NaN})
                    .strings("carrier", new String[] {"UA"})
                    .build();
            assertThatThrownBy(() -> model.predict(hole))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("'hour', row 0");
        }
    }

    @Test
    void everyNarrowTypeGoesInAndComesOutAsItIs() {
        Signature signature = new Signature(
                List.of(
                        Signature.Column.of("i8", DataType.INTEGER),
                        Signature.Column.of("u8", DataType.LONG),
                        Signature.Column.of("i16", DataType.INTEGER),
                        Signature.Column.of("f16", DataType.FLOAT),
                        Signature.Column.of("b16", DataType.DOUBLE)),
                List.of());
        try (OnnxModel model = OnnxModel.load(TestModels.bytes("narrow.onnx"), signature)) {
            Frame got = model.predict(narrow(-128, 255, -32_768, 0.1, -3.140625));
            assertThat(got.names()).containsExactly("i8_out", "u8_out", "i16_out", "f16_out", "b16_out", "u16_out");
            assertThat(got.row(0).values()).containsExactly(-128L, 255L, -32_768L, 0.0999755859375, -3.140625, 255L);
            assertThat(model.predict(narrow(1, 2, 3, 65_504, Double.NaN)).doubles(3))
                    .containsExactly(65_504);
            for (Frame beyond : List.of(narrow(128, 0, 0, 0, 0), narrow(0, 256, 0, 0, 0), narrow(0, -1, 0, 0, 0))) {
                assertThatThrownBy(() -> model.predict(beyond))
                        .isInstanceOf(InvalidInput.class)
                        .hasMessageContaining("8', row 0: expected a whole number from ");
            }
            assertThatThrownBy(() -> model.predict(narrow(0, 0, 40_000, 0, 0)))
                    .hasMessageContaining("'i16', row 0: expected a whole number from -32768 to 32767, got 40000");
        }
        Signature unsigned = new Signature(List.of(Signature.Column.of("u16", DataType.INTEGER)), List.of());
        assertThatThrownBy(() -> OnnxModel.load(TestModels.bytes("unsigned.onnx"), unsigned))
                .isInstanceOf(ModelFailure.class)
                .hasMessage("ONNX input 'u16' is of type UINT16, of which ONNX Runtime makes no tensor in Java:"
                        + " export it with another type");
    }

    private static Frame narrow(long i8, long u8, long i16, double f16, double b16) {
        return Frame.of(1)
                .longs("i8", new long[] {i8})
                .longs("u8", new long[] {u8})
                .longs("i16", new long[] {i16})
                .doubles("f16", new double[] {f16})
                .doubles("b16", new double[] {b16})
                .build();
    }

    @Test
    void refusesWhatItCannotServe() {
        assertThatThrownBy(() -> OnnxModel.load(new byte[] {1, 2, 3}, TestModels.MIXED))
                .isInstanceOf(ModelFailure.class)
                .hasMessageContaining("cannot load");
        Signature other = new Signature(List.of(Signature.Column.of("x", DataType.DOUBLE)), List.of());
        assertThatThrownBy(() -> OnnxModel.load(TestModels.bytes("mixed.onnx"), other))
                .isInstanceOf(ModelFailure.class)
                .hasMessageContaining("signature");
        OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.predict(TestModels.mixedRows())).hasMessageContaining("closed");
    }
}
