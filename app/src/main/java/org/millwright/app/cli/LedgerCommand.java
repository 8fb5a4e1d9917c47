package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.VerifierKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw ledger}: the record of all changes, and the proof that it was not altered. */
@Command(
        name = "ledger",
        description = "The record of all changes: list, verify, prove, export, anchor.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand {
    @Command(name = "list", description = "The newest changes, the newest last.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Shared shared,
            @Option(names = "--limit", description = "How many.", defaultValue = "50") int limit,
            @Option(names = "--about", description = "Of this asset only, oldest first.") Optional<String> about) {
        Client client = shared.client();
        String query = about.map(ref -> "?subject=" + Client.part(ref)).orElseGet(() -> {
            long size = client.get("/api/1/ledger?limit=0").path("size").asLong();
            return "?limit=" + limit + "&from=" + Math.max(0, size - limit);
        });
        JsonNode entries = client.get("/api/1/ledger" + query).path("entries");
        return shared.list(entries, "index", "at=at:at", "who=actor", "action", "subjects");
    }

    @Command(
            name = "verify",
            description =
                    "Recompute every entry and compare with every signed checkpoint: of the server, or of an export or a"
                            + " proof, for which no server is needed.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin Shared shared,
            @Parameters(paramLabel = "PATH", arity = "0..1", description = "Folder of an export, or a proof's file.")
                    Optional<Path> path,
            @Option(names = "--key", paramLabel = "KEY", description = "The public key that you know: NAME+ID+KEY.")
                    Optional<String> key,
            @Option(
                            names = "--anchors",
                            paramLabel = "FILE",
                            description = "Checkpoints that were kept elsewhere, such as an anchor's file.")
                    Optional<Path> anchors,
            @Option(
                            names = "--trust-root",
                            paramLabel = "FILE",
                            description =
                                    "Keys of the transparency logs that an export tells of: trusted_root.json, or a"
                                            + " log's public key as PEM.")
                    Optional<Path> trustRoot) {
        return new LedgerVerification(
                        shared,
                        key.map(VerifierKey::parse),
                        trustRoot.map(file -> TrustRoots.read(shared.around().resolve(file))))
                .run(path, anchors);
    }

    @Command(
            name = "prove",
            description = "Prove that entries are in the log, or that it extends an earlier one.",
            mixinStandardHelpOptions = true)
    int prove(
            @Mixin Shared shared,
            @Parameters(
                            paramLabel = "ENTRY",
                            arity = "0..1",
                            description = "Place, id, or an asset whose entries are proven all.")
                    Optional<String> entry,
            @Option(
                            names = "--from",
                            paramLabel = "SIZE",
                            description = "Prove that the log extends the one of this many entries, which was signed.")
                    Optional<Long> from,
            @Option(
                            names = "--out",
                            paramLabel = "PATH",
                            description = "A file that ends in .json, or a folder for other verifiers.")
                    Optional<Path> out) {
        if (entry.isEmpty() && from.isEmpty()) {
            throw new Problem.Invalid(
                    "Say what to prove (expected: an entry, an asset or --from SIZE)", "mw ledger list");
        }
        Client client = shared.client();
        LedgerProof proof =
                LedgerProof.of(client, entry.map(ref -> places(client, ref)).orElse(List.of()));
        if (from.isPresent()) {
            proof = proof.extending(client, signed(client, from.get()));
        }
        proof.check(Optional.empty());
        Path target = out.map(shared.around()::resolve).orElse(null);
        if (target != null) {
            proof.write(target);
            shared.say("Check it anywhere, with no server: mw ledger verify " + out.get());
        }
        return shared.show(
                Json.object()
                        .put("entries", proof.entries().size())
                        .put("size", proof.checkpoint().size())
                        .put("root", proof.checkpoint().root())
                        .put("extends", from.map(Object::toString).orElse(""))
                        .put("file", target == null ? "" : target.toString()),
                "entries",
                "size",
                "root",
                "extends",
                "file");
    }

    /** The places of the entries that are meant; an asset's are all that concern it. */
    private static List<String> places(Client client, String ref) {
        if (!ref.contains(":")) {
            return List.of(ref);
        }
        var places = new ArrayList<String>();
        client.get("/api/1/ledger?subject=" + Client.part(ref))
                .path("entries")
                .forEach(entry -> places.add(entry.path("index").asText()));
        if (places.isEmpty()) {
            throw new Problem.NotFound("Nothing is recorded about " + ref, "mw ledger list");
        }
        return places;
    }

    private static SignedNote signed(Client client, long size) {
        for (JsonNode each : client.get("/api/1/ledger/checkpoints").path("checkpoints")) {
            if (each.path("size").asLong() == size) {
                return SignedNote.parse(each.path("note").asText());
            }
        }
        throw new Problem.NotFound("No checkpoint signed " + size + " entries", "mw ledger key lists what was signed.");
    }

    @Command(
            name = "anchor",
            description =
                    "Sign the log as it is and keep the checkpoint where the server was told to (mw serve --anchor).",
            mixinStandardHelpOptions = true)
    int anchor(
            @Mixin Shared shared,
            @Option(names = "--list", description = "Only show the places and how far each is.") boolean list) {
        Client client = shared.client();
        JsonNode anchors =
                list ? client.get("/api/1/ledger/anchors") : client.post("/api/1/ledger/anchors", Json.object());
        JsonNode places = anchors.path("anchors");
        shared.list(
                places,
                "place",
                "entries=size",
                "when=at:at",
                "log-index=entry.logIndex",
                "logged=at:entry.at",
                "fault");
        for (JsonNode place : places) {
            if (!list && !place.path("fault").asText().isEmpty()) {
                return Exit.UNREACHABLE;
            }
        }
        return Exit.OK;
    }

    @Command(
            name = "key",
            description = "The public keys that sign and signed the log, and the sizes that were signed.",
            mixinStandardHelpOptions = true)
    int key(@Mixin Shared shared) {
        JsonNode all = shared.client().get("/api/1/ledger/checkpoints");
        var shown = Json.object();
        shown.set("key", all.path("key"));
        shown.set("keys", all.path("keys"));
        var sizes = shown.putArray("signed");
        all.path("checkpoints").forEach(each -> sizes.add(each.path("size")));
        return shared.show(shown, "key", "keys", "signed");
    }

    @Command(
            name = "rotate-key",
            description = "Make a new key that the present one vouches for.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin Shared shared,
            @Option(names = "--reason", required = true, description = "Why; the log keeps it.") String reason,
            @Option(
                            names = "--lost",
                            description =
                                    "The present key is gone for good: an administrator's word vouches for the new.")
                    boolean lost) {
        JsonNode made = shared.client()
                .post("/api/1/ledger/keys", Json.object().put("reason", reason).put("lost", lost));
        shared.say(
                "The log is signed by a new key from now on. Tell those who verify it; the earlier one stays good for what it"
                        + " signed.");
        return shared.show(made, "key", "size", "root");
    }

    @Command(
            name = "export",
            description = "Write entries, proofs and signed checkpoints as files for other verifiers.",
            mixinStandardHelpOptions = true)
    int export(@Mixin Shared shared, @Parameters(paramLabel = "DIR", description = "New or empty folder.") Path dir) {
        var exported = new LedgerExport(shared.client(), shared.screen())
                .write(shared.around().resolve(dir));
        return shared.show(Json.tree(exported), "folder", "entries", "checkpoints", "proofs");
    }
}
