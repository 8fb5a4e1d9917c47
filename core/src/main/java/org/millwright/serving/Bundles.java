package org.millwright.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.millwright.artifact.Artifacts;
import org.millwright.artifact.Stored;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** Model bundles among the artifacts: kept as archives, unpacked once, verified at every opening. */
public final class Bundles {
    private final Artifacts artifacts;
    private final Path folder;
    private final Supplier<List<TrustedKey>> keys;
    private final Ids ids;
    private final ModelLoader loader;

    /** Loads what runs in this process. */
    public Bundles(Artifacts artifacts, Path folder, Supplier<List<TrustedKey>> keys, Ids ids) {
        this(artifacts, folder, keys, ids, Bundle::load);
    }

    /**
     * @param folder where bundles are unpacked; it may be emptied at any time
     * @param keys whose signatures are believed
     */
    public Bundles(Artifacts artifacts, Path folder, Supplier<List<TrustedKey>> keys, Ids ids, ModelLoader loader) {
        this.artifacts = artifacts;
        this.folder = folder;
        this.keys = keys;
        this.ids = ids;
        this.loader = loader;
    }

    /** Keeps a bundle folder as an archive among the artifacts; its SHA-256 is what the other verbs take. */
    public Stored keep(Path bundle) {
        try {
            Files.createDirectories(folder);
            Path archive = folder.resolve(ids.next("archive"));
            try {
                try (var out = Files.newOutputStream(archive)) {
                    BundleArchive.pack(bundle, out);
                }
                return artifacts.put(archive);
            } finally {
                Files.deleteIfExists(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the bundle", e);
        }
    }

    /** The verified bundle; {@link Problem.Refused} says what about it is not as it was signed. */
    public Bundle open(String sha256) {
        Path unpacked = folder.resolve(sha256);
        try {
            if (!Files.isDirectory(unpacked)) {
                unpack(sha256, unpacked);
            }
            return Bundle.open(unpacked, keys.get());
        } catch (Untrusted e) {
            throw new Problem.Refused(
                    "The bundle " + sha256 + " is not served: " + e.getMessage(),
                    "Register the model again, so that a new bundle is made and signed.");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack the bundle " + sha256, e);
        }
    }

    /** Opens and loads a bundle's model, for batch scoring; the caller closes it. */
    public Model load(String sha256) {
        return load(open(sha256));
    }

    Model load(Bundle bundle) {
        try {
            return loader.load(bundle);
        } catch (ModelFailure | Untrusted e) {
            throw new Problem.Refused(
                    "Model " + bundle.manifest().model() + "/"
                            + bundle.manifest().version() + " does not load: " + e.getMessage(),
                    "mw model show " + bundle.manifest().model());
        }
    }

    private void unpack(String sha256, Path target) throws IOException {
        Files.createDirectories(folder);
        Path aside = folder.resolve(ids.next("unpacking"));
        try (InputStream in = artifacts.open(sha256)) {
            BundleArchive.unpack(in, aside);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            delete(aside);
        } catch (IOException | RuntimeException e) {
            delete(aside);
            throw e;
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
