package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.SignedNote;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.LoggedDigest;
import org.millwright.scoring.sigstore.TrustRoot;

/**
 * The checkpoints of an export that transparency logs took.
 *
 * <p>{@code logged/NUMBER.checkpoint} is the text whose digest was entered, {@code logged/NUMBER.sigstore.json} the bundle
 * v0.3 that proves it.
 */
final class LoggedCheckpoints {
    private static final String FOLDER = "logged";
    private static final String CHECKPOINT = ".checkpoint";
    private static final String BUNDLE = ".sigstore.json";
    private static final int PAGE = 100;

    private final List<Path> files;

    LoggedCheckpoints(Path export) {
        this.files = files(export.resolve(FOLDER));
    }

    static void export(Client client, Path folder, long newest) throws IOException {
        int number = 0;
        JsonNode page = page(client, 0);
        for (int from = 0; !page.isEmpty(); from += PAGE, page = page(client, from)) {
            for (JsonNode receipt : page) {
                if (receipt.path("size").asLong() <= newest) {
                    Path target = folder.resolve(FOLDER);
                    LedgerExport.text(
                            target.resolve(number + CHECKPOINT),
                            receipt.path("note").asText());
                    LedgerExport.text(target.resolve(number + BUNDLE), Json.write(receipt.path("bundle")));
                    number++;
                }
            }
        }
    }

    private static JsonNode page(Client client, int from) {
        return client.get("/api/1/ledger/anchors/receipts?limit=" + PAGE + "&from=" + from)
                .path("receipts");
    }

    /** Checks, here, what logs answered to a server. */
    static void verify(Client client, TrustRoot root) {
        JsonNode page = page(client, 0);
        for (int from = 0; !page.isEmpty(); from += PAGE, page = page(client, from)) {
            for (JsonNode receipt : page) {
                verify(
                        receipt.path("note").asText(),
                        receipt.path("bundle"),
                        receipt.path("place").asText(),
                        root);
            }
        }
    }

    int count() {
        return files.size();
    }

    /** These checkpoints after those: what a log took must be of this ledger. */
    List<SignedNote> and(List<SignedNote> others) {
        var all = new ArrayList<>(others);
        files.forEach(file -> all.add(SignedNote.parse(LedgerFolder.read(file))));
        return all;
    }

    /** Checks every bundle by the logs' keys; without keys, says what was not checked. */
    Optional<String> verify(Optional<TrustRoot> root) {
        if (root.isEmpty()) {
            return files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            files.size() + " entries of transparency logs were not checked: give the logs' keys by"
                                    + " --trust-root FILE.");
        }
        files.forEach(file -> verify(file, root.get()));
        return Optional.empty();
    }

    private static void verify(Path checkpoint, TrustRoot root) {
        String name = checkpoint.getFileName().toString();
        Path bundle = checkpoint.resolveSibling(name.substring(0, name.length() - CHECKPOINT.length()) + BUNDLE);
        try {
            verify(LedgerFolder.read(checkpoint), Json.parse(LedgerFolder.read(bundle)), bundle.toString(), root);
        } catch (Problem.Invalid e) {
            throw new Altered(bundle + " is no bundle: " + e.getMessage());
        }
    }

    private static void verify(String note, JsonNode bundle, String where, TrustRoot root) {
        try {
            LoggedDigest.verify(note.getBytes(StandardCharsets.UTF_8), bundle, root);
        } catch (Untrusted e) {
            throw new Altered("The entry of a transparency log in " + where + " does not hold: " + e.getMessage());
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(CHECKPOINT))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
