package org.millwright.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The user's git, run in a folder. */
final class Git {
    /** How it ended, and its output or, when it failed, its errors; {@code exit} is −1 when there is no git. */
    record Result(int exit, String out) {
        boolean ok() {
            return exit == 0;
        }
    }

    private Git() {}

    static Result run(Path folder, String... arguments) {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).directory(folder.toFile()).start();
            process.getOutputStream().close();
            var said = new StringBuilder();
            Thread reader = Thread.startVirtualThread(() -> said.append(text(process.getErrorStream())));
            String out = text(process.getInputStream());
            int exit = process.waitFor();
            reader.join();
            return new Result(exit, exit == 0 ? out : said.toString());
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "interrupted");
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
