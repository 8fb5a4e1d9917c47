package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Every path of MLflow's REST API, below {@code /api/2.0} and {@code /ajax-api/2.0} alike. */
public final class MlflowRoutes implements Routes {
    /** Bytes of one artifact that are accepted unless the composition says otherwise. */
    public static final long ARTIFACT_LIMIT = 100L << 30;

    private final Endpoints endpoints = new Endpoints();
    private final ArtifactRoutes artifacts;
    private final String prefix;

    /**
     * @param artifactLimit bytes of one artifact that are accepted
     * @param prefix path before the paths for browsers, "" for none
     */
    public MlflowRoutes(MlflowRooms rooms, Clock clock, long artifactLimit, String prefix) {
        this.prefix = prefix;
        this.artifacts = new ArtifactRoutes(rooms.runs(), rooms.versions(), rooms.tree(), artifactLimit);
        new ExperimentRoutes(rooms.experiments()).add(endpoints);
        new RunRoutes(rooms.runs(), clock).add(endpoints);
        new MetricRoutes(rooms.runs()).add(endpoints);
        new LoggedModelRoutes(rooms.logged(), rooms.tree()).add(endpoints);
        new RegistryRoutes(rooms.models(), rooms.versions()).add(endpoints);
        new WebhookRoutes(rooms.webhooks()).add(endpoints);
        new UserRoutes(rooms.users()).add(endpoints);
        artifacts.add(endpoints);
    }

    /** Every method and path below {@code mlflow/}. */
    public Set<String> table() {
        return endpoints.table();
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        for (String base : List.of("/api/2.0/", prefix + "/ajax-api/2.0/")) {
            current(routing, base);
        }
        for (String base : List.of("/api/3.0/mlflow/", prefix + "/ajax-api/3.0/mlflow/")) {
            routing.get(base + "server-info", framed((request, response) -> Http.json(response, serverInfo())));
            routing.any(
                    base + "*",
                    framed((request, response) ->
                            NotHere.answer(response, request.path().path().substring(base.length()))));
        }
        routing.get(prefix + "/get-artifact", framed(artifacts::ofRun));
        routing.get(prefix + "/model-versions/get-artifact", framed(artifacts::ofVersion));
        routing.any(
                prefix + "/graphql",
                framed((request, response) -> MlflowErrors.notImplemented(
                        response, "GraphQL serves MLflow's own pages; the REST API has all that it has.")));
        routing.any(
                "/v1/traces",
                (request, response) -> MlflowErrors.notImplemented(response, "This server does not take traces."));
    }

    private void current(HttpRouting.Builder routing, String base) {
        int api = (base + "mlflow/").length();
        int proxy = (base + "mlflow-artifacts/").length();
        routing.post(base + "mlflow/upload-artifact", framed(artifacts::upload));
        routing.any(
                base + "mlflow/*",
                framed((request, response) -> endpoints.handle(
                        request, response, request.path().path().substring(api))));
        routing.any(
                base + "mlflow-artifacts/*",
                framed((request, response) -> artifacts.proxy(
                        request,
                        response,
                        request.prologue().uriPath().rawPath().substring(proxy))));
    }

    private static ObjectNode serverInfo() {
        return Json.object()
                .put("store_type", "SqlStore")
                .put("workspaces_enabled", false)
                .put("trace_archival_enabled", false)
                .put("multipart_uploads_enabled", false)
                .put("multipart_downloads_enabled", false);
    }

    private static Handler framed(Handler handler) {
        return new Handler() {
            @Override
            public void handle(ServerRequest request, ServerResponse response) throws Exception {
                response.header(Http.FRAMES, "SAMEORIGIN");
                handler.handle(request, response);
            }
        };
    }
}
