package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.BreakGlass;
import org.millwright.approval.Condition;
import org.millwright.approval.Deputy;
import org.millwright.approval.Inbox;
import org.millwright.approval.Release;
import org.millwright.approval.Reply;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.Holiday;
import org.millwright.project.Holidays;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The inbox, decisions with what belongs to them, deputies, and emergencies. */
public final class DecisionRoutes implements Routes {
    private static final Map<String, Reply.Answer> ANSWERS = Map.of(
            "approve", Reply.Answer.APPROVE,
            "refuse", Reply.Answer.REFUSE,
            "send-back", Reply.Answer.SEND_BACK);

    private final Inbox inbox;
    private final Approvals approvals;
    private final Holidays holidays;
    private final BreakGlass breakGlass;
    private final Users users;

    public DecisionRoutes(Inbox inbox, Approvals approvals, Holidays holidays, BreakGlass breakGlass, Users users) {
        this.inbox = inbox;
        this.approvals = approvals;
        this.holidays = holidays;
        this.breakGlass = breakGlass;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/inbox", this::inbox);
        routing.post("/api/1/decisions", this::decide);
        routing.post("/api/1/decisions/resubmit", this::resubmit);
        routing.post("/api/1/decisions/say", this::say);
        routing.get("/api/1/deputies", this::deputies);
        routing.post("/api/1/deputies", this::delegate);
        routing.post("/api/1/deputies/end", this::end);
        routing.get("/api/1/conditions", this::conditions);
        routing.post("/api/1/conditions/{id}/meet", this::meet);
        routing.post("/api/1/releases/{id}/break-glass", this::breakGlass);
        routing.get("/api/1/holidays", this::holidays);
        routing.post("/api/1/holidays", this::addHoliday);
        routing.delete("/api/1/holidays/{day}", this::removeHoliday);
    }

    private void inbox(ServerRequest request, ServerResponse response) {
        var items = Json.array();
        inbox.of(Http.actor(request)).forEach(item -> items.add(json(item)));
        Http.json(response, Json.object().set("items", items));
    }

    private ObjectNode json(Inbox.Item item) {
        ObjectNode json = Json.object()
                .put("ref", item.ref())
                .put("project", item.project())
                .put("title", item.title())
                .put("requestedBy", users.nameOf(item.requestedBy()))
                .put("requestedAt", item.requestedAt());
        item.dueAt().ifPresent(due -> json.put("dueAt", due));
        json.set("shown", item.shown());
        item.approval().ifPresent(approval -> {
            json.put("needed", approval.needed()).put("missing", approval.missing());
            json.set("votes", Votes.json(approval, users));
            json.set("digests", Json.tree(approval.digests()));
            json.put("for", users.nameOf(item.seat()));
        });
        item.context().forEach((name, value) -> json.set(name, Json.tree(value)));
        var notes = json.putArray("notes");
        item.notes()
                .forEach(note -> notes.addObject()
                        .put("kind", note.kind().text())
                        .put("by", users.nameOf(note.by()))
                        .put("at", note.at())
                        .put("text", note.text()));
        return json.put("seen", item.seen());
    }

