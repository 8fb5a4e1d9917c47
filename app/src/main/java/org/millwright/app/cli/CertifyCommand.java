package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.TrustedKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw certify}: signs how an asset was made and what was checked. */
@Command(
        name = "certify",
        description = "Sign how an asset was made and what was checked; a model version is checked again for it.",
        mixinStandardHelpOptions = true)
final class CertifyCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "REF",
            description = "model:NAME/VERSION, dataset:NAME@PERIOD/NUMBER, artifact:SHA256, environment:ID, run:ID or"
                    + " release:ID.")
    private String ref = "";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write the statement there, and a model's bundle, for mw verify.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--no-reproduce", description = "Do not make a model version again for that, although nobody has.")
    private boolean no;

    @ArgGroup(exclusive = false, multiplicity = "0..1")
    private @Nullable KeylessOptions keyless;

    @Override
    public Integer call() {
        if (keyless != null && out.isEmpty()) {
            throw new Problem.Invalid(
                    "--trust-root signs what is written, and nothing is to be written", "Name a folder by --out.");
        }
        Client client = shared.client();
        boolean isModel = ref.startsWith("model:");
        if (isModel) {
            ModelCommand.Ref model = ModelCommand.Ref.ofVersion(ref);
            JsonNode version = client.post(
                    "/api/1/models/" + Client.part(model.name()) + "/versions/" + Client.part(model.version())
                            + "/certify",
                    Json.object().put("reproduce", !no));
            if (!no && version.has("reproduction")) {
                shared.say("Nobody has made it again. "
                        + version.path("reproduction").asText() + ": mw reproduce " + model.name() + "/"
                        + model.version() + " --list");
            }
        } else {
            client.post("/api/1/certificates", Json.object().put("ref", ref));
        }
        JsonNode certificate = client.get("/api/1/certificates?ref=" + Client.part(ref));
        out.ifPresent(folder -> write(client, certificate, shared.around().resolve(folder), isModel));
        return shared.show(certificate, "subject", "root", "statement", "key", "by", "at=at:at");
    }

    private void write(Client client, JsonNode certificate, Path folder, boolean isModel) {
        String name = ref.replaceAll("[^A-Za-z0-9._-]", "-");
        try {
            Files.createDirectories(folder);
            Path file = Files.write(folder.resolve(name + ".sigstore.json"), Json.bytes(certificate.path("bundle")));
            if (keyless != null) {
                Files.write(SignCommand.beside(file), Json.bytes(signed(client, certificate.path("bundle"), keyless)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (isModel) {
            bundle(client, folder.resolve(name + ".zip"));
        }
    }

    /** The certificate by the caller's identity, once it is found to be by the server's key. */
    private JsonNode signed(Client client, JsonNode bundle, KeylessOptions by) {
        var keys = new ArrayList<TrustedKey>();
        client.get("/api/1/keys")
                .path("keys")
                .forEach(key -> keys.add(TrustedKey.fromPem(key.path("pem").asText())));
        byte[] statement = Dsse.verify(bundle, keys).payload();
        return by.signing(shared).sign(statement, by.token(shared.around())).bundle();
    }

    /** What is not approved is not handed out; the statement is. */
    private void bundle(Client client, Path file) {
        ModelCommand.Ref model = ModelCommand.Ref.ofVersion(ref);
        try {
            client.download(
                    "/api/1/models/" + Client.part(model.name()) + "/versions/" + Client.part(model.version())
                            + "/bundle",
                    file);
        } catch (Problem.Refused e) {
            delete(file);
            shared.say("The bundle is not handed out: " + e.getMessage());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
