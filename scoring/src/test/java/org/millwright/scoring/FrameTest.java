package org.millwright.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FrameTest {
    private static final Signature SIGNATURE = new Signature(
            List.of(
                    Signature.Column.of("distance", DataType.DOUBLE),
                    Signature.Column.of("carrier", DataType.STRING),
                    Signature.Column.of("hour", DataType.INTEGER),
                    new Signature.Column("wet", DataType.BOOLEAN, false, true)),
            List.of(Signature.Column.of("prediction", DataType.DOUBLE)));

    @Test
    void readsRowsAndFillsWhatIsOptional() {
        Map<String, Object> second = new HashMap<>(Map.of("carrier", "AA", "hour", 7L));
        second.put("distance", null);
        Frame frame = Frame.ofRows(SIGNATURE, List.of(Map.of("distance", 5, "carrier", "UA", "hour", 6.0), second));
        assertThat(frame.rows()).isEqualTo(2);
        assertThat(frame.doubles("distance")).containsExactly(5.0, Double.NaN);
        assertThat(frame.column("hour").value(0)).isEqualTo(6L);
        assertThat(frame.column("wet").isNull(1)).isTrue();
    }

    @Test
    @Timeout(20)
    void findsEachOfManyColumnsAtOnce() {
        List<String> names = IntStream.range(0, 100_000)
                .mapToObj(i -> String.format(Locale.ROOT, "c%06d", i))
                .toList();
        Frame.Builder builder = Frame.of(1);
        names.forEach(name -> builder.doubles(name, new double[] {1}));
        Frame frame = builder.build();
        for (int i = 0; i < names.size(); i++) {
            assertThat(frame.position(names.get(i))).isEqualTo(i);
        }
        assertThat(frame.position("d")).isEqualTo(-1);
    }

    @Test
    void namesTheCellThatDoesNotFit() {
        assertThatThrownBy(() -> Frame.ofRows(SIGNATURE, List.of(Map.of("distance", 5, "carrier", "UA", "hour", 6.5))))
                .isInstanceOf(InvalidInput.class)
                .hasMessage("column 'hour', row 0: expected integer, got 6.5");
        assertThatThrownBy(
                        () -> Frame.ofRows(SIGNATURE, List.of(Map.of("distance", "far", "carrier", "UA", "hour", 6))))
                .hasMessage("column 'distance', row 0: expected double or null, got string \"far\"");
        assertThatThrownBy(() -> Frame.ofRows(SIGNATURE, List.of(Map.of("carrier", "UA", "hour", 6))))
                .hasMessageContaining("'distance'")
                .hasMessageContaining("no such field");
        assertThatThrownBy(() ->
                        Frame.ofRows(SIGNATURE, List.of(Map.of("distance", 5, "carrier", "UA", "hour", 1L << 40))))
                .hasMessageContaining("expected integer");
    }

    @Test
    void conformReordersConvertsAndReportsWhatItIgnores() {
        Frame sent = Frame.of(2)
                .longs("hour", new long[] {1, 2})
                .strings("note", new String[] {"a", "b"})
                .strings("carrier", new String[] {"UA", null})
                .longs("distance", new long[] {100, 200})
                .build();
        Conformed conformed = SIGNATURE.conform(sent);
        assertThat(conformed.ignored()).containsExactly("note");
        assertThat(conformed.frame().names()).isEqualTo(SIGNATURE.names());
        assertThat(conformed.frame().doubles(0)).containsExactly(100, 200);
        assertThat(conformed.frame().slice(1, 2).value(2, 0)).isEqualTo(2L);
    }

    @Test
    void integersThatADoubleCannotHoldAreRefused() {
        Frame sent = Frame.of(1)
                .longs("distance", new long[] {(1L << 53) + 1})
                .strings("carrier", new String[] {"UA"})
                .longs("hour", new long[] {1})
                .build();
        assertThatThrownBy(() -> SIGNATURE.conform(sent)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void aShortNullRowNeverShowsTheWholeValue() {
        String secret = "x".repeat(500);
        assertThatThrownBy(
                        () -> Frame.ofRows(SIGNATURE, List.of(Map.of("distance", secret, "carrier", "UA", "hour", 6))))
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
    }

    @Test
    void readsMlflowSignatures() {
        Signature signature = Signature.fromMlflow(
                "[{\"type\": \"double\", \"name\": \"temp\", \"required\": true},"
                        + " {\"type\": \"string\", \"name\": \"carrier\", \"required\": false},"
                        + " {\"type\": \"long\", \"name\": \"hour\", \"required\": true}]",
                "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", \"shape\": [-1]}}]");
        assertThat(signature.names()).containsExactly("temp", "carrier", "hour");
        assertThat(signature.inputs().get(0).nullable()).isTrue();
        assertThat(signature.inputs().get(2).nullable()).isFalse();
        assertThat(signature.outputs()).containsExactly(Signature.Column.of("prediction", DataType.DOUBLE));
        assertThat(Signature.fromJson(signature.toJson())).isEqualTo(signature);
        assertThat(Signature.fromMlflow(
                                "[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,3]}}]", "")
                        .names())
                .containsExactly("f0", "f1", "f2");
    }

    @Test
    void unknownTypesAreNamed() {
        assertThatThrownBy(() -> Signature.fromMlflow("[{\"type\":\"datetime\",\"name\":\"t\"}]", ""))
                .hasMessageContaining("datetime");
        assertThat(Arrays.asList(DataType.values())).allMatch(type -> DataType.of(type.text()) == type);
    }
}
