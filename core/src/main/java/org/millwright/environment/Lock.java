package org.millwright.environment;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Exact versions of packages with the hashes of their files, in the form of a pip requirements file. */
public record Lock(String text) {
    private static final Pattern PINNED = Pattern.compile("(?m)^[A-Za-z0-9][A-Za-z0-9._-]*(\\[[^]]*])?==\\S+");
    private static final Pattern HASH = Pattern.compile("--hash=(sha256|sha384|sha512):[0-9a-f]+");

    public Lock {
        long packages = PINNED.matcher(text).results().count();
        if (packages == 0) {
            throw new Problem.Invalid(
                    "The lock holds no package pinned as name==version",
                    "Make it with: uv pip compile --generate-hashes --universal requirements.in -o requirements.lock");
        }
        List<String> bare = PINNED.matcher(text)
                .results()
                .filter(match -> !HASH.matcher(entry(text, match.start())).find())
                .map(match -> match.group())
                .toList();
        if (!bare.isEmpty()) {
            throw new Problem.Invalid(
                    "The lock has no hash for " + String.join(", ", bare),
                    "Make it with: uv pip compile --generate-hashes --universal requirements.in -o requirements.lock");
        }
    }

    /** Number of packages for all platforms together. */
    public int packages() {
        return (int) PINNED.matcher(text).results().count();
    }

    /** Hex SHA-256 of the text. */
    public String sha256() {
        return Json.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The requirement that begins there, with its continuation lines. */
    private static String entry(String text, int start) {
        int end = start;
        do {
            end = text.indexOf('\n', end + 1);
        } while (end > 0 && text.charAt(end - 1) == '\\');
        return end < 0 ? text.substring(start) : text.substring(start, end);
    }
}
