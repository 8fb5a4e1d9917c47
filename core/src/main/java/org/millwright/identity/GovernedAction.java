package org.millwright.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that policies may refuse, also to who has the right to do it.
 *
 * @param subject what it is done with: {@code model:NAME/VERSION}, {@code model:NAME}, {@code run:ID}, {@code logged-model:ID}
 * @param target where to: an alias, a stage, a deployment, a place; "" when there is no such thing
 * @param project the one that governs the subject
 * @param details what only the caller knows, for the record
 */
public record GovernedAction(Kind kind, String subject, String target, Optional<String> project, JsonNode details) {

    /** All of them; adapters of every protocol end in one of these. */
    public enum Kind {
        /** A new version of a model is registered. */
        REGISTER,
        /** An alias is pointed to a version, or taken away. */
        ALIAS,
        /** A version moves to one of the registry's stages. */
        STAGE,
        /** A version is brought to a deployment, or answers there again after a stop. */
        DEPLOY,
        /** A version gets a share of a deployment's requests, or another one. */
        TRAFFIC,
        /** A person puts a version into production. */
        PROMOTE,
        /** A version goes into production by itself after its trial. */
        AUTO_PROMOTE,
        /** A model, a version or the run that one came from is deleted, or a model renamed. */
        DELETE,
        /** A version leaves the server. */
        EXPORT;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Throws IllegalArgumentException for an unknown word. */
        public static Kind of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(text));
        }

        public static List<String> texts() {
            return Arrays.stream(values()).map(Kind::text).toList();
        }

        /** Whether it happens in a stage of a project. */
        public boolean hasStage() {
            return this != REGISTER && this != DELETE && this != EXPORT;
        }
    }
}
