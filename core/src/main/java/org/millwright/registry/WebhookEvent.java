package org.millwright.registry;

import static org.millwright.registry.WebhookEvent.Action.CREATED;
import static org.millwright.registry.WebhookEvent.Action.DELETED;
import static org.millwright.registry.WebhookEvent.Action.SET;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** Something in the registry that webhooks are told about. */
public record WebhookEvent(Entity entity, Action action) {
    /** What it happened to, and what can happen to it. */
    public enum Entity {
        REGISTERED_MODEL(CREATED),
        MODEL_VERSION(CREATED),
        MODEL_VERSION_TAG(SET, DELETED),
        MODEL_VERSION_ALIAS(CREATED, DELETED),
        PROMPT(CREATED),
        PROMPT_VERSION(CREATED),
        PROMPT_TAG(SET, DELETED),
        PROMPT_VERSION_TAG(SET, DELETED),
        PROMPT_ALIAS(CREATED, DELETED);

        private final List<Action> actions;

        Entity(Action... actions) {
            this.actions = List.of(actions);
        }

        /** The entity in what is delivered. */
        public String text() {
            return lower(this);
        }
    }

    /** What happened. */
    public enum Action {
        CREATED,
        UPDATED,
        DELETED,
        SET;

        /** The action in what is delivered. */
        public String text() {
            return lower(this);
        }
    }

    public WebhookEvent {
        if (!entity.actions.contains(action)) {
            throw new Problem.Invalid(
                    "Invalid action '" + action.text() + "' for entity '" + entity.text() + "'. Valid actions are: "
                            + entity.actions.stream().map(Action::text).toList());
        }
    }

    /** The event of these names; protocol buffers number them from 1. */
    public static WebhookEvent of(String entity, String action) {
        return new WebhookEvent(
                find(Entity.values(), entity).orElseThrow(() -> unknown("entity", entity)),
                find(Action.values(), action).orElseThrow(() -> unknown("action", action)));
    }

    private static <E extends Enum<E>> Optional<E> find(E[] values, String word) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(word)
                    || Integer.toString(value.ordinal() + 1).equals(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static Problem.Invalid unknown(String what, String word) {
        return new Problem.Invalid("Unknown webhook " + what + " '"
                + org.millwright.tracking.Names.shortened(word).replace('\0', ' ') + "'");
    }

    /** The event as the database keeps it: {@code MODEL_VERSION.CREATED}. */
    String text() {
        return entity + "." + action;
    }

    static WebhookEvent read(String text) {
        int dot = text.indexOf('.');
        return of(text.substring(0, dot), text.substring(dot + 1));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
