package org.millwright.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.scoring.profile.Profile;

/**
 * Adds batches of answered rows to the stored windows, each batch exactly once.
 *
 * <p>A batch has the name of the process that made it and a number. Its transaction notes the number; so a batch that is
 * tried again because nobody knows whether it was committed is not counted twice. A window has a revision; a profile that
 * was merged from an older one is merged anew.
 */
final class Windows {
    private static final int TRIES = 8;
    private static final int CACHED = 32;

    private final Database database;
    private final MonitorStore store;
    private final PredictionStore predictions;
    private final LabelStore labels;
    private final References references;
    private final Map<String, Cached> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
            return size() > CACHED;
        }
    };

    Windows(Database database, References references) {
        this.database = database;
        this.references = references;
        this.store = new MonitorStore(database);
        this.predictions = new PredictionStore(database);
        this.labels = new LabelStore(database);
    }

    /** A stored window's profile as of a revision. */
    private record Cached(long revision, Profile profile) {}

    /** A window as it will be after the batch. */
    private record Next(
            WindowState state,
            Optional<Profile> profile,
            @Nullable String json) {}

    /** The windows or ids are not as they were assumed to be: read them and try again. */
    private static final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stale() {
            super("a window or an id was not as assumed", null, false, false);
        }
    }

    /** Adds the batch to the windows of its event times; does nothing when it is in them already. */
    void add(Watched watched, WindowKind kind, String replica, Inbox.Batch batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                attempt(watched, kind, replica, batch, attempt > 1);
                return;
            } catch (Stale e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** @param careful whether to look first which ids are known; at first it is assumed that none is, which is cheaper */
    private void attempt(Watched watched, WindowKind kind, String replica, Inbox.Batch batch, boolean careful) {
        String deployment = watched.deployment();
        var intake = new Intake(watched, kind, references);
        intake.take(batch.packs(), careful ? known(deployment, batch.packs()) : Map.of());
        List<Next> next = new ArrayList<>();
        try {
            intake.deltas().forEach((key, delta) -> next.add(merge(deployment, key, delta)));
            boolean done = database.write(() -> {
                store.lock(deployment);
                if (store.sequence(deployment, replica) >= batch.sequence()) {
                    return false;
                }
                save(deployment, intake, next);
                store.count(deployment, batch.dropped(), intake.duplicates(), intake.skewed());
                store.setSequence(deployment, replica, batch.sequence());
                return true;
            });
            next.forEach(window -> remember(window, done));
        } catch (RuntimeException e) {
            next.forEach(window -> remember(window, false));
            throw e;
        }
    }

    private Map<String, Set<String>> known(String deployment, Iterable<Pack> batch) {
        Map<String, Set<String>> ids = new HashMap<>();
        for (Pack pack : batch) {
            Set<String> ofVersion = ids.computeIfAbsent(pack.version(), version -> new LinkedHashSet<>());
            for (String id : pack.ids()) {
                if (!id.isEmpty()) {
                    ofVersion.add(id);
                }
            }
        }
        return database.read(() -> {
            Map<String, Set<String>> known = new HashMap<>();
            ids.forEach((version, all) -> known.put(version, predictions.known(deployment, version, all)));
            return known;
        });
    }

    private Next merge(String deployment, Intake.Key key, Intake.Delta delta) {
        Optional<WindowState> before = database.read(() -> store.window(deployment, key.version(), key.window()));
        var state = new WindowState(
                deployment,
                key.version(),
                key.window(),
                before.map(WindowState::rows).orElse(0L) + delta.rows,
                before.map(WindowState::late).orElse(0L) + delta.late,
                Math.max(before.map(WindowState::lastEvent).orElse(0L), delta.lastEvent),
                before.map(WindowState::labels).orElse(0L),
                before.map(WindowState::revision).orElse(0L) + 1);
        Optional<Profile> profile = delta.profile.map(added -> {
            Optional<Profile> stored = before.flatMap(this::profile);
            stored.ifPresent(whole -> whole.merge(added));
            return stored.orElse(added);
        });
        return new Next(state, profile, profile.map(Profile::toJson).orElse(null));
    }

    /** The stored profile of a window, which the caller may change: it is no longer in the cache. */
    private Optional<Profile> profile(WindowState state) {
        Cached cached;
        synchronized (cache) {
            cached = cache.remove(name(state));
        }
        if (cached != null && cached.revision() == state.revision()) {
            return Optional.of(cached.profile());
        }
        return database.read(() -> store.profile(state.deployment(), state.version(), state.window()))
                .map(Profile::fromJson);
    }

    private void save(String deployment, Intake intake, List<Next> next) {
        for (Next window : next) {
            if (!store.save(window.state(), window.json())) {
                throw new Stale();
            }
        }
        if (predictions.insert(deployment, intake.rows()) < intake.rows().size()) {
            throw new Stale();
        }
        if (labels.isEmpty(deployment)) {
            return;
        }
        List<String> ids =
                intake.rows().stream().map(PredictionStore.Row::id).distinct().toList();
        Set<String> joined = predictions.setOutcomes(deployment, labels.of(deployment, ids));
        if (!joined.isEmpty()) {
            labels.setJoined(deployment, joined);
            next.forEach(window -> store.setLabels(
                    deployment,
                    window.state().version(),
                    window.state().window(),
                    predictions.labelled(
                            deployment, window.state().version(), window.state().window())));
        }
    }

    private void remember(Next window, boolean committed) {
        synchronized (cache) {
            if (committed && window.profile().isPresent()) {
                cache.put(
                        name(window.state()),
                        new Cached(window.state().revision(), window.profile().get()));
            } else {
                cache.remove(name(window.state()));
            }
        }
    }

    private static String name(WindowState state) {
        return state.deployment() + "|" + state.version() + "|" + state.window().start() + "|"
                + state.window().end();
    }
}
