package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import org.millwright.evidence.Assessment;
import org.millwright.evidence.Card;
import org.millwright.evidence.Cards;
import org.millwright.evidence.Pack;
import org.millwright.evidence.Packs;
import org.millwright.evidence.Section;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.registry.Models;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Cards, and what records answer of a framework, with the pack to take away. */
public final class EvidencePages implements Routes {
    private static final String VERSION = "/models/{name}/versions/{version}";
    private static final int MOST_MODELS = 200;

    private final Ui ui;
    private final Models models;
    private final Cards cards;
    private final Packs packs;
    private final Forms forms;

    /** Sends a pack to the browser. */
    public interface Sender {
        void send(ServerResponse response, Pack pack);
    }

    private final Sender sender;

    public EvidencePages(Ui ui, Models models, Cards cards, Packs packs, Forms forms, Sender sender) {
        this.ui = ui;
        this.models = models;
        this.cards = cards;
        this.packs = packs;
        this.forms = forms;
        this.sender = sender;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/evidence", this::list);
        routing.get(VERSION + "/card", this::model);
        routing.post(VERSION + "/card", this::writeModel);
        routing.get("/data/{ref}/card", this::dataset);
        routing.post("/data/{ref}/card", this::writeDataset);
        routing.get(VERSION + "/evidence", this::assess);
        routing.post(VERSION + "/evidence", this::export);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        ui.page(
                request,
                response,
                "evidence/list.jte",
                "Evidence",
                "Models",
                Map.of(
                        "models",
                        models.search(actor, "", List.of("name ASC"), MOST_MODELS, "").items().stream()
                                .filter(model -> !model.latest().isEmpty())
                                .toList(),
                        "maps",
                        List.copyOf(packs.maps().all().values())));
    }

    private void model(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String name = Http.path(request, "name");
        Card card = cards.ofModel(actor, name, Http.path(request, "version"));
        show(request, response, card, "/models/" + Links.segment(name), name, cards.mayWrite(actor, name));
    }

    private void dataset(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String name = Http.path(request, "ref");
        Card card = cards.ofDataset(actor, name);
        show(
                request,
                response,
                card,
                "/data?dataset=" + Links.segment(bare(name)),
                name,
                cards.mayWriteDataset(actor, bare(name)));
    }

    private static String bare(String ref) {
        int at = ref.indexOf('@');
        return at < 0 ? ref : ref.substring(0, at);
    }

    private void show(
            ServerRequest request, ServerResponse response, Card card, String above, String name, boolean mayWrite) {
        boolean model = card.kind().equals("model");
        ui.page(
                request,
                response,
                "evidence/card.jte",
                card.title(),
                model ? "Models" : "Data",
                Map.of(
                        "card",
                        card,
                        "above",
                        above,
                        "name",
                        name,
                        "token",
                        mayWrite ? forms.token(Http.actor(request)) : "",
                        "audits",
                        model && audits(Http.actor(request), name)));
    }

    /** Whether the caller may see what frameworks ask of the model's versions. */
    private boolean audits(Actor actor, String model) {
        try {
            packs.requireReadable(actor, model);
            return true;
        } catch (Problem.Denied e) {
            return false;
        }
    }

    private void writeModel(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Map<String, String> fields = forms.read(request, actor);
        Section section = Section.of(fields.getOrDefault("section", ""));
        String name = Http.path(request, "name");
        String version = Http.path(request, "version");
        cards.write(actor, name, version, section, fields.getOrDefault("text", ""));
        Ui.redirect(response, Links.of("model:" + name + "/" + version) + "/card#section-" + section.id());
    }

    private void writeDataset(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Map<String, String> fields = forms.read(request, actor);
        Section section = Section.of(fields.getOrDefault("section", ""));
        String name = bare(Http.path(request, "ref"));
        cards.write(actor, name, section, fields.getOrDefault("text", ""));
        Ui.redirect(response, "/data/" + Links.segment(name) + "/card#section-" + section.id());
    }

    private void assess(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String name = Http.path(request, "name");
        String version = Http.path(request, "version");
        var maps = packs.maps().all();
        String framework = Http.query(request, "framework")
                .filter(text -> !text.isBlank())
                .orElseGet(() -> maps.keySet().iterator().next());
        Assessment assessment = packs.assess(actor, name, version, framework);
        ui.page(
                request,
                response,
                "evidence/show.jte",
                "Evidence " + name + " " + version,
                "Models",
                Map.of(
                        "assessment",
                        assessment,
                        "maps",
                        List.copyOf(maps.values()),
                        "name",
                        name,
                        "version",
                        version,
                        "token",
                        forms.token(actor)));
    }

    private void export(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        packs.requireReadable(actor, Http.path(request, "name"));
        Map<String, String> fields = forms.read(request, actor);
        String framework = fields.getOrDefault("framework", "");
        boolean files = fields.containsKey("model");
        sender.send(
                response,
                packs.export(actor, Http.path(request, "name"), Http.path(request, "version"), framework, files));
    }
}
