package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.millwright.governance.Approvals;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What waits for a decision of the one who looks, with everything that the decision is about. */
public final class InboxPages implements Routes {
    private final Ui ui;
    private final Approvals approvals;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public InboxPages(Ui ui, Approvals approvals, Users users, Forms forms, Clock clock) {
        this.ui = ui;
        this.approvals = approvals;
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    /** A card: what is asked, its facts as text, and a digest of what was shown. */
    public record Card(Approvals.Item item, List<Map.Entry<String, String>> facts, String seen) {}

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
                        approvals.inbox(actor).stream().map(InboxPages::card).toList(),
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
        String decision = fields.getOrDefault("decision", "");
        if (!decision.equals("approve") && !decision.equals("refuse")) {
            throw new Problem.Invalid("decision: '" + decision + "' (expected: approve or refuse)");
        }
        Approvals.Item item = approvals.inbox(actor).stream()
                .filter(found -> found.ref().equals(ref))
                .findFirst()
                .orElseThrow(() -> new Problem.Conflict(ref + " no longer waits for you", "Open the inbox again."));
        if (!digest(item).equals(fields.getOrDefault("seen", ""))) {
            throw new Problem.Conflict(
                    ref + " changed since you looked: nothing was decided", "Open the inbox and read it again.");
        }
        approvals.decide(
                actor,
                ref,
                decision.equals("approve"),
                fields.getOrDefault("reason", "").strip());
        Ui.redirect(response, "/inbox");
    }

    private static Card card(Approvals.Item item) {
        var facts = new ArrayList<Map.Entry<String, String>>();
        flatten("", item.shown(), facts);
        return new Card(item, facts, digest(item));
    }

    private static void flatten(String name, JsonNode node, List<Map.Entry<String, String>> facts) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            name.isEmpty() ? field.getKey() : name + " · " + field.getKey(), field.getValue(), facts));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + " " + (i + 1), node.get(i), facts);
            }
        } else if (node.isFloatingPointNumber()) {
            facts.add(Map.entry(name, Text.number(node.asDouble())));
        } else {
            facts.add(Map.entry(name, node.isValueNode() ? node.asText() : node.toString()));
        }
    }

    private static String digest(Approvals.Item item) {
        return Json.digest(Json.object()
                .put("ref", item.ref())
                .put("at", item.requestedAt())
                .put("title", item.title())
                .set("shown", item.shown()));
    }
}
