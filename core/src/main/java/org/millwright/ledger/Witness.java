package org.millwright.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** A file outside the database that holds the last signed checkpoint. */
public final class Witness {
    private final Path file;

    public Witness(Path file) {
        this.file = file;
    }

    synchronized void keep(String note) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, note);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the log says otherwise than the checkpoint that is kept here; empty when it extends it. Within a transaction. */
    Optional<String> contradiction(LedgerStore store) {
        try {
            return last().map(SignedNote::parse).flatMap(note -> contradiction(store, note));
        } catch (Problem.Invalid | Altered e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> contradiction(LedgerStore store, SignedNote note) {
        if (note.size() > store.size()) {
            return Optional.of(
                    "The log was shortened: " + note.size() + " entries were signed, " + store.size() + " are here");
        }
        return Ledger.base64(Merkle.root(store::node, note.size())).equals(note.root())
                ? Optional.empty()
                : Optional.of("The first " + note.size() + " entries are not those that were signed");
    }

    Optional<String> last() {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
