package org.millwright.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;

/**
 * A file that is being received: hashed on the way, and synced while more comes, so that its end does not wait for all of it
 * to reach the disk.
 */
final class Incoming implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;
    private static final long SYNC_EVERY = 8L * 1024 * 1024;

    private final FileChannel channel;
    private final Executor syncs;
    private final MessageDigest digest = Hashes.sha256();
    private @Nullable FutureTask<Void> syncing;
    private long size;
    private long asked;

    Incoming(Path aside, Executor syncs) throws IOException {
        channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.syncs = syncs;
    }

    /** Takes all of the stream; its bytes are durable, under no name yet, when this returns. */
    Stored receive(InputStream bytes, long limit) throws IOException {
        var buffer = new byte[BUFFER];
        for (int n = bytes.readNBytes(buffer, 0, BUFFER); n > 0; n = bytes.readNBytes(buffer, 0, BUFFER)) {
            size += n;
            if (size > limit) {
                throw new Problem.TooLarge("More than " + limit + " bytes", "Send a smaller file.");
            }
            digest.update(buffer, 0, n);
            ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
            if (size - asked >= SYNC_EVERY && (syncing == null || syncing.isDone())) {
                sync();
            }
        }
        finishSync();
        channel.force(true);
        return new Stored(HexFormat.of().formatHex(digest.digest()), size);
    }

    private void sync() throws IOException {
        finishSync();
        asked = size;
        syncing = new FutureTask<>(() -> {
            channel.force(false);
            return null;
        });
        syncs.execute(syncing);
    }

    private void finishSync() throws IOException {
        if (syncing == null) {
            return;
        }
        try {
            syncing.get();
        } catch (ExecutionException e) {
            throw new IOException("The file could not be synced", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finishSync();
        } finally {
            channel.close();
        }
    }
}
