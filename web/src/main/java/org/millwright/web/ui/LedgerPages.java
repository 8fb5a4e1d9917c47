package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.anchor.Anchors;
import org.millwright.identity.Access;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The record of all changes, newest first, and the story of one asset. */
public final class LedgerPages implements Routes {
    private static final int PAGE = 100;

    private final Ui ui;
    private final Ledger ledger;
    private final Anchors anchors;
    private final Users users;
    private final Clock clock;

    public LedgerPages(Ui ui, Ledger ledger, Anchors anchors, Users users, Clock clock) {
        this.ui = ui;
        this.ledger = ledger;
        this.anchors = anchors;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/ledger", this::list);
        routing.get("/ledger/{id}", this::show);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Access access = users.access();
        access.require(Http.actor(request), Permission.READ);
        Optional<String> about = Http.query(request, "about").filter(text -> !text.isBlank());
        int before = Http.query(request, "before", Integer.MAX_VALUE, Integer.MAX_VALUE);
        List<Entry> entries = about.isPresent() ? ledger.about(about.get()).reversed() : ledger.before(before, PAGE);
        var names = new HashMap<String, String>();
        entries.forEach(entry -> names.computeIfAbsent(entry.actor(), users::nameOf));
        ui.page(
                request,
                response,
                "ledger/list.jte",
                "Ledger",
                "Ledger",
                Map.of(
                        "entries",
                        entries,
                        "names",
                        names,
                        "about",
                        about.orElse(""),
                        "size",
                        ledger.size(),
                        "checkpoints",
                        ledger.checkpoints(),
                        "anchors",
                        about.isEmpty() ? anchors.list(Http.actor(request)) : List.of(),
                        "now",
                        clock.millis(),
                        "older",
                        about.isEmpty() && entries.size() == PAGE
                                ? entries.getLast().index()
                                : -1L));
    }

    private void show(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        String id = Http.path(request, "id");
        Entry entry = ledger.entry(id)
                .orElseThrow(() -> new Problem.NotFound("No ledger entry has the id " + id, "mw ledger verify"));
        ui.page(
                request,
                response,
                "ledger/entry.jte",
                entry.action(),
                "Ledger",
                Map.of("entry", entry, "actor", users.nameOf(entry.actor())));
    }
}
