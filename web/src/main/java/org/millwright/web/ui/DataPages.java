package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.RevokedAssets;
import org.millwright.monitor.HeldTraffic;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Datasets: which versions were taken in, which were kept aside and why, and what is in them. */
public final class DataPages implements Routes {
    private final Ui ui;
    private final Datasets datasets;
    private final RevokedAssets revoked;
    private final HeldTraffic traffic;
    private final Certificates certificates;
    private final Users users;
    private final Clock clock;

    public DataPages(
            Ui ui,
            Datasets datasets,
            RevokedAssets revoked,
            HeldTraffic traffic,
            Certificates certificates,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.datasets = datasets;
        this.revoked = revoked;
        this.traffic = traffic;
        this.certificates = certificates;
        this.users = users;
        this.clock = clock;
    }

    /** A dataset with its versions. */
    public record Shelf(String name, List<DatasetVersion> versions) {
        public long quarantined() {
            return versions.stream().filter(version -> !version.isAccepted()).count();
        }

        public long rows() {
            return versions.stream()
                    .filter(DatasetVersion::isAccepted)
                    .mapToLong(DatasetVersion::rows)
                    .sum();
        }
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/data", this::list);
        routing.get("/data/{ref}", this::show);
        routing.get("/data/{ref}/{number}", this::numbered);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        Optional<String> only = Http.query(request, "dataset").filter(name -> !name.isBlank());
        List<Shelf> shelves = datasets.names().stream()
                .filter(name -> only.isEmpty() || only.get().equals(name))
                .map(name -> new Shelf(name, datasets.versions(name)))
                .toList();
        ui.page(
                request,
                response,
                "data/list.jte",
                "Data",
                "Data",
                Map.of("shelves", shelves, "only", only.orElse(""), "now", clock.millis()));
    }

    private void show(ServerRequest request, ServerResponse response) {
        show(request, response, Http.path(request, "ref"));
    }

    /** The server decodes the stroke of a reference before it looks for a route. */
    private void numbered(ServerRequest request, ServerResponse response) {
        show(request, response, Http.path(request, "ref") + "/" + Http.path(request, "number"));
    }

    private void show(ServerRequest request, ServerResponse response, String ref) {
        users.access().require(Http.actor(request), Permission.READ);
        DatasetVersion version = datasets.get("dataset:" + ref);
        ui.page(
                request,
                response,
                "data/show.jte",
                version.dataset() + "@" + version.period(),
                "Data",
                Map.of(
                        "version",
                        version,
                        "revoked",
                        revoked.of(version.ref()),
                        "models",
                        revoked.descendants(version.ref()),
                        "held",
                        traffic.by(Http.actor(request), version),
                        "provable",
                        Provable.of(
                                certificates, version.ref(), version.isAccepted() ? "" : "only accepted data gets one"),
                        "people",
                        new Names(users),
                        "now",
                        clock.millis()));
    }
}
