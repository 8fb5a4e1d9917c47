package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.Map;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.lineage.Certificates;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Python environments: what is in each, and on what it was built. */
public final class EnvironmentPages implements Routes {
    private final Ui ui;
    private final Environments environments;
    private final Certificates certificates;
    private final Users users;
    private final Clock clock;

    public EnvironmentPages(Ui ui, Environments environments, Certificates certificates, Users users, Clock clock) {
        this.ui = ui;
        this.environments = environments;
        this.certificates = certificates;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/environments", this::list);
        routing.get("/environments/{id}", this::show);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        ui.page(
                request,
                response,
                "environment/list.jte",
                "Environments",
                "",
                Map.of("environments", environments.list(), "now", clock.millis()));
    }

    private void show(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        Environment environment = environments.get(Http.path(request, "id"));
        ui.page(
                request,
                response,
                "environment/show.jte",
                "Environment " + Text.brief(environment.id()),
                "",
                Map.of(
                        "environment",
                        environment,
                        "provable",
                        Provable.of(
                                certificates,
                                environment.ref(),
                                environment.state() == Environment.State.READY ? "" : "it is not built"),
                        "people",
                        new Names(users),
                        "now",
                        clock.millis()));
    }
}
