package org.millwright.app.cli;

import java.net.URI;
import java.util.Optional;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Option;

/** Options of every command that talks to a server. */
final class Shared extends Written {
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
}
