package org.millwright.registry;

import java.util.Locale;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Names;

/** MLflow's rules for the registry's names, aliases, tags and pages, with the texts that its clients match on. */
public final class ModelRules {
    private static final int MAX_NAME = 256;
    private static final int MAX_TAG = 100_000;
    private static final int MAX_DESCRIPTION = 100_000;

    private ModelRules() {}

    static void requireName(String what, String name) {
        if (name.isBlank()) {
            throw new Problem.Invalid("Missing value for required parameter '" + what + "'.");
        }
        if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
            throw new Problem.Invalid(
                    "Invalid model name '" + Names.shortened(name) + "'. Names cannot contain '/' or ':'.");
        }
        Names.requirePlainPath(what, name);
        Names.requireLength(what, name, MAX_NAME);
    }

    static void requireTag(String key, String value) {
        Names.requireKey("key", key);
        Names.requireLength("key", key, Names.MAX_KEY);
        Names.requireLength("value", value, MAX_TAG);
    }

    static void requireAlias(String alias) {
        if (alias.isEmpty()) {
            throw new Problem.Invalid("Registered model alias name cannot be empty.");
        }
        if (!alias.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
            throw new Problem.Invalid(
                    "Invalid alias name: '" + Names.shortened(alias).replace('\0', ' ')
                            + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }
        Names.requireLength("Registered model alias name", alias, 255);
        if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
            throw new Problem.Invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (alias.matches("[vV]\\d+")) {
            throw new Problem.Invalid("Version alias name '" + alias + "' is reserved.");
        }
    }

    static void requireDescription(Optional<String> description) {
        description.ifPresent(text -> Names.requireLength("description", text, MAX_DESCRIPTION));
    }

    static void requireLimit(int limit, int max) {
        if (limit < 1) {
            throw new Problem.Invalid(
                    "Invalid value " + limit + " for parameter 'max_results' supplied. It must be a positive integer");
        }
        if (limit > max) {
            throw new Problem.Invalid("Invalid value for request parameter max_results. It must be at most " + max
                    + ", but got value " + limit);
        }
    }

    /** A version's number from text. */
    public static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("Parameter 'version' must be an integer, got '" + Names.shortened(text) + "'.");
        }
    }
}
