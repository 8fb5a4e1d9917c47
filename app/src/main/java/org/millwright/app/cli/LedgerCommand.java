package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw ledger}: the record of all changes, and the proof that it was not altered. */
@Command(
        name = "ledger",
        description = "The record of all changes: list, verify, export.",
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
            description = "Recompute every entry and compare with every signed checkpoint.",
            mixinStandardHelpOptions = true)
    int verify(@Mixin Shared shared) {
        JsonNode verified = shared.client().get("/api/1/ledger/verification");
        shared.say(
                verified.path("checkpoints").asInt() == 0
                        ? "Every entry is as its hash says; nothing is signed yet: mw ledger export signs."
                        : "The ledger is as it was signed.");
        return shared.show(verified, "entries", "checkpoints", "root");
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
