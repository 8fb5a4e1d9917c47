package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.Optional;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What validators hold against models. */
public final class FindingRoutes implements Routes {
    private final Findings findings;
    private final Users users;
    private final Clock clock;

    public FindingRoutes(Findings findings, Users users, Clock clock) {
        this.findings = findings;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/findings", this::list);
        routing.post("/api/1/findings", this::file);
        routing.post("/api/1/findings/{id}/close", this::close);
        routing.post("/api/1/findings/{id}/waive", this::waive);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Optional<String> model = request.query().first("model").asOptional();
        boolean open = request.query().first("state").filter("open"::equals).isPresent();
        var all = Json.array();
        findings.list(Http.actor(request)).stream()
                .filter(each -> model.filter(name -> !name.equals(each.model())).isEmpty())
                .filter(each -> !open || each.isOpen(clock.millis()))
                .forEach(each -> all.add(json(each)));
        Http.json(response, Json.object().set("findings", all));
    }

    private void file(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "model", "version", "severity", "blocking", "text", "owner", "due");
        int version = body.number("version", 0);
        var wanted = new Findings.Wanted(
                body.text("model"),
                version == 0 ? Optional.empty() : Optional.of((long) version),
                Finding.Severity.of(body.text("severity")),
                body.has("blocking") ? Optional.of(body.flag("blocking", true)) : Optional.empty(),
                body.text("text"),
                body.text("owner"),
                Days.end("due", body.text("due")));
        Http.json(response, Status.CREATED_201, json(findings.file(Http.actor(request), wanted)));
    }

    private void close(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason", "");
        Http.json(response, json(findings.close(Http.actor(request), id(request), reason)));
    }

    private void waive(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason", "until");
        Actor by = Http.actor(request);
        long until = Days.end("until", body.text("until"));
        Http.json(response, json(findings.waive(by, id(request), body.text("reason", ""), until)));
    }

    private static String id(ServerRequest request) {
        String id = Http.path(request, "id");
        return id.startsWith("finding:") ? id.substring("finding:".length()) : id;
    }

    private ObjectNode json(Finding finding) {
        ObjectNode json = Json.object()
                .put("id", finding.id())
                .put("model", finding.model())
                .put("version", finding.version())
                .put("severity", finding.severity().text())
                .put("blocking", finding.blocking())
                .put("state", finding.state(clock.millis()))
                .put("text", finding.text())
                .put("owner", users.nameOf(finding.owner()))
                .put("dueAt", finding.dueAt())
                .put("filedBy", users.nameOf(finding.filedBy()))
                .put("filedAt", finding.filedAt());
        finding.settled().ifPresent(settled -> {
            json.put("settledBy", users.nameOf(settled.by())).put("reason", settled.reason());
            if (settled.until() > 0) {
                json.put("waivedUntil", settled.until());
            }
        });
        return json;
    }
}
