package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.approval.Condition;
import org.millwright.approval.Inbox;
import org.millwright.approval.Reply;
import org.millwright.gate.Gates;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.project.Projects;
import org.millwright.serving.Deployments;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What waits for a decision of the one who looks, with everything that the decision is about. */
public final class InboxPages implements Routes {
    private final Ui ui;
    private final Inbox inbox;
    private final InboxCards cards;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public InboxPages(
            Ui ui,
            Inbox inbox,
            Gates gates,
            Deployments deployments,
            Projects projects,
            Users users,
            Forms forms,
            Clock clock) {
        this.ui = ui;
        this.inbox = inbox;
        this.cards = new InboxCards(gates, deployments, projects);
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/inbox", this::show);
        routing.post("/inbox", this::decide);
    }

    private void show(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        ui.page(
                request,
                response,
                "home/inbox.jte",
                "Inbox",
                "Inbox",
                Map.of(
                        "cards",
                        inbox.of(actor).stream().map(cards::card).toList(),
                        "token",
                        forms.token(actor),
                        "people",
                        new Names(users),
                        "actor",
                        actor,
                        "now",
                        clock.millis()));
    }

    private void decide(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Map<String, String> fields = forms.read(request, actor);
        String ref = fields.getOrDefault("ref", "");
        String reason = fields.getOrDefault("reason", "").strip();
        String wanted = fields.getOrDefault("decision", "");
        if (wanted.equals("ask")) {
            inbox.ask(actor, ref, reason);
            Ui.redirect(response, "/inbox");
            return;
        }
        var answer = switch (wanted) {
            case "approve" -> Reply.Answer.APPROVE;
            case "refuse" -> Reply.Answer.REFUSE;
            case "send-back" -> Reply.Answer.SEND_BACK;
            default ->
                throw new Problem.Invalid("decision: '" + wanted + "' (expected: approve, send-back, refuse or ask)");
        };
        inbox.decide(
                actor,
                ref,
                new Reply(answer, reason, Optional.of(fields.getOrDefault("seen", "")), conditions(fields)));
        Ui.redirect(response, "/inbox");
    }

    private static List<Condition.Wanted> conditions(Map<String, String> fields) {
        String text = fields.getOrDefault("condition", "").strip();
        if (text.isEmpty()) {
            return List.of();
        }
        String due = fields.getOrDefault("due", "");
        try {
            long end = LocalDate.parse(due)
                    .plusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
            return List.of(new Condition.Wanted(
                    text, fields.getOrDefault("measure", "").strip(), end));
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid("due: '" + due + "' (expected: the day by which the condition is met)");
        }
    }
}
