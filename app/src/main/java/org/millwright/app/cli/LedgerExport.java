package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * Writes the ledger as files that need nothing of ours to be verified.
 *
 * <p>{@code vkey.txt} is the verifier key; {@code checkpoints/SIZE} are signed checkpoints (C2SP tlog-checkpoint); {@code
 * consistency/OLD-NEW} proves that each extends the one before; {@code entries/INDEX.json} holds an entry's exact bytes and
 * {@code entries/INDEX.tlog-proof} its proof (c2sp.org/tlog-proof@v1) under the newest checkpoint.
 */
final class LedgerExport {
    private static final int PAGE = 500;

    private final Client client;
    private final Screen screen;

    LedgerExport(Client client, Screen screen) {
        this.client = client;
        this.screen = screen;
    }

    /** What was written. */
    record Written(String folder, long entries, int checkpoints, int proofs) {}

    Written write(Path folder) {
        try {
            requireEmpty(folder);
            JsonNode newest = client.post("/api/1/ledger/checkpoints", Json.object());
            JsonNode all = client.get("/api/1/ledger/checkpoints");
            text(folder.resolve("vkey.txt"), all.path("key").asText() + "\n");
            List<Long> sizes = checkpoints(folder, all.path("checkpoints"));
            int proofs = consistency(folder, sizes);
            long size = newest.path("size").asLong();
            entries(folder, size, newest.path("note").asText());
            screen.settle();
            return new Written(folder.toString(), size, sizes.size(), proofs);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write to " + folder + ": " + e.getMessage(), "Choose another folder.", e);
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new Problem.Conflict(folder + " is not empty", "Export to a new folder.");
            }
        }
    }

    private static List<Long> checkpoints(Path folder, JsonNode checkpoints) throws IOException {
        Map<Long, String> notes = new TreeMap<>();
        checkpoints.forEach(checkpoint -> notes.put(
                checkpoint.path("size").asLong(), checkpoint.path("note").asText()));
        notes.remove(0L);
        for (Map.Entry<Long, String> note : notes.entrySet()) {
            text(folder.resolve("checkpoints").resolve(note.getKey().toString()), note.getValue());
        }
        return new ArrayList<>(notes.keySet());
    }

    private int consistency(Path folder, List<Long> sizes) throws IOException {
        Files.createDirectories(folder.resolve("consistency"));
        for (int i = 1; i < sizes.size(); i++) {
            String name = sizes.get(i - 1) + "-" + sizes.get(i);
            JsonNode proof = client.get("/api/1/ledger/consistency?old=" + sizes.get(i - 1) + "&size=" + sizes.get(i));
            text(folder.resolve("consistency").resolve(name), lines(proof.path("hashes")));
        }
        return Math.max(0, sizes.size() - 1);
    }

    private void entries(Path folder, long size, String note) throws IOException {
        Path target = Files.createDirectories(folder.resolve("entries"));
        long next = 0;
        while (next < size) {
            JsonNode page = client.get("/api/1/ledger?from=" + next + "&limit=" + PAGE + "&proofs=" + size)
                    .path("entries");
            if (page.isEmpty()) {
                throw new Problem.Unavailable(
                        "The ledger has no entry " + next + " although " + size + " are signed", "mw ledger verify");
            }
            for (JsonNode entry : page) {
                String index = entry.path("index").asText();
                Files.writeString(
                        target.resolve(index + ".json"), entry.path("leaf").asText());
                Files.writeString(
                        target.resolve(index + ".tlog-proof"),
                        "c2sp.org/tlog-proof@v1\nindex " + index + "\n" + lines(entry.path("proof")) + "\n" + note);
            }
            next += page.size();
            screen.live(List.of("  " + Texts.bar((double) next / size, 24) + "  " + Texts.count(next) + " of "
                    + Texts.count(size) + " entries"));
        }
    }

    private static String lines(JsonNode hashes) {
        var lines = new StringBuilder();
        hashes.forEach(hash -> lines.append(hash.asText()).append('\n'));
        return lines.toString();
    }

    private static void text(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
