package org.millwright.web.metrics;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Permission;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** {@code /metrics} for Prometheus and what reads its format. */
public final class MetricsRoutes implements Routes {
    private final MetricsRooms rooms;
    private @Nullable Exposition exposition;

    public MetricsRoutes(MetricsRooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/metrics", (request, response) -> {
            rooms.users().access().require(Http.actor(request), Permission.OPERATE);
            String accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
            Exposition.Page page = exposition().page(accept);
            Http.bytes(response, Status.OK_200, page.type(), page.bytes());
        });
    }

    /** Made at the first scrape: a server that nobody scrapes loads nothing for it. */
    private synchronized Exposition exposition() {
        if (exposition == null) {
            exposition = new Exposition(rooms);
        }
        return exposition;
    }
}
