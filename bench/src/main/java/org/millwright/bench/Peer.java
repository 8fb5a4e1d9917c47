package org.millwright.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A tracking server as its command starts it, with SQLite in a folder of its own unless it says otherwise. */
enum Peer {
    MILLWRIGHT(""),
    /** Ours on a PostgreSQL server of its own, whose processes do not count as the server's. */
    POSTGRESQL(""),
    FASTTRACKML("fasttrackml==0.6.0"),
    MLFLOW("mlflow==3.17.2");

    private final String requirement;

    Peer(String requirement) {
        this.requirement = requirement;
    }

    /** Starts it on the data and waits until it is healthy; its package is installed below {@code kept} when it is not. */
    Server start(Product product, Path kept, Path data) {
        if (this == MILLWRIGHT) {
            return product.serve(data);
        }
        if (this == POSTGRESQL) {
            return onPostgres(product, data);
        }
        Venv environment = Venv.with(kept, requirement, List.of(requirement));
        int port = Product.freePort();
        List<String> command = switch (this) {
            case FASTTRACKML ->
                List.of(
                        environment.program("fml"),
                        "server",
                        "--listen-address",
                        "127.0.0.1:" + port,
                        "--database-uri",
                        "sqlite://" + data.resolve("fml.db"),
                        "--default-artifact-root",
                        data.resolve("artifacts").toString());
            default ->
                List.of(
                        environment.program("mlflow"),
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--backend-store-uri",
                        "sqlite:///" + data.resolve("mlflow.db"),
                        "--artifacts-destination",
                        data.resolve("artifacts").toString());
        };
        try {
            long start = System.nanoTime();
            return Server.awaitHealthy(environment.server(data, command).start(), port, start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server onPostgres(Product product, Path data) {
        try {
            var postgres = EmbeddedPostgres.builder().start();
            Server.Closing closing = () -> {
                try {
                    postgres.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
            try {
                var user = Map.of("MW_DATABASE_USER", "postgres");
                return product.serve(data, user, "--database", postgres.getJdbcUrl("postgres", "postgres"))
                        .with(closing);
            } catch (RuntimeException e) {
                closing.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether what it was filled with is there at its next start. */
    boolean remembers() {
        return this != POSTGRESQL;
    }

    /** Runs a command to its end; throws when that is not 0. */
    static void run(String... command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                    .inheritIO()
                    .start();
            if (!process.waitFor(15, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
