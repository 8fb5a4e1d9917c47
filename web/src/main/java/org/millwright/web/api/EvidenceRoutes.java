package org.millwright.web.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.millwright.evidence.Card;
import org.millwright.evidence.CardText;
import org.millwright.evidence.Cards;
import org.millwright.evidence.CycloneDx;
import org.millwright.evidence.Pack;
import org.millwright.evidence.Packs;
import org.millwright.evidence.Section;
import org.millwright.evidence.Written;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Cards of models and datasets, and evidence packs. */
public final class EvidenceRoutes implements Routes {
    private static final String VERSION = "/models/{name}/versions/{version}";

    private final Cards cards;
    private final Packs packs;

    public EvidenceRoutes(Cards cards, Packs packs) {
        this.cards = cards;
        this.packs = packs;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/cards" + VERSION, (request, response) -> card(request, response, model(request)));
        routing.get(
                "/api/1/cards/models/{name}",
                (request, response) ->
                        card(request, response, cards.ofModel(Http.actor(request), Http.path(request, "name"))));
        routing.get(
                "/api/1/cards/datasets/{ref}",
                (request, response) ->
                        card(request, response, cards.ofDataset(Http.actor(request), Http.path(request, "ref"))));
        routing.get(
                "/api/1/cards/datasets/{ref}/{number}",
                (request, response) -> card(
                        request,
                        response,
                        cards.ofDataset(
                                Http.actor(request), Http.path(request, "ref") + "/" + Http.path(request, "number"))));
        routing.put("/api/1/cards" + VERSION + "/sections/{section}", this::writeModel);
        routing.put("/api/1/cards/datasets/{ref}/sections/{section}", this::writeDataset);
        routing.get("/api/1/evidence/frameworks", this::frameworks);
        routing.get("/api/1/evidence" + VERSION, this::assess);
        routing.post("/api/1/evidence" + VERSION + "/packs", this::export);
    }

    private Card model(ServerRequest request) {
        return cards.ofModel(Http.actor(request), Http.path(request, "name"), Http.path(request, "version"));
    }

    private static void card(ServerRequest request, ServerResponse response, Card card) {
        String form = Http.query(request, "form").orElse("json");
        switch (form) {
            case "json" -> Http.json(response, card.json());
            case "md" -> text(response, "text/markdown; charset=utf-8", CardText.markdown(card));
            case "html" -> text(response, "text/html; charset=utf-8", CardText.html(card));
            case "cyclonedx" -> Http.json(response, CycloneDx.of(card));
            default -> throw new Problem.Invalid("form: '" + form + "' (expected: json, md, html or cyclonedx)");
        }
    }

    private static void text(ServerResponse response, String type, String text) {
        response.header(
                HeaderNames.create("Content-Security-Policy"),
                "sandbox; default-src 'none'; style-src 'unsafe-inline'");
        Http.bytes(response, Status.OK_200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private void writeModel(ServerRequest request, ServerResponse response) {
        Section section = Section.of(Http.path(request, "section"));
        String text = Body.of(request, "text").text("text");
        answer(
                response,
                cards.write(
                        Http.actor(request), Http.path(request, "name"), Http.path(request, "version"), section, text));
    }

    private void writeDataset(ServerRequest request, ServerResponse response) {
        Section section = Section.of(Http.path(request, "section"));
        String text = Body.of(request, "text").text("text");
        answer(response, cards.write(Http.actor(request), Http.path(request, "ref"), section, text));
    }

    private static void answer(ServerResponse response, Written written) {
        Http.json(
                response,
                Json.object()
                        .put("section", written.section().id())
                        .put("version", written.version())
                        .put("text", written.text())
                        .put("at", written.at()));
    }

    private void frameworks(ServerRequest request, ServerResponse response) {
        Http.actor(request);
        var all = Json.array();
        packs.maps()
                .all()
                .values()
                .forEach(map -> all.addObject()
                        .put("framework", map.framework())
                        .put("title", map.title())
                        .put("version", map.version())
                        .put("date", map.date())
                        .put("items", map.items().size())
                        .put("source", map.source())
                        .put("sha256", map.digest()));
        Http.json(response, Json.object().set("frameworks", all));
    }

    private void assess(ServerRequest request, ServerResponse response) {
        String framework = Http.query(request, "framework").orElse("");
        Http.json(
                response,
                packs.assess(Http.actor(request), Http.path(request, "name"), Http.path(request, "version"), framework)
                        .json());
    }

    private void export(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "framework", "model");
        send(
                response,
                packs.export(
                        Http.actor(request),
                        Http.path(request, "name"),
                        Http.path(request, "version"),
                        body.find("framework").orElse(""),
                        body.flag("model", true)));
    }

    /** Streams a pack. */
    public static void send(ServerResponse response, Pack pack) {
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, "application/zip");
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + pack.name() + "\"");
        response.header(HeaderNames.create("X-Index-Sha256"), pack.index());
        try (OutputStream out = response.outputStream()) {
            pack.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
