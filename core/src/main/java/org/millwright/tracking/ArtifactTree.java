package org.millwright.tracking;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.artifact.Artifacts;
import org.millwright.artifact.Stored;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/**
 * The files of experiments, runs and logged models under the names that clients gave them.
 *
 * <p>Names are rows, bytes lie under their hash: no name ever reaches the file system. Paths are those of the artifact
 * proxy: {@code EXPERIMENT/RUN/artifacts/…} and {@code EXPERIMENT/models/MODEL/artifacts/…}.
 */
public final class ArtifactTree {
    private static final String SCHEME = "mlflow-artifacts:";

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Artifacts artifacts;
    private final ArtifactStore store;
    private final LoggedModelStore models;
    private final Writers writers;
    private final Readers readers;
    private final RunStore runs;

    public ArtifactTree(Database database, Ledger ledger, Clock clock, Access access, Artifacts artifacts) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.artifacts = artifacts;
        this.store = new ArtifactStore(database);
        this.models = new LoggedModelStore(database);
        this.runs = RunStore.reading(database);
        this.writers = new Writers(access, runs);
        this.readers = new Readers(access, runs);
    }

    /** The tree path that an artifact URI of ours means; empty for places that this server does not keep. */
    public static Optional<String> pathOf(String artifactUri) {
        if (!artifactUri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String path = artifactUri.substring(SCHEME.length());
        if (path.startsWith("//") && !path.startsWith("///")) {
            return Optional.empty();
        }
        return Optional.of(path.replaceFirst("^/+", ""));
    }

    /** Keeps at most {@code limit} bytes as the file; visible, whole and durable when this returns. */
    public ArtifactFile put(Actor by, String path, InputStream bytes, long limit) {
        ArtifactPath at = ArtifactPath.of(path);
        if (at.isRoot()) {
            throw new Problem.Invalid("Invalid path");
        }
        database.read(() -> {
            requireWritable(by, at);
            requireNoFolder(at);
            return at;
        });
        Stored stored = artifacts.putLoose(bytes, limit);
        return put(by, at, stored);
    }

    /** Refuses whoever may not write at the path. */
    public void requireWritable(Actor by, String path) {
        ArtifactPath at = ArtifactPath.of(path);
        if (at.isRoot()) {
            throw new Problem.Invalid("Invalid path");
        }
        database.read(() -> requireWritable(by, at));
    }

    /** Gives bytes that are kept already a name. */
    public ArtifactFile put(Actor by, String path, Stored stored) {
        return put(by, ArtifactPath.of(path), stored);
    }

    private ArtifactFile put(Actor by, ArtifactPath at, Stored stored) {
        return database.write(() -> {
            requireWritable(by, at);
            requireNoFolder(at);
            for (int depth = at.parts().size() - 1; depth > 0; depth--) {
                ArtifactPath folder = new ArtifactPath(at.parts().subList(0, depth));
                Optional<ArtifactFile> there = store.find(folder);
                if (there.isPresent()) {
                    requireFolder(there.get());
                    break;
                }
                store.makeFolder(folder, clock.millis());
            }
            store.put(at, stored, clock.millis());
            return new ArtifactFile(at.text(), stored.sha256(), stored.size());
        });
    }

    /** The file or folder at a path. */
    public Optional<ArtifactFile> find(Actor by, String path) {
        ArtifactPath at = ArtifactPath.of(path);
        return database.read(() -> {
            requireReadable(by, at);
            return store.find(at);
        });
    }

    /** The file at a path; {@link Problem.NotFound} when there is none. */
    public ArtifactFile file(Actor by, String path) {
        return find(by, path)
                .filter(file -> !file.isFolder())
                .orElseThrow(() -> new Problem.NotFound("No such artifact: '" + Names.shortened(path) + "'"));
    }

    /** What lies directly in a folder, by name; nothing for a file or where nothing is. */
    public List<ArtifactFile> list(Actor by, String path) {
        ArtifactPath at = ArtifactPath.of(path);
        return database.read(() -> {
            requireReadable(by, at);
            return store.list(at.text());
        });
    }

    /** Every file below a folder, by path. */
    public List<ArtifactFile> files(Actor by, String path) {
        ArtifactPath at = ArtifactPath.of(path);
        return database.read(() -> {
            requireReadable(by, at);
            return store.files(at.text());
        });
    }

    /** The bytes of a file that the other verbs gave to whoever may read it. */
    public InputStream open(ArtifactFile file) {
        return artifacts.open(file.hash());
    }

    /** Removes a file, or a folder with everything below; nothing happens where nothing is. */
    public void delete(Actor by, String path) {
        ArtifactPath at = ArtifactPath.of(path);
        if (at.isRoot()) {
            throw new Problem.Invalid("Invalid path");
        }
        writers.requireGate(by, database.read(() -> requireWritable(by, at)));
        database.write(() -> {
            String owner = requireWritable(by, at);
            store.find(at).ifPresent(file -> {
                String digest = file.isFolder() ? digestOf(at.text()) : file.hash();
                store.delete(file);
                ledger.append(
                        by,
                        "artifact.deleted",
                        owner,
                        Json.object().put("path", at.text()).put("digest", digest));
            });
        });
    }

    /** Gives back the space of files that were deleted or replaced, when they came at least {@code age} ago. */
    public Artifacts.Collected collect(Duration age) {
        return artifacts.collect(clock.instant().minus(age), hash -> database.read(() -> store.isNamed(hash)));
    }

    /** Hex SHA-256 over the names and hashes of all files at an artifact URI of ours; "" for other places. For rooms above. */
    public String digest(String artifactUri) {
        return pathOf(artifactUri)
                .map(path -> database.read(() -> digestOf(path)))
                .orElse("");
    }

    private String digestOf(String folder) {
        var hashes = new TreeMap<String, String>();
        store.files(folder).forEach(file -> hashes.put(file.path().substring(folder.length()), file.hash()));
        return Json.digest(hashes);
    }

    /** Checks who may write at a path, and tells whose it is as the ledger names it. */
    private String requireWritable(Actor by, ArtifactPath at) {
        Owner owner = owner(at);
        if (owner.run().isPresent()) {
            String id = owner.run().get();
            writers.requireActive(by, id);
            return "run:" + id;
        }
        if (owner.model().isPresent()) {
            String id = owner.model().get();
            LoggedModels.requireWritable(by, models.require(id), writers);
            return "logged-model:" + id;
        }
        String first = at.parts().getFirst();
        writers.requireTracking(by, Optional.empty());
        writers.requireLevel(by, first, Level.EDIT);
        writers.requireNoStep(by, "'" + Names.shortened(at.text()) + "'");
        return "artifacts:" + first;
    }

    /** Refuses whoever may not read what a path belongs to; everyone may read the names at the root. */
    private void requireReadable(Actor by, ArtifactPath at) {
        if (at.isRoot() || readers.experiments(by).isAll()) {
            return;
        }
        Owner owner = owner(at);
        if (owner.run().isPresent()) {
            readers.require(by, runs.find(owner.run().get()).orElseThrow());
        } else if (owner.model().isPresent()) {
            readers.require(by, models.require(owner.model().get()));
        } else {
            readers.require(by, at.parts().getFirst());
        }
    }

    /** The run or the logged model that a path belongs to; neither where an experiment's other files lie. */
    private record Owner(Optional<String> run, Optional<String> model) {}

    private Owner owner(ArtifactPath at) {
        List<String> parts = at.parts();
        for (int i = 1; i < parts.size(); i++) {
            if (!parts.get(i).equals("artifacts")) {
                continue;
            }
            String id = parts.get(i - 1);
            String uri = SCHEME + "/" + String.join("/", parts.subList(0, i + 1));
            Optional<String> run = store.runAt(id, uri);
            Optional<String> model = run.isPresent() ? Optional.empty() : store.modelAt(id, uri);
            if (run.isPresent() || model.isPresent()) {
                return new Owner(run, model);
            }
        }
        return new Owner(Optional.empty(), Optional.empty());
    }

    private void requireNoFolder(ArtifactPath at) {
        store.find(at).filter(ArtifactFile::isFolder).ifPresent(folder -> {
            throw new Problem.Invalid("'" + at.text() + "' is a folder (expected: a path where no folder is)");
        });
    }

    private static void requireFolder(ArtifactFile there) {
        if (!there.isFolder()) {
            throw new Problem.Invalid("'" + there.path() + "' is a file (expected: a folder)");
        }
    }
}
