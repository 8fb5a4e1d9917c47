package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.notification.Notifications;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Alerts: what broke which clause of which agreement, who looks after it, what it started. */
public final class AlertPages implements Routes {
    private final Ui ui;
    private final Alerts alerts;
    private final Notifications notifications;
    private final PipelineRuns runs;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public AlertPages(
            Ui ui,
            Alerts alerts,
            Notifications notifications,
            PipelineRuns runs,
            Users users,
            Forms forms,
            Clock clock) {
        this.ui = ui;
        this.alerts = alerts;
        this.notifications = notifications;
        this.runs = runs;
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    /** An alert and who was told of it. */
    public record Row(Alert alert, Notifications.Standing standing) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/alerts", this::list);
        routing.get("/alerts/{id}", this::show);
        routing.post("/alerts/{id}", this::change);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        List<Alert> all = alerts.list(actor, Optional.empty(), Optional.empty(), false);
        Map<String, Notifications.Standing> standings = notifications.of(actor, all);
        List<Row> rows = all.stream()
                .map(alert -> new Row(alert, standings.getOrDefault(alert.id(), Notifications.Standing.NONE)))
                .toList();
        ui.page(
                request,
                response,
                "alert/list.jte",
                "Alerts",
                "Alerts",
                Map.of("rows", rows, "lead", lead(rows), "now", clock.millis()));
    }

    private static String lead(List<Row> rows) {
        long open = rows.stream().filter(row -> row.alert().isOpen()).count();
        long silenced = rows.stream()
                .filter(row -> row.standing().silenced().isPresent())
                .count();
        String state = open == 0 ? "None is open" : open == 1 ? "1 is open" : open + " are open";
        return state + (silenced == 0 ? "." : ", " + silenced + " of them silenced.");
    }

    private void show(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Alert alert = alerts.get(actor, Http.path(request, "id"));
        ui.page(
                request,
                response,
                "alert/show.jte",
                alert.clause().text() + " alert",
                "Alerts",
                Map.of(
                        "alert", alert,
                        "standing", notifications.of(actor, alert),
                        "started", runs.byCause(alert.project(), alert.ref()),
                        "token", forms.token(actor),
                        "people", new Names(users),
                        "now", clock.millis()));
    }

    private void change(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String id = Http.path(request, "id");
        Map<String, String> fields = forms.read(request, actor);
        String note = fields.getOrDefault("note", "").strip();
        switch (fields.getOrDefault("do", "")) {
            case "acknowledge" -> alerts.acknowledge(actor, id, note);
            case "resolve" -> alerts.resolve(actor, id, note);
            default -> throw new Problem.Invalid("do: expected acknowledge or resolve");
        }
        Ui.redirect(response, "/alerts/" + Links.segment(id));
    }
}
