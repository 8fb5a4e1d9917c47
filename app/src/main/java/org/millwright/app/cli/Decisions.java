package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;

/** Deciding on what waits in the inbox. */
final class Decisions {
    private Decisions() {}

    static int decide(Shared shared, String ref, boolean granted, String reason) {
        JsonNode decided = shared.client()
                .post(
                        "/api/1/decisions",
                        Json.object().put("ref", ref).put("granted", granted).put("reason", reason));
        return shared.show(decided, "subject", "state");
    }
}
