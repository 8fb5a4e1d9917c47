package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.millwright.history.Fact;
import org.millwright.history.History;
import org.millwright.history.Moments;
import org.millwright.history.Sentence;
import org.millwright.history.State;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What was the case at a moment, and what changed between two. */
public final class StateRoutes implements Routes {
    private final History history;
    private final Users users;

    public StateRoutes(History history, Users users) {
        this.history = history;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/state/{ref}", this::state);
        routing.get("/api/1/state/{ref}/{number}", this::state);
        routing.get("/api/1/diff/{ref}", this::diff);
        routing.get("/api/1/diff/{ref}/{number}", this::diff);
    }

    private void state(ServerRequest request, ServerResponse response) {
        UnaryOperator<String> names = names();
        History.Moment moment = moment(request, Http.query(request, "at"));
        ObjectNode json = Json.object()
                .put("ref", moment.ref())
                .put("at", moment.at())
                .put("size", moment.size())
                .put("sentence", Sentence.of(moment, names));
        var assets = json.putArray("assets");
        for (State state : moment.assets()) {
            ObjectNode asset = assets.addObject().put("ref", state.ref());
            var facts = asset.putArray("facts");
            state.facts().values().forEach(fact -> facts.add(fact(fact, names)));
        }
        Http.json(response, json);
    }

    private void diff(ServerRequest request, ServerResponse response) {
        UnaryOperator<String> names = names();
        History.Moment from = moment(request, Http.query(request, "from").or(() -> Optional.of("1970-01-01")));
        History.Moment to = moment(request, Http.query(request, "to"));
        ObjectNode json = Json.object()
                .put("ref", to.ref())
                .put("from", from.at())
                .put("fromSize", from.size())
                .put("fromSentence", Sentence.of(from, names))
                .put("to", to.at())
                .put("toSize", to.size())
                .put("toSentence", Sentence.of(to, names));
        var changes = json.putArray("changes");
        History.changes(from, to).forEach(change -> {
            ObjectNode each = changes.addObject().put("ref", change.ref()).put("name", change.name());
            change.before().ifPresent(fact -> each.set("before", fact(fact, names)));
            change.after().ifPresent(fact -> each.set("after", fact(fact, names)));
        });
        Http.json(response, json);
    }

    private History.Moment moment(ServerRequest request, Optional<String> time) {
        String number = request.path()
                .pathParameters()
                .first("number")
                .map(text -> "/" + text)
                .orElse("");
        return history.at(
                Http.actor(request),
                Http.path(request, "ref") + number,
                time.filter(text -> !text.isBlank()).map(Moments::parse));
    }

    /** Looks each name up once in a request. */
    private UnaryOperator<String> names() {
        var known = new HashMap<String, String>();
        return id -> known.computeIfAbsent(id, users::nameOf);
    }

    private static ObjectNode fact(Fact fact, UnaryOperator<String> names) {
        ObjectNode json = Json.object().put("name", fact.name());
        json.set("value", fact.value());
        return json.put("index", fact.index())
                .put("entry", fact.entry())
                .put("at", fact.at())
                .put("by", names.apply(fact.by()))
                .put("authenticated", fact.authenticated())
                .put("action", fact.action());
    }
}
