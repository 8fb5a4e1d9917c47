package org.millwright.intake;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.millwright.outcome.Label;

/**
 * Puts outcomes in the order of their ids. They are compared by a few letters behind what all ids begin with, packed with
 * their place into one number; only where these are the same by the ids, whose texts lie scattered in memory.
 */
final class ById {
    private static final Comparator<Label> ORDER = Comparator.comparing(Label::id);
    private static final int PLACE_BITS = 16;
    private static final int LETTERS = (Long.SIZE - PLACE_BITS) / Byte.SIZE;
    /** Stands for every letter from it on: what follows is left to the comparison of whole ids. */
    private static final int LAST = 0xff;

    private ById() {}

    static List<Label> sorted(List<Label> sent) {
        Label[] labels = sent.toArray(Label[]::new);
        if (labels.length > 1 << PLACE_BITS) {
            Arrays.sort(labels, ORDER);
            return List.of(labels);
        }
        int prefix = commonPrefix(labels);
        var keys = new long[labels.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (letters(labels[i].id(), prefix) << PLACE_BITS | i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(keys);
        var sorted = new Label[labels.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = labels[(int) (keys[i] & (1 << PLACE_BITS) - 1)];
        }
        for (int from = 0; from < keys.length; ) {
            int to = from + 1;
            while (to < keys.length && keys[to] >>> PLACE_BITS == keys[from] >>> PLACE_BITS) {
                to++;
            }
            if (to > from + 1) {
                Arrays.sort(sorted, from, to, ORDER);
            }
            from = to;
        }
        return List.of(sorted);
    }

    private static int commonPrefix(Label[] labels) {
        String first = labels.length == 0 ? "" : labels[0].id();
        int length = first.length();
        for (Label label : labels) {
            length = Math.min(length, label.id().length());
            for (int i = 0; i < length; i++) {
                if (label.id().charAt(i) != first.charAt(i)) {
                    length = i;
                }
            }
        }
        return length;
    }

    /** The letters from there on as bytes of a number, zero behind the end: no id has a letter of that. */
    private static long letters(String id, int from) {
        long letters = 0;
        boolean goesOn = true;
        for (int i = from; i < from + LETTERS; i++) {
            int letter = goesOn && i < id.length() ? Math.min(id.charAt(i), LAST) : 0;
            goesOn &= letter < LAST;
            letters = letters << Byte.SIZE | letter;
        }
        return letters;
    }
}
