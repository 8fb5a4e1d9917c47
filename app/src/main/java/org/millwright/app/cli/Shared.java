package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that talks to a server. */
final class Shared {
    static final String DEFAULT_SERVER = "http://127.0.0.1:5000";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server; else MW_SERVER, else " + DEFAULT_SERVER + ".")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Act as this user, whose token was kept by mw user add; else MW_TOKEN.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES}; else MW_OUTPUT, else table.")
    private Optional<Output.Form> form = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    Surroundings around() {
        return ((Mw) mixee.root().userObject()).around();
    }

    Screen screen() {
        return around().screen();
    }

    URI server() {
        String text = server.or(() -> around().variable("MW_SERVER")).orElse(DEFAULT_SERVER);
        try {
            URI uri = URI.create(text.endsWith("/") ? text : text + "/");
            if (uri.getHost() != null && uri.getScheme().matches("https?")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem.Invalid("'" + text + "' is no server (expected: a URL such as " + DEFAULT_SERVER + ")");
    }

    Client client() {
        return new Client(server(), token());
    }

    Tokens tokens() {
        return Tokens.of(around());
    }

    private Optional<String> token() {
        if (name.isEmpty()) {
            return around().variable("MW_TOKEN");
        }
        return Optional.of(tokens().find(server(), name.get())
                .orElseThrow(() -> new Problem.Denied(
                        "No token of " + name.get() + " for " + server() + " is kept here",
                        "An administrator makes one: mw user token " + name.get())));
    }

    /** What a wish to act as someone adds to a proposed command. */
    String asSuffix() {
        return name.map(who -> " --as " + who).orElse("");
    }

    boolean isTable() {
        return form() == Output.Form.TABLE;
    }

    private Output.Form form() {
        return form.orElseGet(
                () -> around().variable("MW_OUTPUT").map(Output.Form::of).orElse(Output.Form.TABLE));
    }

    /** Writes rows to standard output in the form that was asked for. */
    int list(JsonNode rows, String... columns) {
        new Output(mixee.commandLine().getOut(), form()).list(rows, columns);
        return Exit.OK;
    }

    /** Writes one thing to standard output in the form that was asked for. */
    int show(JsonNode thing, String... fields) {
        new Output(mixee.commandLine().getOut(), form()).show(thing, fields);
        return Exit.OK;
    }

    /** Writes manifests to standard output: as YAML documents, or as one list for JSON. */
    int documents(List<ObjectNode> documents) {
        new Output(mixee.commandLine().getOut(), form()).documents(documents);
        return Exit.OK;
    }

    /** A line of standard output. */
    void print(String line) {
        mixee.commandLine().getOut().println(line);
        mixee.commandLine().getOut().flush();
    }

    /** A line for the person; standard output stays clean. */
    void say(String line) {
        screen().hint(line);
    }
}
