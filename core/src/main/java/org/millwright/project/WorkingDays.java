package org.millwright.project;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/** Deadlines in days on which people work: Monday to Friday of a zone, without its holidays. */
public record WorkingDays(ZoneId zone, Set<LocalDate> holidays) {
    public boolean works(LocalDate day) {
        return day.getDayOfWeek() != DayOfWeek.SATURDAY
                && day.getDayOfWeek() != DayOfWeek.SUNDAY
                && !holidays.contains(day);
    }

    /** The end of the working day that is so many after the day of the request, in milliseconds since the epoch. */
    public long due(long from, int days) {
        LocalDate day = date(from);
        for (int left = days; left > 0; ) {
            day = day.plusDays(1);
            if (works(day)) {
                left--;
            }
        }
        return begin(day.plusDays(1));
    }

    /** When the last day before a deadline begins. */
    public long lastDay(long due) {
        return begin(date(due - 1));
    }

    /** When half of the working days to a deadline are over. */
    public long halfWay(long from, long due) {
        LocalDate last = date(due - 1);
        int days = 0;
        for (LocalDate day = date(from).plusDays(1); !day.isAfter(last); day = day.plusDays(1)) {
            days += works(day) ? 1 : 0;
        }
        return Math.min(due(from, days / 2), due);
    }

    private LocalDate date(long millis) {
        return Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
    }

    private long begin(LocalDate day) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli();
    }
}
