package org.millwright.scoring.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

class InvocationsCodecTest {
    private static final Signature TWO = new Signature(
            List.of(Signature.Column.of("a", DataType.DOUBLE), Signature.Column.of("b", DataType.STRING)), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"dataframe_split\":{\"data\":[[\"x\",1],[\"y\",2.5]],\"columns\":[\"b\",\"a\"],\"index\":[0,1]}}",
                "{\"dataframe_records\":[{\"a\":1,\"b\":\"x\"},{\"b\":\"y\",\"a\":2.5}]}",
                "{\"instances\":[{\"a\":1,\"b\":\"x\"},{\"b\":\"y\",\"a\":2.5}]}",
                "{\"instances\":[[1,\"x\"],[2.5,\"y\"]]}",
                "{\"inputs\":{\"a\":[1,2.5],\"b\":[\"x\",\"y\"]}}",
                "{\"inputs\":{\"a\":[[1],[2.5]],\"b\":[[\"x\"],[\"y\"]]}}"
            })
    void everyFormGivesTheSameFrame(String body) {
        Frame frame = read(body).frame();
        assertThat(frame.doubles("a")).containsExactly(1, 2.5);
        assertThat(frame.row(1)).isEqualTo(Map.of("a", 2.5, "b", "y"));
    }

    @Test
    void csvIsReadByTheSignaturesTypes() {
        ScoringRequest request =
                InvocationsCodec.readCsv("b,note,a\r\n\"x, \"\"y\"\"\",n,1\n007,n,\n".getBytes(), TWO, Limits.USUAL);
        assertThat(request.frame().doubles("a")).containsExactly(1, Double.NaN);
        assertThat(request.frame().column("b").value(0)).isEqualTo("x, \"y\"");
        assertThat(request.frame().column("b").value(1)).isEqualTo("007");
        assertThat(request.warnings()).containsExactly("ignored columns: note", "missing values in: a");
        for (String bad : List.of("", "a,b\n1\n", "a,b\n\"1,2\n", "a,a\n1,1\n", "a,b\n0x1p3,x\n", "b\nx\n")) {
            assertThatThrownBy(() -> InvocationsCodec.readCsv(bad.getBytes(), TWO, Limits.USUAL))
                    .as(bad)
                    .isInstanceOf(InvalidInput.class);
        }
        assertThatThrownBy(() -> InvocationsCodec.readCsv(new byte[] {'a', (byte) 0xFF}, TWO, Limits.USUAL))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void paramsNameTheRowsAndTheirTimes() {
        ScoringRequest request = read("{\"inputs\":{\"a\":[1,2],\"b\":[\"x\",null]},"
                + "\"params\":{\"id\":\"r\",\"ids\":[\"p1\",\"p2\"],\"event_time\":[5,6]}}");
        assertThat(request.id()).isEqualTo("r");
        assertThat(request.ids()).containsExactly("p1", "p2");
        assertThat(request.eventTimes()).containsExactly(5, 6);
        assertThat(request.frame().column("b").isNull(1)).isTrue();
    }

    @Test
    void idsThatNoDatabaseKeepsAreRefused() {
        String rows = "{\"inputs\":{\"a\":[1],\"b\":[\"x\"]},\"params\":";
        for (String params : List.of(
                "{\"id\":\"a\\u0000\"}}", "{\"ids\":[\"\\u0000\"]}}", "{\"ids\":[\"" + "x".repeat(201) + "\"]}}")) {
            assertThatThrownBy(() -> read(rows + params))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("has a NUL or more than 200 characters");
        }
    }

    @Test
    void aNumberThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> read("{\"instances\":[{\"a\":" + "9".repeat(500) + "}]}"))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("not valid JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{}|exactly one of",
                "[1]|JSON object",
                "{\"instances\":[],\"inputs\":{}}|both",
                "{\"dataframe_split\":{\"columns\":[\"a\",\"b\"],\"data\":[[1]]}}|array of 2 values",
                "{\"dataframe_split\":{\"columns\":[\"a\"],\"data\":[[1]]}}|column 'b'",
                "{\"dataframe_records\":[{\"a\":1}]}|was not sent in row 0",
                "{\"dataframe_records\":[{\"a\":\"secret\",\"b\":\"x\"}]}|expected double or null",
                "{\"dataframe_records\":[{\"a\":{},\"b\":\"x\"}]}|a single value",
                "{\"dataframe_records\":[{\"a\":1e999,\"b\":\"x\"}]}|double can hold",
                "{\"dataframe_records\":[{\"a\":1,\"a\":2,\"b\":\"x\"}]}|not valid JSON",
                "{\"instances\":[[1]]}|array of the 2 values",
                "{\"inputs\":3}|'inputs' must be",
                "{\"inputs\":{\"a\":[1,2],\"b\":[\"x\"]}}|has 1 values, expected 2",
                "{\"inputs\":{\"a\":[1],\"b\":[\"x\"]},\"params\":{\"ids\":[\"1\",\"2\"]}}|one entry for each",
                "{\"inputs\":{\"a\":[1],\"b\":[\"x\"]},\"params\":{\"temperature\":1}}|unknown param",
                "nonsense|not valid JSON"
            })
    void everyFaultIsNamed(String body, String message) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(InvalidInput.class).hasMessageContaining(message);
    }

    @Test
    void oneOutputIsWrittenAsValuesSeveralAsRecords() {
        Frame one = Frame.of(2).doubles("p", new double[] {1, Double.NaN}).build();
        assertThat(new String(InvocationsCodec.write(one), StandardCharsets.UTF_8))
                .isEqualTo("{\"predictions\":[1.0,null]}");
        Frame two = Frame.of(1)
                .doubles("p", new double[] {1})
                .longs("l", new long[] {2})
                .build();
        assertThat(new String(InvocationsCodec.write(two), StandardCharsets.UTF_8))
                .isEqualTo("{\"predictions\":[{\"p\":1.0,\"l\":2}]}");
    }

    private static ScoringRequest read(String body) {
        return InvocationsCodec.readJson(body.getBytes(StandardCharsets.UTF_8), TWO, Limits.USUAL);
    }
}
