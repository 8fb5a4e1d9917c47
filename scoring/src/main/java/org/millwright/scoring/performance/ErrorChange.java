package org.millwright.scoring.performance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.learner.ValueTree;
import org.millwright.scoring.profile.Reference;

/**
 * How the estimated mean absolute error of a window came to differ from that of the held-out rows: by rows that moved to
 * where errors are larger. Columns and segments each sum up to the whole difference.
 *
 * @param before mean on the held-out rows
 * @param now in the window; NaN without rows
 * @param columns what moved along each column, the largest rise first
 * @param segments groups of rows that became more or fewer, the largest rise first
 */
public record ErrorChange(double before, double now, List<Column> columns, List<Segment> segments) {
    public ErrorChange {
        columns = List.copyOf(columns);
        segments = List.copyOf(segments);
    }

    /** @param change part of the difference that rows moved along this column make */
    public record Column(String name, double change) {}

    /**
     * Rows of one kind.
     *
     * @param where what they have in common, such as {@code distance > 1400 and carrier is B6 or UA}; rows without a number
     *     are, where nothing else is said, with the small ones
     * @param error mean absolute error that rows of the kind had
     * @param shareBefore of the held-out rows
     * @param shareNow of the window's
     * @param change part of the difference that they make
     */
    public record Segment(String where, double error, double shareBefore, double shareNow, double change) {}

    private static final int NAMED = 4;

    static ErrorChange of(ValueTree tree, long[] counts) {
        List<ValueTree.Node> nodes = tree.nodes();
        double[] now = new double[nodes.size()];
        double[] before = new double[nodes.size()];
        double[] errorNow = new double[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            ValueTree.Node node = nodes.get(i);
            now[i] = node.isLeaf() ? counts[i] : now[node.left()] + now[node.right()];
            before[i] = node.rows();
            errorNow[i] = node.isLeaf() ? counts[i] * node.value() : errorNow[node.left()] + errorNow[node.right()];
        }
        if (nodes.isEmpty() || now[0] == 0) {
            return new ErrorChange(
                    nodes.isEmpty() ? Double.NaN : nodes.get(0).value(), Double.NaN, List.of(), List.of());
        }
        return new ErrorChange(
                nodes.get(0).value(), errorNow[0] / now[0], columns(nodes, before, now), segments(nodes, before, now));
    }

    /** A question moves the mean by how much more rows now go to the side with larger errors. */
    private static List<Column> columns(List<ValueTree.Node> nodes, double[] before, double[] now) {
        Map<String, Double> changes = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            ValueTree.Node node = nodes.get(i);
            if (!node.isLeaf() && now[i] > 0) {
                double moved = now[node.left()] / now[i] - before[node.left()] / before[i];
                double apart =
                        nodes.get(node.left()).value() - nodes.get(node.right()).value();
                changes.merge(node.column(), now[i] / now[0] * moved * apart, Double::sum);
            }
        }
        List<Column> columns = new ArrayList<>();
        changes.forEach((name, change) -> columns.add(new Column(shown(name), change)));
        columns.sort(Comparator.comparingDouble(column -> -column.change()));
        return columns;
    }

    private static List<Segment> segments(List<ValueTree.Node> nodes, double[] before, double[] now) {
        List<Segment> segments = new ArrayList<>();
        double mean = nodes.get(0).value();
        walk(nodes, 0, Map.of(), (leaf, where) -> {
            double shareBefore = before[leaf] / before[0];
            double shareNow = now[leaf] / now[0];
            double error = nodes.get(leaf).value();
            segments.add(new Segment(
                    where.isEmpty() ? "all rows" : String.join(" and ", where.values()),
                    error,
                    shareBefore,
                    shareNow,
                    (shareNow - shareBefore) * (error - mean)));
        });
        segments.sort(Comparator.comparingDouble(segment -> -segment.change()));
        return segments;
    }

    /** Takes a leaf and what its rows have in common. */
    private interface Visitor {
        void visit(int leaf, Map<String, String> where);
    }

    /** A later question about the same column on the same side says more, so it takes the earlier one's place. */
    private static void walk(List<ValueTree.Node> nodes, int at, Map<String, String> where, Visitor visitor) {
        ValueTree.Node node = nodes.get(at);
        if (node.isLeaf()) {
            visitor.visit(at, where);
            return;
        }
        Map<String, String> left = new LinkedHashMap<>(where);
        left.put(node.column() + (node.categories() == null ? " ≤" : ""), condition(node, true));
        walk(nodes, node.left(), left, visitor);
        Map<String, String> right = new LinkedHashMap<>(where);
        right.put(node.column() + (node.categories() == null ? " >" : ""), condition(node, false));
        walk(nodes, node.right(), right, visitor);
    }

    private static String condition(ValueTree.Node node, boolean left) {
        String name = shown(node.column());
        String missing = node.missing() == left ? " or missing" : "";
        if (node.categories() == null) {
            if (node.upTo() == Double.NEGATIVE_INFINITY || node.upTo() == Double.POSITIVE_INFINITY) {
                return name + (node.missing() == left ? " is missing" : " is there");
            }
            return name + (left ? " ≤ " : " > ") + figure(node.upTo()) + (left ? "" : missing);
        }
        if (node.categories().isEmpty()) {
            return name + (node.missing() == left ? " is missing" : " is there");
        }
        boolean listed = node.others() != left;
        List<String> names = node.categories().stream().sorted().limit(NAMED).toList();
        int more = node.categories().size() - names.size();
        return name
                + (listed ? " is " : " is not ")
                + String.join(" or ", names)
                + (more > 0 ? " or " + more + " more" : "")
                + missing;
    }

    private static String shown(String column) {
        return column.equals(Reference.OUTPUT) ? Reference.PREDICTION : column;
    }

    private static String figure(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : String.format(java.util.Locale.ROOT, "%.4g", value);
    }
}
