package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.registry.Webhook;
import org.millwright.registry.WebhookEvent;
import org.millwright.registry.Webhooks;

/** Endpoints of webhooks. */
final class WebhookRoutes {
    private final Webhooks webhooks;

    WebhookRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "webhooks", this::create);
        endpoints.add("GET", "webhooks", this::list);
        endpoints.add("GET", "webhooks/{id}", call -> wrap("webhook", json(webhooks.get(call.by(), id(call)))));
        endpoints.add(
                "PATCH",
                "webhooks/{id}",
                call -> wrap("webhook", json(webhooks.update(call.by(), id(call), change(call.fields())))));
        endpoints.act("DELETE", "webhooks/{id}", call -> webhooks.delete(call.by(), id(call)));
        endpoints.add("POST", "webhooks/{id}/test", this::test);
    }

    private JsonNode create(Call call) {
        Fields fields = call.fields();
        fields.need("name");
        fields.need("url");
        if (fields.all("events").isEmpty()) {
            throw fields.missing("events");
        }
        return wrap("webhook", json(webhooks.create(call.by(), change(fields))));
    }

    private JsonNode list(Call call) {
        int limit = call.fields().count("max_results").orElse(100);
        String token = call.fields().text("page_token").orElse("");
        return page("webhooks", webhooks.list(call.by(), limit, token), WebhookRoutes::json);
    }

    private JsonNode test(Call call) {
        Optional<WebhookEvent> event = call.fields().message("event").map(WebhookRoutes::event);
        Webhooks.Trial trial = webhooks.test(call.by(), id(call), event);
        ObjectNode result = Json.object().put("success", trial.success());
        trial.status().ifPresent(status -> result.put("response_status", status));
        if (trial.status().isPresent()) {
            result.put("response_body", trial.body());
        }
        if (!trial.error().isEmpty()) {
            result.put("error_message", trial.error());
        }
        return wrap("result", result);
    }

    private static Webhooks.Change change(Fields fields) {
        List<WebhookEvent> events =
                fields.all("events").stream().map(WebhookRoutes::event).toList();
        return new Webhooks.Change(
                given(fields, "name"),
                given(fields, "url"),
                events,
                given(fields, "description"),
                given(fields, "secret"),
                fields.word("status").map(WebhookRoutes::isActive));
    }

    private static Optional<String> given(Fields fields, String name) {
        return fields.text(name).filter(text -> !text.isEmpty());
    }

    private static WebhookEvent event(Fields event) {
        return WebhookEvent.of(
                event.word("entity").orElseThrow(() -> event.missing("entity")),
                event.word("action").orElseThrow(() -> event.missing("action")));
    }

    private static boolean isActive(String word) {
        return switch (word) {
            case "ACTIVE", "1" -> true;
            case "DISABLED", "2" -> false;
            default ->
                throw new Problem.Invalid("Invalid value " + Json.write(word)
                        + " for parameter 'status' supplied: expected ACTIVE or DISABLED");
        };
    }

    private static ObjectNode json(Webhook webhook) {
        ObjectNode node = Json.object()
                .put("webhook_id", webhook.id())
                .put("name", webhook.name())
                .put("url", webhook.url());
        MlflowJson.list(
                node,
                "events",
                webhook.events(),
                event -> Json.object()
                        .put("entity", event.entity().name())
                        .put("action", event.action().name()));
        webhook.description().ifPresent(text -> node.put("description", text));
        return node.put("status", webhook.active() ? "ACTIVE" : "DISABLED")
                .put("creation_timestamp", webhook.createdAt())
                .put("last_updated_timestamp", webhook.updatedAt());
    }

    private static String id(Call call) {
        return call.path().getOrDefault("id", "");
    }
}
