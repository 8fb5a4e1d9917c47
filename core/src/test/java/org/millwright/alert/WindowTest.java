package org.millwright.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    @Test
    void aMonthBeginsAtMidnightUtcOfTheFirst() {
        Window window = WindowKind.MONTH.at(at("2013-10-31T23:59:59.999Z"));
        assertThat(window).isEqualTo(new Window(at("2013-10-01T00:00:00Z"), at("2013-11-01T00:00:00Z")));
        assertThat(window.label()).isEqualTo("2013-10");
        assertThat(WindowKind.MONTH.at(window.end()).label()).isEqualTo("2013-11");
    }

    @Test
    void aWeekBeginsOnMondayAlsoAcrossYears() {
        Window window = WindowKind.WEEK.at(at("2014-01-01T12:00:00Z"));
        assertThat(window).isEqualTo(new Window(at("2013-12-30T00:00:00Z"), at("2014-01-06T00:00:00Z")));
        assertThat(window.label()).isEqualTo("week of 2013-12-30");
    }

    @Test
    void aDayIsADay() {
        assertThat(WindowKind.DAY.at(at("2016-02-29T00:00:00Z")).label()).isEqualTo("2016-02-29");
        assertThat(WindowKind.DAY.at(at("1969-12-31T23:00:00Z")).contains(-1)).isTrue();
    }
}
