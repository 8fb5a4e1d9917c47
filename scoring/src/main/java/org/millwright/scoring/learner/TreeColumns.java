package org.millwright.scoring.learner;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** The columns of a frame as trees ask for them, each made ready once for all trees: texts as numbers of their own. */
public final class TreeColumns {
    private static final Values NONE = new Values(null, null, Map.of());
    private static final Question UNANSWERED = new Question(null, 0, null, new boolean[0], false);

    private final Frame frame;
    private final Map<String, Values> values = new HashMap<>();

    public TreeColumns(Frame frame) {
        this.frame = frame;
    }

    int rows() {
        return frame.rows();
    }

    /** @param codes from 1 by text, 0 of a missing value */
    private record Values(double @Nullable [] numbers, int @Nullable [] codes, Map<String, Integer> texts) {}

    /** What a node asks, ready to be answered for each row. */
    record Question(
            double @Nullable [] numbers, double upTo, int @Nullable [] codes, boolean[] leftByCode, boolean missing) {
        boolean isLeft(int row) {
            if (numbers != null) {
                double value = numbers[row];
                return Double.isNaN(value) ? missing : value <= upTo;
            }
            return codes == null ? missing : leftByCode[codes[row]];
        }
    }

    /** The question of a node; a column that is not there, or holds another kind of values, is missing in every row. */
    Question question(ValueTree.Node node) {
        if (node.isLeaf()) {
            return UNANSWERED;
        }
        Values column = values.computeIfAbsent(node.column(), this::read);
        Set<String> categories = node.categories();
        if (categories == null) {
            return new Question(column.numbers(), node.upTo(), null, UNANSWERED.leftByCode(), node.missing());
        }
        boolean[] left = new boolean[column.texts().size() + 1];
        left[0] = node.missing();
        column.texts().forEach((text, code) -> left[code] = node.others() != categories.contains(text));
        return new Question(null, 0, column.codes(), left, node.missing());
    }

    private Values read(String name) {
        int position = frame.position(name);
        if (position < 0) {
            return NONE;
        }
        if (!(frame.column(position) instanceof Vector.Strings strings)) {
            return new Values(frame.doubles(position), null, Map.of());
        }
        @Nullable String[] texts = strings.values();
        int[] codes = new int[texts.length];
        Map<String, Integer> known = new HashMap<>();
        for (int row = 0; row < codes.length; row++) {
            String text = texts[row];
            if (text != null) {
                Integer code = known.get(text);
                if (code == null) {
                    code = known.size() + 1;
                    known.put(text, code);
                }
                codes[row] = code;
            }
        }
        return new Values(null, codes, known);
    }
}
