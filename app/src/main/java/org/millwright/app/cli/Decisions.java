package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.kernel.Json;

/** Deciding on what waits in the inbox, and asking again for what lapsed. */
final class Decisions {
    private Decisions() {}

    static int decide(Shared shared, String ref, boolean granted, String reason) {
        return decide(
                shared, Json.object().put("ref", ref).put("granted", granted).put("reason", reason));
    }

    static int decide(Shared shared, ObjectNode body) {
        JsonNode decided = shared.client().post("/api/1/decisions", body);
        int missing = decided.path("missing").asInt();
        if (missing > 0 && decided.path("state").asText().equals("PENDING")) {
            shared.say(missing + " more must approve: another person than you.");
        }
        return shared.show(decided, "subject", "state", "missing");
    }

    /** Asks again, and shows what is not as it was. */
    static int resubmit(Shared shared, String ref, String answer) {
        JsonNode asked = shared.client()
                .post("/api/1/decisions/resubmit", Json.object().put("ref", ref).put("answer", answer));
        int exit = shared.show(asked, "ref", "approval", "state", "due=at:dueAt");
        if (shared.isTable()) {
            JsonNode since = asked.path("sinceLastTime");
            for (String kind : new String[] {"digests", "facts"}) {
                since.path(kind)
                        .forEach(change -> shared.print("CHANGED  "
                                + change.path("name").asText() + ": "
                                + change.path("was").asText() + " -> "
                                + change.path("is").asText()));
            }
            if (since.path("digests").isEmpty() && since.path("facts").isEmpty()) {
                shared.print("Nothing changed since it was asked for last.");
            }
        }
        return exit;
    }
}
