package org.millwright.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

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

    Optional<String> last() {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
