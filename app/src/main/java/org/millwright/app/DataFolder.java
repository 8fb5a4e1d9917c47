package org.millwright.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.millwright.kernel.Problem;

/** The folder of one server: its format version, and the lock that keeps a second server out. */
final class DataFolder implements AutoCloseable {
    /** Raised when older programs can no longer read what this one writes. */
    static final int FORMAT = 1;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Makes or opens the folder; one sentence when that cannot be. */
    static DataFolder open(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new Problem.Unavailable(
                        "Another Millwright server uses the data folder " + path,
                        "Stop it, or choose another folder with --data.");
            }
            checkFormat(path);
            return new DataFolder(path, channel, lock);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write to the data folder " + path + ": " + reason(e),
                    "Choose a folder that you may write to with --data.",
                    e);
        }
    }

    /** Why, in words: the system's exceptions often say the name of the file only. */
    private static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException there -> there.getFile() + " is a file";
            case AccessDeniedException denied -> denied.getFile() + " belongs to someone else";
            case NoSuchFileException none -> none.getFile() + " cannot be made there";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    private static void checkFormat(Path path) throws IOException {
        Path file = path.resolve("format");
        if (!Files.exists(file)) {
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String text = Files.readString(file).trim();
        int format;
        try {
            format = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid(file + " says '" + text + "' (expected: a format number)");
        }
        if (format > FORMAT) {
            throw new Problem.Unavailable(
                    "The data folder " + path + " has format " + format + ", this program knows " + FORMAT,
                    "Use the newer Millwright that wrote it.");
        }
    }
}
