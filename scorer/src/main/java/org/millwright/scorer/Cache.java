package org.millwright.scorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.FolderDigest;

/**
 * The last good bundle in a folder, so that an application starts while its source is away. What becomes visible is whole:
 * it is written beside and renamed. Nothing here is believed: whoever reads a bundle verifies it again.
 */
final class Cache {
    private static final String CURRENT = "current.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /**
     * A bundle that answered.
     *
     * @param archive hex SHA-256 of its archive
     * @param tag what its source calls it
     * @param pointer the signed statement that came with it; "" for none
     */
    record Entry(String archive, String tag, String pointer) {}

    Cache(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
    }

    /** A place for a file or folder that comes in. */
    Path aside() {
        return folder.resolve("part-" + UUID.randomUUID());
    }

    /** The bundle that answered last, if any is known; not verified. */
    Optional<Entry> current() {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(folder.resolve(CURRENT)));
            String archive = json.path("archive").asText();
            boolean known = archive.matches("[0-9a-f]{64}") && Files.isDirectory(unpacked(archive));
            return known
                    ? Optional.of(new Entry(
                            archive,
                            json.path("tag").asText(),
                            json.path("pointer").asText()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Path unpacked(String archive) {
        return folder.resolve(archive);
    }

    /**
     * An unpacked bundle beside the others, which nobody else sees.
     *
     * @param archive hex SHA-256 of its archive
     */
    record Arrived(String archive, Path folder) {}

    Arrived unpack(Path archive) throws IOException {
        Path part = aside();
        try (InputStream in = Files.newInputStream(archive)) {
            BundleArchive.unpack(in, part);
            return new Arrived(FolderDigest.digest(archive), part);
        } catch (IOException | RuntimeException e) {
            delete(part);
            throw e;
        }
    }

    /** Keeps a bundle that answers from now on, under what its source calls it, and forgets the others. */
    void settle(Arrived arrived, Source.Found found) throws IOException {
        Path part = written(new Entry(arrived.archive(), found.tag(), found.pointer()));
        Path kept = unpacked(arrived.archive());
        locked(() -> {
            delete(kept);
            Files.move(arrived.folder(), kept, StandardCopyOption.ATOMIC_MOVE);
            show(part);
            for (Path other : bundles()) {
                if (!other.equals(kept)) {
                    delete(other);
                }
            }
        });
    }

    /** Keeps what its source says of the bundle that answers, unless another took its place meanwhile. */
    void note(Entry entry) throws IOException {
        Path part = written(entry);
        locked(() -> {
            if (current().filter(now -> now.archive().equals(entry.archive())).isPresent()) {
                show(part);
            } else {
                Files.delete(part);
            }
        });
    }

    private Path written(Entry entry) throws IOException {
        Path part = aside();
        byte[] json = JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("archive", entry.archive())
                .put("tag", entry.tag())
                .put("pointer", entry.pointer()));
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(json));
            out.force(true);
        }
        return part;
    }

    private void show(Path part) throws IOException {
        Path current = folder.resolve(CURRENT);
        Files.move(part, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Forgets a bundle that may not answer. */
    void forget(String archive) {
        try {
            locked(() -> delete(unpacked(archive)));
        } catch (IOException e) {
            // It stays where it is, and is verified should anyone read it.
        }
    }

    /** What was left behind when an application ended amid a write, and belongs to nobody who still runs. */
    void sweep() {
        try {
            locked(() -> {
                try (Stream<Path> all = Files.list(folder)) {
                    for (Path part : all.filter(Cache::isOldPart).toList()) {
                        delete(part);
                    }
                }
            });
        } catch (IOException e) {
            // Only room is lost.
        }
    }

    private static boolean isOldPart(Path path) {
        long hour = 3_600_000;
        try {
            return path.getFileName().toString().startsWith("part-")
                    && Files.getLastModifiedTime(path).toMillis() < System.currentTimeMillis() - hour;
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes everything. */
    void delete() {
        try {
            delete(folder);
        } catch (IOException e) {
            // A temporary folder: the system clears it.
        }
    }

    private List<Path> bundles() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9a-f]{64}"))
                    .toList();
        }
    }

    private interface Change {
        void run() throws IOException;
    }

    /** One change at a time, also among applications that share the folder. */
    private void locked(Change change) throws IOException {
        synchronized (Cache.class) {
            try (FileChannel file = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                change.run();
            }
        }
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
