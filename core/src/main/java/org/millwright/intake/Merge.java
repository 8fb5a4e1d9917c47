package org.millwright.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.millwright.outcome.Label;

/** Outcomes that were sent beside those known: of two that contradict each other the one observed later counts. Pure. */
public final class Merge {
    private final Map<String, Label> newest = new HashMap<>();
    private final Set<String> fresh;
    private final Set<String> replaced = new LinkedHashSet<>();
    private final List<Lost> lost = new ArrayList<>();
    private int duplicates;

    /**
     * An outcome that does not count.
     *
     * @param wasKnown whether it counted until now
     */
    public record Lost(Label label, boolean wasKnown) {}

    /** The first outcome of each id. */
    public static Map<String, Label> firsts(List<Label> sent) {
        Map<String, Label> firsts = new LinkedHashMap<>();
        sent.forEach(label -> firsts.putIfAbsent(label.id(), label));
        return firsts;
    }

    /**
     * Of outcomes in the order in which they were sent.
     *
     * @param known those that were there before
     */
    public Merge(List<Label> sent, Map<String, Label> known) {
        Map<String, Label> firsts = firsts(sent);
        fresh = new LinkedHashSet<>(firsts.keySet());
        fresh.removeAll(known.keySet());
        newest.putAll(firsts);
        newest.putAll(known);
        Set<String> begun = new HashSet<>();
        for (Label label : sent) {
            if (!fresh.contains(label.id()) || !begun.add(label.id())) {
                compare(label);
            }
        }
    }

    private void compare(Label label) {
        Label before = newest(label.id());
        if (before.outcome().equals(label.outcome())) {
            duplicates++;
            return;
        }
        boolean wins = label.time() >= before.time();
        lost.add(new Lost(wins ? before : label, wins));
        if (wins) {
            newest.put(label.id(), label);
            replaced.add(label.id());
        }
    }

    /** The outcome of that id that counts. */
    public Label newest(String id) {
        return Objects.requireNonNull(newest.get(id));
    }

    /** Ids that had no outcome before. */
    public Set<String> fresh() {
        return fresh;
    }

    /** Ids whose first or known outcome was contradicted by one that counts. */
    public Set<String> replaced() {
        return replaced;
    }

    /** One for each contradiction. */
    public List<Lost> lost() {
        return lost;
    }

    public int duplicates() {
        return duplicates;
    }

    /** The outcomes that predictions are to get. */
    public List<Label> changed() {
        Set<String> ids = new LinkedHashSet<>(fresh);
        ids.addAll(replaced);
        return ids.stream().map(this::newest).toList();
    }
}
