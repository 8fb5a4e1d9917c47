package org.millwright.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.sigstore.KeylessBundle;
import picocli.CommandLine.Option;

/** Options that say who must have signed without a key of their own. */
final class ExpectedSigner {
    @Option(
            names = "--trust-root",
            paramLabel = "FILE",
            description = "Whose word on identities is taken: trusted_root.json.")
    private Optional<Path> trustRoot = Optional.empty();

    @Option(
            names = "--identity",
            paramLabel = "WHO",
            description = "The e-mail address or URI that must have signed, exactly.")
    private Optional<String> identity = Optional.empty();

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description = "The OpenID Connect issuer that must vouch for it, such as"
                    + " https://token.actions.githubusercontent.com.")
    private Optional<String> issuer = Optional.empty();

    Optional<KeylessBundle.Expected> expected(Surroundings around) {
        if (trustRoot.isEmpty() && identity.isEmpty() && issuer.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new KeylessBundle.Expected(
                TrustRoots.read(around.resolve(require(trustRoot, "--trust-root FILE"))),
                require(identity, "--identity WHO"),
                require(issuer, "--issuer URL")));
    }

    private static <T> T require(Optional<T> given, String option) {
        return given.orElseThrow(() -> new Problem.Invalid(
                option + " is missing: an identity counts only with who vouches for it and whose word is taken",
                "Give --trust-root, --identity and --issuer together."));
    }
}
