package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millwright.kernel.Json;

/** What is not as it was when a decision was asked for last. */
final class Difference {
    /** The field of what is shown that holds it. */
    static final String FIELD = "sinceLastTime";

    private static final int LONGEST = 400;

    private Difference() {}

    /** Changed digests and changed facts, each with what it was and what it is. */
    static ObjectNode between(Approval before, Approvals.Request now) {
        ObjectNode difference = Json.object();
        difference.put("was", before.state().text()).put("because", before.reason());
        add(difference.putArray("digests"), before.digests(), now.digests());
        add(difference.putArray("facts"), facts(before.shown()), facts(now.shown()));
        return difference;
    }

    private static void add(ArrayNode list, Map<String, String> before, Map<String, String> now) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String was = before.getOrDefault(name, "none");
            String is = now.getOrDefault(name, "none");
            if (!was.equals(is)) {
                list.addObject().put("name", name).put("was", cut(was)).put("is", cut(is));
            }
        }
    }

    private static Map<String, String> facts(JsonNode shown) {
        var facts = new TreeMap<String, String>();
        shown.properties().stream()
                .filter(field -> !field.getKey().equals(FIELD))
                .forEach(field -> flatten(field.getKey(), field.getValue(), facts));
        return facts;
    }

    private static void flatten(String name, JsonNode node, Map<String, String> facts) {
        if (node.isObject()) {
            node.properties().forEach(field -> flatten(name + "." + field.getKey(), field.getValue(), facts));
        } else {
            facts.put(name, node.isValueNode() ? node.asText() : node.toString());
        }
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
