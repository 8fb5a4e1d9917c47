package org.millwright.scorer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.scoring.InvalidInput;

/**
 * Which model: {@code models:/NAME/3} or {@code models:/NAME@champion}.
 *
 * @param version a number as text, or "" for an alias
 * @param alias "" for a version
 */
record ModelUri(String name, String version, String alias) {
    private static final Pattern FORM = Pattern.compile(
            "models:/(?<name>[^/@:\\s]{1,256})(?:/(?<version>[1-9]\\d{0,17})|@(?<alias>[A-Za-z0-9_-]{1,255}))");

    static ModelUri parse(String text) {
        Matcher match = FORM.matcher(text);
        if (!match.matches()) {
            throw new ScorerException("'" + InvalidInput.shorten(text)
                    + "' names no model version (expected: models:/NAME@ALIAS or models:/NAME/VERSION)");
        }
        String version = match.group("version");
        String alias = match.group("alias");
        return new ModelUri(match.group("name"), version == null ? "" : version, alias == null ? "" : alias);
    }

    /** What names the version beside the model: its number or an alias. */
    String rest() {
        return version.isEmpty() ? alias : version;
    }

    @Override
    public String toString() {
        return "models:/" + name + (version.isEmpty() ? "@" + alias : "/" + version);
    }
}
