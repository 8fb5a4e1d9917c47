package org.millwright.anchor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Anchored;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.SignedNote;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.LogEntry;
import org.millwright.scoring.sigstore.LoggedDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps signed checkpoints outside, now and then and on demand, and holds the log against them. */
public final class Anchors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);

    private final Database database;
    private final ReceiptStore receipts;
    private final Ledger ledger;
    private final Access access;
    private final Duration every;
    private final List<Place> places;
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ledger-anchors").daemon().factory());

    /** @param secretFile key with which posts to web servers are signed; made when it is needed and missing */
    public Anchors(
            Database database, Ledger ledger, Access access, Clock clock, AnchorSettings settings, Path secretFile) {
        this.database = database;
        this.receipts = new ReceiptStore(database);
        this.ledger = ledger;
        this.access = access;
        this.every = settings.every();
        this.places = settings.open(secretFile, clock);
    }

    /**
     * A place, and what is kept there.
     *
     * @param size entries of the newest checkpoint that was kept there, 0 for none
     * @param at when, in milliseconds since the epoch
     * @param fault why the last try to keep or to read one there failed; "" when it did not
     * @param entry where a transparency log has it
     */
    public record Status(String place, long size, long at, String fault, Optional<Logged> entry) {}

    /**
     * An entry of a transparency log.
     *
     * @param uuid the log's name of it
     * @param at when the log took it, in milliseconds since the epoch
     */
    public record Logged(String uuid, long logIndex, long at) {}

    /** Begins to anchor by itself. */
    public void start() {
        if (!places.isEmpty()) {
            timer.scheduleWithFixedDelay(this::anchorQuietly, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void anchorQuietly() {
        try {
            anchor();
        } catch (RuntimeException e) {
            LOG.warn("The ledger was not anchored; the next try is in {}", every, e);
        }
    }

    /** Signs the log as it is now and keeps the checkpoint in every place that does not have it yet. */
    public List<Status> now(Actor by) {
        access.require(by, Permission.OPERATE);
        if (places.isEmpty()) {
            throw new Problem.Conflict(
                    "No place for anchors is set",
                    "mw serve --anchor file:/PATH, git:/FOLDER, https://HOST/PATH or rekor:https://HOST");
        }
        anchor();
        return statuses();
    }

    private synchronized void anchor() {
        long size = ledger.size();
        Map<String, Ledger.Anchoring> known = newest();
        List<Place> behind = places.stream()
                .filter(place -> Optional.ofNullable(known.get(place.name()))
                                .map(Ledger.Anchoring::size)
                                .orElse(0L)
                        < size)
                .toList();
        if (behind.isEmpty()) {
            return;
        }
        SignedNote note = SignedNote.parse(ledger.checkpoint().note());
        for (Place place : behind) {
            try {
                Optional<Receipt> receipt = place.keep(note);
                database.write(() -> {
                    ledger.anchored(place.name(), note);
                    receipt.ifPresent(given -> receipts.insert(place.name(), note.size(), given));
                });
                faults.remove(place.name());
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "The checkpoint of {} entries was not kept at {}: {}", note.size(), place.name(), e.toString());
                faults.put(place.name(), said(e));
            }
        }
    }

    private static String said(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines()
                .findFirst()
                .orElse("")
                .transform(line -> line.substring(0, Math.min(300, line.length())));
    }

    private Map<String, Ledger.Anchoring> newest() {
        var newest = new HashMap<String, Ledger.Anchoring>();
        ledger.newestAnchorings().forEach(anchoring -> newest.put(anchoring.target(), anchoring));
        return newest;
    }

    /** The places, and how far each is. */
    public List<Status> list(Actor by) {
        access.require(by, Permission.READ);
        return statuses();
    }

    private List<Status> statuses() {
        Map<String, Ledger.Anchoring> known = newest();
        return places.stream()
                .map(place -> {
                    Optional<Ledger.Anchoring> newest = Optional.ofNullable(known.get(place.name()));
                    return new Status(
                            place.name(),
                            newest.map(Ledger.Anchoring::size).orElse(0L),
                            newest.map(Ledger.Anchoring::at).orElse(0L),
                            faults.getOrDefault(place.name(), ""),
                            newest.flatMap(this::logged));
                })
                .toList();
    }

    /** Where a transparency log has the checkpoint, by what it answered; verification says whether that holds. */
    private Optional<Logged> logged(Ledger.Anchoring anchoring) {
        return database.read(() -> receipts.get(anchoring.target(), anchoring.size()))
                .flatMap(receipt -> {
                    try {
                        LogEntry entry = LoggedDigest.entry(Json.parse(receipt.bundle()));
                        return Optional.of(new Logged(
                                receipt.uuid(), entry.index(), entry.at().toEpochMilli()));
                    } catch (Untrusted | Problem.Invalid e) {
                        return Optional.empty();
                    }
                });
    }

    /** A checkpoint, and what a transparency log answered to it. */
    public record Kept(String place, SignedNote note, Receipt receipt) {}

    /** What transparency logs answered, by the size of the checkpoints: for exports. */
    public List<Kept> receipts(Actor by, int from, int limit) {
        access.require(by, Permission.READ);
        Map<String, Ledger.Anchoring> known = new HashMap<>();
        ledger.anchorings().forEach(each -> known.put(each.target() + " " + each.size(), each));
        return database.read(() -> receipts.page(from, limit)).stream()
                .filter(row -> known.containsKey(row.target() + " " + row.size()))
                .map(row -> new Kept(
                        row.target(),
                        SignedNote.parse(Objects.requireNonNull(known.get(row.target() + " " + row.size()))
                                .note()),
                        row.receipt()))
                .toList();
    }

    /** What was checked, and how far each place is. */
    public record Verified(Ledger.Verification ledger, List<Status> places) {}

    /**
     * Holds the whole log against what was signed, here and in every place that can be read back; throws {@link Altered} with the
     * first thing that does not hold.
     */
    public Verified verify(Actor by) {
        access.require(by, Permission.READ);
        List<Ledger.Anchoring> recorded = ledger.anchorings();
        var all = new ArrayList<Anchored>();
        recorded.forEach(each -> all.add(new Anchored(words(each.target(), each.size(), each.at()), each.note())));
        for (Place place : places) {
            if (place instanceof RekorPlace log) {
                requireReceipts(log, recorded);
            }
            try {
                place.kept().ifPresent(kept -> {
                    requireAll(place, kept, recorded);
                    kept.forEach(note -> all.add(new Anchored(words(place.name(), note.size(), 0), note.text())));
                });
                faults.remove(place.name());
            } catch (Problem.Invalid e) {
                throw new Altered("The anchor " + place.name() + " was altered: " + e.getMessage());
            } catch (IOException e) {
                faults.put(place.name(), said(e));
            }
        }
        return new Verified(ledger.verify(all), statuses());
    }

    private void requireReceipts(RekorPlace place, List<Ledger.Anchoring> recorded) {
        recorded.stream()
                .filter(each -> each.target().equals(place.name()))
                .forEach(each -> place.verify(
                        SignedNote.parse(each.note()), database.read(() -> receipts.get(each.target(), each.size()))));
    }

    /** What was kept at a place must still be there. */
    private static void requireAll(Place place, List<SignedNote> kept, List<Ledger.Anchoring> recorded) {
        Set<Long> sizes = new HashSet<>();
        kept.forEach(note -> sizes.add(note.size()));
        recorded.stream()
                .filter(each -> each.target().equals(place.name()) && !sizes.contains(each.size()))
                .findFirst()
                .ifPresent(missing -> {
                    throw new Altered("The checkpoint of " + missing.size() + " entries is gone from the anchor "
                            + place.name() + ", where it was kept on " + Instant.ofEpochMilli(missing.at()));
                });
    }

    private static String words(String place, long size, long at) {
        return "the anchor " + place + " (checkpoint of " + size + " entries"
                + (at == 0 ? "" : " of " + Instant.ofEpochMilli(at)) + ")";
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
