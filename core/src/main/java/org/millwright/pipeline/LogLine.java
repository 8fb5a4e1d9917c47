package org.millwright.pipeline;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line that a step printed.
 *
 * @param at when it was read, milliseconds since the epoch
 * @param text without its line end
 */
public record LogLine(long at, Stream stream, String text) {
    private static final Pattern PROGRESS =
            Pattern.compile("::mw progress (?<share>[01](?:\\.\\d{1,9})?)(?:\\s+(?<text>.*))?");

    /** Where a line came from; {@code SYSTEM} lines are Millwright's own remarks. */
    public enum Stream {
        OUT,
        ERR,
        SYSTEM
    }

    /** The progress that a line {@code ::mw progress 0.42 text} on standard output reports. */
    public Optional<Progress> progress() {
        if (stream != Stream.OUT || !text.startsWith("::mw progress ")) {
            return Optional.empty();
        }
        Matcher matcher = PROGRESS.matcher(text);
        if (!matcher.matches() || Double.parseDouble(matcher.group("share")) > 1) {
            return Optional.empty();
        }
        String words = matcher.group("text");
        return Optional.of(new Progress(Double.parseDouble(matcher.group("share")), words == null ? "" : words));
    }

    /** How far a step is: a share between 0 and 1, and what it does at the moment. */
    public record Progress(double share, String text) {}
}
