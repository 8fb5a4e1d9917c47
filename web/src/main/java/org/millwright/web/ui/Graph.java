package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps or assets as SVG text: one column for each distance from the start, arrows for what each needs. */
final class Graph {
    private static final int WIDTH = 164;
    private static final int HEIGHT = 44;
    private static final int GAP_X = 36;
    private static final int GAP_Y = 12;
    /** Letters of a name and of a result that a box holds. */
    private static final int MOST_BOLD = 17;

    private static final int MOST = 23;

    private final String title;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, int[]> places = new LinkedHashMap<>();

    Graph() {
        this("Steps and what they need");
    }

    Graph(String title) {
        this.title = title;
    }

    /** A step or an asset: what it is called, what became of it, where its evidence is. */
    record Node(String id, String result, String tone, String href, List<String> needs) {}

    void add(Node node) {
        nodes.put(node.id(), node);
    }

    String svg() {
        int columns = place();
        int rows =
                places.values().stream().mapToInt(place -> place[1] + 1).max().orElse(1);
        int width = columns * (WIDTH + GAP_X) - GAP_X + 2;
        int height = rows * (HEIGHT + GAP_Y) - GAP_Y + 2;
        var out = new StringBuilder("<svg class=\"graph\" role=\"img\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"-1 -1 " + width + " " + height + "\"><title>" + Text.escape(title) + "</title>");
        nodes.values().forEach(node -> node.needs().forEach(need -> edge(out, need, node.id())));
        nodes.values().forEach(node -> box(out, node));
        return out.append("</svg>").toString();
    }

    private int place() {
        var depth = new LinkedHashMap<String, Integer>();
        nodes.keySet().forEach(id -> depth(id, depth));
        var filled = new ArrayList<Integer>();
        nodes.keySet().forEach(id -> {
            int column = depth.getOrDefault(id, 0);
            while (filled.size() <= column) {
                filled.add(0);
            }
            places.put(id, new int[] {column, filled.get(column)});
            filled.set(column, filled.get(column) + 1);
        });
        return Math.max(1, filled.size());
    }

    private int depth(String id, Map<String, Integer> known) {
        Integer found = known.get(id);
        Node node = nodes.get(id);
        if (found != null || node == null) {
            return found == null ? -1 : found;
        }
        int depth = 0;
        for (String need : node.needs()) {
            depth = Math.max(depth, depth(need, known) + 1);
        }
        known.put(id, depth);
        return depth;
    }

    private void edge(StringBuilder out, String from, String to) {
        int[] a = places.get(from);
        int[] b = places.get(to);
        if (a == null || b == null) {
            return;
        }
        int x1 = a[0] * (WIDTH + GAP_X) + WIDTH;
        int y1 = a[1] * (HEIGHT + GAP_Y) + HEIGHT / 2;
        int x2 = b[0] * (WIDTH + GAP_X);
        int y2 = b[1] * (HEIGHT + GAP_Y) + HEIGHT / 2;
        if (b[0] - a[0] > 1) {
            // A long arrow would cross boxes; the table below names what it says.
            return;
        }
        int bend = (x1 + x2) / 2;
        out.append(
                "<path class=\"edge\" d=\"M%d %dC%d %d %d %d %d %d\"/>".formatted(x1, y1, bend, y1, bend, y2, x2, y2));
    }

    private void box(StringBuilder out, Node node) {
        int[] place = places.get(node.id());
        if (place == null) {
            return;
        }
        int x = place[0] * (WIDTH + GAP_X);
        int y = place[1] * (HEIGHT + GAP_Y);
        out.append("<a href=\"")
                .append(Text.escape(node.href()))
                .append("\"><g class=\"node ")
                .append(node.tone());
        out.append("\"><title>")
                .append(Text.escape(node.id() + ": " + node.result()))
                .append("</title>");
        out.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>".formatted(x, y, WIDTH, HEIGHT));
        out.append("<rect class=\"edge-mark\" x=\"%d\" y=\"%d\" width=\"3\" height=\"%d\"/>".formatted(x, y, HEIGHT));
        text(out, "name", x + 12, y + 18, brief(node.id()));
        text(out, "result", x + 12, y + 35, node.result());
        out.append("</g></a>");
    }

    /** A reference without its kind, which stands below it; of an id the beginning. */
    private static String brief(String id) {
        return id.substring(id.indexOf(':') + 1).replaceAll("\\b([0-9a-f]{10})[0-9a-f]{6,}\\b", "$1…");
    }

    private static void text(StringBuilder out, String type, int x, int y, String text) {
        int most = type.equals("name") ? MOST_BOLD : MOST;
        String cut = text.length() > most ? text.substring(0, most - 1) + "…" : text;
        out.append("<text class=\"%s\" x=\"%d\" y=\"%d\">".formatted(type, x, y))
                .append(Text.escape(cut))
                .append("</text>");
    }
}
