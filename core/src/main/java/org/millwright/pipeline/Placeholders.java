package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${name}} in the texts of a pipeline file. */
final class Placeholders {
    private static final Pattern FORM = Pattern.compile("\\$\\{([^}]*)}");

    private Placeholders() {}

    static List<String> names(String text) {
        var names = new ArrayList<String>();
        Matcher matcher = FORM.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** The text with every name replaced by its value; names without one were refused when the file was read. */
    static String expand(String text, Map<String, String> values) {
        return FORM.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no value for ${" + match.group(1) + "}");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
