package org.millwright.scoring.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.millwright.scoring.signing.FolderDigest;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.Signer;

/** Makes a signed bundle folder. */
public final class BundleWriter {
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    private BundleWriter() {}

    /**
     * Writes manifest, probe rows and files into a folder that must not exist yet, and signs it.
     *
     * @param manifest its file list is replaced by what is written
     * @param files where each file's bytes are, by path inside the bundle; the manifest's main file must be one
     * @return the bundle's digest, hex SHA-256 over all files
     */
    public static String write(Path folder, Manifest manifest, Probe probe, Map<String, Path> files, Signer key) {
        if (!files.containsKey(manifest.main())) {
            throw new IllegalArgumentException(
                    "the main file '" + manifest.main() + "' is not among " + files.keySet());
        }
        try {
            Files.createDirectory(folder);
            List<Manifest.Entry> entries = new ArrayList<>();
            for (Map.Entry<String, Path> file : new TreeMap<>(files).entrySet()) {
                entries.add(copy(folder, file.getKey(), file.getValue()));
            }
            Files.write(folder.resolve(Bundle.PROBE), probe.json());
            entries.add(entry(folder, Bundle.PROBE));
            Files.write(folder.resolve(Bundle.MANIFEST), ManifestJson.write(manifest.withFiles(entries)));
            return ModelSigning.sign(folder, key);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the bundle '" + folder.getFileName() + "'", e);
        }
    }

    /** Whether a file of a bundle may have that path: letters, digits, {@code . _ -}, no name beginning with a dot. */
    public static boolean isPath(String path) {
        return PATH.matcher(path).matches();
    }

    private static Manifest.Entry copy(Path folder, String name, Path source) throws IOException {
        boolean reserved = name.equals(Bundle.PROBE) || name.equals(Bundle.MANIFEST) || name.equals(ModelSigning.FILE);
        if (reserved || !isPath(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot be a file of a bundle");
        }
        Path target = folder.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(source, target);
        return entry(folder, name);
    }

    private static Manifest.Entry entry(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        return new Manifest.Entry(name, FolderDigest.digest(file), Files.size(file));
    }
}
