package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.sigstore.IdentityToken;
import org.millwright.sigstore.KeylessSigning;
import picocli.CommandLine.ArgGroup;
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

    @ArgGroup(exclusive = false, multiplicity = "1")
    private KeylessOptions keyless = new KeylessOptions();

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
        KeylessSigning signing = keyless.signing(written);
        IdentityToken token = keyless.token(written.around());
        KeylessSigning.Signed signed = statement
                .map(payload -> signing.sign(payload, token))
                .orElseGet(() -> signing.sign(what, target, token));
        if (!folder) {
            write(target, signed.bundle());
        }
        return show(target, signed);
    }

    static Path beside(Path statement) {
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
