package org.millwright.web.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.millwright.identity.Authenticator;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.serving.Scorer;
import org.millwright.trace.Tracing;
import org.millwright.web.Http;
import org.millwright.web.WebSettings;

/**
 * The gRPC server: the same models, callers and limits as over HTTP, each call on a virtual thread unless it is
 * {@link QuickCalls quick}.
 */
public final class GrpcServer implements AutoCloseable {
    private static final int CALLS_OF_A_CONNECTION = 100;
    private static final int GRACE_MILLIS = 500;
    /** As long as the HTTP server waits for the next bytes of a body; a message may take no longer in all. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Server server;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    private GrpcServer(Server server, ExecutorService threads, ScheduledExecutorService timer) {
        this.server = server;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Starts to listen on the address of the HTTP server.
     *
     * @param port 0 picks a free one
     */
    public static GrpcServer start(WebSettings settings, int port, Authenticator users, Ids ids, Scorer scorer) {
        return start(settings, port, users, ids, scorer, Tracing.OFF);
    }

    /** The same with a span for each call. */
    public static GrpcServer start(
            WebSettings settings, int port, Authenticator users, Ids ids, Scorer scorer, Tracing tracing) {
        return start(settings, port, users, ids, scorer, tracing, PATIENCE);
    }

    /** @param patience how long a message may take to come */
    static GrpcServer start(
            WebSettings settings,
            int port,
            Authenticator users,
            Ids ids,
            Scorer scorer,
            Tracing tracing,
            Duration patience) {
        var failures = new Failures(ids);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        var timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("grpc-patience").factory());
        var callers = new CallerInterceptor(users, settings.auth(), failures);
        var quick = new QuickCalls(scorer, callers, threads);
        var builder = NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), port))
                .executor(threads)
                .addService(new InferenceService(scorer, failures, quick))
                // The last one is asked first.
                .intercept(new Patience(timer, patience))
                .intercept(callers)
                .maxInboundMessageSize(Http.JSON_LIMIT)
                .maxConcurrentCallsPerConnection(CALLS_OF_A_CONNECTION)
                .handshakeTimeout(20, TimeUnit.SECONDS)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        if (tracing.isOn()) {
            // A span ends with its call's turn on one thread.
            builder.intercept(new TraceInterceptor(tracing));
        } else {
            builder.directExecutor().callExecutor(quick);
        }
        try {
            return new GrpcServer(builder.build().start(), threads, timer);
        } catch (IOException e) {
            timer.shutdownNow();
            threads.close();
            throw new Problem.Unavailable(
                    "Cannot listen on " + settings.host() + ":" + port + " for gRPC: the port is taken or not allowed",
                    "Choose another port: mw serve --grpc-port 0 picks a free one.",
                    e);
        }
    }

    /** Every method that is answered, by its full name. */
    Set<String> methods() {
        return server.getServices().stream()
                .flatMap(service -> service.getMethods().stream())
                .map(method -> method.getMethodDescriptor().getFullMethodName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public int port() {
        return server.getPort();
    }

    /** Stops to accept, lets calls in flight finish for half a second. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        timer.shutdownNow();
    }
}
