package org.millwright.scoring.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.TestModels;

class TensorCodecTest {
    private static final String BODY = """
            {"id": "r1", "parameters": {"event_time": 1372636800000},
             "inputs": [
              {"name": "distance", "shape": [2, 1], "datatype": "FP64", "data": [[100.5], [200]]},
              {"data": [1, null], "name": "wind", "datatype": "FP32", "shape": [2]},
              {"name": "hour", "shape": [2], "datatype": "INT64", "data": [6, 7]},
              {"name": "carrier", "shape": [2, 1], "datatype": "BYTES", "data": ["UA", "B6"]},
              {"name": "mw.id", "shape": [2], "datatype": "BYTES", "data": ["f1", "f2"]}],
             "outputs": [{"name": "prediction", "parameters": {"binary_data": false}}]}
            """;

    @Test
    void readsFlatAndNestedDataInAnyOrder() {
        ScoringRequest request = read(BODY);
        assertThat(request.id()).isEqualTo("r1");
        assertThat(request.ids()).containsExactly("f1", "f2");
        assertThat(request.eventTimes()).containsExactly(1372636800000L);
        assertThat(request.outputs()).containsExactly("prediction");
        assertThat(request.frame().doubles("distance")).containsExactly(100.5, 200);
        assertThat(request.frame().doubles("wind")).containsExactly(1, Double.NaN);
        assertThat(request.frame().value(2, 1)).isEqualTo(7L);
        assertThat(request.frame().value(3, 1)).isEqualTo("B6");
        assertThat(request.warnings()).containsExactly("missing values in: wind");
    }

