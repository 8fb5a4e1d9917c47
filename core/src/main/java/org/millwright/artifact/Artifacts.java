package org.millwright.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;

/**
 * Bytes by content hash in local files, each stored once and never changed.
 *
 * <p>A file is written aside, synced, and renamed to {@code sha256/ab/abcdef…}: half-written bytes are never visible. What
 * only names that people may delete point to lies in {@code loose/} instead, until something keeps it for good: nothing else
 * is ever collected.
 */
public final class Artifacts {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Syncs and hashes while more comes. */
    private static final Executor BESIDE = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("artifact-", 0).daemon().factory());

    private static final int REMEMBERED = 100_000;

    private final Path root;
    private final Path loose;
    private final Path incoming;
    private final Ids ids;
    private final Object settling = new Object();
    private final ReentrantLock collecting = new ReentrantLock();
    private final Map<String, Seen> verified = new ConcurrentHashMap<>();

    public Artifacts(Path folder, Ids ids) {
        this.root = folder.resolve("sha256");
        this.loose = folder.resolve("loose");
        this.incoming = folder.resolve("incoming");
        this.ids = ids;
        try {
            Files.createDirectories(root);
            Files.createDirectories(loose);
            Files.createDirectories(incoming);
            clearIncoming();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the stream's bytes; returns when they are durable. */
    public Stored put(InputStream bytes) {
        return put(bytes, Long.MAX_VALUE);
    }

    /** Keeps at most {@code limit} bytes; {@link Problem.TooLarge} beyond, with nothing kept. */
    public Stored put(InputStream bytes, long limit) {
        return put(bytes, limit, root);
    }

    /** Keeps at most {@code limit} bytes for as long as {@link #collect} finds them named. */
    public Stored putLoose(InputStream bytes, long limit) {
        return put(bytes, limit, loose);
    }

    /** Keeps for good what was loose; for evidence that names bytes by their hash. */
    public void keep(String sha256) {
        Path target = locate(root, sha256);
        try {
            Files.createDirectories(folderOf(root, sha256));
            synchronized (settling) {
                if (!Files.exists(target)) {
                    // Linked, not moved: whoever copies the folder meanwhile finds it in one place or in both.
                    Files.createLink(target, path(sha256));
                }
            }
            syncFolder(folderOf(root, sha256));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the work while nothing is collected, such as a backup, whose metadata may name what lost its name since. */
    public <T> T withoutCollecting(Supplier<T> work) {
        collecting.lock();
        try {
            return work.get();
        } finally {
            collecting.unlock();
        }
    }

    private Stored put(InputStream bytes, long limit, Path place) {
        Path aside = incoming.resolve(ids.random());
        try {
            Stored stored;
            try (var file = new Incoming(aside, BESIDE)) {
                stored = file.receive(bytes, limit);
            }
            settle(aside, stored.sha256(), place);
            return stored;
        } catch (IOException e) {
            throw new Problem.Full(
                    "The file cannot be kept: " + e.getMessage() + ".",
                    "Make room in the data folder of the server, then send it again.",
                    e);
        } finally {
            deleteQuietly(aside);
        }
    }

    /** Keeps a copy of the file. */
    public Stored put(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return put(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Stored put(byte[] bytes) {
        return put(new java.io.ByteArrayInputStream(bytes));
    }

    /** The bytes; reading fails before their last ones when they were altered since they were put. */
    public InputStream open(String sha256) {
        Path file = path(sha256);
        try {
            var seen = Seen.of(file);
            InputStream in = Files.newInputStream(file);
            return seen.equals(verified.get(sha256))
                    ? in
                    : new Verified(in, seen.size(), sha256, BESIDE, () -> remember(sha256, seen));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a file looked like when its bytes were verified; it is not hashed again until it looks different. */
    private record Seen(
            long size, FileTime modified, @Nullable Object file) {
        static Seen of(Path path) throws IOException {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Seen(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }
    }

    private void remember(String sha256, Seen seen) {
        if (verified.size() >= REMEMBERED) {
            verified.clear();
        }
        verified.put(sha256, seen);
    }

    public byte[] bytes(String sha256) {
        try (InputStream in = open(sha256)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The read-only file that holds the bytes. */
    public Path path(String sha256) {
        return find(sha256).orElseThrow(() -> new Problem.NotFound("No artifact with SHA-256 " + sha256));
    }

    public boolean has(String sha256) {
        return find(sha256).isPresent();
    }

    /** Kept for good, or loose; once more where it was kept for good in between. */
    private Optional<Path> find(String sha256) {
        return Stream.of(locate(root, sha256), locate(loose, sha256), locate(root, sha256))
                .filter(Files::exists)
                .findFirst();
    }

    /**
     * Deletes loose bytes that nothing names any more.
     *
     * @param before only what was last put before this time; what comes in now may not be named yet
     * @param named whether a name still points to a hash
     */
    public Collected collect(Instant before, Predicate<String> named) {
        return withoutCollecting(() -> {
            long files = 0;
            long bytes = 0;
            try (Stream<Path> all = Files.walk(loose)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    long size = Files.size(file);
                    if (collected(file, before, named)) {
                        files++;
                        bytes += size;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Collected(files, bytes);
        });
    }

    private boolean collected(Path file, Instant before, Predicate<String> named) throws IOException {
        String sha256 = file.getFileName().toString();
        synchronized (settling) {
            boolean twice = Files.exists(locate(root, sha256));
            boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(before);
            if (!twice && (!old || named.test(sha256))) {
                return false;
            }
            Files.delete(file);
            return !twice;
        }
    }

    /** What {@link #collect} deleted. */
    public record Collected(long files, long bytes) {}

    /** Whether the kept bytes still have their hash. */
    public boolean intact(String sha256) {
        try (InputStream in = Files.newInputStream(path(sha256))) {
            return Hashes.of(in).equals(sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails when nothing can be written here. */
    public void check() {
        put(new byte[] {'o', 'k'});
    }

    private void settle(Path aside, String sha256, Path place) throws IOException {
        Path target = locate(place, sha256);
        Path folder = folderOf(place, sha256);
        Files.createDirectories(folder);
        synchronized (settling) {
            if (Files.exists(locate(root, sha256))) {
                return;
            }
            if (place.equals(loose) && Files.exists(target)) {
                Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
                return;
            }
            if (!aside.toFile().setReadOnly()) {
                throw new IOException("Cannot make " + aside + " read-only");
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
        syncFolder(folder);
    }

    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Some systems cannot sync a folder; the rename itself is atomic everywhere.
        }
    }

    private static Path locate(Path place, String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new Problem.Invalid("Not a SHA-256 in hex: '" + sha256 + "'");
        }
        return folderOf(place, sha256).resolve(sha256);
    }

    private static Path folderOf(Path place, String sha256) {
        return place.resolve(sha256.substring(0, 2));
    }

    private void clearIncoming() throws IOException {
        try (var left = Files.list(incoming)) {
            left.forEach(Artifacts::deleteQuietly);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Left in incoming; the next start clears it.
        }
    }
}
