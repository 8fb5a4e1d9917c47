package org.millwright.scorer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.Fitness;
import org.millwright.scoring.bundle.Unfit;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** Brings versions from the source into use: verified, compatible with the one before, predicting their recorded rows. */
final class Updates {
    private static final System.Logger LOG = System.getLogger(Updates.class.getName());

    private final ModelUri uri;
    private final Source source;
    private final Cache cache;
    private final List<TrustedKey> keys;
    private final Clock clock;
    private final AtomicReference<@Nullable Loaded> current;
    private final Expiry expiry;

    private String tag = "";
    private String archive = "";
    private String refusedArchive = "";
    private int failures;
    private boolean closed;

    private volatile Instant since = Instant.EPOCH;
    private volatile Optional<Instant> checked = Optional.empty();
    private volatile Optional<String> problem = Optional.empty();
    private volatile Optional<ScorerState.Refused> refused = Optional.empty();

    Updates(
            ModelUri uri,
            Source source,
            Cache cache,
            Collection<TrustedKey> keys,
            Clock clock,
            AtomicReference<@Nullable Loaded> current) {
        this.uri = uri;
        this.source = source;
        this.cache = cache;
        this.keys = List.copyOf(keys);
        this.expiry = new Expiry(uri, this.keys, clock);
        this.clock = clock;
        this.current = current;
    }

    /** Takes what the last application left in the cache, if it still is as it was signed. */
    synchronized void restore() {
        cache.sweep();
        Optional<Cache.Entry> kept = cache.current();
        if (kept.isEmpty()) {
            return;
        }
        try {
            expiry.learn(kept.get().pointer(), kept.get().archive());
            use(admit(cache.unpacked(kept.get().archive()), Optional.empty()));
            archive = kept.get().archive();
            tag = kept.get().tag();
            expiry.tell();
        } catch (Untrusted | Unfit | ModelFailure | InvalidInput e) {
            refuse("the copy in the cache is not used: " + e.getMessage());
            cache.forget(kept.get().archive());
        } catch (UncheckedIOException e) {
            fail("the copy in the cache cannot be read: " + e.getMessage());
        }
    }

    /** Looks whether the source has another version, and brings it into use. */
    synchronized void look() {
        Path part = cache.aside();
        try {
            Source.Found found = fetch(part);
            checked = Optional.of(clock.instant());
            boolean same = !found.tag().isEmpty() && found.tag().equals(tag);
            failures = (same ? keep(found) : take(part, found)) ? 0 : failures + 1;
            problem = Optional.empty();
            expiry.tell();
        } catch (Source.Declined e) {
            checked = Optional.of(clock.instant());
            fail(String.valueOf(e.getMessage()));
        } catch (Source.Away e) {
            fail(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            fail("what " + source.place() + " gave cannot be kept: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            discard(part);
        }
    }

    private Source.Found fetch(Path part) throws InterruptedException {
        try {
            return source.fetch(tag, part);
        } catch (Untrusted e) {
            throw new Source.Declined(source.place() + " has a pointer that is not believed: " + e.getMessage());
        } catch (IOException e) {
            throw new Source.Away(source.place() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    /** Brings what arrived into use, or keeps it out; whether it came from whom it should, so that it need not come again. */
    private boolean take(Path part, Source.Found found) throws IOException {
        Cache.Arrived arrived;
        try {
            arrived = cache.unpack(part);
        } catch (Untrusted e) {
            refuse(String.valueOf(e.getMessage()));
            return false;
        }
        try {
            boolean replaces = current.get() != null && !arrived.archive().equals(archive);
            expiry.admit(found.pointer(), arrived.archive(), replaces);
            if (!arrived.archive().equals(refusedArchive)) {
                take(arrived, found.pointer());
                cache.settle(arrived, found);
            }
        } catch (Untrusted | Expiry.Expired e) {
            refuse(String.valueOf(e.getMessage()));
            return false;
        } catch (Unfit | ModelFailure | InvalidInput e) {
            refusedArchive = arrived.archive();
            refuse(String.valueOf(e.getMessage()));
        } finally {
            Cache.delete(arrived.folder());
        }
        tag = found.tag();
        return true;
    }

    /** What its source says now of the version that answers. */
    private boolean keep(Source.Found found) throws IOException {
        if (!Expiry.isAbout(found.pointer(), archive)) {
            return true;
        }
        try {
            Optional<Instant> before = expiry.until();
            expiry.learn(found.pointer(), archive);
            if (!expiry.until().equals(before)) {
                cache.note(new Cache.Entry(archive, tag, found.pointer()));
            }
            refused = Optional.empty();
            return true;
        } catch (Untrusted e) {
            refuse(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void take(Cache.Arrived arrived, String pointer) {
        if (!arrived.archive().equals(archive)) {
            use(admit(arrived.folder(), Optional.ofNullable(current.get())));
            archive = arrived.archive();
        }
        expiry.learn(pointer, archive);
        refused = Optional.empty();
        refusedArchive = "";
    }

    /** A version that may answer; the caller owns it. */
    private Loaded admit(Path folder, Optional<Loaded> before) {
        Bundle bundle = Bundle.open(folder, keys);
        String name = bundle.manifest().model();
        String version = bundle.manifest().version();
        if (!name.equals(uri.name()) || !uri.version().isEmpty() && !version.equals(uri.version())) {
            throw new Unfit("its bundle was made for " + name + "/" + version + ", not for " + uri);
        }
        try {
            before.ifPresent(old ->
                    Fitness.requireCompatible(old.signature(), bundle.manifest().signature()));
            Model model = bundle.load();
            try {
                Fitness.smokeTest(bundle, model, Integer.MAX_VALUE);
                return new Loaded(bundle, model);
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (Unfit | ModelFailure e) {
            throw new Unfit("version " + version + " is kept out: " + e.getMessage());
        }
    }

    private void use(Loaded loaded) {
        synchronized (current) {
            since = clock.instant();
            Loaded before = closed ? loaded : current.getAndSet(loaded);
            if (before != null) {
                before.retire();
            }
        }
    }

    /** Frees the version in use; none follows. */
    void close() {
        synchronized (current) {
            closed = true;
            Loaded last = current.getAndSet(null);
            if (last != null) {
                last.retire();
            }
        }
    }

    private void refuse(String reason) {
        refused = Optional.of(new ScorerState.Refused(reason, clock.instant()));
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}", uri, reason);
    }

    private void fail(String reason) {
        if (failures++ == 0) {
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}; it will be tried again", uri, reason);
        }
        problem = Optional.of(reason);
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The next start sweeps it up.
        }
    }

    /** Looks that failed since the last one that did not. */
    synchronized int failures() {
        return failures;
    }

    /** Why there is nothing to score with. */
    String reason() {
        return refused.map(ScorerState.Refused::reason).or(() -> problem).orElse("nothing was found");
    }

    ScorerState state(Loaded loaded, ScorerState.Profiles profiles) {
        return new ScorerState(
                uri.toString(),
                loaded.version(),
                loaded.digest(),
                since,
                expiry.until(),
                checked,
                problem,
                refused,
                profiles);
    }
}
