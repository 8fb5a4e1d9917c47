package org.millwright.web.metrics;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.replica.Replica;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** {@code /metrics} for Prometheus and what reads its format. */
public final class MetricsRoutes implements Routes {
    private final Consumer<Actor> check;
    private final Supplier<Exposition> made;
    private @Nullable Exposition exposition;

    private MetricsRoutes(Consumer<Actor> check, Supplier<Exposition> made) {
        this.check = check;
        this.made = made;
    }

    /** Of the factory. */
    public MetricsRoutes(MetricsRooms rooms) {
        this(
                actor -> rooms.users().access().require(actor, Permission.OPERATE),
                () -> new Exposition(List.of(new ScoringMetrics(rooms.scorer()), new FactoryMetrics(rooms))));
    }

    /** Of a process that only scores. */
    public MetricsRoutes(Replica replica) {
        this(
                replica::requireOperator,
                () -> new Exposition(List.of(new ScoringMetrics(replica.scorer()), new ReplicaMetrics(replica))));
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/metrics", (request, response) -> {
            check.accept(Http.actor(request));
            String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
            Exposition.Page page = exposition().page(accept);
            Http.bytes(response, Status.OK_200, page.type(), page.bytes());
        });
    }

    /** Made at the first scrape: a server that nobody scrapes loads nothing for it. */
    private synchronized Exposition exposition() {
        if (exposition == null) {
            exposition = made.get();
        }
        return exposition;
    }
}
