package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.evidence.PackCheck;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw evidence}: what records answer of a framework, and packs that strangers can check. */
@Command(
        name = "evidence",
        description = "What records answer of a framework about a model version; packs to take away; check one.",
        mixinStandardHelpOptions = true)
final class EvidenceCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "MODEL/VERSION",
            arity = "0..1",
            description = "Such as model:flight-delays/3; the newest without /VERSION.")
    private Optional<String> asset = Optional.empty();

    @Option(
            names = "--framework",
            description = "eu-ai-act, nist-ai-rmf, iso-42001, sr-26-2, sr-11-7, or one of your own.")
    private Optional<String> framework = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the pack, a zip, to a file that is not there yet.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--without-model", description = "Leave the model's files out of the pack.")
    private boolean withoutModel;

    @Override
    public Integer call() {
        Client client = shared.client();
        AssetPath path = AssetPath.of(
                asset.orElseThrow(() -> new Problem.Invalid("Of which version? (expected: model:NAME/VERSION)")));
        if (!path.model()) {
            throw new Problem.Invalid("'" + asset.orElse("") + "' is no model version (expected: model:NAME/VERSION)");
        }
        path = path.resolved(client);
        String evidence = "/api/1/evidence" + path.path();
        if (out.isPresent()) {
            return export(client, evidence, shared.around().resolve(out.get()));
        }
        JsonNode assessed = client.get(evidence + "?framework=" + Client.part(framework()));
        if (!shared.isTable()) {
            return shared.show(assessed, "subject");
        }
        shared.say("Answered " + assessed.at("/counts/answered").asText() + ", partly "
                + assessed.at("/counts/partly").asText() + ", missing "
                + assessed.at("/counts/missing").asText() + ". The pack: --out FILE.zip");
        return shared.list(assessed.path("items"), "id", "state", "title", "missing, and who owes it=lackingText");
    }

    private String framework() {
        return framework.orElseThrow(
                () -> new Problem.Invalid("For which framework? (expected: --framework NAME)", "mw evidence list"));
    }

    private int export(Client client, String evidence, Path file) {
        if (Files.exists(file)) {
            throw new Problem.Conflict(file + " is there already", "Choose another name.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            String index = client.download(
                            evidence + "/packs",
                            Json.object().put("framework", framework()).put("model", !withoutModel),
                            part)
                    .firstValue("X-Index-Sha256")
                    .orElse("");
            Files.move(part, file);
            shared.say("Check it, also elsewhere: mw evidence verify " + file.getFileName());
            return shared.show(
                    Json.object()
                            .put("file", file.toString())
                            .put("framework", framework())
                            .put("bytes", Files.size(file))
                            .put("index", index),
                    "file",
                    "framework",
                    "bytes",
                    "index");
        } catch (IOException e) {
            throw new Problem.Unavailable("Cannot write " + file + ": " + e.getMessage(), "Choose another file.", e);
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // what is left of a failed download is the person's to see
        }
    }

    @Command(name = "list", description = "The maps of frameworks that there are.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared with) {
        return with.list(
                with.client().get("/api/1/evidence/frameworks").path("frameworks"),
                "framework",
                "version",
                "date",
                "items",
                "title");
    }

    @Command(
            name = "verify",
            description = "Check a pack, without a server; exits 6 when something does not hold.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin Written written,
            @Parameters(paramLabel = "FILE", description = "The zip.") Path file,
            @Option(names = "--log-key", description = "File with the log's verifier key, known from another way.")
                    Optional<Path> logKey,
            @Option(names = "--model-key", description = "File with the models' public key, known from another way.")
                    Optional<Path> modelKey) {
        PackCheck.Report report = PackCheck.check(
                written.around().resolve(file),
                logKey.map(key -> read(written.around().resolve(key))),
                modelKey.map(key -> read(written.around().resolve(key))));
        if (logKey.isEmpty() || modelKey.isEmpty()) {
            written.say("The keys are those in the pack: compare them with what you know from another way"
                    + " (--log-key, --model-key).");
        }
        written.list(Json.tree(report.lines()), "check", "holds", "detail");
        if (!report.holds()) {
            throw new Problem.Refused(
                    file + " does not hold", "Ask its makers for a new one, and say what did not hold.");
        }
        return Exit.OK;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem.NotFound("No file " + file + " that can be read as text");
        }
    }
}
