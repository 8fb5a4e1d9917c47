package org.millwright.signal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.ledger.Entry;

/**
 * A change that came at the same time: the ledger has it within the window, or between the verdicts on the window before
 * and on this one.
 *
 * @param entry of the ledger
 * @param subject what changed
 */
public record Coincidence(String entry, long at, String action, String subject) {
    private static final int MOST = 20;
    /** What the monitor itself writes, which is no cause of anything. */
    private static final Set<String> OWN = Set.of(
            "window.judged",
            "clause.judged",
            "labels.received",
            "concept-drift.noted",
            "deployment.watermark-announced");

    /** @param times from the first to before the second each */
    static List<Coincidence> of(Collection<Entry> entries, List<long[]> times) {
        return entries.stream()
                .filter(entry ->
                        !OWN.contains(entry.action()) && !entry.action().startsWith("alert."))
                .filter(entry -> times.stream().anyMatch(span -> entry.at() >= span[0] && entry.at() < span[1]))
                .sorted(Comparator.comparingLong(Entry::at).reversed())
                .limit(MOST)
                .map(entry -> new Coincidence(entry.id(), entry.at(), entry.action(), entry.subject()))
                .toList();
    }

    /**
     * When something may have happened that shows in a window.
     *
     * @param judgedBefore when the window before was judged
     * @param judged when this one was
     */
    static List<long[]> times(long start, long end, Optional<Long> judgedBefore, Optional<Long> judged) {
        List<long[]> times = new ArrayList<>();
        times.add(new long[] {start, end});
        if (judged.isPresent()) {
            times.add(new long[] {judgedBefore.orElse(judged.get()), judged.get()});
        }
        return times;
    }

    /** Changes of these that may show in a window. */
    public static List<Coincidence> of(
            Collection<Entry> entries, long start, long end, Optional<Long> judgedBefore, Optional<Long> judged) {
        return of(entries, times(start, end, judgedBefore, judged));
    }
}
