package org.millwright.app.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;
import org.millwright.scoring.sigstore.TrustRoot;
import org.millwright.sigstore.IdentityToken;
import org.millwright.sigstore.IdentityTokens;
import org.millwright.sigstore.KeylessSigning;
import org.millwright.sigstore.Service;
import picocli.CommandLine.Option;

/** Options of what signs by an identity: which services, whose answers are believed, and where the token is. */
final class KeylessOptions {
    @Option(
            names = "--trust-root",
            required = true,
            paramLabel = "FILE",
            description =
                    "Sign by who you are (Sigstore), and believe answers by this file: trusted_root.json, or a client's"
                            + " trust configuration, which names the services as well.")
    private Path trustRoot = Path.of("");

    @Option(
            names = "--fulcio",
            paramLabel = "URL",
            description = "Who certifies; gets the identity token. None unless named here or by the configuration.")
    private Optional<String> fulcio = Optional.empty();

    @Option(
            names = "--rekor",
            paramLabel = "URL",
            description = "The log that takes digest, signature and certificate, for all to see.")
    private Optional<String> rekor = Optional.empty();

    @Option(
            names = "--identity-token-file",
            paramLabel = "FILE",
            description = "The identity token; else SIGSTORE_ID_TOKEN, else what GitHub Actions or GitLab give a job.")
    private Optional<Path> tokenFile = Optional.empty();

    /** What signs; says what will be sent where. */
    KeylessSigning signing(Written written) {
        TrustRoot root = TrustRoots.read(written.around().resolve(trustRoot));
        String authority = address(fulcio, root.services().authority(), "--fulcio");
        String log = address(rekor, root.services().log(), "--rekor");
        var signing = new KeylessSigning(service(authority), service(log), root);
        written.say("Sent: your identity token and a new public key to " + authority
                + "; the signature, your certificate and digests to " + log
                + ", which shows them to everybody for good.");
        return signing;
    }

    IdentityToken token(Surroundings around) {
        return new IdentityTokens(around.environment(), anywhere(), Clock.systemUTC())
                .find(tokenFile.map(around::resolve));
    }

    private static String address(Optional<String> option, Optional<String> configured, String name) {
        return option.or(() -> configured)
                .orElseThrow(() -> new Problem.Invalid(
                        name + " is missing, and --trust-root names no services: nothing is sent anywhere by default",
                        "Give --fulcio and --rekor, or a client's trust configuration."));
    }

    private static Service service(String address) {
        Service service = Service.at(address, anywhere(), Service.USUAL);
        URI base = service.base();
        boolean here = Set.of("localhost", "127.0.0.1", "[::1]").contains(base.getHost());
        if (!"https".equalsIgnoreCase(base.getScheme()) && !here) {
            throw new Problem.Invalid(address + " would be readable on its way (expected: https://HOST)");
        }
        return service;
    }

    /** Who types an address may use it: nothing here acts on someone else's word. */
    private static Destinations anywhere() {
        return new Destinations(Set.of("*"));
    }
}
