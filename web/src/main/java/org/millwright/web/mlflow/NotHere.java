package org.millwright.web.mlflow;

import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/** Tells apart what MLflow has and this server has not from what nobody has. */
final class NotHere {
    private static final Set<String> GENAI = Set.of(
            "traces",
            "assessments",
            "scorers",
            "scorer",
            "datasets",
            "unified-traces",
            "get-online-trace-details",
            "get-trace-artifact",
            "gateway",
            "gateway-proxy",
            "prompts",
            "prompt-optimization",
            "genai",
            "assistant",
            "demo",
            "mcp-servers",
            "skills",
            "label-schemas",
            "labeling-sessions",
            "review-queues",
            "issues",
            "jobs",
            "endpoints",
            "secrets");

    private NotHere() {}

    /** Answers for the rest of a path after {@code mlflow/}. */
    static void answer(ServerResponse response, String path) {
        String first = path.split("/", 2)[0];
        if (GENAI.contains(first) || path.equals("runs/create-promptlab-run")) {
            MlflowErrors.notImplemented(
                    response,
                    "This server tracks and governs models; MLflow's GenAI path '" + first + "' is not here.");
        } else if (first.equals("workspaces")) {
            MlflowErrors.notImplemented(response, "This server has projects in the place of MLflow's workspaces.");
        } else if (first.equals("roles")
                || path.startsWith("users/roles")
                || path.equals("users/create-ui")
                || path.startsWith("users/permissions")) {
            MlflowErrors.notImplemented(
                    response, "This server has roles of its own in the place of MLflow's: see mw user --help.");
        } else if (path.contains("/permissions/")) {
            MlflowErrors.notImplemented(
                    response, "Permissions are kept for experiments and registered models, not for '" + first + "'.");
        } else if (path.startsWith("artifacts/presigned-")) {
            MlflowErrors.notImplemented(
                    response, "Presigned URLs are not supported for the current artifact repository");
        } else if (first.equals("ui-telemetry")) {
            MlflowErrors.notImplemented(response, "This server collects no telemetry.");
        } else {
            MlflowErrors.unknownPath(response, path);
        }
    }
}
