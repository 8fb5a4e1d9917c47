package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkingDaysTest {
    private final WorkingDays plain = new WorkingDays(ZoneOffset.UTC, Set.of());
    private final WorkingDays berlin = new WorkingDays(
            ZoneId.of("Europe/Berlin"), Set.of(LocalDate.parse("2026-12-24"), LocalDate.parse("2026-12-25")));

    @Test
    void weekendsAndHolidaysAreNotCounted() {
        assertThat(due(plain, "2026-03-03T09:00:00Z", 10)).isEqualTo("2026-03-18T00:00:00Z");
        assertThat(due(plain, "2026-03-06T23:59:00Z", 1)).isEqualTo("2026-03-10T00:00:00Z");
        assertThat(due(plain, "2026-03-07T09:00:00Z", 1)).isEqualTo("2026-03-10T00:00:00Z");
        assertThat(due(berlin, "2026-12-23T12:00:00Z", 1)).isEqualTo("2026-12-28T23:00:00Z");
    }

    @Test
    void aDayBeginsInItsZoneAlsoWhereTheClockIsSetForward() {
        assertThat(due(berlin, "2026-03-26T23:30:00Z", 1)).isEqualTo("2026-03-30T22:00:00Z");
        assertThat(due(plain, "2026-03-26T23:30:00Z", 1)).isEqualTo("2026-03-28T00:00:00Z");
    }

    @Test
    void halfWayAndTheLastDayAreBeforeTheDeadline() {
        long from = millis("2026-03-03T09:00:00Z");
        long due = plain.due(from, 10);

        assertThat(plain.halfWay(from, due)).isEqualTo(millis("2026-03-11T00:00:00Z"));
        assertThat(plain.lastDay(due)).isEqualTo(millis("2026-03-17T00:00:00Z"));
        assertThat(plain.halfWay(from, plain.due(from, 1))).isLessThanOrEqualTo(plain.due(from, 1));
    }

    private static String due(WorkingDays days, String from, int count) {
        return Instant.ofEpochMilli(days.due(millis(from), count)).toString();
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
