package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.approval.Approvals;
import org.millwright.approval.Inbox;
import org.millwright.approval.ProtectedNames;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.lineage.Certificates;
import org.millwright.project.Projects;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.registry.WebhookPolicy;
import org.millwright.registry.Webhooks;
import org.millwright.tracking.Tracking;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;

/** A server with the tracking and registry rooms behind MLflow's API, on a free port. */
final class MlflowServer implements AutoCloseable {
    final Tracking tracking;
    final Models models;
    final Versions versions;
    final Webhooks webhooks;
    final Projects projects;
    final Approvals approvals;
    final Inbox inbox;
    final ProtectedNames names;
    final MlflowRoutes routes;
    private final WebServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    MlflowServer(Database database, boolean auth, long artifactLimit) {
        this(database, artifactLimit, new WebSettings("127.0.0.1", 0, auth, Set.of()));
    }

    MlflowServer(Database database, long artifactLimit, WebSettings settings) {
        tracking = new Tracking(database);
        models = new Models(database, tracking.ledger, tracking.clock, tracking.users.access());
        versions = new Versions(models, tracking.runs, tracking.models, tracking.tree);
        projects = new Projects(database, tracking.ledger, tracking.users, tracking.clock);
        approvals = new Approvals(database, tracking.ledger, tracking.users, projects, tracking.clock, tracking.ids);
        inbox = new Inbox(database, approvals, tracking.clock);
        var certificates = new Certificates(
                database, tracking.ledger, tracking.artifacts, tracking.folder.resolve("bundles.pem"), tracking.clock);
        names = new ProtectedNames(projects, models, versions, approvals, certificates, this::url);
        webhooks = new Webhooks(
                database,
                tracking.ledger,
                tracking.users.access(),
                models,
                new WebhookPolicy(Set.of("http", "https"), true, Duration.ofSeconds(5), 3, Duration.ofMillis(20)),
                tracking.folder.resolve("webhooks.key"),
                Clock.systemUTC());
        webhooks.start();
        routes = new MlflowRoutes(
                new MlflowRooms(
                        tracking.experiments,
                        tracking.runs,
                        tracking.models,
                        tracking.tree,
                        models,
                        versions,
                        webhooks,
                        tracking.users),
                tracking.clock,
                artifactLimit,
                settings.prefix());
        server = WebServer.start(
                settings, tracking.users, tracking.ids, List.of(routes), List.of(new MlflowErrors()), List::of);
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Status and body of an answer. */
    record Answer(int status, JsonNode json, HttpResponse<byte[]> raw) {
        String code() {
            return json.path("error_code").asText();
        }

        String message() {
            return json.path("message").asText();
        }
    }

    Answer get(String path) {
        return call("GET", "/api/2.0/mlflow/" + path, Optional.empty(), "");
    }

    Answer post(String path, String json) {
        return call("POST", "/api/2.0/mlflow/" + path, Optional.of(json.getBytes(StandardCharsets.UTF_8)), "");
    }

    Answer send(String method, String path, String json) {
        return call(method, "/api/2.0/mlflow/" + path, Optional.of(json.getBytes(StandardCharsets.UTF_8)), "");
    }

    /** Sends to any path, with a bearer token unless it is "". */
    Answer call(String method, String path, Optional<byte[]> body, String token) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, body.map(BodyPublishers::ofByteArray).orElse(BodyPublishers.noBody()));
        if (body.isPresent() && !path.contains("mlflow-artifacts/")) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    Answer send(HttpRequest request) {
        try {
            var response = client.send(request, BodyHandlers.ofByteArray());
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
            return new Answer(response.statusCode(), json ? Json.parse(response.body()) : Json.object(), response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        try {
            webhooks.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        tracking.close();
    }
}
