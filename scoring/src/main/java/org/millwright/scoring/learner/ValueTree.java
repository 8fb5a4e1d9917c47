package org.millwright.scoring.learner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;

/**
 * A regression tree that asks for values instead of bins, so that it can be kept and applied without the rows that it was
 * learned on.
 *
 * @param nodes the root first; a leaf has no column
 */
public record ValueTree(List<Node> nodes) {
    /** Leaves that a tree has at most. */
    public static final int MOST_LEAVES = 64;

    private static final int MOST_CATEGORIES = 300;
    private static final int LEAF = -1;
    private static final ObjectMapper JSON = new ObjectMapper();

    public ValueTree {
        nodes = List.copyOf(nodes);
    }

    /**
     * A question, or a leaf with a value.
     *
     * @param column "" of a leaf
     * @param upTo numbers up to here go left
     * @param categories texts that do not go where the others go; null of a column of numbers
     * @param others whether the other texts go left
     * @param missing whether rows without a value go left
     * @param value mean of what was to be predicted below
     * @param rows that it was learned on
     */
    public record Node(
            String column,
            double upTo,
            @Nullable Set<String> categories,
            boolean others,
            boolean missing,
            int left,
            int right,
            double value,
            long rows) {
        public boolean isLeaf() {
            return left < 0;
        }
    }

    /** The tree by values; {@code target} and bins are what it was learned from. */
    static ValueTree of(RegressionTree tree, Binning binning, int[][] bins, double[] target) {
        List<RegressionTree.Node> own = tree.nodes();
        double[] sums = new double[own.size()];
        long[] rows = new long[own.size()];
        for (int row = 0; row < target.length; row++) {
            int at = 0;
            while (true) {
                sums[at] += target[row];
                rows[at]++;
                RegressionTree.Node node = own.get(at);
                if (node.column() < 0) {
                    break;
                }
                at = node.isLeft(bins[node.column()][row]) ? node.left() : node.right();
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            nodes.add(node(own.get(i), binning, rows[i] == 0 ? 0 : sums[i] / rows[i], rows[i]));
        }
        return new ValueTree(nodes);
    }

    /** Learns a tree of at most {@link #MOST_LEAVES} leaves. */
    public static ValueTree fit(Binning binning, int[][] bins, double[] target) {
        return of(
                RegressionTree.fit(bins, binning.counts(), binning.ordered(), target, MOST_LEAVES),
                binning,
                bins,
                target);
    }

    private static Node node(RegressionTree.Node node, Binning binning, double value, long rows) {
        int column = node.column();
        if (column < 0) {
            return new Node("", 0, null, false, false, LEAF, LEAF, value, rows);
        }
        boolean missing = node.isLeft(0);
        if (!binning.isCategorical(column)) {
            double upTo = Double.NEGATIVE_INFINITY;
            for (int bin = 1; bin < node.rank().length && node.isLeft(bin); bin++) {
                upTo = binning.upper(column, bin);
            }
            return new Node(binning.name(column), upTo, null, false, missing, node.left(), node.right(), value, rows);
        }
        boolean others = node.isLeft(1);
        Set<String> exceptions = new TreeSet<>();
        binning.categories(column).forEach((name, bin) -> {
            if (node.isLeft(bin) != others) {
                exceptions.add(name);
            }
        });
        return new Node(binning.name(column), 0, exceptions, others, missing, node.left(), node.right(), value, rows);
    }

    /** Numbers of the leaves that the rows of a frame fall in: places in {@link #nodes}. A column that is not there is missing. */
    public int[] leaves(TreeColumns columns) {
        Node[] all = nodes.toArray(new Node[0]);
        var questions = new TreeColumns.Question[all.length];
        Arrays.setAll(questions, place -> columns.question(all[place]));
        int[] at = new int[columns.rows()];
        for (int row = 0; row < at.length; row++) {
            int place = 0;
            Node node = all[0];
            while (node.left() >= 0) {
                place = questions[place].isLeft(row) ? node.left() : node.right();
                node = all[place];
            }
            at[row] = place;
        }
        return at;
    }

    /** The values of the leaves that the rows of a frame fall in. */
    public double[] predict(Frame frame) {
        return Arrays.stream(leaves(new TreeColumns(frame)))
                .mapToDouble(leaf -> nodes.get(leaf).value())
                .toArray();
    }

    public ArrayNode toJson() {
        ArrayNode all = JSON.createArrayNode();
        for (Node node : nodes) {
            ObjectNode json = all.addObject().put("value", node.value()).put("rows", node.rows());
            if (!node.isLeaf()) {
                json.put("column", node.column()).put("left", node.left()).put("right", node.right());
                json.put("missing", node.missing());
                if (node.categories() == null) {
                    json.put("upTo", Double.toString(node.upTo()));
                } else {
                    json.put("others", node.others());
                    node.categories().forEach(json.putArray("categories")::add);
                }
            }
        }
        return all;
    }

    /** Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. */
    public static ValueTree fromJson(JsonNode json) {
        int size = json.size();
        require(size >= 1 && size < 2 * MOST_LEAVES, "has " + size + " nodes");
        List<Node> nodes = new ArrayList<>();
        for (JsonNode node : json) {
            double value = node.path("value").asDouble(Double.NaN);
            require(Double.isFinite(value), "has a node without a value");
            nodes.add(
                    node.has("column")
                            ? question(node, value, nodes.size(), size)
                            : new Node(
                                    "",
                                    0,
                                    null,
                                    false,
                                    false,
                                    LEAF,
                                    LEAF,
                                    value,
                                    node.path("rows").asLong()));
        }
        return new ValueTree(nodes);
    }

    /** Children come after their parent, so that a walk ends. */
    private static Node question(JsonNode node, double value, int at, int size) {
        int left = node.path("left").asInt();
        int right = node.path("right").asInt();
        require(left > at && left < size && right > at && right < size, "has a node that leads nowhere");
        Set<String> categories = null;
        if (node.has("categories")) {
            require(node.path("categories").size() <= MOST_CATEGORIES, "has a node of too many categories");
            Set<String> read = new HashSet<>();
            node.path("categories").forEach(text -> read.add(text.asText()));
            categories = Set.copyOf(read);
        }
        try {
            return new Node(
                    node.path("column").asText(),
                    categories == null ? Double.parseDouble(node.path("upTo").asText()) : 0,
                    categories,
                    node.path("others").asBoolean(),
                    node.path("missing").asBoolean(),
                    left,
                    right,
                    value,
                    node.path("rows").asLong());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a tree: a limit of it is no number", e);
        }
    }

    private static void require(boolean holds, String why) {
        if (!holds) {
            throw new IllegalArgumentException("not a tree: it " + why);
        }
    }
}
