package org.millwright.verdict;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.millwright.alert.Window;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.outcome.PredictionStore;
import org.millwright.project.Project;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** How far event time has come: a window closes when it has passed the window's end. */
public final class Watermarks {
    /** Rows of later windows that it takes to believe that time has gone on; a few may have a wrong clock. */
    private static final int ENOUGH = 20;

    /** How far a clock may be ahead. */
    private static final long SKEW = Duration.ofDays(1).toMillis();

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Measures measures;
    private final Clock clock;
    private final WindowStore store;
    private final PredictionStore predictions;

    public Watermarks(Database database, Ledger ledger, Access access, Measures measures, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.measures = measures;
        this.clock = clock;
        this.store = new WindowStore(database);
        this.predictions = new PredictionStore(database);
    }

    /** Notes that all predictions and outcomes for times before this were sent; an earlier time changes nothing. */
    public void announce(Actor by, Watched watched, long time) {
        access.require(by, Permission.LABEL, watched.project());
        if (time > clock.millis() + SKEW) {
            throw new Problem.Invalid("time: " + java.time.Instant.ofEpochMilli(time)
                    + " lies in the future (expected: a time up to which everything was sent)");
        }
        database.write(() -> {
            if (raise(watched, time, time)) {
                ledger.append(
                        by,
                        "deployment.watermark-announced",
                        List.of(watched.ref(), Project.ref(watched.project())),
                        Json.object().put("time", time));
            }
        });
    }

    /** Closes the windows that traffic has left behind; returns whether there were any. */
    public boolean byTraffic(Watched watched) {
        List<WindowState> windows = database.read(() -> store.windows(watched.deployment()));
        long passed = watched.watermark();
        for (Window window : ends(windows)) {
            if (window.end() > passed && isPast(windows, window, window.end() + lateness(watched))) {
                passed = window.end();
            }
        }
        return raise(watched, passed, 0);
    }

    /** Closes the windows that outcomes have left behind; returns whether there were any. */
    public boolean byOutcomes(Watched watched) {
        long lateness = lateness(watched);
        long passed = database.read(() -> {
            long last = watched.labelWatermark();
            List<WindowState> windows = store.windows(watched.deployment());
            for (Window window : ends(windows)) {
                if (window.end() > last && isLabelled(watched, windows, window.end() + lateness)) {
                    last = window.end();
                }
            }
            return last;
        });
        return raise(watched, 0, passed);
    }

    /** Whether enough outcomes are for this time or later; single predictions are only asked when windows may have them. */
    private boolean isLabelled(Watched watched, List<WindowState> windows, long past) {
        long most = windows.stream()
                .filter(state -> state.window().end() > past)
                .mapToLong(WindowState::labels)
                .sum();
        return most >= ENOUGH && predictions.labelledFrom(watched.deployment(), past, ENOUGH) >= ENOUGH;
    }

    private long lateness(Watched watched) {
        return measures.kind(watched.project()).lateness().toMillis();
    }

    private static List<Window> ends(List<WindowState> windows) {
        return windows.stream().map(WindowState::window).distinct().sorted().toList();
    }

    private static boolean isPast(List<WindowState> windows, Window window, long past) {
        long rows = 0;
        long last = 0;
        for (WindowState state : windows) {
            if (state.window().start() >= window.end()) {
                rows += state.rows();
                last = Math.max(last, state.lastEvent());
            }
        }
        return rows >= ENOUGH && last >= past;
    }

    private boolean raise(Watched watched, long traffic, long labels) {
        if (traffic <= watched.watermark() && labels <= watched.labelWatermark()) {
            return false;
        }
        database.write(() -> {
            Watched now = store.lock(watched.deployment());
            store.setWatermarks(
                    watched.deployment(), Math.max(now.watermark(), traffic), Math.max(now.labelWatermark(), labels));
        });
        return true;
    }
}
