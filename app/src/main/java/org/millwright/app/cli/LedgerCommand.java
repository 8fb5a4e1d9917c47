package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw ledger}: the record of every change, its verification and its proofs for others. */
@Command(name = "ledger", description = "List, verify and export the ledger.", mixinStandardHelpOptions = true)
final class LedgerCommand {
    private static final int PAGE = 1_000;

    @Command(name = "list", description = "Show changes, oldest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Remote remote,
            @Option(names = "--subject", paramLabel = "REF") @Nullable String subject,
            @Option(names = "--from", defaultValue = "0") long from) {
        String query = subject == null ? "ledger?from=" + from : "ledger?subject=" + Client.enc(subject);
        remote.output()
                .list(
                        remote.client().get(query).path("entries"),
                        "index",
                        "at",
                        "actor",
                        "action",
                        "subjects",
                        "details");
        return Exit.OK;
    }

    @Command(name = "verify", description = "Prove that no entry was altered.", mixinStandardHelpOptions = true)
    int verify(@Mixin Remote remote) {
        JsonNode verified = remote.client().get("ledger/verification");
        remote.output().one(verified, "root");
        remote.err()
                .println("The ledger holds: " + verified.path("entries").asLong() + " entries, "
                        + verified.path("checkpoints").asInt() + " signed checkpoints");
        return Exit.OK;
    }

    /** Writes what independent programs check: key, checkpoints, consistency and inclusion proofs, entries. */
    @Command(
            name = "export",
            description = "Write entries and proofs for other programs to check.",
            mixinStandardHelpOptions = true)
    int export(@Mixin Remote remote, @Parameters(paramLabel = "DIR") Path dir) throws IOException {
        Client client = remote.client();
        JsonNode latest = client.post("ledger/checkpoints", Json.object());
        JsonNode all = client.get("ledger/checkpoints");
        for (String part : new String[] {"checkpoints", "consistency", "entries"}) {
            Files.createDirectories(dir.resolve(part));
        }
        Files.writeString(dir.resolve("vkey.txt"), all.path("key").asText() + "\n");
        var sizes = new ArrayList<Long>();
        for (JsonNode checkpoint : all.path("checkpoints")) {
            long size = checkpoint.path("size").asLong();
            if (size > 0) {
                sizes.add(size);
                Files.writeString(
                        dir.resolve("checkpoints/" + size),
                        checkpoint.path("note").asText());
            }
        }
        for (int i = 1; i < sizes.size(); i++) {
            long old = sizes.get(i - 1);
            long size = sizes.get(i);
            JsonNode proof = client.get("ledger/consistency?old=" + old + "&size=" + size);
            Files.writeString(dir.resolve("consistency/" + old + "-" + size), lines(proof));
        }
        long entries = entries(client, dir, latest);
        remote.err().println("Wrote " + entries + " entries and " + sizes.size() + " checkpoints to " + dir);
        return Exit.OK;
    }

    private static long entries(Client client, Path dir, JsonNode latest) throws IOException {
        long size = latest.path("size").asLong();
        for (long from = 0; from < size; from += PAGE) {
            for (JsonNode entry :
                    client.get("ledger?from=" + from + "&limit=" + PAGE).path("entries")) {
                long index = entry.path("index").asLong();
                if (index >= size) {
                    return size;
                }
                JsonNode proof = client.get("ledger/proofs/" + index + "?size=" + size);
                Files.writeString(
                        dir.resolve("entries/" + index + ".json"),
                        entry.path("leaf").asText());
                Files.writeString(
                        dir.resolve("entries/" + index + ".tlog-proof"),
                        "c2sp.org/tlog-proof@v1\nindex " + index + "\n" + lines(proof) + "\n"
                                + latest.path("note").asText());
            }
        }
        return size;
    }

    private static String lines(JsonNode proof) {
        var text = new StringBuilder();
        proof.path("hashes").forEach(hash -> text.append(hash.asText()).append('\n'));
        return text.toString();
    }
}
