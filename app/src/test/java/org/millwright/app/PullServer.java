package org.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.notification.NotificationSettings;
import org.millwright.scorer.Scorer;
import org.millwright.scorer.ScorerBuilder;
import org.millwright.serving.TestBundles;
import org.millwright.web.WebSettings;

/** A server that asks for credentials, with versions of a small real model, and a machine user that may score. */
final class PullServer implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path data;
    private final Map<String, String> traces;
    private final NotificationSettings sending;
    private final Map<String, String> tokens;
    private final Clock clock;
    private Millwright server;
    private final int port;

    PullServer(Path folder, int versions) {
        this(folder, versions, TestBundles::watched);
    }

    PullServer(Path folder, int versions, ReadyModel.Maker maker) {
        this(folder, versions, maker, Map.of(), Clock.systemUTC());
    }

    /** A server of one version that sends traces as these variables say. */
    static PullServer traced(Path folder, Map<String, String> traces) {
        return new PullServer(folder, 1, TestBundles::watched, traces, Clock.systemUTC());
    }

    /** The same with versions whose certificates end after so long, sending alerts as the settings say. */
    static PullServer expiring(
            Path folder, int versions, Duration validFor, NotificationSettings sending, Clock clock) {
        Path data = folder.resolve("server");
        Map<String, String> tokens = ReadyModel.in(data, versions);
        ReadyModel.certify(data, validFor);
        return new PullServer(data, tokens, Map.of(), sending, clock);
    }

    private PullServer(Path folder, int versions, ReadyModel.Maker maker, Map<String, String> traces, Clock clock) {
        this(
                folder.resolve("server"),
                ReadyModel.in(folder.resolve("server"), versions, maker),
                traces,
                NotificationSettings.DEFAULT,
                clock);
    }

    private PullServer(
            Path data,
            Map<String, String> made,
            Map<String, String> traces,
            NotificationSettings sending,
            Clock clock) {
        this.sending = sending;
        this.traces = traces;
        this.data = data;
        this.clock = clock;
        tokens = new TreeMap<>(made);
        server = started(0);
        port = server.port();
        add("app", Role.APP_DEVELOPER);
    }

    /** A machine user with that role. */
    void add(String name, Role role) {
        add(name, Set.of(role));
    }

    void add(String name, Set<Role> roles) {
        server.users().add(Actor.LOCAL, name, name, Actor.Kind.MACHINE, roles, null);
        tokens.put(name, server.users().issueToken(Actor.LOCAL, name, "test", Duration.ofDays(300)));
    }

    void grant(String name, Role role, String project) {
        server.users().grant(Actor.LOCAL, name, role, Optional.of(project));
    }

    private Millwright started(int at) {
        var embedded = Settings.embedded(data, at);
        var asks = new WebSettings("127.0.0.1", at, true, Set.of());
        return Millwright.start(
                new Settings(
                        embedded.data(),
                        embedded.shared(),
                        asks,
                        embedded.database(),
                        embedded.compatibility(),
                        true,
                        Optional.of(0),
                        embedded.workers(),
                        embedded.kubernetes(),
                        traces,
                        sending,
                        embedded.anchors()),
                clock);
    }

    /** Starts again where it was. */
    void start() {
        server = started(port);
    }

    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String token(String name) {
        return tokens.getOrDefault(name, "");
    }

    Path key() {
        return data.resolve("keys/bundles.pem.pub");
    }

    ScorerBuilder scorer(String model) {
        return Scorer.of(model).server(url(), token("app")).trust(key());
    }

    /** Has a version approved, each for a deployment of its own; the first one for that of the model's name. */
    void release(int version) {
        String deployment = version == 1 ? "" : "delays-" + version;
        String ref = post(
                        "ana",
                        "releases",
                        Json.object()
                                .put("model", "delays")
                                .put("version", version)
                                .put("deployment", deployment))
                .path("ref")
                .asText();
        post("mia", "decisions", Json.object().put("ref", ref).put("reason", "It is better"));
    }

    /** Sends the first version as many requests as its canary needs, and asks until it is the champion. */
    void promote() {
        String body = ReadyModel.request().toString();
        int answered = 0;
        for (int asked = 0; asked < 2_000; asked++) {
            if (get("app", "models/delays/aliases/champion/bundle").statusCode() == 200) {
                return;
            }
            var request = request("app", "/deployments/delays/invocations").POST(BodyPublishers.ofString(body));
            answered += answered < 4 && send(request).statusCode() == 200 ? 1 : 0;
        }
        throw new IllegalStateException("version 1 did not become the champion after " + answered + " answers");
    }

    /** Asks until the first version is tried at its deployment: what changes from then on does not void its release. */
    void awaitTrial() {
        for (int asked = 0; asked < 20_000; asked++) {
            HttpResponse<String> answer = get("ana", "deployments/delays");
            if (answer.statusCode() == 200 && Json.parse(answer.body()).has("canary")) {
                return;
            }
        }
        throw new IllegalStateException("version 1 was not tried");
    }

    void alias(String alias, int version) {
        var body = Json.object().put("name", "delays").put("alias", alias).put("version", Integer.toString(version));
        ok(send(request("ana", "/api/2.0/mlflow/registered-models/alias")
                .POST(BodyPublishers.ofString(body.toString()))));
    }

    HttpResponse<String> get(String who, String path, String... headers) {
        var request = request(who, "/api/1/" + path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** A page as who is signed in sees it. */
    String page(String who, String path) {
        return send(request(who, path)).body();
    }

    /** What the server says to a request that it may refuse. */
    HttpResponse<String> ask(String who, String path, ObjectNode body) {
        return send(request(who, "/api/" + path).POST(BodyPublishers.ofString(body.toString())));
    }

    /** The same with another method. */
    HttpResponse<String> ask(String who, String method, String path, ObjectNode body) {
        return send(request(who, "/api/" + path).method(method, BodyPublishers.ofString(body.toString())));
    }

    /** Sends a request to score one recorded row. */
    JsonNode score() {
        return ok(send(request("app", "/deployments/delays/invocations")
                .POST(BodyPublishers.ofString(ReadyModel.request().toString()))));
    }

    /** The same, whatever the answer is. */
    HttpResponse<String> score(String who) {
        return send(request(who, "/deployments/delays/invocations")
                .POST(BodyPublishers.ofString(ReadyModel.request().toString())));
    }

    HttpResponse<String> send(String who, String path, String body) {
        return send(request(who, "/api/1/" + path).POST(BodyPublishers.ofString(body)));
    }

    /** Has one recorded row scored under an id, by a caller with that span; tells the status. */
    int infer(String id, String traceparent) {
        ObjectNode body = Json.object().put("id", id);
        var inputs = body.putArray("inputs");
        TestBundles.rows().row(0).forEach((name, value) -> {
            String datatype = value instanceof String ? "BYTES" : value instanceof Long ? "INT64" : "FP64";
            ObjectNode input = inputs.addObject().put("name", name).put("datatype", datatype);
            input.putArray("shape").add(1);
            input.putArray("data").add(Json.tree(value));
        });
        return send(traceparent, body.toString());
    }

    /** The same with a body that is none. */
    int unreadable(String traceparent) {
        return send(traceparent, "{");
    }

    private int send(String traceparent, String body) {
        return send(request("app", "/v2/models/delays/infer")
                        .header("traceparent", traceparent)
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    int grpcPort() {
        return server.grpcPort().orElseThrow();
    }

    /** What an operator's tool gets that accepts that. */
    HttpResponse<String> metrics(String who, String accept) {
        return send(request(who, "/metrics").header("Accept", accept));
    }

    HttpResponse<String> report(String who, ObjectNode report) {
        return send(
                request(who, "/api/1/deployments/delays/profiles").POST(BodyPublishers.ofString(report.toString())));
    }

    JsonNode monitor() {
        return ok(get("ana", "deployments/delays/monitor"));
    }

    JsonNode columns() {
        String window = monitor().at("/windows/0/window").asText();
        return ok(get("ana", "deployments/delays/monitor/columns?window=" + window + "&version=1"));
    }

    /** Rows that are watched, by version; none when nothing is. */
    Map<String, Long> rows() {
        var answer = get("ana", "deployments/delays/monitor");
        var rows = new TreeMap<String, Long>();
        if (answer.statusCode() == 200) {
            Json.parse(answer.body())
                    .path("windows")
                    .forEach(window -> rows.merge(
                            window.path("version").asText(), window.path("rows").asLong(), Long::sum));
        }
        return rows;
    }

    JsonNode post(String who, String path, ObjectNode body) {
        return ok(send(request(who, "/api/1/" + path).POST(BodyPublishers.ofString(body.toString()))));
    }

    private static JsonNode ok(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    answer.request().uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.parse(answer.body());
    }

    private HttpRequest.Builder request(String who, String path) {
        var request = HttpRequest.newBuilder(URI.create(url() + path)).header("Content-Type", "application/json");
        return who.isEmpty() ? request : request.header("Authorization", "Bearer " + token(who));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
