package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Datasets and their versions, with how each kept its contract. */
public final class DatasetRoutes implements Routes {
    private final Datasets datasets;
    private final Users users;

    public DatasetRoutes(Datasets datasets, Users users) {
        this.datasets = datasets;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/datasets", this::list);
        routing.get("/api/1/datasets/{ref}", (request, response) -> show(request, response, Http.path(request, "ref")));
        routing.get(
                "/api/1/datasets/{ref}/{number}",
                (request, response) ->
                        show(request, response, Http.path(request, "ref") + "/" + Http.path(request, "number")));
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        List<String> names = Http.query(request, "name").map(List::of).orElseGet(datasets::names);
        var all = Json.array();
        names.forEach(name -> datasets.versions(name).forEach(version -> all.add(summary(version))));
        Http.json(response, Json.object().set("versions", all));
    }

    private void show(ServerRequest request, ServerResponse response, String ref) {
        users.access().require(Http.actor(request), Permission.READ);
        DatasetVersion version = datasets.get(ref);
        ObjectNode json = summary(version);
        json.set("columns", Json.tree(version.columns()));
        json.set("profile", Json.tree(version.profile()));
        json.set("origin", Json.tree(version.origin()));
        version.report().ifPresent(report -> json.set("report", Json.tree(report)));
        version.failingSha256().ifPresent(failing -> json.put("failing", failing));
        Http.json(response, json);
    }

    private ObjectNode summary(DatasetVersion version) {
        return Json.object()
                .put("ref", version.ref())
                .put("dataset", version.dataset())
                .put("period", version.period())
                .put("number", version.number())
                .put("state", version.state().name().toLowerCase(Locale.ROOT))
                .put("rows", version.rows())
                .put("bytes", version.bytes())
                .put("sha256", version.sha256())
                .put("contract", version.contract())
                .put("createdBy", users.nameOf(version.createdBy()))
                .put("createdAt", version.createdAt());
    }
}
