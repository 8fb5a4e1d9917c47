package org.millwright.anchor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.SignedNote;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.LoggedDigest;
import org.millwright.scoring.sigstore.TrustRoot;
import org.millwright.sigstore.Service;
import org.millwright.sigstore.TransparencyLog;

/**
 * A Rekor-compatible transparency log, into which each checkpoint's digest is entered, signed with a key for this alone. Its
 * answer is kept in the database and proves itself.
 */
final class RekorPlace implements Place {
    static final String PREFIX = "rekor:";

    private final String name;
    private final TransparencyLog log;
    private final TrustRoot root;
    private final Path keyFile;

    /** @param keyFile key that signs what is entered; made when it is needed and missing */
    RekorPlace(String name, AnchorSettings settings, TrustRoot root, Path keyFile) {
        Destinations destinations = settings.destinations();
        this.name = name;
        this.root = root;
        this.keyFile = keyFile;
        this.log = new TransparencyLog(
                Service.at(name.substring(PREFIX.length()), destinations, settings.timeout()), root);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Receipt> keep(SignedNote note) throws IOException {
        TransparencyLog.Entered entered = log.enter(bytes(note), SigningKey.open(keyFile));
        return Optional.of(new Receipt(entered.uuid(), Json.write(entered.bundle())));
    }

    /** The log holds a digest only; what it answered proves that it does. */
    @Override
    public Optional<List<SignedNote>> kept() {
        return Optional.empty();
    }

    /** Checks what the log answered about a checkpoint, offline; throws {@link Altered}. */
    void verify(SignedNote note, Optional<Receipt> receipt) {
        String what = "The entry of " + name + " for the checkpoint of " + note.size() + " entries ";
        Receipt kept = receipt.orElseThrow(() -> new Altered(what + "is gone from the database"));
        try {
            LoggedDigest.verify(bytes(note), Json.parse(kept.bundle()), root);
        } catch (Untrusted | Problem.Invalid e) {
            throw new Altered(what + "does not hold: " + e.getMessage());
        }
    }

    private static byte[] bytes(SignedNote note) {
        return note.text().getBytes(StandardCharsets.UTF_8);
    }
}
