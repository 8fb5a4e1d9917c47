package org.millwright.tracking;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/**
 * A path in the artifact tree: parts that are names and nothing else.
 *
 * <p>No part ever becomes a file's name, so these rules protect clients that write what they download.
 */
public record ArtifactPath(List<String> parts) {
    static final int MAX_BYTES = 2_000;
    private static final int MAX_PART_BYTES = 255;
    private static final int MAX_PARTS = 64;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    public static final ArtifactPath ROOT = new ArtifactPath(List.of());

    public ArtifactPath {
        parts = List.copyOf(parts);
    }

    /** Reads a path whose percent-escapes are decoded already; "" is the root. {@link Problem.Invalid} "Invalid path". */
    public static ArtifactPath of(String path) {
        if (path.isEmpty() || path.equals(".")) {
            return ROOT;
        }
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        List<String> parts = List.of(trimmed.split("/", -1));
        if (trimmed.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                || parts.size() > MAX_PARTS
                || DRIVE.matcher(trimmed).matches()) {
            throw invalid();
        }
        parts.forEach(ArtifactPath::requireName);
        return new ArtifactPath(parts);
    }

    private static void requireName(String part) {
        boolean plain = !part.isEmpty()
                && !part.equals(".")
                && !part.equals("..")
                && part.getBytes(StandardCharsets.UTF_8).length <= MAX_PART_BYTES
                && part.chars().noneMatch(c -> c == '\\' || c == '#' || c < 0x20 || c == 0x7f || c == 0xfffd);
        if (!plain) {
            throw invalid();
        }
    }

    private static Problem.Invalid invalid() {
        return new Problem.Invalid("Invalid path");
    }

    public boolean isRoot() {
        return parts.isEmpty();
    }

    public String name() {
        return parts.getLast();
    }

    public ArtifactPath parent() {
        return new ArtifactPath(parts.subList(0, parts.size() - 1));
    }

    /** The parts joined by "/". */
    public String text() {
        return String.join("/", parts);
    }
}
