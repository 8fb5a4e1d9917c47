package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.VerifierKey;
import org.millwright.scoring.sigstore.TrustRoot;

/** {@code mw ledger verify}: the server's log by the server and by proofs, or what was exported with nothing but a key. */
record LedgerVerification(Shared shared, Optional<VerifierKey> pinned, Optional<TrustRoot> root) {
    private static final String NEXT = "Keep everything as it is and compare it with a backup and other exports.";

    int run(Optional<Path> path, Optional<Path> anchors) {
        List<SignedNote> kept = anchors.map(shared.around()::resolve)
                .map(LedgerVerification::kept)
                .orElse(List.of());
        try {
            return path.isPresent() ? offline(shared.around().resolve(path.get()), kept) : online(kept, anchors);
        } catch (Altered e) {
            throw new Problem.Refused("The ledger does not hold: " + e.getMessage(), NEXT);
        }
    }

    private static List<SignedNote> kept(Path file) {
        List<SignedNote> notes = SignedNote.all(LedgerFolder.read(file));
        if (notes.isEmpty()) {
            throw new Problem.Invalid(file + " holds no checkpoint", "An anchor's file holds one after the other.");
        }
        return notes;
    }

    private int offline(Path path, List<SignedNote> kept) {
        if (pinned.isEmpty()) {
            shared.say("Checked with the key that came with it: compare that with one that you know, by --key.");
        }
        if (Files.isDirectory(path)) {
            var logged = new LoggedCheckpoints(path);
            var checked = new LedgerFolder(path, pinned).check(logged.and(kept));
            if (!checked.whole()) {
                shared.say("These are some entries of the log, and each is in it; that none between them was left out,"
                        + " only a whole export shows.");
            }
            logged.verify(root).ifPresent(shared::say);
            return shared.show(
                    ((ObjectNode) Json.tree(checked)).put("logged", root.isPresent() ? logged.count() : 0),
                    "path",
                    "entries",
                    "checkpoints",
                    "consistency",
                    "whole",
                    "in transparency logs=logged",
                    "key",
                    "time went back=wentBack",
                    "changes of the key=keyChanges");
        }
        if (!kept.isEmpty()) {
            throw new Problem.Invalid(
                    path + " holds some entries only, which cannot be compared with anchors",
                    "Ask the server: mw ledger verify --anchors FILE");
        }
        LedgerProof proof = LedgerProof.read(path);
        proof.check(pinned);
        return shared.show(
                Json.object()
                        .put("path", path.toString())
                        .put("entries", proof.entries().size())
                        .put("size", proof.checkpoint().size())
                        .put("earlier", proof.earlier().size())
                        .put("key", pinned.orElse(proof.key()).fingerprint()),
                "path",
                "entries",
                "size",
                "earlier",
                "key");
    }

    private int online(List<SignedNote> kept, Optional<Path> anchors) {
        Client client = shared.client();
        JsonNode verified = client.get("/api/1/ledger/verification");
        if (!kept.isEmpty() || pinned.isPresent()) {
            compare(client, kept, anchors.map(Path::toString).orElse("--key"));
        }
        root.ifPresent(trusted -> LoggedCheckpoints.verify(client, trusted));
        shared.say(
                verified.path("checkpoints").asInt() == 0
                        ? "Every entry is as its hash says; nothing is signed yet: mw ledger export signs."
                        : "The ledger is as it was signed.");
        verified.path("wentBack")
                .forEach(back -> shared.say(
                        "The clock went back at entry " + back.path("index").asText() + ", from "
                                + Texts.time(back.path("before").asLong()) + " to "
                                + Texts.time(back.path("at").asLong()) + "."));
        verified.path("keyChanges")
                .forEach(change -> shared.say("Entry " + change.path("index").asText() + " changed the key"
                        + (change.path("signedByTheOneBefore").asBoolean()
                                ? ", vouched for by the one before."
                                : ": the one before was lost, an administrator vouches for the new one.")));
        verified.path("anchors").forEach(place -> {
            if (!place.path("fault").asText().isEmpty()) {
                shared.say("The anchor " + place.path("place").asText() + " was not compared: "
                        + place.path("fault").asText());
            }
        });
        return shared.show(verified, "entries", "checkpoints", "outside", "root");
    }

    /** Proves here, by nothing but what was kept and a key, that the server's log extends what was kept. */
    private void compare(Client client, List<SignedNote> kept, String where) {
        LedgerProof proof = LedgerProof.of(client, List.of());
        for (SignedNote note : kept) {
            if (note.size() > proof.checkpoint().size()) {
                throw new Altered("The log was shortened: a checkpoint in " + where + " signed " + note.size()
                        + " entries, " + proof.checkpoint().size() + " are there");
            }
            proof = proof.extending(client, note);
        }
        proof.check(pinned);
    }
}
