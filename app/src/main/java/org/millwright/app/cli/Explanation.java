package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Says in words why a step ran or was reused. */
final class Explanation {
    private Explanation() {}

    static int print(Output output, Client client, String run, String step) {
        JsonNode why = client.get("runs/" + Client.enc(run) + "/steps/" + Client.enc(step) + "/explain");
        if (!output.isTable()) {
            output.one(why, "step");
            return Exit.OK;
        }
        output.line(step + ": " + sentence(why));
        why.path("differences")
                .forEach(difference ->
                        output.line("    " + difference.path("part").asText() + ": " + side(difference.path("before"))
                                + " → " + side(difference.path("now"))));
        return Exit.OK;
    }

    private static String sentence(JsonNode why) {
        String reused = why.path("reusedFrom").asText();
        if (!reused.isEmpty()) {
            return "not run again; nothing it depends on differs from " + reused;
        }
        String compared = why.path("comparedWith").asText();
        if (compared.isEmpty()) {
            return "ran, because this project never ran it before";
        }
        if (why.path("differences").isEmpty()) {
            return "ran again although nothing differs from " + compared
                    + ": steps of its kind always run, or reuse was turned off";
        }
        return "ran, because " + why.path("differences").path(0).path("part").asText() + " differs from " + compared;
    }

    private static String side(JsonNode node) {
        String text = node.isMissingNode() || node.isNull() ? "(none)" : node.asText();
        return text.length() > 60 ? text.substring(0, 59) + "…" : text;
    }
}
