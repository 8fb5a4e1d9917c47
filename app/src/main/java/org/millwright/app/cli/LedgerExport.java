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
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.VerifierKey;

/**
 * Writes the ledger as files that need nothing of ours to be verified.
 *
 * <p>{@code vkey.txt} is the verifier key; {@code checkpoints/SIZE} are signed checkpoints (C2SP tlog-checkpoint); {@code
 * consistency/OLD-NEW} proves that each extends the one before; {@code entries/INDEX.json} holds an entry's exact bytes and
 * {@code entries/INDEX.tlog-proof} its proof (c2sp.org/tlog-proof@v1) under the newest checkpoint. What an earlier key signed
 * is in {@code earlier/SIZE}, and all keys in {@code keys.txt}. What transparency logs answered is in {@code logged}. An
 * export that was interrupted goes on where it stopped.
 */
final class LedgerExport {
    private static final int PAGE = 500;
    /** Holds the checkpoint that an export is made under until it is finished. */
    static final String UNFINISHED = "unfinished";

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
            Path mark = folder.resolve(UNFINISHED);
            boolean resumed = Files.exists(mark);
            if (!resumed) {
                requireEmpty(folder);
                String note = client.post("/api/1/ledger/checkpoints", Json.object())
                        .path("note")
                        .asText();
                text(mark, note);
            }
            SignedNote newest = SignedNote.parse(Files.readString(mark));
            JsonNode all = client.get("/api/1/ledger/checkpoints");
            text(folder.resolve("vkey.txt"), all.path("key").asText() + "\n");
            List<Long> sizes = checkpoints(folder, all, newest.size());
            int proofs = consistency(folder, sizes);
            entries(folder, newest.size(), newest.text());
            LoggedCheckpoints.export(client, folder, newest.size());
            Files.delete(mark);
            screen.settle();
            return new Written(folder.toString(), newest.size(), sizes.size(), proofs);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write to " + folder + ": " + e.getMessage(), "Choose another folder.", e);
        }
    }

    static void requireEmpty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new Problem.Conflict(folder + " is not empty", "Export to a new folder.");
            }
        }
    }

    /** Writes what was signed up to a size; returns the sizes that the newest key signed. */
    private static List<Long> checkpoints(Path folder, JsonNode all, long newest) throws IOException {
        List<String> keys = LedgerProof.texts(all.path("keys"));
        VerifierKey key = VerifierKey.parse(all.path("key").asText());
        Map<Long, String> notes = new TreeMap<>();
        all.path("checkpoints")
                .forEach(checkpoint -> notes.put(
                        checkpoint.path("size").asLong(),
                        checkpoint.path("note").asText()));
        notes.keySet().removeIf(size -> size == 0 || size > newest);
        var sizes = new ArrayList<Long>();
        for (Map.Entry<Long, String> note : notes.entrySet()) {
            boolean current = key.verifies(note.getValue());
            text(
                    folder.resolve(current ? "checkpoints" : "earlier")
                            .resolve(note.getKey().toString()),
                    note.getValue());
            if (current) {
                sizes.add(note.getKey());
            }
        }
        if (keys.size() > 1) {
            text(folder.resolve("keys.txt"), String.join("\n", keys) + "\n");
        }
        return sizes;
    }

    private int consistency(Path folder, List<Long> sizes) throws IOException {
        Files.createDirectories(folder.resolve("consistency"));
        for (int i = 1; i < sizes.size(); i++) {
            String name = sizes.get(i - 1) + "-" + sizes.get(i);
            JsonNode proof = client.get("/api/1/ledger/consistency?from=" + sizes.get(i - 1) + "&to=" + sizes.get(i));
            text(folder.resolve("consistency").resolve(name), lines(LedgerProof.texts(proof.path("hashes"))));
        }
        return Math.max(0, sizes.size() - 1);
    }

    private void entries(Path folder, long size, String note) throws IOException {
        Path target = Files.createDirectories(folder.resolve("entries"));
        long next = written(target, size);
        while (next < size) {
            JsonNode page = client.get(
                            "/api/1/ledger?from=" + next + "&limit=" + Math.min(PAGE, size - next) + "&proofs=" + size)
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
                        proof(Long.parseLong(index), LedgerProof.texts(entry.path("proof")), note));
            }
            next += page.size();
            screen.live(List.of("  " + Texts.bar((double) next / size, 24) + "  " + Texts.count(next) + " of "
                    + Texts.count(size) + " entries"));
        }
    }

    /** The first entry that an earlier try has not written whole; its last one may have been cut off. */
    private static long written(Path target, long size) {
        long low = 0;
        long high = size;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (Files.exists(target.resolve(middle + ".tlog-proof"))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }

    /** A proof in the form c2sp.org/tlog-proof@v1. */
    static String proof(long index, List<String> hashes, String note) {
        return "c2sp.org/tlog-proof@v1\nindex " + index + "\n" + lines(hashes) + "\n" + note;
    }

    static String lines(List<String> hashes) {
        return hashes.isEmpty() ? "" : String.join("\n", hashes) + "\n";
    }

    static void text(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
