package org.millwright.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.millwright.artifact.Artifacts;
import org.millwright.artifact.Stored;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * Folders of files in the artifact store.
 *
 * <p>A tree is a manifest, canonical JSON {@code [{"path","sha256","size"}…]} sorted by path; its SHA-256 stands for the
 * whole folder.
 */
public final class Trees {
    private final Artifacts artifacts;

    public Trees(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /** One file of a tree; path with forward slashes, relative. */
    public record Entry(String path, String sha256, long size) {}

    /** Keeps all files under a folder, or the one file itself; links and special files are refused. */
    public String put(Path root) {
        var entries = new ArrayList<Entry>();
        try {
            if (Files.isRegularFile(root, LinkOption.NOFOLLOW_LINKS)) {
                entries.add(entry(root, root.getFileName().toString()));
            } else {
                Files.walkFileTree(root, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (!attributes.isRegularFile()) {
                            throw new Problem.Invalid(file + " is a link or a special file (expected: a plain file)");
                        }
                        String path = root.relativize(file).toString().replace('\\', '/');
                        entries.add(entry(file, path));
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return put(entries);
    }

    private Entry entry(Path file, String path) {
        Stored stored = artifacts.put(file);
        return new Entry(path, stored.sha256(), stored.size());
    }

    /** Keeps files that are in the store already, and their manifest. */
    public String put(List<Entry> entries) {
        entries.forEach(entry -> artifacts.keep(entry.sha256()));
        var sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::path));
        return artifacts
                .put(Json.canonical(sorted).getBytes(StandardCharsets.UTF_8))
                .sha256();
    }

    public List<Entry> list(String digest) {
        return Json.read(
                new String(artifacts.bytes(digest), StandardCharsets.UTF_8), new TypeReference<List<Entry>>() {});
    }

    /** Copies the files that are wanted to a folder. */
    public void extract(String digest, Path target, Predicate<String> wanted) {
        try {
            for (Entry entry : list(digest)) {
                if (wanted.test(entry.path())) {
                    Path file = target.resolve(entry.path()).normalize();
                    if (!file.startsWith(target)) {
                        throw new Problem.Invalid("Path '" + entry.path() + "' leaves its folder");
                    }
                    Files.createDirectories(file.getParent());
                    Files.copy(artifacts.path(entry.sha256()), file);
                    if (!file.toFile().setWritable(true, true)) {
                        throw new IOException("Cannot make " + file + " writable");
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stored file of a tree that holds exactly one; for readers that take bytes where they lie. */
    public Path single(String digest) {
        List<Entry> entries = list(digest);
        if (entries.size() != 1) {
            throw new Problem.Invalid("Expected one file, found " + entries.size());
        }
        return artifacts.path(entries.getFirst().sha256());
    }

    public Artifacts artifacts() {
        return artifacts;
    }
}
