package org.millwright.app.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.project.ProjectFile;

/** A project's folder on the user's machine, found by its {@code millwright.yaml}. */
record ProjectFolder(Path path) {
    /** Folders that are left out when git cannot tell what belongs to the project. */
    private static final Set<String> LEFT_OUT = Set.of("__pycache__", "node_modules", "mlruns", "data");

    /** The folder itself or the nearest one above it that holds a project file. */
    static ProjectFolder find(Surroundings around) {
        for (Path path = around.folder(); path != null; path = path.getParent()) {
            if (Files.isRegularFile(path.resolve(ProjectFile.FILE))) {
                return new ProjectFolder(path);
            }
        }
        throw new Problem.NotFound(
                "No " + ProjectFile.FILE + " in " + around.folder() + " or above it",
                "Go to a project's folder (or mw -C FOLDER …), or make one: mw new NAME --template tabular-regression");
    }

    /** The project's name, read without judging the rest of the file. */
    String name() {
        Yaml.Value file = file();
        String name = file.text("name");
        if (name.isBlank()) {
            file.finish();
            throw new Problem.Invalid(
                    ProjectFile.FILE + ":" + file.line() + ": name: expected the project's name, got nothing");
        }
        return name;
    }

    Yaml.Value file() {
        return Yaml.parse(ProjectFile.FILE, text(ProjectFile.FILE));
    }

    String text(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read " + path.resolve(name) + ": " + e.getMessage());
        }
    }

    /** The commit the files are from; "" outside git or before the first commit. */
    String commit() {
        Git.Result head = Git.run(path, "rev-parse", "--verify", "HEAD");
        return head.ok() ? head.out().strip() : "";
    }

    /** Whether tracked files differ from the commit. */
    boolean dirty() {
        Git.Result status = Git.run(path, "status", "--porcelain", "--untracked-files=no", "--", ".");
        return !status.ok() || !status.out().isBlank();
    }

    /** Files of the project, relative, in order: those that git tracks, or all plain ones outside git. */
    List<String> files() {
        Git.Result tracked = Git.run(path, "ls-files", "-z", "--", ".");
        List<String> names = tracked.ok()
                ? Stream.of(tracked.out().split("\0"))
                        .filter(name -> !name.isEmpty())
                        .toList()
                : List.of();
        if (names.isEmpty()) {
            names = walk();
        }
        return names.stream()
                .filter(name -> Files.isRegularFile(path.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .sorted()
                .collect(Collectors.toList());
    }

    private List<String> walk() {
        try (Stream<Path> all = Files.walk(path)) {
            return all.map(path::relativize)
                    .filter(file -> Stream.of(file.toString().split("[/\\\\]"))
                            .noneMatch(part -> part.startsWith(".") || LEFT_OUT.contains(part)))
                    .map(file -> file.toString().replace('\\', '/'))
                    .filter(name -> !name.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files as a ZIP archive. */
    byte[] pack() {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (String name : files()) {
                var entry = new ZipEntry(name);
                entry.setTime(0);
                zip.putNextEntry(entry);
                Files.copy(path.resolve(name), zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
