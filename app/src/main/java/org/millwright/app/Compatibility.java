package org.millwright.app;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.millwright.identity.Level;
import org.millwright.kernel.Problem;
import org.millwright.registry.WebhookPolicy;

/**
 * What operators of MLflow set by environment variables, with MLflow's names where it has one.
 *
 * @param webhooks where webhooks may go
 * @param sources what the source of a model version must contain; empty for no such rule
 * @param others what people may do with experiments and models that nobody shared with them
 * @param admin the first administrator
 */
public record Compatibility(
        WebhookPolicy webhooks, Optional<Pattern> sources, Level others, Optional<Credentials> admin) {
    /** A name and a password. */
    public record Credentials(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Nothing set. */
    public static final Compatibility DEFAULT =
            new Compatibility(WebhookPolicy.DEFAULT, Optional.empty(), Level.READ, Optional.empty());

    /** Reads the variables; {@link Problem.Invalid} for one that cannot be. */
    public static Compatibility of(Map<String, String> environment) {
        return new Compatibility(
                WebhookPolicy.of(environment),
                text(environment, "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX")
                        .map(Compatibility::pattern),
                others(text(environment, "MW_DEFAULT_PERMISSION").orElse(Level.READ.name())),
                admin(environment));
    }

    private static Level others(String text) {
        for (Level level : Level.values()) {
            if (level.name().equals(text)) {
                return level;
            }
        }
        throw new Problem.Invalid(
                "MW_DEFAULT_PERMISSION: '" + text + "' (expected: one of " + Arrays.toString(Level.values()) + ")");
    }

    private static Optional<Credentials> admin(Map<String, String> environment) {
        Optional<String> name = text(environment, "MW_ADMIN_USER");
        Optional<String> password = text(environment, "MW_ADMIN_PASSWORD");
        if (name.isPresent() != password.isPresent()) {
            throw new Problem.Invalid(
                    "MW_ADMIN_USER and MW_ADMIN_PASSWORD go together (expected: both or neither)",
                    "Set or unset the other one.");
        }
        return name.map(given -> new Credentials(given, password.orElseThrow()));
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new Problem.Invalid("MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX: '" + text
                    + "' (expected: a regular expression)");
        }
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
