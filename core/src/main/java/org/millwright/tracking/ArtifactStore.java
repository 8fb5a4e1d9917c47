package org.millwright.tracking;

import static org.jooq.impl.DSL.excluded;
import static org.millwright.schema.Tables.ARTIFACT_FILE;
import static org.millwright.schema.Tables.LOGGED_MODEL;
import static org.millwright.schema.Tables.RUN;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.artifact.Stored;
import org.millwright.kernel.Database;

/** The artifact tree's files and folders in the database. */
final class ArtifactStore {
    private final Database database;

    ArtifactStore(Database database) {
        this.database = database;
    }

    Optional<ArtifactFile> find(ArtifactPath path) {
        return path.isRoot()
                ? Optional.of(new ArtifactFile("", null, 0))
                : database.dsl()
                        .selectFrom(ARTIFACT_FILE)
                        .where(ARTIFACT_FILE.DIR.eq(path.parent().text()).and(ARTIFACT_FILE.NAME.eq(path.name())))
                        .fetchOptional(ArtifactStore::file);
    }

    /** Whether any file has these bytes. */
    boolean isNamed(String sha256) {
        return database.dsl().fetchExists(ARTIFACT_FILE, ARTIFACT_FILE.SHA256.eq(sha256));
    }

    /** Writes a file over what was there. */
    void put(ArtifactPath path, Stored stored, long now) {
        database.dsl()
                .insertInto(ARTIFACT_FILE)
                .set(ARTIFACT_FILE.DIR, path.parent().text())
                .set(ARTIFACT_FILE.NAME, path.name())
                .set(ARTIFACT_FILE.SHA256, stored.sha256())
                .set(ARTIFACT_FILE.SIZE, stored.size())
                .set(ARTIFACT_FILE.UPDATED_AT, now)
                .onConflict(ARTIFACT_FILE.DIR, ARTIFACT_FILE.NAME)
                .doUpdate()
                .set(ARTIFACT_FILE.SHA256, excluded(ARTIFACT_FILE.SHA256))
                .set(ARTIFACT_FILE.SIZE, excluded(ARTIFACT_FILE.SIZE))
                .set(ARTIFACT_FILE.UPDATED_AT, excluded(ARTIFACT_FILE.UPDATED_AT))
                .execute();
    }

    /** Makes a folder when nothing is there. */
    void makeFolder(ArtifactPath path, long now) {
        database.dsl()
                .insertInto(ARTIFACT_FILE)
                .set(ARTIFACT_FILE.DIR, path.parent().text())
                .set(ARTIFACT_FILE.NAME, path.name())
                .set(ARTIFACT_FILE.SIZE, 0L)
                .set(ARTIFACT_FILE.UPDATED_AT, now)
                .onConflictDoNothing()
                .execute();
    }

    List<ArtifactFile> list(String folder) {
        return database
                .dsl()
                .selectFrom(ARTIFACT_FILE)
                .where(ARTIFACT_FILE.DIR.eq(folder))
                .fetch(ArtifactStore::file)
                .stream()
                .sorted(java.util.Comparator.comparing(ArtifactFile::path))
                .toList();
    }

    /** Every file below a folder. */
    List<ArtifactFile> files(String folder) {
        var files = new ArrayList<ArtifactFile>();
        Deque<String> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty()) {
            for (ArtifactFile file : list(open.removeFirst())) {
                if (file.isFolder()) {
                    open.addLast(file.path());
                } else {
                    files.add(file);
                }
            }
        }
        files.sort(java.util.Comparator.comparing(ArtifactFile::path));
        return files;
    }

    /** Removes a file, or a folder with everything below. */
    void delete(ArtifactFile file) {
        if (file.isFolder()) {
            list(file.path()).forEach(this::delete);
        }
        ArtifactPath path = ArtifactPath.of(file.path());
        if (!path.isRoot()) {
            database.dsl()
                    .deleteFrom(ARTIFACT_FILE)
                    .where(ARTIFACT_FILE.DIR.eq(path.parent().text()).and(ARTIFACT_FILE.NAME.eq(path.name())))
                    .execute();
        }
    }

    /** The run whose artifacts lie at the URI. */
    Optional<String> runAt(String id, String uri) {
        return database.dsl()
                .select(RUN.ID)
                .from(RUN)
                .where(RUN.ID.eq(id).and(RUN.ARTIFACT_URI.eq(uri)))
                .fetchOptional(RUN.ID);
    }

    /** The logged model whose artifacts lie at the URI. */
    Optional<String> modelAt(String id, String uri) {
        return database.dsl()
                .select(LOGGED_MODEL.ID)
                .from(LOGGED_MODEL)
                .where(LOGGED_MODEL.ID.eq(id).and(LOGGED_MODEL.ARTIFACT_URI.eq(uri)))
                .fetchOptional(LOGGED_MODEL.ID);
    }

    private static ArtifactFile file(Record row) {
        String dir = row.get(ARTIFACT_FILE.DIR);
        String name = row.get(ARTIFACT_FILE.NAME);
        return new ArtifactFile(
                dir.isEmpty() ? name : dir + "/" + name, row.get(ARTIFACT_FILE.SHA256), row.get(ARTIFACT_FILE.SIZE));
    }
}
