package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.TrustRoot;
import org.millwright.sigstore.IdentityToken;
import org.millwright.sigstore.IdentityTokens;
import org.millwright.sigstore.KeylessSigning;
import org.millwright.sigstore.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw sign}: signs a model's folder or a certificate by an identity, without a key to keep. */
@Command(
        name = "sign",
        description = "Sign a model's folder or a certificate by who you are (Sigstore), without a key to keep.",
        mixinStandardHelpOptions = true)
final class SignCommand implements Callable<Integer> {
    private static final String STATEMENT = ".sigstore.json";
    private static final String[] FIELDS = {"signed", "identity", "issuer", "at", "log-index=logIndex", "signature"};

    @Mixin
    private Written written = new Written();

    @Parameters(paramLabel = "PATH", description = "A model's folder, or a certificate (*.sigstore.json).")
    private Path path = Path.of("");

    @Option(
            names = "--trust-root",
            required = true,
            paramLabel = "FILE",
            description =
                    "Whose answers are believed: trusted_root.json, or a client's trust configuration, which names"
                            + " the services as well.")
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

    @Option(
            names = "--key",
            paramLabel = "PEM",
            description = "The server's public key, by which a certificate is checked before you sign it too.")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--signature",
            paramLabel = "FILE",
            description = "Where to write it; else model.sig in the folder, or beside the certificate.")
    private Optional<Path> signature = Optional.empty();

    @Override
    public Integer call() {
        Path what = written.around().resolve(path);
        boolean folder = Files.isDirectory(what, LinkOption.NOFOLLOW_LINKS);
        if (!folder && !Files.isRegularFile(what)) {
            throw new Problem.NotFound("There is no " + path);
        }
        Path target = signature
                .map(written.around()::resolve)
                .orElse(folder ? what.resolve(ModelSigning.FILE) : beside(what));
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem.Conflict(
                    target + " is there already: nothing is signed over", "Name another file by --signature.");
        }
        Optional<byte[]> statement = folder ? Optional.empty() : Optional.of(statement(what));
        TrustRoot root = TrustRoots.read(written.around().resolve(trustRoot));
        KeylessSigning signing = signing(root);
        IdentityToken token = new IdentityTokens(written.around().environment(), anywhere(), Clock.systemUTC())
                .find(tokenFile.map(written.around()::resolve));
        KeylessSigning.Signed signed = statement
                .map(payload -> signing.sign(payload, token))
                .orElseGet(() -> signing.sign(what, target, token));
        if (!folder) {
            write(target, signed.bundle());
        }
        return show(target, signed);
    }

    private KeylessSigning signing(TrustRoot root) {
        String authority = address(fulcio, root.services().authority(), "--fulcio");
        String log = address(rekor, root.services().log(), "--rekor");
        written.say(
                "Sent: your identity token and a new public key to " + authority + "; the signature, your certificate"
                        + " and digests to " + log + ", which shows them to everybody for good.");
        return new KeylessSigning(service(authority), service(log), root);
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

    private static Path beside(Path statement) {
        String name = statement.getFileName().toString();
        String stem = name.endsWith(STATEMENT) ? name.substring(0, name.length() - STATEMENT.length()) : name;
        return statement.resolveSibling(stem + ".keyless" + STATEMENT);
    }

    /** What a certificate states, once the server's key is found to have signed it. */
    private byte[] statement(Path file) {
        Path pem = key.orElseThrow(() -> new Problem.Invalid(
                "--key is missing: nobody signs a certificate without knowing whose it is",
                "mw key show > key.pub writes a server's key."));
        try {
            var trusted = TrustedKey.fromPem(Files.readString(written.around().resolve(pem)));
            return Dsse.verify(ModelSigning.read(file), List.of(trusted)).payload();
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read the key " + pem, "mw key show > key.pub writes a server's key.");
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(pem + " is no public key: " + e.getMessage());
        } catch (Untrusted e) {
            throw new Problem.Refused("Not signed: " + e.getMessage(), "Get the certificate again: mw certify --out");
        }
    }

    private static void write(Path file, JsonNode bundle) {
        try {
            Files.write(file, Json.bytes(bundle));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int show(Path target, KeylessSigning.Signed signed) {
        return written.show(
                Json.object()
                        .put("signed", path.toString())
                        .put("identity", signed.verified().identity())
                        .put("issuer", signed.verified().issuer())
                        .put("at", signed.verified().at().toString())
                        .put("logIndex", signed.verified().logIndex())
                        .put("signature", target.toString()),
                FIELDS);
    }
}
