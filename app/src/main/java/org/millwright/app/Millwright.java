package org.millwright.app;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.millwright.dataset.Datasets;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.web.WebServer;
import org.millwright.web.grpc.GrpcServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole factory in one process: rooms, adapters, server. */
public final class Millwright implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Millwright.class);

    private final Deque<AutoCloseable> parts;
    private final Rooms rooms;
    private final Adapters adapters;
    private final WebServer server;
    private final Optional<GrpcServer> grpc;
    private final Optional<String> setUpToken;

    private Millwright(Settings settings, Clock clock, Deque<AutoCloseable> parts) {
        this.parts = parts;
        rooms = new Rooms(settings, clock, parts::push);
        setUpToken = settings.web().auth() ? setUp(settings) : Optional.empty();
        adapters = Adapters.over(rooms, settings.web().prefix());
        server = WebServer.start(
                settings.web(),
                rooms.users,
                rooms.ids,
                adapters.routes(),
                adapters.errors(),
                rooms.health::faults,
                rooms.tracing);
        parts.push(server);
        grpc = settings.grpcPort()
                .map(port ->
                        GrpcServer.start(settings.web(), port, rooms.users, rooms.ids, rooms.scorer, rooms.tracing));
        grpc.ifPresent(parts::push);
        rooms.begin(settings.web().host(), server.port());
    }

    private Optional<String> setUp(Settings settings) {
        var admin = settings.compatibility().admin();
        return rooms.users.setUp(
                admin.map(Compatibility.Credentials::name), admin.map(Compatibility.Credentials::password));
    }

    /** Makes the first administrator when the server asks for credentials and nobody administrates it. */
    public Optional<String> setUpToken() {
        return setUpToken;
    }

    /** Opens the data folder and starts to serve; throws a {@code Problem} in one sentence when it cannot. */
    public static Millwright start(Settings settings, Clock clock) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            return new Millwright(settings, clock, parts);
        } catch (RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    public int port() {
        return server.port();
    }

    /** Where gRPC is spoken; empty for nowhere. */
    public Optional<Integer> grpcPort() {
        return grpc.map(GrpcServer::port);
    }

    /** Why the ledger cannot be signed, if that is so. */
    public Optional<Problem> unsigned() {
        return rooms.ledger.keys().unsigned();
    }

    public Users users() {
        return rooms.users;
    }

    /** Everything that this server has a path for; for tests that call each. */
    Adapters adapters() {
        return adapters;
    }

    long ledgerSize() {
        return rooms.ledger.size();
    }

    public Datasets datasets() {
        return rooms.datasets;
    }

    /** How long Python and the programs around it were at work for this server; several at the same time count once. */
    public Duration foreignWork() {
        return rooms.processes.atWork();
    }

    /** Stops in the reverse order of starting; everything acknowledged stays. */
    @Override
    public void close() {
        close(parts);
    }

    static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("Stopping {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }
}
