package org.millwright.anchor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.millwright.kernel.Problem;
import org.millwright.ledger.SignedNote;

/** A git repository with a work tree on this machine: each checkpoint is a commit, which others fetch or mirror. */
record GitPlace(Path folder) implements Place {
    static final String FILE = "ledger-checkpoints";
    private static final int SECONDS = 60;

    static GitPlace open(Path folder) {
        var place = new GitPlace(folder);
        try {
            if (Files.isDirectory(folder)
                    && place.git("rev-parse", "--is-inside-work-tree").strip().equals("true")) {
                return place;
            }
        } catch (IOException e) {
            // said below
        }
        throw new Problem.Invalid(
                "--anchor: " + folder + " is no git repository with a work tree", "git init " + folder);
    }

    @Override
    public String name() {
        return "git:" + folder;
    }

    @Override
    public Optional<Receipt> keep(SignedNote note) throws IOException {
        FilePlace.append(folder.resolve(FILE), note);
        git("add", "--", FILE);
        git(
                "-c",
                "user.name=Millwright",
                "-c",
                "user.email=ledger@millwright.invalid",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message",
                "Checkpoint of " + note.size() + " entries of the ledger " + note.origin(),
                "--",
                FILE);
        return Optional.empty();
    }

    /** What the last commit holds: an altered file of the work tree does not count. */
    @Override
    public Optional<List<SignedNote>> kept() throws IOException {
        String known = git("ls-tree", "--name-only", "HEAD", "--", FILE);
        return Optional.of(known.isBlank() ? List.of() : SignedNote.all(git("show", "HEAD:" + FILE)));
    }

    /** Runs git without the hooks that the repository may have, and returns what it says. */
    private String git(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            var said = new StringBuffer();
            Thread reader = Thread.startVirtualThread(() -> said.append(text(process.getErrorStream())));
            String out = text(process.getInputStream());
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("git " + arguments[0] + " took longer than " + SECONDS + " s");
            }
            reader.join();
            if (process.exitValue() != 0) {
                throw new IOException("git " + arguments[0] + " failed: "
                        + said.toString().strip().lines().findFirst().orElse("exit " + process.exitValue()));
            }
            return out;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while git ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readNBytes((int) FilePlace.LARGEST), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