    @Test
    void halfPrecisionHasNoFormInJson() {
        for (String type : List.of("FP16", "BF16")) {
            assertThatThrownBy(() -> read(BODY.replace("FP32", type)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessage("input 'wind': values of datatype " + type + " are sent as binary data, JSON has none");
        }
    }

    @Test
    void oneTensorMayHoldAllNumericColumns() {
        Signature two = new Signature(
                List.of(Signature.Column.of("a", DataType.DOUBLE), Signature.Column.of("b", DataType.LONG)), List.of());
        String body = "{\"inputs\":[{\"name\":\"X\",\"shape\":[2,2],\"datatype\":\"INT32\",\"data\":[1,2,3,4]}]}";
        Frame frame =
                TensorCodec.read(body.getBytes(), two, Limits.USUAL).rows().frame();
        assertThat(frame.doubles("a")).containsExactly(1, 3);
        assertThat(frame.doubles("b")).containsExactly(2, 4);
    }

    @Test
    void writesWhatTheProtocolAsksFor() {
        Frame predictions = Frame.of(2)
                .doubles("prediction", new double[] {1.5, Double.NaN})
                .strings("label", new String[] {"a", "b"})
                .build();
        assertThat(written("r1", predictions))
                .isEqualTo("{\"model_name\":\"m\",\"model_version\":\"3\",\"id\":\"r1\",\"outputs\":["
                        + "{\"name\":\"prediction\",\"datatype\":\"FP64\",\"shape\":[2],\"data\":[1.5,null]},"
                        + "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"a\",\"b\"]}]}");
        assertThat(written("", predictions, "label")).doesNotContain("prediction");
        assertThatThrownBy(() -> written("", predictions, "nope")).hasMessageContaining("unknown output 'nope'");
    }

    private static String written(String id, Frame predictions, String... outputs) {
        var rows = new ScoringRequest(id, predictions, List.of(), new long[0], List.of(outputs), List.of());
        TensorCodec.Body body = TensorCodec.write("m", "3", new InferRequest(rows, Map.of(), false), predictions);
        assertThat(body.isJson()).isTrue();
        return new String(body.bytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "[2, 1]|[2, -1]|at least 0",
                "[2, 1]|[4611686018427387904, 4611686018427387904]|too many elements",
                "[2, 1]|[3, 1]|means 3 elements",
                "[2, 1]|[1, 2]|not of shape",
                "[2, 1]|[2.0, 1]|whole numbers",
                "[2, 1]|[2, 1, 1, 1, 1, 1, 1, 1, 1]|dimensions",
                "[[100.5], [200]]|[[100.5], 200]|mixes values and arrays",
                "[[100.5], [200]]|[[100.5], [200, 3]]|side by side",
                "[[100.5], [200]]|[[100.5], [1e999]]|beyond the range",
                "[[100.5], [200]]|[[100.5], [\"x\"]]|mixes numbers and strings",
                "[[100.5], [200]]|[[100.5], [{}]]|no number, string",
                "[[100.5], [200]]|[[[[[[[[[1]]]]]]]]]|nested deeper",
                "\"FP64\"|\"FP65\"|unknown datatype",
                "\"FP64\"|\"BYTES\"|does not hold values of datatype BYTES",
                "\"INT64\"|\"FP64\"|expected INT64",
                "\"name\": \"distance\"|\"name\": \"far\"|unknown input 'far'",
                "\"name\": \"wind\"|\"name\": \"distance\"|sent twice",
                "\"datatype\": \"INT64\"|\"datatype\": \"INT64\", \"shape\": [2]|'shape' occurs twice",
                "\"datatype\": \"INT64\",||'datatype' is missing",
                "\"outputs\"|\"output\"|unknown field 'output'",
                "\"event_time\": 1372636800000|\"event_time\": \"now\"|milliseconds",
                "[6, 7]|[6, null]|'hour', row 1",
                "[6, 7]|[6, 7.5]|INT64",
                "\"INT64\", \"data\": [6, 7]|\"INT8\", \"data\": [6, 700]|outside the range of INT8",
                "\"datatype\": \"FP32\"|\"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": 8}|both",
                "\"datatype\": \"FP32\"|\"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": -1}|number of bytes",
                "\"datatype\": \"FP32\"|\"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": 1e9}|number of bytes",
                "\"datatype\": \"FP32\"|\"datatype\": \"FP32\", \"parameters\": {\"shared_memory_region\": \"r\"}|shared memory",
                "\"datatype\": \"FP32\"|\"datatype\": \"FP32\", \"parameters\": {\"x\": [1]}|a parameter must be",
                "[1, null]|[1, 3.5e38]|outside the range of FP32",
                "\"event_time\": 13|\"event_time\": 1, \"event_time\": 13|'event_time' occurs twice",
                "\"event_time\": 13|\"binary_data_output\": 1, \"event_time\": 13|true or false",
                "{\"binary_data\": false}|{\"binary_data\": \"no\"}|true or false",
                "{\"binary_data\": false}|{\"classification\": 2}|not offered",
                "{\"binary_data\": false}|{\"shared_memory_region\": \"r\"}|not offered",
                "\"outputs\": [|\"outputs\": [{\"name\": \"prediction\"}, |asked for twice",
                "\"outputs\": [{|\"outputs\": [{\"name\": \"prediction\", |'name' occurs twice",
                "\"outputs\": [{|\"outputs\": [{\"shape\": [1], |unknown field 'shape'",
                "[\"f1\", \"f2\"]|[\"f1\", \"\"]|mw.id",
                "\"id\": \"r1\"|\"id\": 1|'id' must be a string",
                "\"inputs\"|\"id\"|'id' occurs twice"
            })
    void everyFaultIsNamed(String from, String to, String message) {
        String body = BODY.replace(from, to == null ? "" : to);
        assertThat(body).isNotEqualTo(BODY);
        assertThatThrownBy(() -> read(body)).isInstanceOf(InvalidInput.class).hasMessageContaining(message);
    }

    @Test
    void rowsAndInputsAreLimited() {
        assertThatThrownBy(() -> TensorCodec.read(BODY.getBytes(), TestModels.MIXED, new Limits(1, 100)))
                .hasMessageContaining("at most 1");
        assertThatThrownBy(() -> TensorCodec.read(BODY.getBytes(), TestModels.MIXED, new Limits(10, 3)))
                .hasMessageContaining("more than");
        String many =
                "{\"inputs\":[" + "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]},".repeat(9) + "]}";
        assertThatThrownBy(() -> read(many)).hasMessageContaining("more inputs");
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> read("{\"inputs\":[]}")).hasMessageContaining("missing or empty");
        assertThatThrownBy(() -> read(BODY + "x")).isInstanceOf(InvalidInput.class);
    }

    @Test
    void mutatedBodiesAreReadOrRefusedNeverAnythingElse() {
        Random random = new Random(1);
        byte[] original = BODY.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = original.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(body.length);
                body[at] = random.nextBoolean() ? (byte) random.nextInt(256) : original[random.nextInt(body.length)];
            }
            assertThatCode(() -> {
                        try {
                            TensorCodec.read(body, TestModels.MIXED, Limits.USUAL);
                        } catch (InvalidInput expected) {
                            assertThat(expected.getMessage()).hasSizeLessThan(600);
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private static ScoringRequest read(String body) {
        return TensorCodec.read(body.getBytes(StandardCharsets.UTF_8), TestModels.MIXED, Limits.USUAL)
                .rows();
    }
}
