package org.millwright.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.millwright.alert.WindowKind;
import org.millwright.kernel.Database;
import org.millwright.outcome.LabelStore;
import org.millwright.outcome.PredictionStore;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.serving.Scored;
import org.millwright.window.Keeping;
import org.millwright.window.References;
import org.millwright.window.SegmentStore;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * Adds batches of answered rows to the stored windows, each batch exactly once.
 *
 * <p>A batch has the name of the process that made it and a number. Its transaction notes the number; so a batch that is
 * tried again because nobody knows whether it was committed is not counted twice. A window has a revision; a profile that
 * was merged from an older one is merged anew.
 */
public final class Windows {
    private static final int TRIES = 8;
    /** Before the names of replicas that send reports: none can take the name of a server's own. */
    private static final String REMOTE = "scorer/";

    private final Database database;
    private final WindowStore store;
    private final PredictionStore predictions;
    private final LabelStore labels;
    private final SegmentStore segments;
    private final References references;
    private final CachedProfiles cache = new CachedProfiles();

    public Windows(Database database, References references) {
        this.database = database;
        this.references = references;
        this.store = new WindowStore(database);
        this.predictions = new PredictionStore(database);
        this.labels = new LabelStore(database);
        this.segments = new SegmentStore(database);
    }

    /** A segment's profile as it will be after the batch; its window is saved with it. */
    private record NextSegment(Intake.Key key, long rows, Profile profile, String json) {}

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

    /** What is added to windows in one transaction, under the number that its sender gave it. */
    private record Addition(
            String replica,
            long sequence,
            Map<Intake.Key, Intake.Delta> deltas,
            List<PredictionStore.Row> rows,
            long dropped,
            long duplicates,
            long skewed) {}

    /** Adds the batch to the windows of its event times; does nothing when it is in them already. */
    public void add(Watched watched, Keeping keeping, String replica, Inbox.Batch batch) {
        add(watched, keeping, replica, batch.sequence(), batch.packs(), batch.dropped());
    }

    /** Adds rows of a batch job likewise. */
    public void add(Watched watched, Keeping keeping, String job, long number, Scored scored) {
        add(watched, keeping, job, number, List.of(Pack.of(scored)), 0);
    }

    private void add(
            Watched watched, Keeping keeping, String replica, long sequence, Iterable<Pack> packs, long dropped) {
        add(watched.deployment(), careful -> {
            var intake = new Intake(
                    watched,
                    keeping,
                    references,
                    key -> database.read(() -> segments.names(watched.deployment(), key.version(), key.window())),
                    key -> careful ? Optional.empty() : cache.part(watched.deployment(), key));
            intake.take(packs, careful ? known(watched.deployment(), packs) : Map.of());
            return new Addition(
                    replica, sequence, intake.deltas(), intake.rows(), dropped, intake.duplicates(), intake.skewed());
        });
    }

    /** Adds what another process profiled to the window of its day; returns false when it is in it already. */
    public boolean add(Watched watched, WindowKind kind, Profiled profiled) {
        Report report = profiled.report();
        var key = new Intake.Key(report.version(), kind.at(report.day()));
        return add(watched.deployment(), careful -> {
            var delta = new Intake.Delta(profiled.profile());
            delta.rows = report.rows();
            delta.late = key.window().end() <= watched.watermark() ? report.rows() : 0;
            delta.lastEvent = report.last();
            Map<Intake.Key, Intake.Delta> deltas = new LinkedHashMap<>();
            deltas.put(key, delta);
            deltas.putAll(parts(watched.deployment(), key, profiled.segments()));
            return new Addition(
                    REMOTE + report.replica(), report.sequence(), deltas, List.of(), report.dropped(), 0, 0);
        });
    }

    /** The segments that have a profile in the window, or may get one: further ones are only part of the whole. */
    private Map<Intake.Key, Intake.Delta> parts(
            String deployment, Intake.Key key, Map<String, Profiled.Part> segmented) {
        if (segmented.isEmpty()) {
            return Map.of();
        }
        Set<String> profiled =
                new HashSet<>(database.read(() -> segments.names(deployment, key.version(), key.window())));
        Map<Intake.Key, Intake.Delta> parts = new LinkedHashMap<>();
        segmented.forEach((name, part) -> {
            if (profiled.contains(name) || profiled.size() < SegmentRows.MOST_PROFILED && profiled.add(name)) {
                var delta = new Intake.Delta(Optional.of(part.profile()));
                delta.rows = part.rows();
                parts.put(new Intake.Key(key.version(), key.window(), name), delta);
            }
        });
        return parts;
    }

