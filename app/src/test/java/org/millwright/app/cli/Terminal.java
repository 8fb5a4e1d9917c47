package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import org.millwright.kernel.Json;

/** A real server on a free port, and a person who types commands for it. */
final class Terminal implements AutoCloseable {
    private final Path folder;
    private final Millwright millwright;
    private Path at;

    Terminal(Path folder) {
        this(folder, Map.of());
    }

    /** @param traces variables that say where the server sends traces */
    Terminal(Path folder, Map<String, String> traces) {
        this(folder, Settings.embedded(folder.resolve("server"), 0).with(traces));
    }

    /** @param changed what the server's operator sets otherwise */
    Terminal(Path folder, UnaryOperator<Settings> changed) {
        this(folder, changed.apply(Settings.embedded(folder.resolve("server"), 0)));
    }

    Terminal(Path folder, Settings settings) {
        this.folder = folder;
        this.at = folder;
        this.millwright = Millwright.start(settings, Clock.systemUTC());
    }

    /** How a command ended and what it wrote. */
    record Result(int exit, String out, String err) {
        JsonNode json() {
            return Json.parse(out);
        }
    }

    String url() {
        return "http://127.0.0.1:" + millwright.port() + "/";
    }

    /** Why the ledger cannot be signed; "" when it can. */
    String unsigned() {
        return millwright
                .unsigned()
                .map(lost -> lost.getMessage() + " " + lost.next())
                .orElse("");
    }

    Path folder() {
        return folder;
    }

    void cd(Path other) {
        at = folder.resolve(other);
    }

    Result mw(String... arguments) {
        return mw(
                Map.of("MW_SERVER", url(), "MW_CONFIG", folder.resolve("config").toString()), at, arguments);
    }

    static Result mw(Map<String, String> environment, Path at, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var errors = new PrintWriter(err, true);
        var around = new Surroundings(at, environment, new Screen(errors, false, false));
        int exit = Mw.run(around, new PrintWriter(out, true), errors, arguments);
        return new Result(exit, out.toString(), err.toString());
    }

    @Override
    public void close() {
        millwright.close();
    }
}
