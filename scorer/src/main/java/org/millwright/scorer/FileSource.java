package org.millwright.scorer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.bundle.Pointer;
import org.millwright.scoring.signing.ModelSigning;

/**
 * A bundle on this machine: an archive, a bundle's folder, or a folder of either by name, in which
 * {@code models:/delays@champion} is {@code delays/champion.zip} or the folder {@code delays/champion}, or what the signed
 * pointer {@code delays/champion.json} names.
 */
record FileSource(ModelUri uri, Path path) implements Source {
    @Override
    public Found fetch(String tag, Path target) throws IOException {
        Path pointer = path.resolve(uri.name()).resolve(uri.rest() + ".json");
        if (Files.isRegularFile(pointer)) {
            return pointed(Files.readString(pointer), tag, target);
        }
        Path found = find();
        String now = tag(found);
        if (now.equals(tag)) {
            return new Found(tag, "");
        }
        if (Files.isDirectory(found)) {
            try (OutputStream out = Files.newOutputStream(target)) {
                BundleArchive.pack(found, out);
            }
        } else {
            Files.copy(found, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return new Found(now, "");
    }

    /** What the pointer names lies beside it under its hash, so that both change at once. */
    private Found pointed(String pointer, String tag, Path target) throws IOException {
        String archive = Pointer.peek(pointer).archive();
        if (!archive.equals(tag)) {
            Path file = path.resolve(uri.name()).resolve(archive + ".zip");
            if (!Files.isRegularFile(file)) {
                throw new Declined("the archive " + file + " is not there, which " + uri.rest() + ".json names");
            }
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return new Found(archive, pointer);
    }

    private Path find() {
        if (Files.isRegularFile(path) || isBundle(path)) {
            return path;
        }
        Path folder = path.resolve(uri.name());
        Path inside = folder.resolve(uri.rest());
        for (Path candidate : List.of(inside, inside.resolveSibling(uri.rest() + ".zip"))) {
            if (Files.isRegularFile(candidate) || isBundle(candidate)) {
                return candidate;
            }
        }
        throw new Declined("there is no bundle at " + path + ": expected a bundle's archive or folder, or " + inside
                + ", " + inside + ".zip or " + inside + ".json");
    }

    private static boolean isBundle(Path folder) {
        return Files.exists(folder.resolve(Bundle.MANIFEST));
    }

    /** What differs when the bundle was replaced: a folder's signature covers all that is in it. */
    private static String tag(Path found) throws IOException {
        Path telling = Files.isDirectory(found) ? found.resolve(ModelSigning.FILE) : found;
        if (!Files.exists(telling)) {
            return found + " unsigned";
        }
        return found.toRealPath() + " " + Files.size(telling) + " "
                + Files.getLastModifiedTime(telling).toMillis();
    }

    @Override
    public String place() {
        return path.toString();
    }
}
