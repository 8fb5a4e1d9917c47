package org.millwright.project;

import java.time.Clock;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Holidays of the organisation: days that count for no project's deadlines, beside those that its file names. */
public final class Holidays {
    private static final int MOST = 2_000;
    private static final int LONGEST = 100;
    private static final int LAST_YEAR = 9_999;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final HolidayStore store;

    Holidays(Database database, Ledger ledger, Access access, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.store = new HolidayStore(database);
    }

    /** From now on requests are due later by that day; those that wait already keep their deadline. */
    public Holiday add(Actor by, LocalDate day, String name) {
        access.require(by, Permission.MANAGE_POLICIES);
        if (name.isBlank() || name.length() > LONGEST || day.getYear() < 1 || day.getYear() > LAST_YEAR) {
            throw new Problem.Invalid(
                    "A holiday is a day such as 2026-12-24 with a name of 1 to " + LONGEST + " characters",
                    "mw holiday add 2026-12-24 --name 'Christmas Eve'");
        }
        return database.write(() -> {
            List<Holiday> known = store.all();
            if (known.size() >= MOST) {
                throw new Problem.Invalid("There are " + MOST + " holidays already", "mw holiday remove DAY");
            }
            if (known.stream().anyMatch(each -> each.day().equals(day))) {
                throw new Problem.Conflict(day + " is a holiday already", "mw holiday list");
            }
            var holiday = new Holiday(day, name, by.id(), clock.millis());
            store.insert(holiday);
            ledger.append(
                    by,
                    "holiday.added",
                    List.of("holiday:" + day),
                    Json.object().put("name", name));
            return holiday;
        });
    }

    public void remove(Actor by, LocalDate day) {
        access.require(by, Permission.MANAGE_POLICIES);
        database.write(() -> {
            if (!store.delete(day)) {
                throw new Problem.NotFound(day + " is no holiday of the organisation", "mw holiday list");
            }
            ledger.append(by, "holiday.removed", List.of("holiday:" + day), Json.object());
        });
    }

    /** The earliest first. */
    public List<Holiday> list() {
        return database.read(store::all);
    }

    /** The days on which a project's deadlines count. */
    public WorkingDays working(Deciding deciding) {
        var days = new HashSet<LocalDate>(deciding.holidays());
        list().forEach(holiday -> days.add(holiday.day()));
        return new WorkingDays(deciding.zone(), days);
    }
}
