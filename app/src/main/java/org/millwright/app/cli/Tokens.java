package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** Tokens that this user keeps for later commands: one file a server and name, readable by its owner only. */
record Tokens(Path folder) {
    static Tokens of(Surroundings around) {
        Path config = around.variable("MW_CONFIG")
                .map(Path::of)
                .or(() -> around.variable("XDG_CONFIG_HOME").map(home -> Path.of(home, "millwright")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config", "millwright"));
        return new Tokens(around.resolve(config).resolve("tokens"));
    }

    Optional<String> find(URI server, String name) {
        Path file = file(server, name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path keep(URI server, String name, String token) {
        Path file = file(server, name);
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(next, token + "\n");
            Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot keep the token in " + file + ": " + e.getMessage(),
                    "Set MW_CONFIG to a folder that you may write to, or give the token by MW_TOKEN.",
                    e);
        }
    }

    private Path file(URI server, String name) {
        if (!name.matches("[a-z0-9][a-z0-9._@-]{0,63}")) {
            throw new Problem.Invalid("'" + name + "' is no user name");
        }
        String place = (server.getHost() + "-" + server.getPort()).replaceAll("[^A-Za-z0-9._-]", "_");
        return folder.resolve(place).resolve(name);
    }
}
