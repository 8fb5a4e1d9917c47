package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.millwright.ledger.Entry;

/** A ledger entry in words: a line that says who did what when, and lines with the particulars. */
final class Story {
    private static final int WIDTH = 110;
    private static final long CENTURY = 946_684_800_000L;
    private static final Pattern TIME = Pattern.compile("(^at|At|Start|End|from|to|since|until|time)$");

    private Story() {}

    static List<String> of(JsonNode entry) {
        var lines = new ArrayList<String>();
        var about = new ArrayList<String>();
        entry.path("subjects")
                .forEach(subject ->
                        about.add(entry.path("names").path(subject.asText()).asText(subject.asText())));
        String who =
                entry.path("actor").asText() + (entry.path("authenticated").asBoolean() ? "" : " (not authenticated)");
        lines.add(Texts.time(entry.path("at").asLong()) + "  " + who + "  "
                + Entry.words(entry.path("action").asText()) + "  "
                + String.join("", about.stream().limit(1).toList()));
        if (about.size() > 1) {
            lines.add("    with " + String.join(", ", about.subList(1, about.size())));
        }
        entry.path("details")
                .properties()
                .forEach(detail -> lines.addAll(detail(detail.getKey(), detail.getValue(), entry.path("names"))));
        return lines;
    }

    private static List<String> detail(String name, JsonNode value, JsonNode names) {
        if (value.isNull()
                || value.isContainerNode() && value.isEmpty()
                || value.asText("x").isBlank()) {
            return List.of();
        }
        if (isTime(name, value)) {
            return List.of("    " + name + ": " + Texts.time(value.asLong()));
        }
        if (value.isTextual()) {
            return List.of("    " + name + ": "
                    + names.path(value.asText()).asText(value.asText()).replace('\n', ' '));
        }
        String line = "    " + name + ": " + (value.isValueNode() ? value.asText() : value.toString());
        return List.of(line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line);
    }

    /** Whether it is milliseconds since the epoch, of this century. */
    private static boolean isTime(String name, JsonNode value) {
        return TIME.matcher(name).find() && value.isIntegralNumber() && value.asLong() > CENTURY;
    }
}
