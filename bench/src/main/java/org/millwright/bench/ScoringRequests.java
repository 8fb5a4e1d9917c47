package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.scoring.Frame;
import org.millwright.scoring.codec.TensorCodec;

/** Requests of the Open Inference Protocol, written before they are needed; only the id, if any, changes from one to the next. */
final class ScoringRequests {
    private static final String ID = "bench-000000000000000000";
    private static final byte[] MARK = ID.getBytes(StandardCharsets.US_ASCII);

    private final List<Request> requests = new ArrayList<>();
    /** Ids of earlier rounds must not come again, as the server keeps what it answered. */
    private final AtomicLong next = new AtomicLong(System.currentTimeMillis() * 1_000_000);

    private ScoringRequests() {}

    /** @param id where the id's last digit is; -1 without an id */
    private record Request(byte[] bytes, int id) {}

    /** @param named whether each carries an id of its own */
    static ScoringRequests of(Server server, String deployment, boolean named) {
        JsonNode model = server.get("/v2/models/" + deployment);
        var requests = new ScoringRequests();
        rows(server, frame -> requests.add(deployment, model.path("inputs"), frame, named));
        return requests;
    }

    /** The rows that the newest run of pipeline {@code replay} made. */
    static void rows(Server server, Consumer<Frame> each) {
        JsonNode run =
                server.get("/api/1/runs?pipeline=replay&limit=1").path("runs").path(0);
        Path folder = Folders.temporary();
        try (var tables = new DuckTables(folder.resolve("duckdb"))) {
            Path rows = server.download(
                    "/api/1/runs/" + run.path("id").asText() + "/steps/features/outputs/replay",
                    folder.resolve("rows.parquet"));
            tables.read(rows, List.of(), 4_096, each::accept);
        } finally {
            Folders.delete(folder);
        }
    }

    private void add(String deployment, JsonNode inputs, Frame rows, boolean named) {
        for (int row = 0; row < rows.rows(); row++) {
            ObjectNode body = Json.object();
            for (JsonNode input : inputs) {
                String name = input.path("name").asText();
                tensor(body, name, input.path("datatype").asText(), rows.value(rows.position(name), row));
            }
            if (named) {
                tensor(body, TensorCodec.IDS, "BYTES", ID);
            }
            byte[] request = post("/v2/models/" + deployment + "/infer", Json.bytes(body));
            requests.add(new Request(request, position(request)));
        }
    }

    private static void tensor(ObjectNode body, String name, String datatype, @Nullable Object value) {
        ObjectNode tensor =
                body.withArray("inputs").addObject().put("name", name).put("datatype", datatype);
        tensor.putArray("shape").add(1);
        tensor.putArray("data").addPOJO(value);
    }

    /** A whole HTTP request. */
    static byte[] post(String path, byte[] body) {
        String head =
                "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n";
        byte[] bytes = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, head.length());
        System.arraycopy(body, 0, bytes, head.length(), body.length);
        return bytes;
    }

    /** The request of that number, under an id that no other has. */
    byte[] next(int number) {
        Request request = requests.get(number % requests.size());
        if (request.id() < 0) {
            return request.bytes();
        }
        byte[] bytes = request.bytes().clone();
        int at = request.id();
        for (long left = next.getAndIncrement(); left > 0; left /= 10) {
            bytes[at--] = (byte) ('0' + left % 10);
        }
        return bytes;
    }

    private static int position(byte[] bytes) {
        for (int i = bytes.length - MARK.length; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + MARK.length, MARK, 0, MARK.length)) {
                return i + MARK.length - 1;
            }
        }
        return -1;
    }
}
