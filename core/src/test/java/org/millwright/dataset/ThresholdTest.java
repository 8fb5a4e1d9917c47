package org.millwright.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.millwright.dataset.Threshold.Operator;

class ThresholdTest {
    @Property
    void anOperatorAllowsWhatItsOppositeDoesNot(
            @ForAll @DoubleRange(min = -9, max = 9) double end, @ForAll @DoubleRange(min = -9, max = 9) double value) {
        assertThat(allows(Operator.MUST_BE, end, end, value))
                .isNotEqualTo(allows(Operator.MUST_NOT_BE, end, end, value));
        assertThat(allows(Operator.MUST_BE_LESS_THAN, end, end, value))
                .isNotEqualTo(allows(Operator.MUST_BE_GREATER_OR_EQUAL_TO, end, end, value));
        assertThat(allows(Operator.MUST_BE_GREATER_THAN, end, end, value))
                .isNotEqualTo(allows(Operator.MUST_BE_LESS_OR_EQUAL_TO, end, end, value));
        assertThat(allows(Operator.MUST_BE_BETWEEN, end, end + 1, value))
                .isNotEqualTo(allows(Operator.MUST_NOT_BE_BETWEEN, end, end + 1, value));
    }

    @Property
    void noOperatorAllowsWhatIsNotKnown(@ForAll Operator operator, @ForAll double end) {
        assertThat(allows(operator, end, end, Double.NaN)).isFalse();
    }

    @Property
    void aMonthEndsWhereTheNextBegins(@ForAll @net.jqwik.api.constraints.IntRange(min = 1, max = 12) int month) {
        String period = "2013-%02d".formatted(month);
        String next = month == 12 ? "2014-01-01" : "2013-%02d-01".formatted(month + 1);
        assertThat(Period.end(period)).contains(Instant.parse(next + "T00:00:00Z"));
        assertThat(Period.end(Period.ALL)).isEmpty();
    }

    private static boolean allows(Operator operator, double first, double second, double value) {
        return new Threshold(operator, first, second, false).allows(value);
    }
}
