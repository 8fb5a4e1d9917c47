package org.millwright.project;

import static org.millwright.schema.Tables.HOLIDAY;

import java.time.LocalDate;
import java.util.List;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Holidays of the organisation in the database. */
final class HolidayStore {
    private final Database database;

    HolidayStore(Database database) {
        this.database = database;
    }

    void insert(Holiday holiday) {
        database.dsl()
                .insertInto(HOLIDAY)
                .set(HOLIDAY.HOLIDAY_, holiday.day().toString())
                .set(HOLIDAY.NAME, holiday.name())
                .set(HOLIDAY.SET_BY, holiday.setBy())
                .set(HOLIDAY.SET_AT, holiday.setAt())
                .execute();
    }

    boolean delete(LocalDate day) {
        return database.dsl()
                        .deleteFrom(HOLIDAY)
                        .where(HOLIDAY.HOLIDAY_.eq(day.toString()))
                        .execute()
                == 1;
    }

    /** The earliest first. */
    List<Holiday> all() {
        return database.dsl().selectFrom(HOLIDAY).orderBy(HOLIDAY.HOLIDAY_).fetch(HolidayStore::holiday);
    }

    private static Holiday holiday(Record row) {
        return new Holiday(
                LocalDate.parse(row.get(HOLIDAY.HOLIDAY_)),
                row.get(HOLIDAY.NAME),
                row.get(HOLIDAY.SET_BY),
                row.get(HOLIDAY.SET_AT));
    }
}
