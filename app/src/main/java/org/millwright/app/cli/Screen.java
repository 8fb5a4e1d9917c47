package org.millwright.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where progress is shown: on a terminal, lines that stay and below them lines that are drawn anew; elsewhere plain lines.
 */
final class Screen {
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintWriter err;
    private final boolean terminal;
    private final boolean color;
    private final String indent;
    private final boolean hints;
    private int drawn;

    Screen(PrintWriter err, boolean terminal, boolean color) {
        this(err, terminal, color, "", true);
    }

    private Screen(PrintWriter err, boolean terminal, boolean color, String indent, boolean hints) {
        this.err = err;
        this.terminal = terminal;
        this.color = color;
        this.indent = indent;
        this.hints = hints;
    }

    /** The same place with everything moved to the right and no hints; for one of the two at a time. */
    Screen inside(String by) {
        return new Screen(err, terminal, color, indent + by, false);
    }

    /** The terminal of this process, if standard error is one. */
    static Screen ofProcess(boolean plain) {
        var console = System.console();
        String term = System.getenv().getOrDefault("TERM", "");
        boolean terminal = console != null && console.isTerminal() && !term.isEmpty() && !term.equals("dumb");
        return new Screen(new PrintWriter(System.err, true, StandardCharsets.UTF_8), terminal, terminal && !plain);
    }

    boolean isTerminal() {
        return terminal;
    }

    /** A line that stays. */
    synchronized void line(String text) {
        erase();
        (text.isEmpty() ? java.util.stream.Stream.of("") : text.lines()).forEach(each -> err.println(indent + each));
        err.flush();
    }

    /** A line that tells a person what comes next; left out where commands are run for them. */
    void hint(String text) {
        if (hints) {
            line(text);
        }
    }

    /** Lines that the next call replaces; shown on a terminal only. */
    synchronized void live(List<String> lines) {
        if (!terminal) {
            return;
        }
        erase();
        int width = width();
        lines.forEach(line -> err.println(indent + fit(line, width - indent.length())));
        drawn = lines.size();
        err.flush();
    }

    /** Takes the lines of {@link #live} away. */
    synchronized void settle() {
        erase();
        err.flush();
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String busy(String text) {
        return paint("36", text);
    }

    String warn(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private void erase() {
        if (drawn > 0) {
            err.print("\u001b[" + drawn + "F" + CLEAR_BELOW);
            drawn = 0;
        }
    }

    private static int width() {
        try {
            return Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "100")));
        } catch (NumberFormatException e) {
            return 100;
        }
    }

    /** The line cut to the terminal's width, so that it takes one row; colour codes take no room. */
    static String fit(String line, int width) {
        var fitted = new StringBuilder();
        int visible = 0;
        boolean code = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\u001b') {
                code = true;
            }
            if (!code) {
                visible++;
            }
            if (code || visible < width) {
                fitted.append(c);
            }
            if (code && c == 'm') {
                code = false;
            }
        }
        return fitted.toString();
    }
}
