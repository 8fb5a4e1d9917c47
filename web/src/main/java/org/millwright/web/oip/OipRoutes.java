package org.millwright.web.oip;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.codec.InferRequest;
import org.millwright.scoring.codec.Limits;
import org.millwright.scoring.codec.TensorCodec;
import org.millwright.serving.Answer;
import org.millwright.serving.Scorer;
import org.millwright.serving.ScoringCall;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The Open Inference Protocol v2 over REST; a model's name is its deployment's. */
public final class OipRoutes implements Routes {
    private static final HeaderName HEADER_LENGTH = HeaderNames.create("Inference-Header-Content-Length");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

    private final Scorer scorer;
    private final OipErrors errors = new OipErrors();

    public OipRoutes(Scorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/v2", this::server);
        routing.get("/v2/health/live", (request, response) -> Http.json(response, flag("live")));
        routing.get("/v2/health/ready", this::serverReady);
        for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routing.get(model, this::model);
            routing.get(model + "/ready", this::modelReady);
            routing.post(model + "/infer", this::infer);
            routing.any(model + "/infer", (request, response) -> Http.postOnly(request, response, errors::unreadable));
        }
    }

    private static ObjectNode flag(String name) {
        return Json.object().put(name, true);
    }

    private void server(ServerRequest request, ServerResponse response) {
        ObjectNode json = Json.object().put("name", Metadata.SERVER).put("version", Metadata.SERVER_VERSION);
        Metadata.EXTENSIONS.forEach(json.putArray("extensions")::add);
        Http.json(response, json);
    }

    private void serverReady(ServerRequest request, ServerResponse response) {
        if (!scorer.isLoaded()) {
            throw new Problem.Unavailable("models are being loaded", "Try again in a second.");
        }
        Http.json(response, flag("ready"));
    }

    private void modelReady(ServerRequest request, ServerResponse response) {
        String model = Http.path(request, "model");
        if (!scorer.isReady(Http.actor(request), model, version(request))) {
            throw new Problem.Busy("Deployment " + model + " is still starting", "Try again in a second.");
        }
        Http.json(response, flag("ready").put("name", model));
    }

    private void model(ServerRequest request, ServerResponse response) {
        Metadata metadata = Metadata.of(scorer, Http.actor(request), Http.path(request, "model"), version(request));
        ObjectNode json = Json.object().put("name", metadata.model());
        metadata.versions().forEach(json.putArray("versions")::add);
        json.put("platform", metadata.platform());
        tensors(json.putArray("inputs"), metadata.inputs());
        tensors(json.putArray("outputs"), metadata.outputs());
        Http.json(response, json);
    }

    private static void tensors(ArrayNode json, List<Metadata.Tensor> tensors) {
        for (Metadata.Tensor tensor : tensors) {
            json.addObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype())
                    .putArray("shape")
                    .add(Metadata.ANY);
        }
    }

    private void infer(ServerRequest request, ServerResponse response) {
        try (var place = scorer.admission().admit(Http.announced(request, Http.JSON_LIMIT))) {
            inferAdmitted(request, response);
        }
    }

    private void inferAdmitted(ServerRequest request, ServerResponse response) {
        String model = Http.path(request, "model");
        ScoringCall call = scorer.call(Http.actor(request), model, version(request));
        int header = header(request);
        byte[] body = Http.body(request, Http.JSON_LIMIT);
        InferRequest wanted = Answers.checked(() -> call.read(() -> header < 0
                ? TensorCodec.read(body, call.signature(), Limits.USUAL)
                : TensorCodec.read(body, header, call.signature(), Limits.USUAL)));
        Answer answer = Answers.checked(() -> call.score(wanted.rows()));
        TensorCodec.Body written =
                Answers.checked(() -> TensorCodec.write(model, answer.version(), wanted, answer.predictions()));
        if (written.isJson()) {
            Answers.send(response, answer, wanted.rows().warnings(), written.bytes());
        } else {
            response.header(HEADER_LENGTH, Integer.toString(written.header()));
            Answers.send(response, answer, wanted.rows().warnings(), "application/octet-stream", written.bytes());
        }
    }

    /** How many bytes of the body are JSON, or -1 when all of it is. */
    private static int header(ServerRequest request) {
        if (!request.headers().contains(HEADER_LENGTH)) {
            return -1;
        }
        String text = request.headers().get(HEADER_LENGTH).values();
        if (!LENGTH.matcher(text).matches()) {
            throw new Problem.Invalid(HEADER_LENGTH.defaultCase() + ": '" + InvalidInput.shorten(text)
                    + "' (expected: how many bytes of the body are JSON)");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> version(ServerRequest request) {
        return request.path().pathParameters().first("version").asOptional();
    }
}
