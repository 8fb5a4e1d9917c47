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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;

/**
 * Bytes by content hash in local files, each stored once and never changed.
 *
 * <p>A file is written aside, synced, and renamed to {@code sha256/ab/abcdef…}: half-written bytes are never visible.
 */
public final class Artifacts {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private static final Executor SYNCS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("artifact-sync-", 0).daemon().factory());
    private static final int REMEMBERED = 100_000;

    private final Path root;
    private final Path incoming;
    private final Ids ids;
    private final Map<String, Seen> verified = new ConcurrentHashMap<>();

    public Artifacts(Path folder, Ids ids) {
        this.root = folder.resolve("sha256");
        this.incoming = folder.resolve("incoming");
        this.ids = ids;
        try {
            Files.createDirectories(root);
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
        Path aside = incoming.resolve(ids.random());
        try {
            Stored stored;
            try (var file = new Incoming(aside, SYNCS)) {
                stored = file.receive(bytes, limit);
            }
            settle(aside, stored.sha256());
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
                    : new Verified(in, seen.size(), sha256, () -> remember(sha256, seen));
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
        Path file = locate(sha256);
        if (!Files.exists(file)) {
            throw new Problem.NotFound("No artifact with SHA-256 " + sha256);
        }
        return file;
    }

    public boolean has(String sha256) {
        return Files.exists(locate(sha256));
    }

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

    /** The folder that holds everything, for back-ups. */
    public Path folder() {
        return root;
    }

    private void settle(Path aside, String sha256) throws IOException {
        Path target = locate(sha256);
        if (Files.exists(target)) {
            return;
        }
        Path folder = root.resolve(sha256.substring(0, 2));
        Files.createDirectories(folder);
        if (!aside.toFile().setReadOnly()) {
            throw new IOException("Cannot make " + aside + " read-only");
        }
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(folder);
    }

    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Some systems cannot sync a folder; the rename itself is atomic everywhere.
        }
    }

    private Path locate(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new Problem.Invalid("Not a SHA-256 in hex: '" + sha256 + "'");
        }
        return root.resolve(sha256.substring(0, 2)).resolve(sha256);
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
