package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Entry;
import org.millwright.ledger.KeyChain;
import org.millwright.ledger.Proofs;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.VerifierKey;

/**
 * Entries of a ledger with the proof that they are in it, as one file: nothing but a public key is needed to check it.
 *
 * @param key that signed the checkpoint
 * @param checkpoint that all entries are proven to be in
 * @param entries by their places; changes of the key are among them
 * @param earlier checkpoints that the newest is proven to extend
 */
record LedgerProof(VerifierKey key, SignedNote checkpoint, Map<Long, Proven> entries, List<Extended> earlier) {
    static final String FORMAT = "millwright-ledger-proof/1";
    private static final long LARGEST = 256L * 1024 * 1024;

    /** An entry's exact text and its audit path. */
    record Proven(String leaf, List<String> hashes) {}

    /** An earlier checkpoint, and the proof that the newest extends it. */
    record Extended(SignedNote note, List<String> hashes) {}

    /** Asks the server to sign what is there, and for the proofs of entries by places or ids. */
    static LedgerProof of(Client client, Collection<String> refs) {
        SignedNote checkpoint = SignedNote.parse(client.post("/api/1/ledger/checkpoints", Json.object())
                .path("note")
                .asText());
        String key = client.get("/api/1/ledger/checkpoints").path("key").asText();
        var entries = new LinkedHashMap<Long, Proven>();
        for (String ref : refs) {
            add(client, ref, checkpoint, entries);
        }
        client.get("/api/1/ledger?subject=ledger:" + Client.part(checkpoint.origin()))
                .path("entries")
                .forEach(entry -> {
                    if (entry.path("action").asText().startsWith("ledger.key-")) {
                        add(client, entry.path("index").asText(), checkpoint, entries);
                    }
                });
        return new LedgerProof(VerifierKey.parse(key), checkpoint, entries, List.of());
    }

    private static void add(Client client, String ref, SignedNote checkpoint, Map<Long, Proven> entries) {
        JsonNode proof = client.get("/api/1/ledger/entries/" + Client.part(ref) + "/proof?size=" + checkpoint.size());
        entries.put(proof.path("index").asLong(), new Proven(proof.path("leaf").asText(), texts(proof.path("hashes"))));
    }

    /** The same with the proof that it extends the log of an earlier checkpoint. */
    LedgerProof extending(Client client, SignedNote before) {
        JsonNode proof = client.get("/api/1/ledger/consistency?from=" + before.size() + "&to=" + checkpoint.size());
        var more = new ArrayList<>(earlier);
        more.add(new Extended(before, texts(proof.path("hashes"))));
        return new LedgerProof(key, checkpoint, entries, more);
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    Entry entry(long index) {
        return Optional.ofNullable(entries.get(index))
                .map(proven -> Entry.of(index, proven.leaf()))
                .orElseThrow(() -> new Problem.Invalid("The proof has no entry " + index));
    }

    /** Checks everything; throws {@link Altered} with the first thing that does not hold. */
    void check(Optional<VerifierKey> pinned) {
        entries.forEach((index, proven) -> {
            if (!Proofs.isIncluded(proven.leaf(), index, proven.hashes(), checkpoint)) {
                throw new Altered("Entry " + index + " is not in the log of " + checkpoint.size()
                        + " entries that the checkpoint signed");
            }
        });
        KeyChain keys =
                KeyChain.of(entries.keySet().stream().sorted().map(this::entry).toList(), pinned.orElse(key));
        keys.require("the checkpoint of " + checkpoint.size() + " entries", checkpoint);
        for (Extended each : earlier) {
            keys.require("the checkpoint of " + each.note().size() + " entries", each.note());
            if (!Proofs.isExtended(each.note(), checkpoint, each.hashes())) {
                throw new Altered("The log of " + checkpoint.size() + " entries does not begin with the "
                        + each.note().size() + " that the earlier checkpoint signed");
            }
        }
    }

    /** Writes one JSON file, or a folder that other verifiers read. */
    void write(Path target) {
        try {
            if (target.toString().endsWith(".json")) {
                Files.writeString(target, json().toPrettyString() + "\n");
            } else {
                folder(target);
            }
        } catch (IOException e) {
            throw new Problem.Unavailable("Cannot write " + target + ": " + e.getMessage(), "Choose another place.", e);
        }
    }

    private JsonNode json() {
        ObjectNode json =
                Json.object().put("format", FORMAT).put("key", key.text()).put("checkpoint", checkpoint.text());
        var all = json.putArray("entries");
        entries.forEach((index, proven) -> all.addObject()
                .put("index", index)
                .put("leaf", proven.leaf())
                .set("hashes", Json.tree(proven.hashes())));
        var before = json.putArray("earlier");
        earlier.forEach(each ->
                before.addObject().put("checkpoint", each.note().text()).set("hashes", Json.tree(each.hashes())));
        return json;
    }

    private void folder(Path target) throws IOException {
        LedgerExport.requireEmpty(target);
        LedgerExport.text(target.resolve("vkey.txt"), key.text() + "\n");
        LedgerExport.text(target.resolve("checkpoints/" + checkpoint.size()), checkpoint.text());
        for (Map.Entry<Long, Proven> each : entries.entrySet()) {
            Path file = target.resolve("entries/" + each.getKey() + ".json");
            LedgerExport.text(file, each.getValue().leaf());
            LedgerExport.text(
                    file.resolveSibling(each.getKey() + ".tlog-proof"),
                    LedgerExport.proof(each.getKey(), each.getValue().hashes(), checkpoint.text()));
        }
        for (Extended each : earlier) {
            LedgerExport.text(
                    target.resolve("checkpoints/" + each.note().size()),
                    each.note().text());
            LedgerExport.text(
                    target.resolve("consistency/" + each.note().size() + "-" + checkpoint.size()),
                    LedgerExport.lines(each.hashes()));
        }
    }

    static LedgerProof read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new Problem.TooLarge(
                        file + " is larger than " + LARGEST + " bytes", "Verify an export's folder.");
            }
            JsonNode json = Json.parse(Files.readAllBytes(file));
            if (!json.path("format").asText().equals(FORMAT)) {
                throw new Problem.Invalid(
                        file + " is no proof of a ledger (expected: format " + FORMAT + ")",
                        "mw ledger prove writes one.");
            }
            var entries = new LinkedHashMap<Long, Proven>();
            json.path("entries")
                    .forEach(each -> entries.put(
                            each.path("index").asLong(-1),
                            new Proven(each.path("leaf").asText(), texts(each.path("hashes")))));
            var earlier = new ArrayList<Extended>();
            json.path("earlier")
                    .forEach(each -> earlier.add(new Extended(
                            SignedNote.parse(each.path("checkpoint").asText()), texts(each.path("hashes")))));
            return new LedgerProof(
                    VerifierKey.parse(json.path("key").asText()),
                    SignedNote.parse(json.path("checkpoint").asText()),
                    entries,
                    earlier);
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read " + file + ": " + e.getMessage(), "mw ledger prove writes one.");
        }
    }
}
