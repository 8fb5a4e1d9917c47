package org.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;

/**
 * A copy of a data folder that verifies, made while the server goes on.
 *
 * <p>First the ledger is signed, then the metadata copied, then the files, so that everything the copied metadata names is
 * in the copy. What can be made again (environments, work folders, downloads) is left out. The manifest, written last,
 * lists every file's digest; a folder without one is no backup.
 */
public final class Backup {
    private static final int FORMAT = 1;
    private static final String MANIFEST = "backup.json";
    private static final String METADATA = "millwright.db";
    private static final String WITNESS = "ledger.checkpoint";
    /** Of the data folder itself; steps may well be called like these. */
    private static final Set<String> LEFT_OUT = Set.of(
            "environments",
            "work",
            "incoming",
            "tools",
            "packages",
            "tables",
            "bundles",
            "backups",
            // They must not outlive what their project says.
            "requests",
            "lock",
            METADATA + "-wal",
            METADATA + "-shm",
            METADATA,
            WITNESS);

    private static final Path UPLOADS = Path.of("artifacts", "incoming");
    /** The only files of steps that last: {@code runs/RUN/STEP/ATTEMPT/log}. */
    private static final int LOG_DEPTH = 5;

    private Backup() {}

    /** Writes a backup of the data folder into a new or empty folder; returns what the manifest says. */
    static JsonNode write(Path data, Database database, Ledger ledger, Clock clock, Path target) {
        try {
            requireEmpty(target);
            Files.createDirectories(target);
            if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
            }
            // A lost key stops signing; what is there is backed up all the same, under what was signed last.
            Checkpoint checkpoint = ledger.keys().unsigned().isEmpty()
                    ? ledger.checkpoint()
                    : ledger.checkpoints().getLast();
            var digests = new TreeMap<String, String>();
            database.copyTo(target.resolve(METADATA));
            digests.put(METADATA, sha256(target.resolve(METADATA)));
            Files.writeString(target.resolve(WITNESS), checkpoint.note());
            digests.put(WITNESS, sha256(target.resolve(WITNESS)));
            copy(data, target, digests);
            ObjectNode manifest = Json.object()
                    .put("format", FORMAT)
                    .put("at", clock.millis())
                    .put("entries", checkpoint.size())
                    .put("files", digests.size());
            ObjectNode full = manifest.deepCopy();
            full.set("sha256", Json.tree(digests));
            Path aside = target.resolve(MANIFEST + ".next");
            Files.write(aside, Json.bytes(full));
            Files.move(aside, target.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
            return manifest.put("folder", target.toString());
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Writing the backup to " + target + " failed: " + e, "Free space or choose another folder.", e);
        }
    }

    /** Makes a new data folder from a backup; refuses, leaving nothing behind, one that does not verify. */
    public static JsonNode restore(Path source, Path data, Clock clock) {
        try {
            JsonNode manifest = manifest(source);
            requireEmpty(data);
            try {
                manifest.path("sha256").properties().forEach(file -> {
                    Path from = source.resolve(file.getKey()).normalize();
                    if (!from.startsWith(source)) {
                        throw refused(source, "its manifest names " + file.getKey() + ", which is outside of it");
                    }
                    restore(
                            source,
                            from,
                            data.resolve(file.getKey()),
                            file.getValue().asText());
                });
                var verified = verify(source, data, clock);
                return Json.object()
                        .put("folder", data.toString())
                        .put("files", manifest.path("files").asInt())
                        .put("entries", verified.entries())
                        .put("root", verified.root());
            } catch (RuntimeException e) {
                delete(data);
                throw e;
            }
        } catch (IOException e) {
            throw new Problem.Unavailable("Restoring " + source + " failed: " + e, "Nothing was kept; try again.", e);
        }
    }

    private static JsonNode manifest(Path source) throws IOException {
        Path file = source.resolve(MANIFEST);
        if (!Files.exists(file)) {
            throw refused(source, "it has no " + MANIFEST + ": the backup was not finished");
        }
        JsonNode manifest = Json.parse(Files.readAllBytes(file));
        int format = manifest.path("format").asInt();
        if (format > FORMAT) {
            throw new Problem.Unavailable(
                    "The backup " + source + " has format " + format + ", this program knows " + FORMAT,
                    "Use the newer Millwright that wrote it.");
        }
        return manifest;
    }

    private static void restore(Path source, Path from, Path to, String sha256) {
        try {
            if (!Files.isRegularFile(from)) {
                throw refused(source, source.relativize(from) + " is missing");
            }
            if (!sha256(from).equals(sha256)) {
                throw refused(source, source.relativize(from) + " is not as it was written");
            }
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ledger.Verification verify(Path source, Path data, Clock clock) {
        try (Database database = Database.sqlite(data.resolve(METADATA))) {
            NoteKey key = NoteKey.open(data.resolve("keys/ledger.key"), "millwright");
            return new Ledger(database, clock, new Ids(clock), key, new Witness(data.resolve(WITNESS))).verify();
        } catch (Altered | Problem.Unavailable e) {
            throw refused(source, String.valueOf(e.getMessage()));
        }
    }

    private static void copy(Path data, Path target, TreeMap<String, String> digests) throws IOException {
        new Walk(data.toRealPath(), target.toRealPath(), digests).of(data.toRealPath(), Path.of(""));
    }

    /** A walk through the data folder, and through what links in it lead to that people put there. */
    private record Walk(Path data, Path target, TreeMap<String, String> digests) {
        /** @param at what the folder is called in the data folder */
        void of(Path folder, Path at) throws IOException {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                private Path name(Path file) {
                    return file.equals(folder) ? at : at.resolve(folder.relativize(file));
                }

                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    return !dir.equals(folder) && (dir.equals(target) || isLeftOut(name(dir)))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Path name = name(file);
                    if (!isLeftOut(name) && lasts(name)) {
                        if (attributes.isSymbolicLink()) {
                            follow(file, name);
                        } else if (attributes.isRegularFile()) {
                            copy(file, target.resolve(name), name.toString().replace('\\', '/'), digests);
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        }

        /** Takes in what a link at the top or among the frameworks leads to; the others are made by what steps run. */
        private void follow(Path link, Path name) throws IOException {
            boolean byPeople = name.getNameCount() == 1 || name.startsWith(Evidenced.FRAMEWORKS);
            if (!byPeople || !Files.exists(link)) {
                return;
            }
            Path real = link.toRealPath();
            if (Files.isRegularFile(real)) {
                copy(real, target.resolve(name), name.toString().replace('\\', '/'), digests);
            } else if (!data.startsWith(real) && !real.startsWith(data) && !real.startsWith(target)) {
                of(real, name);
            }
        }
    }

    private static boolean isLeftOut(Path name) {
        return LEFT_OUT.contains(name.toString()) || name.equals(UPLOADS);
    }

    private static boolean lasts(Path name) {
        boolean ofStep = name.startsWith("runs");
        return !name.toString().endsWith(".next")
                && (!ofStep || name.getNameCount() == LOG_DEPTH && name.endsWith("log"));
    }

    /** Copies a file that may go away meanwhile: what metadata name never does. */
    private static void copy(Path from, Path to, String name, TreeMap<String, String> digests) throws IOException {
        Files.createDirectories(to.getParent());
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            return;
        }
        digests.put(name, sha256(to));
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new Problem.Conflict("The folder " + folder + " is not empty", "Name a new folder.");
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Problem.Refused refused(Path source, String why) {
        return new Problem.Refused("The backup " + source + " does not verify: " + why, "Use another backup.");
    }
}
