package org.millwright.engines.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Consumer;
import org.millwright.pipeline.LogLine;

/**
 * The output of one process as lines: both streams in the order they were read, up to a number of bytes.
 *
 * <p>A carriage return ends a line as well, so that progress bars become lines; bytes that are no UTF-8 are replaced.
 */
final class Lines {
    private static final int LONGEST = 16 * 1024;

    private final Clock clock;
    private final Consumer<LogLine> log;
    private final long limit;
    private long bytes;
    private boolean cut;

    Lines(Clock clock, Consumer<LogLine> log, long limit) {
        this.clock = clock;
        this.log = log;
        this.limit = limit;
    }

    /** Reads the stream to its end, or until the other side is gone. */
    void drain(InputStream in, LogLine.Stream stream) {
        var line = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        boolean afterReturn = false;
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    byte b = buffer[i];
                    boolean end = b == '\n' || b == '\r';
                    if ((end && !(b == '\n' && afterReturn)) || line.size() >= LONGEST) {
                        emit(line, stream);
                    }
                    if (!end) {
                        line.write(b);
                    }
                    afterReturn = b == '\r';
                }
            }
        } catch (IOException e) {
            // The process is gone and its pipe with it; what it wrote has been read.
        }
        if (line.size() > 0) {
            emit(line, stream);
        }
    }

    /** Adds a remark of Millwright's own. */
    synchronized void remark(String text) {
        log.accept(new LogLine(clock.millis(), LogLine.Stream.SYSTEM, text));
    }

    synchronized boolean isCut() {
        return cut;
    }

    private synchronized void emit(ByteArrayOutputStream line, LogLine.Stream stream) {
        var read = new LogLine(clock.millis(), stream, line.toString(StandardCharsets.UTF_8));
        bytes += line.size() + 1;
        line.reset();
        if (bytes <= limit || read.progress().isPresent()) {
            log.accept(read);
        } else if (!cut) {
            cut = true;
            remark("The log is cut here: more than " + limit + " bytes were printed");
        }
    }
}
