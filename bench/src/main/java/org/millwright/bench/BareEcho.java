package org.millwright.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The HTTP server alone: reads every value of a request and writes an answer of the same form and size, without a model. */
final class BareEcho {
    private static final JsonFactory JSON = new JsonFactory();

    private BareEcho() {}

    /** Listens on the port that the first argument names, and for gRPC on that of the second. */
    public static void main(String[] args) throws IOException {
        BareGrpcEcho.start(Integer.parseInt(args[1]));
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.create())
                .routing(routing -> routing.get("/health", (request, response) -> response.send("OK"))
                        .post("/v2/models/{model}/infer", BareEcho::infer))
                .build()
                .start();
    }

    private static void infer(ServerRequest request, ServerResponse response) {
        try (var in = request.content().inputStream()) {
            byte[] answer = answer(request.path().pathParameters().get("model"), in.readNBytes((int)
                    request.headers().contentLength().orElse(0)));
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
            response.send(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] answer(String model, byte[] body) throws IOException {
        int rows = 0;
        double sum = 0.1;
        try (JsonParser json = JSON.createParser(body)) {
            boolean counts = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    counts = rows == 0 && json.currentName().equals("data");
                } else if (token.isScalarValue()) {
                    rows += counts ? 1 : 0;
                    sum += token.isNumeric()
                            ? json.getDoubleValue()
                            : json.getText().length();
                } else {
                    counts &= token == JsonToken.START_ARRAY;
                }
            }
        }
        return write(model, rows, sum);
    }

    private static byte[] write(String model, int rows, double sum) throws IOException {
        var out = new ByteArrayOutputStream(256 + rows * 20);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model_name", model);
            json.writeStringField("model_version", "1");
            json.writeArrayFieldStart("outputs");
            json.writeStartObject();
            json.writeStringField("name", "prediction");
            json.writeStringField("datatype", "FP64");
            json.writeArrayFieldStart("shape");
            json.writeNumber(rows);
            json.writeEndArray();
            json.writeArrayFieldStart("data");
            for (int i = 0; i < rows; i++) {
                json.writeNumber(sum / (i + 3));
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
