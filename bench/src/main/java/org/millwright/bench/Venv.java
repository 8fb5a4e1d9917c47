package org.millwright.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Python environment with pinned packages, made when it is first needed and kept. */
record Venv(Path folder) {
    /** @param name of its folder; other packages need another name */
    static Venv with(Path kept, String name, List<String> packages) {
        var venv = new Venv(kept.resolve("peers").resolve(name));
        if (!Files.exists(venv.folder.resolve("ready"))) {
            Peer.run("python3", "-m", "venv", "--clear", venv.folder.toString());
            var install = new ArrayList<>(List.of(venv.program("pip"), "install", "--quiet"));
            install.addAll(packages);
            Peer.run(install.toArray(String[]::new));
            try {
                Files.createFile(venv.folder.resolve("ready"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return venv;
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /** What starts a server of it in a folder, which gets its log; its own programs are on the path. */
    ProcessBuilder server(Path in, List<String> command) {
        try {
            Files.createDirectories(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var builder = new ProcessBuilder(command).directory(in.toFile());
        builder.redirectErrorStream(true).redirectOutput(in.resolve("log").toFile());
        Map<String, String> variables = builder.environment();
        variables.put("PATH", folder.resolve("bin") + File.pathSeparator + variables.get("PATH"));
        return builder;
    }
}
