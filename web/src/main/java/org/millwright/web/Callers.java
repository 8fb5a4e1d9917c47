package org.millwright.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;
import org.millwright.kernel.Problem;

/** Finds out who calls, and refuses what a foreign web page makes a browser send. */
final class Callers {
    /** The cookie that keeps a browser signed in; its value is a token. */
    static final String COOKIE = "mw_token";

    private static final HeaderName ORIGIN = HeaderNames.create("Origin");
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern LOCAL_ORIGIN =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    /** Addresses that only a local network reaches; no name server can make a page's name one of these. */
    private static final Pattern PRIVATE =
            Pattern.compile("10(\\.\\d{1,3}){3}|192\\.168(\\.\\d{1,3}){2}|172\\.(1[6-9]|2\\d|3[01])(\\.\\d{1,3}){2}");

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Authenticator users;
    private final WebSettings settings;

    Callers(Authenticator users, WebSettings settings) {
        this.users = users;
        this.settings = settings;
    }

    /** The actor by token, password or cookie; the local owner on a loopback server without accounts. */
    Actor identify(ServerRequest request) {
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        if (authorization.isPresent()) {
            return Credentials.actor(users, authorization.get());
        }
        Optional<String> cookie = isForeign(request)
                ? Optional.empty()
                : request.headers().cookies().first(COOKIE).asOptional();
        boolean open = !settings.auth() && isLoopback(request);
        if (cookie.isPresent()) {
            try {
                return users.byToken(cookie.get());
            } catch (Problem.Unauthenticated e) {
                // Browsers send a cookie to all ports: it may be another server's.
                if (!open) {
                    throw e;
                }
            }
        }
        if (open) {
            return Actor.LOCAL;
        }
        throw Credentials.missing();
    }

    /** Refuses unknown Host headers (DNS rebinding) and changes asked for by foreign pages (CSRF). */
    void requireOwnOrigin(ServerRequest request) {
        String host = request.headers().first(HeaderNames.HOST).orElse("");
        if (!isAllowed(nameOf(host))) {
            throw new Problem.Denied(
                    "Invalid Host header - possible DNS rebinding attack detected", "Add the name to --allowed-hosts.");
        }
        if (SAFE.contains(request.prologue().method().text())) {
            return;
        }
        if (!isForeign(request) && request.headers().first(ORIGIN).isPresent()
                || mayCall(request, request.headers().first(ORIGIN).orElse(""))) {
            return;
        }
        boolean foreignSite = request.headers()
                .first(FETCH_SITE)
                .map(site -> site.equals("cross-site"))
                .orElse(false);
        if (isForeign(request) || foreignSite) {
            throw new Problem.Denied(
                    "Cross-origin request blocked", "Open the page from this server, or see --cors-allowed-origins.");
        }
    }

    /**
     * Whether pages of the origin may call the path: MLflow's API for pages of this machine and for those that the operator
     * named. They must show credentials of their own: the cookie counts for pages of this server only.
     */
    boolean mayCall(ServerRequest request, String origin) {
        String path = request.path().path();
        boolean api = path.startsWith("/api/") || path.startsWith(settings.prefix() + "/ajax-api/");
        return api
                && (settings.corsOrigins().contains(origin)
                        || LOCAL_ORIGIN.matcher(origin).matches());
    }

    /** Whether a page of another origin asks; programs send no origin. */
    private static boolean isForeign(ServerRequest request) {
        String host = request.headers().first(HeaderNames.HOST).orElse("");
        return request.headers()
                .first(ORIGIN)
                .filter(origin -> !origin.endsWith("://" + host))
                .isPresent();
    }

    private boolean isAllowed(String name) {
        return LOCAL_NAMES.contains(name)
                || PRIVATE.matcher(name).matches()
                || name.equals(settings.host())
                || settings.allowedHosts().contains(name);
    }

    private static String nameOf(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static boolean isLoopback(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                && Optional.ofNullable(peer.getAddress())
                        .map(InetAddress::isLoopbackAddress)
                        .orElse(false);
    }
}
