package org.millwright.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;

/**
 * A file that is being received: hashed on the way, and synced while more comes, so that its end does not wait for all of it
 * to reach the disk.
 */
final class Incoming implements AutoCloseable {
    private static final long SYNC_EVERY = 8L * 1024 * 1024;

    private final FileChannel channel;
    private final Executor beside;
    private final Hashing hashing;
    private @Nullable FutureTask<Void> syncing;
    private long size;
    private long asked;

    Incoming(Path aside, Executor beside) throws IOException {
        channel = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.beside = beside;
        hashing = new Hashing(beside, Long.MAX_VALUE);
    }

    /** Takes all of the stream; its bytes are durable, under no name yet, when this returns. */
    Stored receive(InputStream bytes, long limit) throws IOException {
        byte[] buffer = hashing.buffer();
        for (int n = read(bytes, buffer); n > 0; n = read(bytes, buffer)) {
            size += n;
            if (size > limit) {
                throw new Problem.TooLarge("More than " + limit + " bytes", "Send a smaller file.");
            }
            hashing.add(n);
            ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
            if (size - asked >= SYNC_EVERY && (syncing == null || syncing.isDone())) {
                sync();
            }
            buffer = hashing.buffer();
        }
        finishSync();
        channel.force(true);
        return new Stored(hashing.finish(), size);
    }

    /** Reads on; what fails here is the sender's side, not the disk. */
    private static int read(InputStream bytes, byte[] buffer) {
        try {
            return bytes.readNBytes(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sync() throws IOException {
        finishSync();
        asked = size;
        syncing = new FutureTask<>(() -> {
            channel.force(false);
            return null;
        });
        beside.execute(syncing);
    }

    private void finishSync() throws IOException {
        if (syncing != null) {
            Hashing.await(syncing, "The file could not be synced");
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
