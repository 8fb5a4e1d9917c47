package org.millwright.web.mlflow;

import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/** Tells apart what MLflow has and this server has not from what nobody has. */
final class NotHere {
    private static final Set<String> GENAI = Set.of(
            "traces",
            "assessments",
            "scorers",
            "datasets",
            "unified-traces",
            "get-online-trace-details",
            "get-trace-artifact",
            "gateway",
            "gateway-proxy",
            "prompts",
            "prompt-optimization",
            "genai",
            "label-schemas",
            "labeling-sessions",
            "review-queues",
            "issues",
            "jobs",
            "endpoints",
            "secrets");
    private static final Set<String> LATER = Set.of("webhooks", "users", "permissions", "workspaces");

    private NotHere() {}

    static void answer(ServerResponse response, String path) {
        String first = path.split("/", 2)[0];
        if (GENAI.contains(first)) {
            MlflowErrors.notImplemented(
                    response,
                    "This server tracks and governs models; MLflow's GenAI path '" + first + "' is not here.");
        } else if (LATER.contains(first) || path.contains("/permissions/")) {
            MlflowErrors.notImplemented(response, "MLflow's '" + first + "' API is not here; see mw user --help.");
        } else {
            MlflowErrors.unknownPath(response, path);
        }
    }
}
