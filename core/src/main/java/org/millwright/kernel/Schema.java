package org.millwright.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of the metadata: made when missing, migrated when older (a SQLite file is copied first), refused when newer. */
final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final String where;
    private final Optional<Path> file;
    private final Flyway flyway;

    private Schema(String where, Optional<Path> file, String url, @Nullable String user, @Nullable String password) {
        this.where = where;
        this.file = file;
        this.flyway = Flyway.configure()
                .dataSource(url, user, password)
                .locations("classpath:db/migration")
                .load();
    }

    static void ofSqlite(Path file, String url) {
        new Schema(file.toString(), Optional.of(file), url, null, null).bringUpToDate();
    }

    static void ofPostgres(String url, String user, String password) {
        new Schema(url.replaceFirst("\\?.*", ""), Optional.empty(), url, user, password).bringUpToDate();
    }

    private void bringUpToDate() {
        MigrationInfoService info = look();
        requireKnown(info);
        if (info.pending().length == 0) {
            return;
        }
        Optional<MigrationInfo> current = Optional.ofNullable(info.current());
        Optional<Path> copy = current.flatMap(older -> file.map(from -> copy(from, version(older))));
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new Problem.Unavailable(
                    "The metadata in " + where + " could not be migrated: " + reason(e),
                    copy.map(kept -> "As they were before, they are in " + kept + ".")
                            .orElse("Nothing was changed."),
                    e);
        }
        current.ifPresent(older -> LOG.warn(
                "The metadata in {} were of version {} and were migrated{}",
                where,
                version(older),
                copy.map(kept -> "; as before, they are in " + kept).orElse("")));
    }

    private MigrationInfoService look() {
        try {
            return flyway.info();
        } catch (FlywayException e) {
            throw new Problem.Unavailable(
                    "The metadata in " + where + " cannot be opened: " + reason(e),
                    file.isPresent()
                            ? "Restore a backup into a new folder: mw restore DIR --data NEW"
                            : "Does the database run, and may the user of MW_DATABASE_USER use it?",
                    e);
        }
    }

    private void requireKnown(MigrationInfoService info) {
        Arrays.stream(info.applied())
                .filter(applied -> !applied.getState().isResolved())
                .findFirst()
                .ifPresent(unknown -> {
                    throw new Problem.Unavailable(
                            "The metadata in " + where + " have version " + version(unknown)
                                    + ", which this program does not know",
                            "Use the newer Millwright that wrote them.");
                });
    }

    private static Path copy(Path from, String version) {
        try {
            Path folder = Files.createDirectories(from.resolveSibling("backups"));
            Path to = folder.resolve("millwright-" + version + ".db");
            for (int i = 2; Files.exists(to); i++) {
                to = folder.resolve("millwright-" + version + "-" + i + ".db");
            }
            copySqlite(from, to);
            return to;
        } catch (java.io.IOException | SQLException e) {
            throw new Problem.Unavailable(
                    "The metadata in " + from + " could not be copied before their migration: " + e.getMessage(),
                    "Free some space; nothing was changed.",
                    e);
        }
    }

    /** Writes a consistent copy of a SQLite file, also of one that is being written. */
    static void copySqlite(Path from, Path to) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + from);
                var statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, to.toString());
            statement.execute();
        }
    }

    private static String version(MigrationInfo info) {
        return String.valueOf(info.getVersion());
    }

    /** The first line of what the database itself said. */
    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
