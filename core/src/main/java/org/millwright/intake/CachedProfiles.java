package org.millwright.intake;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.SegmentRows;

/**
 * The stored profiles that were written last, so that they need not be read to be added to. Whoever takes one may change it:
 * it is no longer here.
 */
final class CachedProfiles {
    private static final int MOST = 32 + 2 * SegmentRows.MOST_PROFILED;
    /** Of all together, lest few windows of a wide model fill the memory: a column has 20 kB at most. */
    private static final int MOST_COLUMNS = 40_000;

    private final Map<String, Cached> profiles = new LinkedHashMap<>();
    private long columns;

    /** The rows and the profile of a stored window, or of a segment of it, as of the window's revision. */
    record Cached(long revision, long rows, Profile profile) {}

    private static String name(String deployment, Intake.Key key) {
        return deployment + "|" + key.version() + "|" + key.window().start() + "|"
                + key.window().end() + "|" + key.segment();
    }

    synchronized @Nullable Cached take(String deployment, Intake.Key key) {
        Cached taken = profiles.remove(name(deployment, key));
        columns -= taken == null ? 0 : width(taken);
        return taken;
    }

    /** Keeps the newest whatever its width, and of the others what there is room for. */
    synchronized void keep(String deployment, Intake.Key key, Cached newest) {
        take(deployment, key);
        profiles.put(name(deployment, key), newest);
        columns += width(newest);
        Iterator<Cached> eldest = profiles.values().iterator();
        while (profiles.size() > MOST || columns > MOST_COLUMNS && profiles.size() > 1) {
            columns -= width(eldest.next());
            eldest.remove();
        }
    }

    /** An empty part of what is cached; see {@link Profile#part}. */
    synchronized Optional<Profile> part(String deployment, Intake.Key key) {
        return Optional.ofNullable(profiles.get(name(deployment, key)))
                .map(cached -> cached.profile().part());
    }

    private static int width(Cached cached) {
        return cached.profile().columns().size();
    }
}
