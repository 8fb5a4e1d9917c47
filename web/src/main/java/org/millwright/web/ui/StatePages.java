package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.millwright.history.Fact;
import org.millwright.history.History;
import org.millwright.history.Moments;
import org.millwright.history.Sentence;
import org.millwright.identity.Users;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What was the case about an asset at any moment, and what changed since. */
public final class StatePages implements Routes {
    private static final int LONGEST = 160;

    private final Ui ui;
    private final History history;
    private final Users users;
    private final Clock clock;

    public StatePages(Ui ui, History history, Users users, Clock clock) {
        this.ui = ui;
        this.history = history;
        this.users = users;
        this.clock = clock;
    }

    /** A fact in words. */
    public record Told(String name, String value, Fact fact, String by) {}

    /** An asset with its facts. */
    public record Asset(String ref, List<Told> facts) {}

    /** What differs from now. */
    public record Since(String ref, String name, String before, String after) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/state", this::show);
    }

    private void show(ServerRequest request, ServerResponse response) {
        String ref = Http.query(request, "ref").orElse("").strip();
        String time = Http.query(request, "at").orElse("").strip();
        var known = new HashMap<String, String>();
        UnaryOperator<String> names = id -> known.computeIfAbsent(id, users::nameOf);
        Optional<Long> at = Optional.of(time).filter(text -> !text.isEmpty()).map(Moments::parse);
        Optional<History.Moment> moment =
                ref.isEmpty() ? Optional.empty() : Optional.of(history.at(Http.actor(request), ref, at));
        var since = new ArrayList<Since>();
        if (moment.isPresent() && at.isPresent()) {
            History.changes(moment.get(), history.at(Http.actor(request), ref, Optional.empty()))
                    .forEach(change -> since.add(new Since(
                            change.ref(),
                            change.name(),
                            change.before().map(StatePages::value).orElse(""),
                            change.after().map(StatePages::value).orElse(""))));
        }
        ui.page(
                request,
                response,
                "state/show.jte",
                ref.isEmpty() ? "State" : ref,
                "Ledger",
                Map.of(
                        "ref", ref,
                        "time", time,
                        "sentence", moment.map(it -> Sentence.of(it, names)).orElse(""),
                        "size", moment.map(History.Moment::size).orElse(0L),
                        "assets", moment.map(it -> assets(it, names)).orElse(List.of()),
                        "since", since,
                        "at", moment.map(History.Moment::at).orElse(0L),
                        "now", clock.millis()));
    }

    private static List<Asset> assets(History.Moment moment, UnaryOperator<String> names) {
        return moment.assets().stream()
                .filter(state -> !state.facts().isEmpty())
                .map(state -> new Asset(
                        state.ref(),
                        state.facts().values().stream()
                                .map(fact -> new Told(fact.name(), value(fact), fact, names.apply(fact.by())))
                                .toList()))
                .toList();
    }

    /** The value as people read it: a word, or the parts of a record. */
    private static String value(Fact fact) {
        JsonNode value = fact.value();
        String text = value.isValueNode() ? value.asText() : parts(value);
        return text.equals("true") ? "yes" : Text.cut(text, LONGEST);
    }

    private static String parts(JsonNode value) {
        var parts = new ArrayList<String>();
        if (value.isArray()) {
            value.forEach(each -> parts.add(each.isValueNode() ? each.asText() : parts(each)));
            return String.join("; ", parts);
        }
        value.properties().forEach(field -> {
            String text = field.getValue().isValueNode() ? field.getValue().asText() : parts(field.getValue());
            if (!text.isEmpty()) {
                parts.add(field.getKey() + " " + (text.matches("[0-9a-f]{40,}") ? text.substring(0, 12) + "…" : text));
            }
        });
        return String.join(", ", parts);
    }
}
