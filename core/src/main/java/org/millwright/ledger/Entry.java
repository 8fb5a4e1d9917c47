package org.millwright.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * One state change as recorded.
 *
 * @param index position in the log, from 0
 * @param at milliseconds since the epoch
 * @param subjects the asset that changed first, then those it is about as well
 * @param details what the leaf holds, and the texts about people that are kept beside it
 * @param leaf the exact text that is hashed
 * @param hash hex RFC 6962 leaf hash
 */
public record Entry(
        long index,
        String id,
        long at,
        String actor,
        boolean authenticated,
        String action,
        List<String> subjects,
        JsonNode details,
        String leaf,
        String hash) {
    public Entry {
        subjects = List.copyOf(subjects);
    }

    /** What the text of a leaf says, without anything from beside it; its hash is left to who needs it. */
    public static Entry of(long index, String leaf) {
        JsonNode json = Json.parse(leaf);
        var subjects = new ArrayList<String>();
        json.path("subjects").forEach(subject -> subjects.add(subject.asText()));
        if (!json.path("id").isTextual() || !json.path("at").isNumber() || subjects.isEmpty()) {
            throw new Problem.Invalid(
                    "Entry " + index + " is no entry of a ledger (expected: id, at, action, subjects)");
        }
        return new Entry(
                index,
                json.path("id").asText(),
                json.path("at").asLong(),
                json.path("actor").asText(),
                json.path("authenticated").asBoolean(),
                json.path("action").asText(),
                subjects,
                json.path("details"),
                leaf,
                "");
    }

    /** What was done, as people say it. */
    public String told() {
        return words(action);
    }

    /**
     * {@code model.registered} as {@code registered model}, {@code model.version-certified} as {@code certified version}; a
     * decision is told by its verb, as it has a subject.
     */
    public static String words(String action) {
        int dot = action.indexOf('.');
        String noun = action.substring(0, Math.max(0, dot));
        String verb = action.substring(dot + 1);
        int last = verb.lastIndexOf('-');
        return switch (verb) {
            case "approved", "refused" -> noun.equals("approval") ? verb : verb + " " + noun;
            case "rolled-back" -> "rolled back " + noun;
            case "trial-not-begun" -> "did not begin trial";
            case "hand-off-checked" -> "checked hand-off";
            default ->
                last < 0
                        ? verb + " " + noun
                        : verb.substring(last + 1) + " "
                                + verb.substring(0, last).replace('-', ' ');
        };
    }

    Entry with(String known) {
        return new Entry(index, id, at, actor, authenticated, action, subjects, details, leaf, known);
    }

    Entry with(JsonNode revealed) {
        return new Entry(index, id, at, actor, authenticated, action, subjects, revealed, leaf, hash);
    }

    public String subject() {
        return subjects.getFirst();
    }

    /** The first subject that begins so, without that. */
    public Optional<String> about(String prefix) {
        return subjects.stream()
                .filter(subject -> subject.startsWith(prefix))
                .map(subject -> subject.substring(prefix.length()))
                .findFirst();
    }
}
