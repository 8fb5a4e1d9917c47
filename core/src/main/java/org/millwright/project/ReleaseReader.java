package org.millwright.project;

import java.time.Duration;
import org.millwright.kernel.Yaml;

/** Reads what the section {@code release} says of answering requests. */
final class ReleaseReader {
    private ReleaseReader() {}

    static Limits limits(Yaml.Value value) {
        Yaml.Value map = value.only("requests", "timeout");
        int requests = map.integer("requests", Limits.DEFAULT.requests());
        if (requests < 1 || requests > Limits.MOST_REQUESTS) {
            map.get("requests")
                    .ifPresent(found ->
                            found.error("expected 1 to " + Limits.MOST_REQUESTS + " at the same time, got " + requests));
        }
        Duration timeout = map.read(
                "timeout", Limits.DEFAULT.timeout(), "a time from 10ms to 10m, such as 500ms or 5s", text -> {
                    Duration read = Durations.parse(text);
                    if (!Limits.isTimeout(read)) {
                        throw new IllegalArgumentException(text);
                    }
                    return read;
                });
        return new Limits(Math.clamp(requests, 1, Limits.MOST_REQUESTS), timeout);
    }
}
