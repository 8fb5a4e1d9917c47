package org.millwright.replica;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.FolderDigest;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/**
 * What answered last, in a folder, so that a replica starts while the server is away. What becomes visible is whole; nothing
 * here is believed, but verified each time it is read.
 */
final class BundleFolder {
    private static final String ROUTING = "routing.json";
    private static final String PART = "part-";
    private static final String ARCHIVE = "[0-9a-f]{64}";

    private final Path folder;
    private final List<TrustedKey> keys;

    BundleFolder(Path folder, List<TrustedKey> keys) {
        this.folder = folder;
        this.keys = List.copyOf(keys);
        try {
            Files.createDirectories(folder);
            remove(name -> name.startsWith(PART));
        } catch (IOException e) {
            throw new UncheckedIOException("The cache " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Brings an archive that is not there. */
    interface Fetch {
        void to(Path target) throws IOException, InterruptedException;
    }

    /**
     * The verified bundle of an archive.
     *
     * @throws Untrusted when it is not the one that was asked for, or not as it was signed
     * @throws UncheckedIOException when it cannot be had
     */
    Bundle open(String archive, Fetch fetch) {
        Path kept = folder.resolve(archive);
        try {
            if (!Files.isDirectory(kept)) {
                bring(archive, kept, fetch);
            }
            return Bundle.open(kept, keys);
        } catch (Untrusted e) {
            discard(kept);
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException("interrupted", new IOException(e));
        }
    }

    private void bring(String archive, Path kept, Fetch fetch) throws IOException, InterruptedException {
        Path packed = aside();
        Path unpacked = aside();
        try {
            fetch.to(packed);
            if (!FolderDigest.digest(packed).equals(archive)) {
                throw new Untrusted("the archive that arrived is not " + archive);
            }
            try (InputStream in = Files.newInputStream(packed)) {
                BundleArchive.unpack(in, unpacked);
            }
            Bundle.open(unpacked, keys);
            Files.move(unpacked, kept, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            discard(packed);
            discard(unpacked);
        }
    }

    /** The routing that was in force last, if any is known. */
    Optional<byte[]> routing() {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(ROUTING)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the routing that is in force from now on, and no other bundles than its own. */
    void keep(byte[] routing, Set<String> archives) throws IOException {
        Path part = aside();
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(routing);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, folder.resolve(ROUTING), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        remove(name -> name.matches(ARCHIVE) && !archives.contains(name));
    }

    private Path aside() {
        return folder.resolve(PART + UUID.randomUUID());
    }

    private void remove(java.util.function.Predicate<String> names) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.list(folder)) {
            found = all.filter(path -> names.test(path.getFileName().toString()))
                    .toList();
        }
        found.forEach(BundleFolder::discard);
    }

    private static void discard(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Only room is lost, and what is left is verified before it is used.
        }
    }
}
