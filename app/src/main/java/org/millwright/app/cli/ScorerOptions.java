package org.millwright.app.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.replica.ReplicaSettings;
import org.millwright.scoring.remote.Address;
import org.millwright.scoring.signing.TrustedKey;
import picocli.CommandLine.Option;

/** What {@code mw serve --role scorer} follows. */
final class ScorerOptions {
    /** Options that only a scorer has. */
    static final Set<String> NAMES = Set.of("--server", "--trust", "--cache", "--deployments", "--every");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "With --role scorer: the server to follow (default: MW_SERVER); its token by MW_TOKEN.")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "With --role scorer: the key that bundles are signed with, keys/bundles.pem.pub of the server.")
    private Optional<Path> trust = Optional.empty();

    @Option(
            names = "--cache",
            paramLabel = "FOLDER",
            description = "With --role scorer: folder for what answered last (default: a temporary one).")
    private Optional<Path> cache = Optional.empty();

    @Option(
            names = "--deployments",
            split = ",",
            paramLabel = "NAME",
            description = "With --role scorer: the only deployments to answer for.")
    private Set<String> deployments = Set.of();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "With --role scorer: how often to ask the server, and report to it (default: 5s).")
    private Optional<String> every = Optional.empty();

    ReplicaSettings settings(Surroundings around) {
        String address = server.or(() -> around.variable("MW_SERVER"))
                .orElseThrow(() -> new Problem.Invalid(
                        "A scorer follows a server, and none is named", "mw serve --role scorer --server URL"));
        return new ReplicaSettings(
                address(address),
                around.variable("MW_TOKEN").orElse(""),
                cache.map(around::resolve).orElseGet(ScorerOptions::temporary),
                List.of(key(trust.map(around::resolve)
                        .orElseThrow(() -> new Problem.Invalid(
                                "A scorer verifies bundles, and no key is named",
                                "mw serve --role scorer --trust bundles.pem.pub")))),
                deployments,
                Serve.time("--every", every.orElse("5s")));
    }

    private static URI address(String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("--server: " + e.getMessage());
        }
    }

    /** The key in a file. */
    static TrustedKey key(Path file) {
        try {
            return TrustedKey.fromPem(Files.readString(file));
        } catch (IOException e) {
            throw new Problem.Invalid(
                    "--trust: " + file + " is not there or cannot be read",
                    "Copy keys/bundles.pem.pub from the server's data folder.");
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(
                    "--trust: " + file + " is no P-256 public key in PEM",
                    "Copy keys/bundles.pem.pub from the server's data folder.");
        }
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("millwright-scorer");
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> Scratch.delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "There is no room for a cache: " + e.getMessage(), "mw serve --role scorer --cache FOLDER", e);
        }
    }
}
