package org.millwright.serving;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What one version of a deployment answered since it was loaded, and in each ten seconds of the last hour. */
public final class Traffic {
    /** Length of a slot in milliseconds. */
    public static final long SLOT = 10_000;

    private static final int SLOTS = 360;

    private final Clock clock;
    private final Counts total = new Counts();
    /** Nanoseconds of an answer, smoothed over about the last sixteen; threads may lose each other's share. */
    private volatile long usual;

    private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS);

    /** Counts of the ten seconds from {@code start}, milliseconds since 1970 UTC. */
    public record Slot(long start, Counts counts) {}

    Traffic(Clock clock) {
        this.clock = clock;
    }

    void answered(int rows, long nanos) {
        total.countAnswer(rows, nanos);
        slot().countAnswer(rows, nanos);
        long before = usual;
        usual = before == 0 ? nanos : before + (nanos - before) / 16;
    }

    /** How long an answer takes lately, in nanoseconds; 0 before the first. */
    long usual() {
        return usual;
    }

    void refused() {
        total.countRefusal();
        slot().countRefusal();
    }

    void failed() {
        total.countFailure();
        slot().countFailure();
    }

    /** Adds what another process answered just now. */
    void add(Counts.Counted other) {
        total.add(other);
        slot().add(other);
    }

    private Counts slot() {
        long now = clock.millis();
        long start = now - now % SLOT;
        int index = (int) (start / SLOT % SLOTS);
        Slot current = slots.get(index);
        if (current != null && current.start() == start) {
            return current.counts();
        }
        var fresh = new Slot(start, new Counts());
        return slots.compareAndSet(index, current, fresh)
                ? fresh.counts()
                : slots.get(index).counts();
    }

    /** Counts since the version was loaded in this process. */
    public Counts total() {
        return total;
    }

    /** The slots of the last hour that saw requests, oldest first. */
    public List<Slot> lastHour() {
        long oldest = clock.millis() - SLOT * SLOTS;
        var seen = new ArrayList<Slot>();
        for (int i = 0; i < SLOTS; i++) {
            Slot slot = slots.get(i);
            if (slot != null && slot.start() > oldest) {
                seen.add(slot);
            }
        }
        seen.sort((a, b) -> Long.compare(a.start(), b.start()));
        return seen;
    }
}
