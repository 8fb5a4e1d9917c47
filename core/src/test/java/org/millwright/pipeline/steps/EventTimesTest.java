package org.millwright.pipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.scoring.Frame;

class EventTimesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2013-07-01 05:06:07",
                "2013-07-01T05:06:07",
                "1969-12-31 23:59:59",
                "2012-02-29 00:00:00",
                "2013-07-01T05:06:07.000000",
                "2013-07-01T05:06:07.123999",
                "2013-07-01 05:06:07.5",
                "1969-12-28 23:59:59.999999999",
                "2013-01-31 12:00:00",
                "0001-01-01 00:00:00"
            })
    void timesWithoutAZoneAreOfUtc(String text) {
        assertThat(EventTimes.millis(text))
                .isEqualTo(LocalDateTime.parse(text.replace(' ', 'T'))
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli());
    }

    @Test
    void otherFormsAreReadToo() {
        assertThat(EventTimes.millis("2013-07-01T05:06:07.5Z"))
                .isEqualTo(Instant.parse("2013-07-01T05:06:07.500Z").toEpochMilli());
        assertThat(EventTimes.millis("2013-07-01 05:06"))
                .isEqualTo(Instant.parse("2013-07-01T05:06:00Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2013-02-30 00:00:00",
                "2013-13-01 00:00:00",
                "2013-00-01 00:00:00",
                "2013-07-00 00:00:00",
                "2013-07-01 24:30:00",
                "2013-07-01 05:60:00",
                "2013-07-01x05:06:07",
                "2013-07-01 05:06:07.x",
                "2013-07-01 05:06:07x000",
                "2013-07-01 05-06-07"
            })
    void whatIsNoTimeIsZero(String text) {
        assertThat(EventTimes.millis(text)).isZero();
    }

    @Test
    void aRowWithoutATimeHasTheOther() {
        Frame rows = Frame.of(2)
                .strings("at", new String[] {"2013-07-01 00:00:00", "?"})
                .build();
        assertThat(EventTimes.of(rows, "at", 7)).containsExactly(EventTimes.millis("2013-07-01 00:00:00"), 7);
        assertThat(EventTimes.of(rows, "", 7)).containsExactly(7, 7);
    }
}
