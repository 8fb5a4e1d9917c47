package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** The log of a step, read piece by piece. */
final class RunLog {
    private final Client client;
    private final String path;
    private long next;

    RunLog(Client client, String run, String step) {
        this.client = client;
        this.path = "/api/1/runs/" + run + "/steps/" + Client.part(step) + "/log?offset=";
    }

    /** Gives the lines since the last call; false when there were none. */
    boolean more(Consumer<String> lines) {
        JsonNode part = client.get(path + next);
        next = part.path("next").asLong();
        part.path("lines").forEach(line -> lines.accept(line.path("text").asText()));
        return !part.path("lines").isEmpty();
    }

    /** Gives all lines there are, each with its step in front. */
    static void all(Client client, String run, String step, Consumer<String> lines) {
        var log = new RunLog(client, run, step);
        boolean more = true;
        while (more) {
            more = log.more(line -> lines.accept(step + " | " + line));
        }
    }
}
