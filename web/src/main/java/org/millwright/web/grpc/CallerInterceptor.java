package org.millwright.web.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;
import org.millwright.web.Credentials;

/** Finds out who calls, as the HTTP server does: by credentials, or the local owner where none are asked for. */
final class CallerInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Actor> ACTOR = Context.key("actor");

    /** Calls that need nobody, so that a probe needs no token. */
    private static final Set<String> OPEN = Set.of("ServerLive", "ServerReady");

    private final Authenticator users;
    private final boolean auth;
    private final Failures failures;

    CallerInterceptor(Authenticator users, boolean auth, Failures failures) {
        this.users = users;
        this.auth = auth;
        this.failures = failures;
    }

    /** Who makes the call that is being answered. */
    static Actor actor() {
        return Optional.ofNullable(ACTOR.get()).orElseThrow(Credentials::missing);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        if (isOpen(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        try {
            Context context = Context.current().withValue(ACTOR, identify(call, headers));
            return Contexts.interceptCall(context, call, headers, next);
        } catch (RuntimeException e) {
            call.close(failures.status(method, e), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }

    /** Whether it is known who calls without the database. */
    boolean isKnown(ServerCall<?, ?> call, Metadata headers) {
        String shown = headers.get(AUTHORIZATION);
        return shown == null
                ? !auth && isLoopback(call)
                : Credentials.token(shown).map(users::isKnown).orElse(false);
    }

    /** Whether nobody need say who asks for it. */
    static boolean isOpen(MethodDescriptor<?, ?> method) {
        return OPEN.contains(String.valueOf(method.getBareMethodName()));
    }

    private Actor identify(ServerCall<?, ?> call, Metadata headers) {
        String shown = headers.get(AUTHORIZATION);
        if (shown != null) {
            return Credentials.actor(users, shown);
        }
        if (!auth && isLoopback(call)) {
            return Actor.LOCAL;
        }
        throw Credentials.missing();
    }

    private static boolean isLoopback(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer
                && Optional.ofNullable(peer.getAddress())
                        .map(InetAddress::isLoopbackAddress)
                        .orElse(false);
    }
}