    private void decide(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "ref", "granted", "decision", "reason", "seen", "conditions");
        var answer = body.find("decision")
                .map(DecisionRoutes::answer)
                .orElseGet(() -> body.flag("granted", true) ? Reply.Answer.APPROVE : Reply.Answer.REFUSE);
        var reply = new Reply(answer, body.text("reason", ""), body.find("seen"), wanted(body.objects("conditions")));
        Http.json(response, inbox.decide(Http.actor(request), body.text("ref"), reply));
    }

    private static Reply.Answer answer(String text) {
        Reply.Answer answer = ANSWERS.get(text);
        if (answer == null) {
            throw new Problem.Invalid("decision: '" + text + "' (expected: approve, refuse or send-back)");
        }
        return answer;
    }

    private static List<Condition.Wanted> wanted(List<JsonNode> conditions) {
        var wanted = new ArrayList<Condition.Wanted>();
        for (JsonNode each : conditions) {
            wanted.add(new Condition.Wanted(
                    each.path("text").asText(),
                    each.path("measure").asText(),
                    Days.end("due", each.path("due").asText())));
        }
        return wanted;
    }

    private void resubmit(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "ref", "answer");
        Approval asked = approvals.resubmit(Http.actor(request), body.text("ref"), body.text("answer", ""));
        ObjectNode json = Json.object()
                .put("ref", asked.subject())
                .put("approval", asked.ref())
                .put("state", asked.state().text())
                .put("dueAt", asked.expiresAt());
        json.set("sinceLastTime", asked.shown().path("sinceLastTime"));
        Http.json(response, json);
    }

    private void say(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "ref", "text");
        var note = approvals.conversation().say(Http.actor(request), body.text("ref"), body.text("text"));
        Http.json(
                response,
                Json.object()
                        .put("ref", body.text("ref"))
                        .put("kind", note.kind().text())
                        .put("at", note.at()));
    }

    private void deputies(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        approvals.deputies().active().forEach(deputy -> all.add(json(deputy)));
        Http.json(response, Json.object().set("deputies", all));
    }

    private ObjectNode json(Deputy deputy) {
        return Json.object()
                .put("person", users.nameOf(deputy.person()))
                .put("deputy", users.nameOf(deputy.deputy()))
                .put("from", deputy.namedAt())
                .put("until", deputy.untilAt());
    }

    private void delegate(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "to", "until");
        Deputy named =
                approvals.deputies().name(Http.actor(request), body.text("to"), Days.end("until", body.text("until")));
        Http.json(response, Status.CREATED_201, json(named));
    }

    private void end(ServerRequest request, ServerResponse response) {
        approvals.deputies().end(Http.actor(request));
        Http.json(response, Json.object());
    }

    private void conditions(ServerRequest request, ServerResponse response) {
        var all = Json.array();
        approvals.conditions().list(Http.actor(request)).forEach(condition -> all.add(json(condition)));
        Http.json(response, Json.object().set("conditions", all));
    }

    private ObjectNode json(Condition condition) {
        ObjectNode json = Json.object()
                .put("id", condition.id())
                .put("model", condition.model())
                .put("release", condition.subject())
                .put("text", condition.text())
                .put("measure", condition.measure())
                .put("dueAt", condition.dueAt())
                .put("state", approvals.conditions().state(condition))
                .put("setBy", users.nameOf(condition.setBy()));
        condition
                .met()
                .ifPresent(met -> json.put("metBy", users.nameOf(met.by())).put("note", met.note()));
        return json;
    }

    private void meet(ServerRequest request, ServerResponse response) {
        String note = Body.of(request, "note").text("note");
        Http.json(response, json(approvals.conditions().meet(Http.actor(request), Http.path(request, "id"), note)));
    }

    private void holidays(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        holidays.list().forEach(holiday -> all.add(json(holiday)));
        Http.json(response, Json.object().set("holidays", all));
    }

    private void addHoliday(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "day", "name");
        Holiday added = holidays.add(Http.actor(request), Days.day("day", body.text("day")), body.text("name"));
        Http.json(response, Status.CREATED_201, json(added));
    }

    private void removeHoliday(ServerRequest request, ServerResponse response) {
        String day = Http.path(request, "day");
        holidays.remove(Http.actor(request), Days.day("day", day));
        Http.json(response, Json.object().put("removed", day));
    }

    private ObjectNode json(Holiday holiday) {
        return Json.object()
                .put("day", holiday.day().toString())
                .put("name", holiday.name())
                .put("by", users.nameOf(holiday.setBy()))
                .put("at", holiday.setAt());
    }

    private void breakGlass(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason", "");
        Release release = breakGlass.open(Http.actor(request), Http.path(request, "id"), reason);
        Http.json(
                response,
                Json.object()
                        .put("ref", release.ref())
                        .put("state", release.state().name().toLowerCase(Locale.ROOT))
                        .put("note", release.note()));
    }
}
