package org.millwright.app;

import static org.millwright.serving.Await.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;

/** The first pages of people of a released model: of those who made it, and of others with every other role. */
final class FirstPage {
    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              check:
                steps:
                  - id: gate
                    kind: gate
                    rules:
                      - {name: enough-rows, check: "metrics.rows >= 5000", fix: "Evaluate on a whole month."}
            """;
    private static final String WINTER = EvidenceLine.PROJECT
            .replace("name: delays\n", "name: winter\n")
            .replace("model: {name: delays", "model: {name: winter")
            .replace("Tells passengers how", "Tells passengers in winter how")
            .replace("risk-tier: low", "risk-tier: high")
            .replace("owner: ana", """
                    owner: ana
                    business-owner: ben
                    intake:
                      prohibited-practice: none
                      high-risk-area: critical-infrastructure
                      safety-component: no
                      transparency: none
                      decides-about-people: advice
                      worst-error: inconvenience""");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Millwright server;
    private final Map<String, String> tokens;

    FirstPage(Millwright server, Map<String, String> tokens) {
        this.server = server;
        this.tokens = new HashMap<>(tokens);
        person("olga", Role.OPERATIONS);
        person("ada", Role.ADMIN);
        person("vera", Role.VALIDATOR);
        person("noor", Role.DATA_SCIENTIST);
        person("sam", Role.APPROVER, Role.AUDITOR);
        person("nil");
        person("pia");
        server.users().grant(Actor.LOCAL, "pia", Role.APP_DEVELOPER, Optional.of(EvidenceLine.MODEL));
        var roles = server.users().roles();
        person(
                "cleo",
                roles.add(
                                Actor.LOCAL,
                                "second-line",
                                "",
                                Set.of(Permission.READ, Permission.VALIDATE, Permission.OPERATE))
                        .role());
        person(
                "rex",
                roles.add(Actor.LOCAL, "reader", "", Set.of(Permission.READ)).role());
    }

    private void person(String name, Role... roles) {
        server.users().add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(roles), null);
        tokens.put(name, server.users().issueToken(Actor.LOCAL, name, "test", Duration.ofHours(1)));
    }

    /** A script's run, a pipeline that its gate stops, a finding, a request for another project, and a backup. */
    void work(Path backup) throws IOException {
        post("olga", "1/backups", Json.object().put("folder", backup.toString()).toString());
        String run = Json.parse(post(
                        "ana", "2.0/mlflow/runs/create", "{\"experiment_id\": \"0\", \"run_name\": \"notebook-1\"}"))
                .at("/run/info/run_id")
                .asText();
        post(
                "ana",
                "2.0/mlflow/runs/log-metric",
                Json.object()
                        .put("run_id", run)
                        .put("key", "val_rmse")
                        .put("value", 20.5)
                        .put("timestamp", 1)
                        .toString());
        String source = Json.parse(send(
                        request("ana", "/api/1/projects/delays/sources").PUT(BodyPublishers.ofByteArray(source()))))
                .path("id")
                .asText();
        String started = Json.parse(post(
                        "ana",
                        "1/runs",
                        Json.object()
                                .put("project", "delays")
                                .put("pipeline", "check")
                                .put("source", source)
                                .set("parameters", Json.object())
                                .toString()))
                .path("id")
                .asText();
        await(() -> !Json.parse(get("ana", "/api/1/runs/" + started))
                .path("status")
                .asText()
                .equals("running"));
        post(
                "vera",
                "1/findings",
                Json.object()
                        .put("model", EvidenceLine.MODEL)
                        .put("version", 1)
                        .put("severity", "high")
                        .put("text", "It was never tried in winter")
                        .put("owner", "ana")
                        .put(
                                "due",
                                LocalDate.now(java.time.ZoneOffset.UTC)
                                        .plusDays(30)
                                        .toString())
                        .toString());
        post("ana", "1/projects", Json.object().put("file", WINTER).toString());
    }

    private static byte[] source() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("millwright.yaml"));
            zip.write(EvidenceLine.PROJECT.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("pipeline.yaml"));
            zip.write(PIPELINE.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Headers of requests by somebody. */
    Map<String, String> as(String who) {
        return Map.of("Authorization", "Bearer " + tokens.get(who));
    }

    /** The first page of somebody; of the server's owner without accounts for "". */
    String of(String who) {
        return get(who, "/");
    }

    String get(String who, String path) {
        return send(request(who, path));
    }

    private String post(String who, String path, String body) {
        var sent = request(who, "/api/" + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return send(sent);
    }

    private HttpRequest.Builder request(String who, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (!who.isEmpty()) {
            as(who).forEach(request::header);
        }
        return request;
    }

    private String send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 400 && answer.request().method().equals("POST")) {
                throw new AssertionError(answer.request().uri() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
