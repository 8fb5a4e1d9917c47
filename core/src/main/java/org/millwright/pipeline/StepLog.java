package org.millwright.pipeline;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a step printed: an append-only file of lines {@code MILLIS STREAM TEXT}, secrets masked.
 *
 * <p>Lines beyond the limit are dropped after one line that says so.
 */
public final class StepLog implements AutoCloseable {
    private static final long LIMIT = 16L << 20;
    private static final int LONGEST = 16 * 1024;

    /** A plain stream: an interrupted thread would close a channel. */
    private final OutputStream out;

    private final Clock clock;
    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private long written;
    private boolean cut;
    private volatile LogLine.@Nullable Progress progress;

    public StepLog(Path file, Clock clock) {
        this.clock = clock;
        try {
            Files.createDirectories(file.getParent());
            written = Files.exists(file) ? Files.size(file) : 0;
            out = new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Never lets this text appear in the log. */
    public void mask(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /** A remark of Millwright's own. */
    public void say(String text) {
        add(new LogLine(clock.millis(), LogLine.Stream.SYSTEM, text));
    }

    /** Notes how far the step is. */
    public void progress(double share, String text) {
        progress = new LogLine.Progress(share, masked(text));
    }

    public synchronized void add(LogLine line) {
        line.progress().ifPresent(reported -> progress(reported.share(), reported.text()));
        if (cut) {
            return;
        }
        String text = masked(line.text());
        if (text.length() > LONGEST) {
            text = text.substring(0, LONGEST) + " … (line cut)";
        }
        if (written > LIMIT) {
            cut = true;
            text = "… the log is longer than " + (LIMIT >> 20) + " MiB: what follows is not kept";
        }
        try {
            byte[] bytes = (line.at() + " " + line.stream() + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
            out.write(bytes);
            written += bytes.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<LogLine.Progress> progress() {
        return Optional.ofNullable(progress);
    }

    private String masked(String text) {
        String masked = text.replace("\r", "").replace("\n", " ");
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of a log file and where to read on. */
    public record Part(List<LogLine> lines, long next) {}

    /** Whole lines from a byte offset on, at most {@code limit} bytes; nothing when the file does not exist yet. */
    static Part read(Path file, long offset, int limit) {
        if (!Files.exists(file)) {
            return new Part(List.of(), 0);
        }
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, Math.min(offset, in.length()));
            in.seek(from);
            var bytes = new byte[(int) Math.min(limit, in.length() - from)];
            in.readFully(bytes);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            var lines = new ArrayList<LogLine>();
            new String(bytes, 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(text -> parse(text).ifPresent(lines::add));
            return new Part(lines, from + end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of a log file. */
    static List<LogLine> tail(Path file, int lines) {
        try {
            long size = Files.exists(file) ? Files.size(file) : 0;
            List<LogLine> last =
                    read(file, Math.max(0, size - 256L * 1024), 256 * 1024).lines();
            return last.subList(Math.max(0, last.size() - lines), last.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<LogLine> parse(String line) {
        String[] parts = line.split(" ", 3);
        try {
            return parts.length < 3
                    ? Optional.empty()
                    : Optional.of(new LogLine(Long.parseLong(parts[0]), LogLine.Stream.valueOf(parts[1]), parts[2]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
