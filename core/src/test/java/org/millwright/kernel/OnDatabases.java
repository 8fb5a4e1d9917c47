package org.millwright.kernel;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The databases that store tests run on: a fresh SQLite file and a fresh schema of a real PostgreSQL server.
 *
 * <pre>{@code
 * @ParameterizedClass
 * @MethodSource("org.millwright.kernel.OnDatabases#each")
 * class RunsTest {
 *     private final Database database;
 *     RunsTest(OnDatabases.Maker maker) { this.database = maker.make(); }
 *     @AfterEach void close() { database.close(); }
 * }</pre>
 */
public final class OnDatabases {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    private OnDatabases() {}

    /** Makes an empty, migrated database. */
    public interface Maker {
        Database make();
    }

    public static Stream<Arguments> each() {
        Maker sqlite = OnDatabases::sqlite;
        Maker postgres = OnDatabases::postgres;
        return Stream.of(Arguments.of(Named.of("SQLite", sqlite)), Arguments.of(Named.of("PostgreSQL", postgres)));
    }

    /** A new SQLite file in a temporary folder that goes with the process. */
    public static Database sqlite() {
        try {
            Path folder = Files.createTempDirectory("millwright-test");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("test.db");
            file.toFile().deleteOnExit();
            return Database.sqlite(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new database of a PostgreSQL server that this process started. */
    public static Database postgres() {
        return Database.postgres(postgresUrl(), "postgres", "");
    }

    /** The address of the same, for who opens it by themselves: {@code postgres} connects without a password. */
    public static String postgresUrl() {
        String name = "test" + COUNT.incrementAndGet();
        try (var connection = server().getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server().getJdbcUrl("postgres", name);
    }

    private static synchronized EmbeddedPostgres server() {
        if (server == null) {
            try {
                server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }
        return server;
    }
}
