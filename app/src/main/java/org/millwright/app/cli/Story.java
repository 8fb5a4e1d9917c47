package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A ledger entry in words: a line that says who did what when, and lines with the particulars. */
final class Story {
    private static final int WIDTH = 110;

    private Story() {}

    static List<String> of(JsonNode entry) {
        var lines = new ArrayList<String>();
        String who =
                entry.path("actor").asText() + (entry.path("authenticated").asBoolean() ? "" : " (not authenticated)");
        lines.add(Texts.time(entry.path("at").asLong()) + "  " + who + "  "
                + words(entry.path("action").asText()) + "  "
                + entry.path("subjects").path(0).asText());
        var about = new ArrayList<String>();
        entry.path("subjects").forEach(subject -> about.add(subject.asText()));
        if (about.size() > 1) {
            lines.add("    with " + String.join(", ", about.subList(1, about.size())));
        }
        entry.path("details").properties().forEach(detail -> lines.addAll(detail(detail.getKey(), detail.getValue())));
        return lines;
    }

    /** {@code model.registered} as {@code registered model}; a decision is told by its verb, as it has a subject. */
    static String words(String action) {
        int dot = action.indexOf('.');
        if (action.equals("approval.approved") || action.equals("approval.refused")) {
            return action.substring(dot + 1);
        }
        String noun = action.substring(0, Math.max(0, dot));
        String verb = action.substring(dot + 1).replace('-', ' ');
        return verb.contains(" ") ? noun + " " + verb : verb + " " + noun;
    }

    private static List<String> detail(String name, JsonNode value) {
        if (value.isNull()
                || value.isContainerNode() && value.isEmpty()
                || value.asText("x").isBlank()) {
            return List.of();
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        String line = "    " + name + ": " + text.replace('\n', ' ');
        return List.of(line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line);
    }
}
