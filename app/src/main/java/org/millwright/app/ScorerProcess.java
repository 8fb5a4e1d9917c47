package org.millwright.app;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.engines.otlp.Collector;
import org.millwright.kernel.Ids;
import org.millwright.replica.Replica;
import org.millwright.replica.ReplicaSettings;
import org.millwright.trace.Tracing;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;
import org.millwright.web.api.ElsewhereRoutes;
import org.millwright.web.grpc.GrpcServer;
import org.millwright.web.metrics.MetricsRoutes;
import org.millwright.web.oip.InvocationErrors;
import org.millwright.web.oip.InvocationsRoutes;
import org.millwright.web.oip.OipErrors;
import org.millwright.web.oip.OipRoutes;

/** A process that only scores: the protocols over a replica of a server's deployments. It keeps nothing that could be lost. */
public final class ScorerProcess implements AutoCloseable {
    private final Deque<AutoCloseable> parts;
    private final Replica replica;
    private final WebServer server;
    private final Optional<GrpcServer> grpc;

    private ScorerProcess(
            WebSettings web,
            Optional<Integer> grpcPort,
            ReplicaSettings settings,
            Tracing tracing,
            Clock clock,
            Deque<AutoCloseable> parts) {
        this.parts = parts;
        parts.push(tracing);
        parts.push(DataFolder.open(settings.cache()));
        var ids = new Ids(clock);
        replica = new Replica(settings, clock, ids);
        parts.push(replica);
        server = WebServer.start(
                web,
                replica.callers(),
                ids,
                List.of(
                        new OipRoutes(replica.scorer()),
                        new InvocationsRoutes(replica.scorer()),
                        new MetricsRoutes(replica),
                        new ElsewhereRoutes(settings.server())),
                List.of(new OipErrors(), new InvocationErrors()),
                this::health,
                tracing);
        parts.push(server);
        grpc = grpcPort.map(port -> GrpcServer.start(web, port, replica.callers(), ids, replica.scorer(), tracing));
        grpc.ifPresent(parts::push);
        replica.start();
    }

    /**
     * Starts to listen and to follow; throws a {@code Problem} in one sentence when it cannot.
     *
     * @param traces variables of OpenTelemetry, which say where traces go
     */
    public static ScorerProcess start(
            WebSettings web,
            Optional<Integer> grpcPort,
            ReplicaSettings settings,
            Map<String, String> traces,
            Clock clock) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            return new ScorerProcess(web, grpcPort, settings, Collector.tracing(traces), clock, parts);
        } catch (RuntimeException e) {
            Millwright.close(parts);
            throw e;
        }
    }

    private List<String> health() {
        return replica.scorer().isLoaded()
                ? List.of()
                : List.of("deployments are still being loaded"
                        + replica.state().problem().map(why -> ": " + why).orElse(""));
    }

    public int port() {
        return server.port();
    }

    /** Where gRPC is spoken; empty for nowhere. */
    public Optional<Integer> grpcPort() {
        return grpc.map(GrpcServer::port);
    }

    public Replica replica() {
        return replica;
    }

    /** Stops to answer; the server is told what it was not told yet, if it is there. */
    @Override
    public void close() {
        Millwright.close(parts);
    }
}
