package org.millwright.artifact;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of bytes that go elsewhere at the same time: a thread hashes one piece while the next is read into another buffer.
 * A third of a transfer's time was hashing. One user at a time.
 */
final class Hashing {
    private static final int BUFFER = 256 * 1024;
    /** Handing fewer bytes to another thread takes longer than hashing them. */
    private static final int FEW = 64 * 1024;

    private final int size;
    private final MessageDigest digest = Hashes.sha256();
    private final Executor beside;
    private byte @Nullable [] free;
    private byte @Nullable [] busy;
    private @Nullable FutureTask<Void> running;

    /** @param bytes how many are expected; there may be more */
    Hashing(Executor beside, long bytes) {
        this.beside = beside;
        size = (int) Math.clamp(bytes, 1, BUFFER);
    }

    /** A buffer to fill; whoever got the one before may read that until {@link #add} is called for this one. */
    byte[] buffer() {
        if (free == null) {
            free = new byte[size];
        }
        return free;
    }

    /** Hashes the first bytes of {@link #buffer}, which nobody may write to from now on. */
    void add(int count) throws IOException {
        await();
        byte[] bytes = buffer();
        free = busy;
        busy = bytes;
        if (count < FEW) {
            digest.update(bytes, 0, count);
            running = null;
            return;
        }
        running = new FutureTask<>(() -> {
            digest.update(bytes, 0, count);
            return null;
        });
        beside.execute(running);
    }

    /** The hash of everything, in hex. */
    String finish() throws IOException {
        await();
        return HexFormat.of().formatHex(digest.digest());
    }

    private void await() throws IOException {
        if (running != null) {
            await(running, "Hashing failed");
        }
    }

    /** Waits for work that another thread does for this one. */
    static void await(FutureTask<Void> work, String failure) throws IOException {
        try {
            work.get();
        } catch (ExecutionException e) {
            throw new IOException(failure, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
