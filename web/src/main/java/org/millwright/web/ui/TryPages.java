package org.millwright.web.ui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.InvocationsCodec;
import org.millwright.scoring.codec.Limits;
import org.millwright.serving.Answer;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Examples;
import org.millwright.serving.Scorer;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** A form with a field for each column of a deployment's model, and the prediction for what was filled in. */
public final class TryPages implements Routes {
    private static final String FIELD = "column.";

    private final Ui ui;
    private final Deployments deployments;
    private final Scorer scorer;
    private final Examples examples;
    private final Users users;
    private final Forms forms;

    public TryPages(Ui ui, Deployments deployments, Scorer scorer, Examples examples, Users users, Forms forms) {
        this.ui = ui;
        this.deployments = deployments;
        this.scorer = scorer;
        this.examples = examples;
        this.users = users;
        this.forms = forms;
    }

    /**
     * A column to fill in.
     *
     * @param value what is in it
     * @param fault what is wrong with it; "" when nothing is
     */
    public record Field(Signature.Column column, String value, String fault) {
        public String name() {
            return FIELD + column.name();
        }

        public boolean mayBeEmpty() {
            return column.nullable() || !column.required();
        }
    }

    /** What came back: an output's name and its value. */
    public record Given(String version, List<Map.Entry<String, String>> outputs) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/deployments/{name}/try", this::show);
        routing.post("/deployments/{name}/try", this::predict);
    }

    private void show(ServerRequest request, ServerResponse response) {
        Deployment deployment = require(request);
        Map<String, @Nullable Object> row = examples.row(deployment);
        List<Field> fields =
                scorer.signature(Http.actor(request), deployment.name(), Optional.empty()).inputs().stream()
                        .map(column -> new Field(column, text(row.get(column.name())), ""))
                        .toList();
        page(request, response, deployment, fields, Optional.empty(), "");
    }

    private void predict(ServerRequest request, ServerResponse response) {
        Deployment deployment = require(request);
        Actor actor = Http.actor(request);
        Map<String, String> sent = forms.read(request, actor);
        Signature signature = scorer.signature(actor, deployment.name(), Optional.empty());
        ObjectNode row = Json.object();
        List<Field> fields = new ArrayList<>();
        for (Signature.Column column : signature.inputs()) {
            fields.add(read(column, sent.getOrDefault(FIELD + column.name(), ""), row));
        }
        if (fields.stream().anyMatch(field -> !field.fault().isEmpty())) {
            page(request, response, deployment, fields, Optional.empty(), "");
            return;
        }
        ObjectNode body = Json.object();
        body.putArray("dataframe_records").add(row);
        try {
            var rows = InvocationsCodec.readJson(Json.bytes(body), signature, Limits.USUAL);
            Answer answer = scorer.preview(actor, deployment.name(), rows);
            page(request, response, deployment, fields, Optional.of(given(answer)), "");
        } catch (InvalidInput e) {
            page(request, response, deployment, fields, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** Puts what was filled in into the row; an empty field is a missing value. */
    private static Field read(Signature.Column column, String text, ObjectNode row) {
        DataType type = column.type();
        if (text.isEmpty() && type != DataType.STRING || text.isEmpty() && column.nullable()) {
            if (column.nullable()) {
                row.putNull(column.name());
            } else if (column.required()) {
                return new Field(column, text, "is needed");
            }
            return new Field(column, text, "");
        }
        try {
            switch (type) {
                case DOUBLE, FLOAT -> row.put(column.name(), Double.parseDouble(text.strip()));
                case LONG, INTEGER -> row.put(column.name(), new BigDecimal(text.strip()).longValueExact());
                case BOOLEAN -> row.put(column.name(), Boolean.parseBoolean(text));
                case STRING -> row.put(column.name(), text);
            }
            return new Field(column, text, "");
        } catch (ArithmeticException | NumberFormatException e) {
            return new Field(column, text, type.isReal() ? "is not a number" : "is not a whole number");
        }
    }

    private static Given given(Answer answer) {
        Frame predictions = answer.predictions();
        List<Map.Entry<String, String>> outputs = new ArrayList<>();
        for (int i = 0; i < predictions.width(); i++) {
            outputs.add(Map.entry(predictions.name(i), text(predictions.value(i, 0))));
        }
        return new Given(answer.version(), outputs);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(Text.brief(value));
    }

    private void page(
            ServerRequest request,
            ServerResponse response,
            Deployment deployment,
            List<Field> fields,
            Optional<Given> given,
            String fault) {
        var model = new HashMap<String, Object>();
        model.put("deployment", deployment);
        model.put("fields", fields);
        model.put("given", given);
        model.put("fault", fault);
        model.put("token", forms.token(Http.actor(request)));
        ui.page(request, response, "deployment/try.jte", "Try " + deployment.name(), "Deployments", model);
    }

    private Deployment require(ServerRequest request) {
        Deployment deployment = deployments.get(Http.path(request, "name"));
        users.access().require(Http.actor(request), Permission.SCORE, deployment.project());
        return deployment;
    }
}
