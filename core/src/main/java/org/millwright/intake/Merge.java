package org.millwright.intake;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.outcome.Label;

/** Outcomes that were sent beside those known: of two that contradict each other the one observed later counts. Pure. */
public final class Merge {
    private final List<Label> changed = new ArrayList<>();
    private final BitSet fresh = new BitSet();
    private final BitSet replaced = new BitSet();
    private final List<Lost> lost = new ArrayList<>();
    private int duplicates;

    /**
     * An outcome that does not count.
     *
     * @param wasKnown whether it counted until now
     */
    public record Lost(Label label, boolean wasKnown) {}

    /** Outcomes by id, those of one id in the order in which they were sent: neighbours in an index of ids stay together. */
    public static List<Label> sorted(List<Label> sent) {
        return ById.sorted(sent);
    }

    /** The first outcome of each id. */
    public static List<Label> firsts(List<Label> sorted) {
        List<Label> firsts = new ArrayList<>(sorted.size());
        for (int i = 0; i < sorted.size(); i++) {
            if (begins(sorted, i)) {
                firsts.add(sorted.get(i));
            }
        }
        return firsts;
    }

    private static boolean begins(List<Label> sorted, int at) {
        return at == 0 || !sorted.get(at).id().equals(sorted.get(at - 1).id());
    }

    /**
     * Of outcomes as {@link #sorted} puts them.
     *
     * @param known those that were there before, by id
     */
    public Merge(List<Label> sorted, Map<String, Label> known) {
        for (int from = 0; from < sorted.size(); ) {
            int to = from + 1;
            while (to < sorted.size() && !begins(sorted, to)) {
                to++;
            }
            compare(sorted.subList(from, to), known.get(sorted.get(from).id()));
            from = to;
        }
    }

    /** All of one id. */
    private void compare(List<Label> sent, @Nullable Label known) {
        Label newest = known == null ? sent.getFirst() : known;
        boolean contradicted = false;
        for (Label label : known == null ? sent.subList(1, sent.size()) : sent) {
            if (newest.outcome().equals(label.outcome())) {
                duplicates++;
                continue;
            }
            boolean wins = label.time() >= newest.time();
            lost.add(new Lost(wins ? newest : label, wins));
            if (wins) {
                newest = label;
                contradicted = true;
            }
        }
        if (known == null || contradicted) {
            fresh.set(changed.size(), known == null);
            replaced.set(changed.size(), contradicted);
            changed.add(newest);
        }
    }

    /** The outcomes that predictions are to get, by id. */
    public List<Label> changed() {
        return changed;
    }

    /** Which of {@link #changed} are of ids that had no outcome before. */
    public BitSet fresh() {
        return fresh;
    }

    /** Which of {@link #changed} took the place of the first or known outcome of their id. */
    public BitSet replaced() {
        return replaced;
    }

    /** One for each contradiction. */
    public List<Lost> lost() {
        return lost;
    }

    public int duplicates() {
        return duplicates;
    }
}
