package org.millwright.sigstore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;

/** Where an identity token is found: a file, a variable, or what the platform that runs this gives its jobs. */
public final class IdentityTokens {
    static final String AUDIENCE = "sigstore";
    /** Also what GitLab's jobs get by {@code id_tokens}. */
    private static final String VARIABLE = "SIGSTORE_ID_TOKEN";

    private static final String GITHUB_URL = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private static final String GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
    private static final long LARGEST = 64 * 1024;

    private final Map<String, String> environment;
    private final Destinations destinations;
    private final Clock clock;

    public IdentityTokens(Map<String, String> environment, Destinations destinations, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.destinations = destinations;
        this.clock = clock;
    }

    /** The token of the file if one is named, else of the surroundings. */
    public IdentityToken find(Optional<Path> file) {
        if (file.isPresent()) {
            return parse(read(file.get()), file.get().toString());
        }
        String given = environment.getOrDefault(VARIABLE, "");
        if (!given.isBlank()) {
            return parse(given, VARIABLE);
        }
        if (environment.containsKey("GITHUB_ACTIONS")) {
            return gitHub();
        }
        throw environment.containsKey("GITLAB_CI")
                ? new Problem.Invalid(
                        "This job has no identity token (expected: " + VARIABLE + ")",
                        "Give the job  id_tokens: {" + VARIABLE + ": {aud: " + AUDIENCE + "}}")
                : new Problem.Invalid(
                        "No identity token is here: signing without a key needs one",
                        "Set " + VARIABLE + ", name a file by --identity-token-file, or sign in a job of GitHub Actions"
                                + " or GitLab.");
    }

    private IdentityToken gitHub() {
        String url = environment.getOrDefault(GITHUB_URL, "");
        String secret = environment.getOrDefault(GITHUB_TOKEN, "");
        if (url.isBlank() || secret.isBlank()) {
            throw new Problem.Invalid(
                    "This job may not have an identity token: " + (url.isBlank() ? GITHUB_URL : GITHUB_TOKEN)
                            + " is not set",
                    "Give the job  permissions: {id-token: write}");
        }
        String asked = url + (url.contains("?") ? "&" : "?") + "audience=" + AUDIENCE;
        try {
            URI target = destinations.requireUrl(asked);
            var answer = new Service(target, destinations, Service.USUAL)
                    .get(Map.of("Authorization", "bearer " + secret.strip(), "Accept", "application/json"));
            return parse(answer.path("value").asText(), "GitHub Actions");
        } catch (IOException e) {
            throw new Problem.Unavailable("GitHub Actions gave no identity token: " + e.getMessage(), "Try again.", e);
        }
    }

    private IdentityToken parse(String text, String where) {
        return IdentityToken.parse(text, where, clock.instant());
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new Problem.Invalid(file + " is larger than an identity token");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read the identity token " + file, "Look at --identity-token-file.");
        }
    }
}
