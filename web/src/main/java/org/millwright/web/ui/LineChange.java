package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a text that another text takes the place of.
 *
 * @param sign {@code +} for a line of the new text only, {@code -} of the old one only, a blank for one of both
 */
public record LineChange(String sign, String text) {
    private static final int MOST = 1_500;
    /** Lines of both texts that stand around a change. */
    private static final int AROUND = 2;

    /** What differs, with the lines around it; empty when nothing does, or the texts are too long to compare. */
    static List<LineChange> between(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        if (before.equals(after) || old.size() > MOST || now.size() > MOST) {
            return List.of();
        }
        int[][] same = longestCommon(old, now);
        var all = new ArrayList<LineChange>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                all.add(new LineChange(" ", old.get(i++)));
                j++;
            } else if (j == now.size() || i < old.size() && same[i + 1][j] >= same[i][j + 1]) {
                all.add(new LineChange("-", old.get(i++)));
            } else {
                all.add(new LineChange("+", now.get(j++)));
            }
        }
        return around(all);
    }

    /** How many lines the texts have in common from a line of each on. */
    private static int[][] longestCommon(List<String> old, List<String> now) {
        var same = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                same[i][j] = old.get(i).equals(now.get(j))
                        ? same[i + 1][j + 1] + 1
                        : Math.max(same[i + 1][j], same[i][j + 1]);
            }
        }
        return same;
    }

    private static List<LineChange> around(List<LineChange> all) {
        var near = new ArrayList<LineChange>();
        int last = -1;
        for (int i = 0; i < all.size(); i++) {
            int from = Math.max(0, i - AROUND);
            int to = Math.min(all.size(), i + AROUND + 1);
            if (all.subList(from, to).stream().anyMatch(line -> !line.sign().equals(" "))) {
                if (last >= 0 && last < i - 1) {
                    near.add(new LineChange(" ", "…"));
                }
                near.add(all.get(i));
                last = i;
            }
        }
        return near;
    }
}
