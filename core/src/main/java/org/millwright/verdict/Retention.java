package org.millwright.verdict;

import java.util.Comparator;
import java.util.List;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.outcome.PredictionStore;
import org.millwright.outcome.Segments;
import org.millwright.window.SegmentStore;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** Keeps the number of single predictions bounded; their windows keep what was measured. */
public final class Retention {
    private final Database database;
    private final Measures measures;
    private final long most;
    private final WindowStore store;
    private final PredictionStore predictions;
    private final SegmentStore segments;

    public Retention(Database database, Measures measures, long most) {
        this.database = database;
        this.measures = measures;
        this.most = most;
        this.store = new WindowStore(database);
        this.predictions = new PredictionStore(database);
        this.segments = new SegmentStore(database);
    }

    /** Gives up the predictions of the oldest closed windows while there are too many; returns how many went. */
    public int prune(Watched watched) {
        long count = database.read(() -> predictions.count(watched.deployment()));
        int gone = 0;
        List<WindowState> windows = database.read(() -> store.windows(watched.deployment()));
        for (Window window :
                windows.stream().map(WindowState::window).distinct().sorted().toList()) {
            if (count - gone <= most || window.end() > watched.labelWatermark()) {
                break;
            }
            gone += prune(
                    watched,
                    window,
                    windows.stream()
                            .filter(state -> state.window().equals(window))
                            .toList());
        }
        windows.stream()
                .map(WindowState::window)
                .filter(window -> window.end() <= watched.watermark())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .skip(Segments.KEPT_WINDOWS)
                .findFirst()
                .ifPresent(
                        window -> database.write(() -> segments.deleteBefore(watched.deployment(), window.end() + 1)));
        return gone + cut(watched, count - gone);
    }

    /** The hard bound, also for windows that are still open: the oldest predictions go at twice the number. */
    private int cut(Watched watched, long count) {
        if (count <= 2 * most) {
            return 0;
        }
        return database.write(() ->
                predictions.deleteBefore(watched.deployment(), predictions.timeAt(watched.deployment(), count - most)));
    }

    private int prune(Watched watched, Window window, List<WindowState> versions) {
        List<String> measured = versions.stream()
                .map(state -> Json.write(measures.performance(watched, state).toJson()))
                .toList();
        return database.write(() -> {
            for (int i = 0; i < versions.size(); i++) {
                store.setPerformance(watched.deployment(), versions.get(i).version(), window, measured.get(i));
            }
            return predictions.deleteBefore(watched.deployment(), window.end());
        });
    }
}
