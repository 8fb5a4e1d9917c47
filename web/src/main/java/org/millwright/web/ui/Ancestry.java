package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.insight.Lineages;
import org.millwright.lineage.Edge;

/** What came from what, as a picture: of large graphs the assets that people know by name. */
final class Ancestry {
    private static final int MOST = 40;
    private static final int MOST_EDGES = 400;

    private Ancestry() {}

    static String svg(Lineages.Trace trace) {
        Map<String, List<String>> needs = new LinkedHashMap<>();
        trace.assets().forEach(asset -> needs.put(asset, new ArrayList<>()));
        if (needs.size() > MOST || trace.edges().size() > MOST_EDGES) {
            needs.keySet().removeIf(asset -> !isNamed(asset) && !asset.equals(trace.ref()));
        }
        for (Edge edge : trace.edges()) {
            List<String> into = needs.get(edge.to());
            if (into != null && needs.containsKey(edge.from()) && !into.contains(edge.from())) {
                into.add(edge.from());
            }
        }
        if (needs.size() < 2 || needs.size() > MOST) {
            return "";
        }
        var graph = new Graph("What came from what");
        needs.forEach((asset, from) -> graph.add(new Graph.Node(
                asset, Text.kind(asset), asset.equals(trace.ref()) ? "live" : "ok", Links.of(asset), from)));
        return graph.svg();
    }

    private static boolean isNamed(String asset) {
        return asset.startsWith("dataset:")
                || asset.startsWith("model:")
                || asset.startsWith("release:")
                || asset.startsWith("source:");
    }
}
