package org.millwright.web.oip;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.scoring.Signature;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Examples;
import org.millwright.serving.Scorer;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What a deployment takes and gives, for generators of clients. */
public final class OpenApiRoutes implements Routes {
    private final Deployments deployments;
    private final Scorer scorer;
    private final Examples examples;
    private final Users users;

    public OpenApiRoutes(Deployments deployments, Scorer scorer, Examples examples, Users users) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.examples = examples;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/deployments/{name}/openapi.json", this::document);
    }

    private void document(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Signature signature = scorer.signature(Http.actor(request), name, Optional.empty());
        Deployment deployment = deployments.get(name);
        users.access().require(Http.actor(request), Permission.READ, deployment.project());
        String version = deployment.answering().orElse("0");
        Http.json(response, new OpenApi(deployment.name(), signature, examples.row(deployment)).document(version));
    }
}
