package org.millwright.tracking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** MLflow's rules for names and values, with the texts that its clients match on. Lengths are in characters. */
public final class Names {
    public static final int MAX_KEY = 250;
    static final int MAX_PARAM = 6_000;
    static final int MAX_TAG = 8_000;
    static final int MAX_EXPERIMENT_TAG = 20_000;
    static final int MAX_EXPERIMENT_NAME = 500;

    private static final Pattern KEY = Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,63}");
    private static final String CHARACTERS =
            "Names may only contain alphanumerics, underscores (_), dashes (-), periods"
                    + " (.), spaces ( ), colon(:) and slashes (/).";

    private Names() {}

    /** Refuses a metric, parameter or tag key that MLflow refuses; {@code path} says where in the request it is. */
    public static void requireKey(String path, String key) {
        if (!KEY.matcher(key).matches()) {
            throw invalid(path, key, CHARACTERS);
        }
        requirePlainPath(path, key);
    }

    /** Refuses a name that would be another one if it were a file's. */
    public static void requirePlainPath(String path, String name) {
        String normal = normal(name);
        if (!normal.equals(name) || normal.equals(".") || normal.startsWith("..") || normal.startsWith("/")) {
            throw invalid(
                    path,
                    name,
                    "Names may be treated as files in certain cases, and must not resolve to other names when treated as"
                            + " such. This name would resolve to '" + normal + "'");
        }
    }

    /** Refuses text that is longer than {@code limit}, or that no database keeps. */
    public static String requireLength(String what, String text, int limit) {
        requireText(what, text);
        if (length(text) > limit) {
            throw new Problem.Invalid("'" + what + "' exceeds the maximum length of " + limit + " characters");
        }
        return text;
    }

    /** The text, or its first {@code limit} characters. */
    static String cut(String what, String text, int limit) {
        requireText(what, text);
        return length(text) <= limit ? text : text.substring(0, text.offsetByCodePoints(0, limit));
    }

    /** Refuses text with a NUL or half a surrogate pair, which PostgreSQL cannot keep. */
    public static String requireText(String what, String text) {
        if (!Json.isText(text)) {
            throw new Problem.Invalid("'" + what + "' contains a NUL character or half a surrogate pair");
        }
        return text;
    }

    public static void requireRunId(String id) {
        if (!RUN_ID.matcher(id).matches()) {
            throw new Problem.Invalid(
                    "Invalid value " + Json.write(shortened(id)) + " for parameter 'run_id' supplied.");
        }
    }

    /** The number behind an experiment id; text that is no number names no experiment. */
    static long experimentNumber(String id) {
        try {
            return Long.parseLong(id.strip());
        } catch (NumberFormatException e) {
            throw new Problem.Invalid(
                    "Invalid experiment ID '" + shortened(id) + "'. Experiment ID must be a valid integer.");
        }
    }

    public static Problem.Invalid invalid(String path, String value, String why) {
        return new Problem.Invalid(
                "Invalid value " + Json.write(shortened(value)) + " for parameter '" + path + "' supplied: " + why);
    }

    /** The text, cut so that an error message stays readable. */
    public static String shortened(String text) {
        return length(text) <= 300 ? text : text.substring(0, text.offsetByCodePoints(0, 300)) + "…";
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The path without empty, "." and ".." parts, as POSIX normalises it. */
    static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        boolean absolute = path.startsWith("/");
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (!part.equals("..") || parts.isEmpty() && !absolute || "..".equals(parts.peekLast())) {
                parts.addLast(part);
            } else if (!parts.isEmpty()) {
                parts.removeLast();
            }
        }
        String joined = String.join("/", parts);
        return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
