package org.millwright.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.millwright.artifact.Stored;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/** Keeps project folders as they were when runs were asked for, by content. */
public final class Sources {
    /** Files of a folder, bytes of one file, bytes of all. */
    static final int MAX_FILES = 2_000;

    static final long MAX_FILE = 16L << 20;
    static final long MAX_ALL = 64L << 20;
    private static final Pattern COMMIT = Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})?");

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final Trees trees;
    private final SourceStore store;

    public Sources(Database database, Ledger ledger, Access access, Clock clock, Trees trees) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.trees = trees;
        this.store = new SourceStore(database);
    }

    /** Where files of sources and steps are kept. */
    Trees trees() {
        return trees;
    }

    /** Keeps the files of a ZIP archive; the same files of the same commit are kept once. */
    public Source put(Actor by, String project, InputStream zip, String commit, boolean dirty) {
        access.require(by, Permission.RUN, project);
        if (!COMMIT.matcher(commit).matches()) {
            throw new Problem.Invalid("commit: '" + commit + "' (expected: 40 or 64 hex digits, or nothing)");
        }
        List<Trees.Entry> entries = unpack(zip);
        String manifest = trees.put(entries);
        long bytes = entries.stream().mapToLong(Trees.Entry::size).sum();
        String id = Json.digest(List.of(project, manifest, commit, Boolean.toString(dirty)));
        return database.write(() -> {
            Optional<Source> known = store.find(id);
            if (known.isPresent()) {
                return known.get();
            }
            var source =
                    new Source(id, project, manifest, commit, dirty, entries.size(), bytes, by.id(), clock.millis());
            store.insert(source);
            ledger.append(
                    by,
                    "source.kept",
                    List.of("source:" + id, Project.ref(project)),
                    Json.object()
                            .put("manifest", manifest)
                            .put("commit", commit)
                            .put("dirty", dirty));
            return source;
        });
    }

    /** Notes a source as the project's newest files; the same as before changes nothing. */
    public Push push(Actor by, String id) {
        Source source = get(id);
        access.require(by, Permission.RUN, source.project());
        return database.write(() -> {
            Optional<Push> before = store.pushed(source.project())
                    .filter(push -> push.sourceId().equals(id));
            if (before.isPresent()) {
                return before.get();
            }
            var push = new Push(source.project(), id, source.commit(), by.id(), clock.millis());
            store.push(push);
            ledger.append(
                    by,
                    "source.pushed",
                    List.of("source:" + id, Project.ref(source.project())),
                    Json.object().put("commit", source.commit()).put("dirty", source.dirty()));
            return push;
        });
    }

    /** The project's newest files, if any were ever pushed. */
    public Optional<Push> pushed(String project) {
        return database.read(() -> store.pushed(project));
    }

    public Source get(String id) {
        return database.read(() -> store.find(id)).orElseThrow(() -> new Problem.NotFound("No source " + id));
    }

    /** The files of a source by name, with their digests. */
    public Map<String, String> files(Source source) {
        var files = new LinkedHashMap<String, String>();
        trees.list(source.manifest()).forEach(entry -> files.put(entry.path(), entry.sha256()));
        return files;
    }

    /** The text of one file; {@link Problem.NotFound} when the source has no such file. */
    public String text(Source source, String file) {
        String sha256 = Optional.ofNullable(files(source).get(file))
                .orElseThrow(() -> new Problem.NotFound(
                        "The project folder has no " + file, "Add it, and to git: git add " + file));
        return new String(trees.artifacts().bytes(sha256), StandardCharsets.UTF_8);
    }

    private List<Trees.Entry> unpack(InputStream zip) {
        var entries = new LinkedHashMap<String, Trees.Entry>();
        long all = 0;
        try (var in = new ZipInputStream(zip, StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                String name = safe(entry.getName());
                if (entries.size() == MAX_FILES) {
                    throw new Problem.TooLarge(
                            "The project folder has more than " + MAX_FILES + " files", "Leave data out of git.");
                }
                Stored stored = trees.artifacts().put(in, Math.min(MAX_FILE, MAX_ALL - all));
                all += stored.size();
                if (entries.put(name, new Trees.Entry(name, stored.sha256(), stored.size())) != null) {
                    throw new Problem.Invalid("The archive has '" + name + "' twice");
                }
            }
        } catch (ZipException e) {
            throw new Problem.Invalid("The body is not a ZIP archive: " + e.getMessage());
        } catch (IOException e) {
            throw new Problem.Invalid("The archive ends early: " + e.getMessage());
        }
        if (entries.isEmpty()) {
            throw new Problem.Invalid("The archive has no files", "mw run sends the files that git tracks: git add …");
        }
        return new ArrayList<>(entries.values());
    }

    private static String safe(String name) {
        boolean bad = name.isEmpty()
                || name.length() > 512
                || name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || name.chars().anyMatch(c -> c < 32 || c == 127)
                || List.of(name.split("/", -1)).stream()
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (bad) {
            throw new Problem.Invalid(
                    "The archive has a file named '" + name + "' (expected: a path inside the folder)");
        }
        return name;
    }
}