    /** @param reading what to add, told whether to look first which ids are known; at first none is assumed to be */
    private boolean add(String deployment, Function<Boolean, Addition> reading) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(deployment, reading.apply(attempt > 1));
            } catch (Stale e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private boolean attempt(String deployment, Addition addition) {
        List<Next> next = new ArrayList<>();
        Map<Intake.Key, Long> revisions = new HashMap<>();
        List<NextSegment> parts = new ArrayList<>();
        addition.deltas().forEach((key, delta) -> {
            if (key.isWhole()) {
                Next merged = merge(deployment, key, delta);
                next.add(merged);
                revisions.put(key, merged.state().revision());
            }
        });
        addition.deltas().forEach((key, delta) -> {
            if (!key.isWhole()) {
                parts.add(merge(deployment, key, delta, revisions.getOrDefault(key.whole(), 0L)));
            }
        });
        boolean done = database.write(() -> {
            store.lock(deployment);
            if (store.sequence(deployment, addition.replica()) >= addition.sequence()) {
                return false;
            }
            save(deployment, addition.rows(), next);
            parts.forEach(part -> segments.save(
                    deployment,
                    part.key().version(),
                    part.key().window(),
                    new SegmentStore.Stored(part.key().segment(), part.rows(), part.json())));
            store.count(deployment, addition.dropped(), addition.duplicates(), addition.skewed());
            store.setSequence(deployment, addition.replica(), addition.sequence());
            return true;
        });
        if (done) {
            next.forEach(this::remember);
            parts.forEach(part -> remember(deployment, part, revisions));
        }
        return done;
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
            Optional<Profile> stored = before.flatMap(window -> profile(window, key));
            requireWhole(delta, stored.isPresent());
            stored.ifPresent(whole -> whole.merge(added));
            return stored.orElse(added);
        });
        return new Next(state, profile, profile.map(Profile::toJson).orElse(null));
    }

    /** @param revision that the window will have; the segment's profile is as old as the window before it */
    private NextSegment merge(String deployment, Intake.Key key, Intake.Delta delta, long revision) {
        Profile added = delta.profile.orElseThrow();
        CachedProfiles.Cached cached = cache.take(deployment, key);
        if (revision > 1 && (cached == null || cached.revision() != revision - 1)) {
            cached = database.read(() -> segments.find(deployment, key.version(), key.window(), key.segment()))
                    .map(stored ->
                            new CachedProfiles.Cached(revision - 1, stored.rows(), Profile.fromJson(stored.profile())))
                    .orElse(null);
        }
        if (revision == 1 || cached == null) {
            requireWhole(delta, false);
            return new NextSegment(key, delta.rows, added, added.toJson());
        }
        Profile whole = cached.profile();
        whole.merge(added);
        return new NextSegment(key, cached.rows() + delta.rows, whole, whole.toJson());
    }

    /** Of a profile that is gone meanwhile there is nothing to be a part of. */
    private static void requireWhole(Intake.Delta delta, boolean isStored) {
        if (delta.isPart && !isStored) {
            throw new Stale();
        }
    }

    private void remember(String deployment, NextSegment part, Map<Intake.Key, Long> revisions) {
        long revision = revisions.getOrDefault(part.key().whole(), 0L);
        cache.keep(deployment, part.key(), new CachedProfiles.Cached(revision, part.rows(), part.profile()));
    }

    /** The stored profile of a window, which the caller may change: it is no longer in the cache. */
    private Optional<Profile> profile(WindowState state, Intake.Key key) {
        CachedProfiles.Cached cached = cache.take(state.deployment(), key);
        if (cached != null && cached.revision() == state.revision()) {
            return Optional.of(cached.profile());
        }
        return database.read(() -> store.profile(state.deployment(), state.version(), state.window()))
                .map(Profile::fromJson);
    }

    private void save(String deployment, List<PredictionStore.Row> rows, List<Next> next) {
        for (Next window : next) {
            if (!store.save(window.state(), window.json())) {
                throw new Stale();
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        Map<String, LabelStore.Known> early = labels.isEmpty(deployment)
                ? Map.of()
                : labels.known(
                        deployment,
                        rows.stream().map(PredictionStore.Row::id).distinct().toList());
        if (predictions.insert(deployment, early.isEmpty() ? rows : labelled(rows, early)) < rows.size()) {
            throw new Stale();
        }
        if (!early.isEmpty()) {
            joined(deployment, rows, early, next);
        }
    }

    private static List<PredictionStore.Row> labelled(
            List<PredictionStore.Row> rows, Map<String, LabelStore.Known> early) {
        return rows.stream()
                .map(row -> {
                    LabelStore.Known known = early.get(row.id());
                    return known == null ? row : row.with(known.label().outcome());
                })
                .toList();
    }

    /** Notes which outcomes no longer wait, and counts them in the windows. */
    private void joined(
            String deployment, List<PredictionStore.Row> rows, Map<String, LabelStore.Known> early, List<Next> next) {
        labels.setJoined(
                deployment,
                early.values().stream()
                        .filter(known -> !known.joined())
                        .map(known -> known.label().id())
                        .toList());
        for (Next window : next) {
            WindowState state = window.state();
            long count = rows.stream()
                    .filter(row -> row.version().equals(state.version())
                            && state.window().contains(row.time())
                            && early.containsKey(row.id()))
                    .count();
            if (count > 0) {
                store.addLabels(deployment, state.version(), state.window(), count);
            }
        }
    }

    private void remember(Next next) {
        WindowState state = next.state();
        next.profile()
                .ifPresent(profile -> cache.keep(
                        state.deployment(),
                        new Intake.Key(state.version(), state.window()),
                        new CachedProfiles.Cached(state.revision(), state.rows(), profile)));
    }
}
