package org.millwright.replica;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.serving.Counts;
import org.millwright.serving.Routings;

/**
 * Tells the server how many requests each version answered. A report that may not have arrived comes again under the same
 * number, so that the server counts it once.
 */
final class CountReports {
    private final ControlPlane server;
    private final String replica = UUID.randomUUID().toString();
    private final Map<Key, Routings.Entry> waiting = new LinkedHashMap<>();
    private @Nullable ObjectNode report;
    private long sequence;

    CountReports(ControlPlane server) {
        this.server = server;
    }

    private record Key(String deployment, String version, long step) {}

    /** Takes what was counted since the last time. */
    void add(List<Routings.Entry> entries) {
        for (Routings.Entry entry : entries) {
            waiting.merge(
                    new Key(entry.deployment(), entry.version(), entry.step()),
                    entry,
                    (before, more) -> new Routings.Entry(
                            before.deployment(),
                            before.version(),
                            before.step(),
                            Counts.Counted.sum(before.counts(), more.counts())));
        }
    }

    /** Sends what waits; an {@link IOException} says why it waits on. */
    void send() throws IOException, InterruptedException {
        for (Optional<ObjectNode> next = next(); next.isPresent(); next = next()) {
            server.report(next.get());
            report = null;
        }
    }

    private Optional<ObjectNode> next() {
        if (report == null && !waiting.isEmpty()) {
            ObjectNode json = Json.object().put("replica", replica).put("sequence", ++sequence);
            json.set("entries", Json.tree(List.copyOf(waiting.values())));
            waiting.clear();
            report = json;
        }
        return Optional.ofNullable(report);
    }
}
