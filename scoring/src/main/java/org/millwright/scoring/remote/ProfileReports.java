package org.millwright.scoring.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends what was profiled to the server, part by part. A part that may not have arrived is sent again under the same number,
 * so that the server counts it once.
 */
public final class ProfileReports {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    /** Characters of a report; segments that are more than that are left out of it. */
    private static final int MOST_TEXT = 8 * 1024 * 1024;

    private static final int MOST_GROUPS = 32;

    private final HttpClient http;
    private final Address address;
    private final String replica;
    private final Recorder recorder;

    private @Nullable Report report;
    private long sequence;
    private int failures;
    private boolean isSplitKnown;
    private volatile boolean asked;

    private volatile long sent;
    private volatile long sending;
    private volatile Optional<String> problem = Optional.empty();

    /** A part under its number, as it is sent until it has arrived. */
    private record Report(byte[] body, long rows, long dropped) {}

    /** @param replica names this scorer among all that ever were */
    public ProfileReports(HttpClient http, Address address, String replica, Recorder recorder) {
        this.http = http;
        this.address = address;
        this.replica = replica;
        this.recorder = recorder;
    }

    /** Profiles what waits; before the first rows the server is asked once by which columns to split them. */
    public void drain(Duration patience) {
        if (!asked) {
            ask(patience);
        }
        recorder.drain();
    }

    private synchronized void ask(Duration patience) {
        asked = true;
        try {
            HttpResponse<String> answer =
                    Address.send(http, address.request().GET().build(), limited(), patience);
            isSplitKnown = !Address.isPassing(answer.statusCode());
            if (answer.statusCode() == OK) {
                split(answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            isSplitKnown = false; // The next report tells of it, and asks again.
        }
    }

    /** Splits as the server says; one that says nothing of it changes nothing. */
    private void split(String answer) {
        JsonNode segments = segments(answer);
        if (!segments.isArray()) {
            return;
        }
        List<List<String>> groups = new ArrayList<>();
        for (JsonNode columns : segments) {
            List<String> group = new ArrayList<>();
            columns.forEach(column -> group.add(column.asText()));
            if (!group.isEmpty() && groups.size() < MOST_GROUPS) {
                groups.add(List.copyOf(group));
            }
        }
        recorder.splitBy(groups);
    }

    private static JsonNode segments(String answer) {
        try {
            return JSON.readTree(answer).path("segments");
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static HttpResponse.BodyHandler<String> limited() {
        return head -> new Limited<>(BodySubscribers.ofString(StandardCharsets.UTF_8), Address.MOST_TEXT);
    }

    /** Sends all that waits, until one does not arrive. */
    public synchronized void send(Duration patience) {
        if (!isSplitKnown) {
            ask(patience);
        }
        recorder.drain();
        try {
            for (Report next = next(); next != null && post(next, patience); next = next()) {
                report = null;
                sending = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Report next() {
        if (report == null) {
            Recorder.Part part = recorder.take();
            if (part == null) {
                return null;
            }
            long dropped = recorder.lostSince();
            report = new Report(body(part, dropped), part.rows, dropped);
            sending = part.rows;
        }
        return report;
    }

    private byte[] body(Recorder.Part part, long dropped) {
        ObjectNode json = JSON.createObjectNode()
                .put("replica", replica)
                .put("sequence", ++sequence)
                .put("version", part.version)
                .put("day", part.day)
                .put("rows", part.rows)
                .put("last", part.last)
                .put("dropped", dropped);
        part.profile.ifPresent(profile -> json.put("profile", profile.toJson()));
        if (!part.segments.isEmpty()) {
            ArrayNode segments = JSON.createArrayNode();
            long size = 0;
            for (Map.Entry<String, Recorder.Segment> each : part.segments.entrySet()) {
                String profile = each.getValue().profile.toJson();
                size += profile.length();
                if (size <= MOST_TEXT) {
                    segments.addObject()
                            .put("name", each.getKey())
                            .put("rows", each.getValue().rows)
                            .put("profile", profile);
                }
            }
            json.set("segments", segments);
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the part is dealt with: it arrived, or was refused for good. */
    private boolean post(Report next, Duration patience) throws InterruptedException {
        try {
            HttpResponse<String> answer = Address.send(
                    http,
                    address.request()
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(next.body()))
                            .build(),
                    limited(),
                    patience);
            if (answer.statusCode() == OK) {
                split(answer.body());
                failures = 0;
                sent += next.rows();
                problem = Optional.empty();
                return true;
            }
            problem = Optional.of(address.shown() + " answered " + answer.statusCode() + Address.reason(answer.body()));
            failures++;
            if (Address.isPassing(answer.statusCode())) {
                return false;
            }
            recorder.lose(next.rows());
            recorder.unreport(next.dropped());
            return true;
        } catch (IOException e) {
            failures++;
            problem = Optional.of(address.shown() + " cannot be reached: " + e.getMessage());
            return false;
        }
    }

    /** Sends that failed since the last one that did not. */
    public synchronized int failures() {
        return failures;
    }

    /**
     * What became of the rows.
     *
     * @param sent rows that the server has
     * @param waiting rows that wait to be sent
     * @param lost rows that will not be in any profile
     * @param problem why the last profile was not sent
     */
    public record State(long sent, long waiting, long lost, Optional<String> problem) {}

    public State state() {
        return new State(sent, recorder.waiting() + sending, recorder.lost(), problem);
    }
}
