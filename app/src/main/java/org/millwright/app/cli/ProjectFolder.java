package org.millwright.app.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;

/** A project's folder on this machine, normally a git repository. */
final class ProjectFolder {
    private final Path folder;

    ProjectFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    String projectFile() {
        return text(ProjectFile.FILE);
    }

    /** The name that the project file states. */
    String name() {
        return ProjectFile.parse(projectFile()).name();
    }

    String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new Problem.Invalid(
                    folder + " has no readable " + file, "Go to a project's folder, or name it with -C DIR.");
        }
    }

    void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The files that a run gets.
     *
     * @param commit that they are from, "" outside git
     * @param dirty whether they differ from it
     */
    record Snapshot(byte[] zip, String commit, boolean dirty, int files) {}

    Snapshot snapshot() {
        boolean git = Files.isDirectory(folder.resolve(".git"))
                || run("git", "rev-parse", "--is-inside-work-tree").strip().equals("true");
        List<String> names = git ? tracked() : all();
        if (names.isEmpty()) {
            throw new Problem.Invalid("git tracks no file in " + folder, "git add the project's files.");
        }
        String commit = git ? run("git", "rev-parse", "-q", "--verify", "HEAD").strip() : "";
        boolean dirty = !git
                || !run("git", "status", "--porcelain", "--untracked-files=no", ".")
                        .isBlank();
        return new Snapshot(zip(names), commit, dirty || commit.isEmpty(), names.size());
    }

    private List<String> tracked() {
        return run("git", "ls-files", "-z").transform(text -> List.of(text.split("\0"))).stream()
                .filter(name -> !name.isEmpty())
                .filter(name -> Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private List<String> all() {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith(".") && !name.contains("/.") && !name.contains("__pycache__"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] zip(List<String> names) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(folder.resolve(name), zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What a program prints; "" when it fails or is not there. */
    private String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Makes the folder a git repository with one commit of everything; says whether that worked. */
    boolean commitAll(String message) {
        run("git", "init", "-q", "-b", "main");
        run("git", "add", "-A");
        String who = run("git", "config", "user.email").isBlank() ? "millwright@localhost" : "";
        if (who.isEmpty()) {
            run("git", "commit", "-q", "-m", message);
        } else {
            run("git", "-c", "user.name=millwright", "-c", "user.email=" + who, "commit", "-q", "-m", message);
        }
        return !run("git", "rev-parse", "-q", "--verify", "HEAD").isBlank();
    }
}
