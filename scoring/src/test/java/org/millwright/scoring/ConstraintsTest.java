package org.millwright.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConstraintsTest {
    private static final Signature WIDE = new Signature(
            List.of(
                    Signature.Column.of("number", DataType.DOUBLE),
                    new Signature.Column("count", DataType.LONG, false, true),
                    Signature.Column.of("text", DataType.STRING)),
            List.of());

    @Provide
    Arbitrary<Constraints> constraints() {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Combinators.combine(
                        flag,
                        flag,
                        flag,
                        Arbitraries.of(Double.NEGATIVE_INFINITY, -1e6, -1.0),
                        Arbitraries.of(Double.POSITIVE_INFINITY, 1e6, 1.0),
                        flag,
                        Arbitraries.of(Integer.MAX_VALUE, 1, 3),
                        Arbitraries.of(Set.<String>of(), Set.of("a", ""), Set.of("a", "abcd")))
                .as(Constraints::new);
    }

    @Provide
    Arbitrary<Map<String, Constraints>> narrowing() {
        return Arbitraries.maps(Arbitraries.of("number", "count", "text"), constraints());
    }

    @Provide
    Arbitrary<Map<String, Object>> row() {
        Arbitrary<Double> reals = Arbitraries.oneOf(
                Arbitraries.doubles(),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, 0.1, 16777217.0, 1e6, -0.0, Double.MAX_VALUE));
        return Combinators.combine(
                        reals.injectNull(0.1),
                        Arbitraries.longs().injectNull(0.1),
                        Arbitraries.of("", "a", "abc", "abcd", "ü").injectNull(0.1))
                .as(ConstraintsTest::row);
    }

    private static Map<String, Object> row(@Nullable Double number, @Nullable Long count, @Nullable String text) {
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("number", number);
        row.put("count", count);
        row.put("text", text);
        return row;
    }

    private static boolean takes(Signature signature, Map<String, Object> row) {
        try {
            signature.conform(Frame.ofRows(WIDE, List.of(row)));
            return true;
        } catch (InvalidInput e) {
            assertThat(e.column()).isIn("number", "count", "text");
            assertThat(e.row()).isZero();
            return false;
        }
    }

    @Property(tries = 500)
    void narrowingTakesExactlyWhatBothTake(
            @ForAll("narrowing") Map<String, Constraints> some,
            @ForAll("narrowing") Map<String, Constraints> more,
            @ForAll("row") Map<String, Object> row) {
        Signature narrow = WIDE.narrowed(some);
        boolean both = takes(narrow, row) && takes(WIDE.narrowed(more), row);
        assertThat(takes(narrow.narrowed(more), row)).isEqualTo(both);
        assertThat(takes(narrow, row) && !takes(WIDE, row)).isFalse();
    }

    @Property(tries = 200)
    void theJsonFormKeepsEverything(@ForAll("narrowing") Map<String, Constraints> columns) {
        Signature narrow = WIDE.narrowed(columns);
        assertThat(Signature.fromJson(narrow.toJson())).isEqualTo(narrow);
        assertThat(ConstraintsJson.readAll(ConstraintsJson.writeAll(columns))).isEqualTo(columns);
    }

    @Property(tries = 500)
    void everyFloatIsExactIn32BitsAsItselfAndAsItsShortestDecimal(@ForAll float value) {
        Signature narrow = WIDE.narrowed(Map.of("number", Constraints.NONE.withFloat32()));
        assertThat(takes(narrow, row((double) value, 0L, ""))).isTrue();
        assertThat(takes(narrow, row(Double.parseDouble(Float.toString(value)), 0L, "")))
                .isTrue();
    }

    @Test
    void whatIsRefusedIsNamedWithColumnAndRow() {
        Signature narrow = WIDE.narrowed(Map.of(
                "number", Constraints.NONE.withFloat32().withRange(0, 20_000_000),
                "text", Constraints.NONE.withNotNull().withMaxLength(3)));
        var rows = new ArrayList<>(List.of(row(0.1, 1L, "a"), row(16777217.0, 1L, "a")));
        assertThatThrownBy(() -> narrow.conform(Frame.ofRows(WIDE, rows)))
                .hasMessage("column 'number', row 1: expected double, exact in 32 bits, from 0.0 to 2.0E7 or null,"
                        + " got 1.6777217E7");
        assertThatThrownBy(() -> narrow.conform(Frame.ofRows(WIDE, List.of(row(1.0, 1L, "abcd")))))
                .hasMessageContaining("column 'text', row 0: expected string, of at most 3 characters");
        assertThatThrownBy(() -> Frame.ofRows(narrow, List.of(row(1.0, 1L, null))))
                .hasMessageContaining("column 'text', row 0: expected string, got null");
        assertThatThrownBy(() -> WIDE.narrowed(Map.of("wind", Constraints.NONE)))
                .hasMessageContaining("'wind': is not in the signature");
    }
}
