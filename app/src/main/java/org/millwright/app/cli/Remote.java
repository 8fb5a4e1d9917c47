package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.app.Settings;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that talks to a server: where it is, who speaks, how answers are written. */
final class Remote {
    @Option(names = "--server", paramLabel = "URL", description = "The server (MW_SERVER; default: this machine's).")
    private @Nullable String server;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Speak as this user, by the token that mw user token saved.")
    private @Nullable String as;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder with saved tokens (MW_DATA).")
    private @Nullable Path data;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json, yaml, csv or name.",
            defaultValue = "table")
    private Output.Form form = Output.Form.TABLE;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    Client client() {
        String url = Optional.ofNullable(server)
                .or(() -> setting("MW_SERVER"))
                .orElse("http://127.0.0.1:" + Settings.DEFAULT_PORT);
        return new Client(url, token());
    }

    Output output() {
        return new Output(form, spec().commandLine().getOut());
    }

    /** What people read while they wait; never data. */
    java.io.PrintWriter err() {
        return spec().commandLine().getErr();
    }

    /** Keeps a token for {@code --as}, readable by its owner only. */
    Path save(String name, String token) {
        Path file = tokenFile(name);
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        file,
                        java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                                java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, token + "\n");
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("used outside a command");
        }
        return spec;
    }

    private Optional<String> token() {
        if (as == null) {
            return setting("MW_TOKEN");
        }
        try {
            return Optional.of(Files.readString(tokenFile(as)).strip());
        } catch (IOException e) {
            throw new Problem.Denied(
                    "No token of " + as + " is kept in " + tokenFile(as).getParent(), "mw user token " + as);
        }
    }

    private Path tokenFile(String name) {
        if (!name.matches("[a-z0-9][a-z0-9._@-]*")) {
            throw new Problem.Invalid("Not a user name: '" + name + "'");
        }
        Path folder = Optional.ofNullable(data)
                .or(() -> setting("MW_DATA").map(Path::of))
                .orElse(Path.of(System.getProperty("user.home"), ".millwright"));
        return folder.resolve("users").resolve(name + ".token");
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
