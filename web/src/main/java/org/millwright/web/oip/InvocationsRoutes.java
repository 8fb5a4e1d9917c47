package org.millwright.web.oip;

import io.helidon.common.media.type.MediaType;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.scoring.codec.InvocationsCodec;
import org.millwright.scoring.codec.Limits;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.serving.Answer;
import org.millwright.serving.Scorer;
import org.millwright.serving.ScoringCall;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** MLflow's scoring protocol: {@code /invocations} for the only deployment, or below a deployment's name. */
public final class InvocationsRoutes implements Routes {
    private final Scorer scorer;
    private final InvocationErrors errors = new InvocationErrors();

    public InvocationsRoutes(Scorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/ping", InvocationsRoutes::ping);
        routing.post("/invocations", (request, response) -> score(only(request), request, response));
        routing.post(
                "/deployments/{name}/invocations",
                (request, response) -> score(Http.path(request, "name"), request, response));
        for (String path : List.of("/invocations", "/deployments/{name}/invocations")) {
            routing.any(path, (request, response) -> Http.postOnly(request, response, errors::unreadable));
        }
    }

    private static void ping(ServerRequest request, ServerResponse response) {
        Http.bytes(response, Status.OK_200, "application/json", new byte[] {'\n'});
    }

    private String only(ServerRequest request) {
        Set<String> names = scorer.names(Http.actor(request));
        if (names.size() == 1) {
            return names.iterator().next();
        }
        throw new Problem.NotFound(
                names.isEmpty()
                        ? "Nothing is deployed"
                        : "Several models are deployed " + names + ": post to /deployments/NAME/invocations");
    }

    private void score(String deployment, ServerRequest request, ServerResponse response) {
        Optional<HttpMediaType> type = request.headers().contentType();
        String form = type.map(HttpMediaType::mediaType).map(MediaType::text).orElse("application/json");
        boolean csv = form.equals("text/csv");
        boolean utf8 = type.flatMap(HttpMediaType::charset)
                .map(charset -> charset.equalsIgnoreCase("utf-8"))
                .orElse(true);
        if (!utf8 || !(csv || form.equals("application/json"))) {
            unsupported(response, form);
            return;
        }
        try (var place = scorer.admission().admit(Http.announced(request, Http.JSON_LIMIT))) {
            score(deployment, csv, request, response);
        }
    }

    private void score(String deployment, boolean csv, ServerRequest request, ServerResponse response) {
        ScoringCall call = scorer.call(Http.actor(request), deployment, Optional.empty());
        byte[] body = Http.body(request, Http.JSON_LIMIT);
        ScoringRequest rows = Answers.checked(() -> call.read(() -> csv
                ? InvocationsCodec.readCsv(body, call.signature(), Limits.USUAL)
                : InvocationsCodec.readJson(body, call.signature(), Limits.USUAL)));
        Answer answer = Answers.checked(() -> call.score(rows));
        Answers.send(response, answer, rows.warnings(), InvocationsCodec.write(answer.predictions()));
    }

    private static void unsupported(ServerResponse response, String form) {
        String text = "This predictor only supports the content types application/json and text/csv in UTF-8, got "
                + form.replaceAll("[^ -~]", "?") + "\n";
        Http.bytes(
                response,
                Status.UNSUPPORTED_MEDIA_TYPE_415,
                "text/plain; charset=utf-8",
                text.getBytes(StandardCharsets.UTF_8));
    }
}
