package org.millwright.web.ui;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.web.Http;

/** Renders precompiled templates with the frame around them. */
public final class Ui {
    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.millwright.web.jte");

    /** Sends a page; {@code model} holds the template's parameters beside {@code frame}. */
    public void page(
            ServerRequest request,
            ServerResponse response,
            String template,
            String title,
            String section,
            Map<String, Object> model) {
        page(request, response, Status.OK_200, template, title, section, model);
    }

    void page(
            ServerRequest request,
            ServerResponse response,
            Status status,
            String template,
            String title,
            String section,
            Map<String, Object> model) {
        var all = new HashMap<>(model);
        all.put("frame", frame(request, title, section));
        send(response, status, template, all);
    }

    /** Sends a part of a page, for htmx. */
    public void part(ServerResponse response, String template, Map<String, Object> model) {
        send(response, Status.OK_200, template, model);
    }

    /** Sends the browser to another page, after a form was carried out. */
    static void redirect(ServerResponse response, String path) {
        response.status(Status.SEE_OTHER_303);
        response.header(HeaderNames.LOCATION, path);
        response.send();
    }

    private void send(ServerResponse response, Status status, String template, Map<String, Object> model) {
        var output = new Utf8ByteOutput();
        engine.render(template, model, output);
        response.header(
                POLICY,
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        response.header(Http.FRAMES, "DENY");
        response.header(REFERRER, "same-origin");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Http.bytes(response, status, "text/html; charset=utf-8", output.toByteArray());
    }

    private static Frame frame(ServerRequest request, String title, String section) {
        Optional<Actor> looking = request.context().get(Actor.class);
        String who = looking.map(actor -> actor.authenticated() ? actor.name() : actor.name() + " (no sign-in)")
                .orElse("");
        boolean signedIn = looking.filter(Actor::authenticated).isPresent();
        return new Frame(title, section, who, signedIn, Http.query(request, "q").orElse(""));
    }
}
