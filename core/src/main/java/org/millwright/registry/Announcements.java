package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.registry.WebhookEvent.Action;
import org.millwright.registry.WebhookEvent.Entity;

/** Words the registry's changes as MLflow's webhooks do; a prompt is told of as a prompt. */
final class Announcements {
    private static final String TEXT_TAG = "mlflow.prompt.text";
    private static final String TYPE_TAG = "_mlflow_prompt_type";

    private volatile @Nullable RegistryListener listener;

    void to(RegistryListener told) {
        listener = told;
    }

    void created(RegisteredModel model) {
        ObjectNode data = Json.object().put("name", model.name());
        data.set("tags", Json.tree(plain(model.tags(), model.isPrompt())));
        announce(
                model.isPrompt() ? Entity.PROMPT : Entity.REGISTERED_MODEL,
                Action.CREATED,
                data.put("description", model.description().orElse(null)));
    }

    void created(RegisteredModel model, ModelVersion version) {
        ObjectNode data = Json.object().put("name", model.name()).put("version", Long.toString(version.version()));
        if (model.isPrompt()) {
            data.put("template", version.tags().get(TEXT_TAG));
        } else {
            data.put("source", version.source()).put("run_id", version.runId().orElse(null));
        }
        data.set("tags", Json.tree(plain(version.tags(), model.isPrompt())));
        announce(
                model.isPrompt() ? Entity.PROMPT_VERSION : Entity.MODEL_VERSION,
                Action.CREATED,
                data.put("description", version.description().orElse(null)));
    }

    /** A tag of a model itself, which only prompts announce. */
    void tagged(RegisteredModel model, String key, Optional<String> value) {
        if (model.isPrompt()) {
            tag(Entity.PROMPT_TAG, Json.object().put("name", model.name()), key, value);
        }
    }

    void tagged(RegisteredModel model, long version, String key, Optional<String> value) {
        tag(
                model.isPrompt() ? Entity.PROMPT_VERSION_TAG : Entity.MODEL_VERSION_TAG,
                Json.object().put("name", model.name()).put("version", Long.toString(version)),
                key,
                value);
    }

    void aliased(RegisteredModel model, String alias, Optional<Long> version) {
        ObjectNode data = Json.object().put("name", model.name()).put("alias", alias);
        version.ifPresent(number -> data.put("version", Long.toString(number)));
        announce(
                model.isPrompt() ? Entity.PROMPT_ALIAS : Entity.MODEL_VERSION_ALIAS,
                version.isPresent() ? Action.CREATED : Action.DELETED,
                data);
    }

    private void tag(Entity entity, ObjectNode data, String key, Optional<String> value) {
        data.put("key", key);
        value.ifPresent(text -> data.put("value", text));
        announce(entity, value.isPresent() ? Action.SET : Action.DELETED, data);
    }

    private void announce(Entity entity, Action action, ObjectNode data) {
        RegistryListener told = listener;
        if (told != null) {
            told.happened(new WebhookEvent(entity, action), data);
        }
    }

    private static Map<String, String> plain(Map<String, String> tags, boolean isPrompt) {
        var plain = new TreeMap<>(tags);
        if (isPrompt) {
            plain.remove(RegisteredModel.PROMPT_TAG);
            plain.remove(TEXT_TAG);
            plain.remove(TYPE_TAG);
        }
        return plain;
    }

    /** An example of what an event delivers, for a trial. */
    static ObjectNode example(WebhookEvent event) {
        boolean prompt = event.entity().name().startsWith("PROMPT");
        ObjectNode data = Json.object().put("name", prompt ? "example_prompt" : "example_model");
        switch (event.entity()) {
            case REGISTERED_MODEL -> tagsOf(data, "An example registered model");
            case PROMPT -> tagsOf(data, "An example prompt");
            case MODEL_VERSION -> {
                data.put("version", "1").put("source", "models:/123").put("run_id", "abcd1234abcd5678");
                tagsOf(data, "An example model version");
            }
            case PROMPT_VERSION -> {
                data.put("version", "1").put("template", "Hello {{name}}!");
                tagsOf(data, "An example prompt version");
            }
            case PROMPT_TAG -> data.put("key", "example_key");
            case MODEL_VERSION_TAG, PROMPT_VERSION_TAG ->
                data.put("version", "1").put("key", "example_key");
            case MODEL_VERSION_ALIAS, PROMPT_ALIAS -> data.put("alias", "example_alias");
        }
        if (event.action() == Action.SET) {
            data.put("value", "example_value");
        }
        if (event.action() == Action.CREATED && data.has("alias")) {
            data.put("version", "1");
        }
        return data;
    }

    private static void tagsOf(ObjectNode data, String description) {
        data.set("tags", Json.object().put("example_key", "example_value"));
        data.put("description", description);
    }
}
