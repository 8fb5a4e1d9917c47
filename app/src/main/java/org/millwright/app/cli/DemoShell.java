package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;

/** Types commands into Millwright as a person would, and shows each. */
final class DemoShell {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final Screen screen;
    private final Map<String, String> environment;
    private Path folder;

    DemoShell(Screen screen, Map<String, String> environment, Path folder) {
        this.screen = screen;
        this.environment = environment;
        this.folder = folder;
    }

    /** How a command ended, and what it wrote. */
    record Result(int exit, String out, String err) {
        boolean ok() {
            return exit == Exit.OK;
        }

        JsonNode json() {
            return Json.parse(out);
        }

        /** The first line of the error. */
        String error() {
            return err.lines().findFirst().orElse("").replaceFirst("^mw: ", "");
        }
    }

    void cd(Path other) {
        folder = other;
    }

    Path folder() {
        return folder;
    }

    Screen screen() {
        return screen;
    }

    /** Runs a command line; words that hold spaces stand in single quotes. */
    Result mw(String line) {
        screen.line("   " + screen.dim("$ mw " + line));
        return quiet(line);
    }

    /** {@link #mw} without showing the command: for looking whether something is there yet. */
    Result quiet(String line) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        var out = new StringWriter();
        var err = new StringWriter();
        var around = new Surroundings(folder, environment, screen.inside("   "));
        int exit = Mw.run(around, new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
        return new Result(exit, out.toString(), err.toString());
    }

    /** The data of a command that has to succeed. */
    JsonNode ok(String line) {
        return expect(Exit.OK, line).json();
    }

    /** The result of a command that has to end with that code. */
    Result expect(int exit, String line) {
        return checked(exit, line, mw(line));
    }

    private static Result checked(int exit, String line, Result result) {
        if (result.exit() != exit) {
            throw new DemoFailed("mw " + line + " ended with " + result.exit() + " (expected: " + exit + ")\n"
                    + result.err().strip());
        }
        return result;
    }

    /** The data of a command that has to succeed and is not worth showing. */
    JsonNode look(String line) {
        return checked(Exit.OK, line, quiet(line)).json();
    }

    /** Runs a pipeline to its end, which has to be that code. */
    JsonNode run(int exit, String line) {
        return expect(exit, line).json();
    }

    JsonNode run(String line) {
        return run(Exit.OK, line);
    }
}
