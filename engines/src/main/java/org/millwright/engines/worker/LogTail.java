package org.millwright.engines.worker;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.millwright.pipeline.LogLine;

/** The last lines that a worker printed. */
final class LogTail implements Consumer<LogLine> {
    private static final int LINES = 40;
    private static final int LONGEST = 400;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    @Override
    public synchronized void accept(LogLine line) {
        if (line.stream() == LogLine.Stream.SYSTEM || line.text().isBlank()) {
            return;
        }
        String text = line.text();
        lines.addLast(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }

    /** At most that many of them, in one line. */
    synchronized String last(int count) {
        return String.join(
                " | ", lines.stream().skip(Math.max(0, lines.size() - count)).toList());
    }
}
