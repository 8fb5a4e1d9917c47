package org.millwright.app.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** A place where files are put by name, each whole or not at all. */
interface Shelf {
    /** Puts a file of this machine there, in the place of one of that name. */
    void put(String name, Path file) throws IOException;

    /**
     * @param base where relative folders start from
     * @param endpoint of an object store that is not Amazon's
     */
    static Shelf at(Path base, String place, Optional<URI> endpoint) {
        if (place.startsWith("s3://")) {
            return S3Shelf.at(place, endpoint);
        }
        if (place.contains("://")) {
            throw new Problem.Invalid(
                    "'" + place + "' is no place to publish to (expected: a folder or s3://BUCKET/PREFIX)");
        }
        Path folder = base.resolve(place);
        return (name, file) -> {
            Path target = folder.resolve(name);
            Files.createDirectories(target.toAbsolutePath().getParent());
            Path part = target.resolveSibling(target.getFileName() + ".part");
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        };
    }
}
