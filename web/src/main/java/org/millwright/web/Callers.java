package org.millwright.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;

/** Finds out who calls, and refuses what a foreign web page makes a browser send. */
final class Callers {
    /** The cookie that keeps a browser signed in; its value is a token. */
    static final String COOKIE = "mw_token";

    private static final HeaderName ORIGIN = HeaderNames.create("Origin");
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Users users;
    private final WebSettings settings;

    Callers(Users users, WebSettings settings) {
        this.users = users;
        this.settings = settings;
    }

    /** The actor by token, password or cookie; the local owner on a loopback server without accounts. */
    Actor identify(ServerRequest request) {
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        if (authorization.isPresent()) {
            return byHeader(authorization.get());
        }
        Optional<String> cookie = request.headers().cookies().first(COOKIE).asOptional();
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
        throw new Problem.Unauthenticated("You are not authenticated.");
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
        String origin = request.headers().first(ORIGIN).orElse("");
        boolean foreignOrigin =
                !origin.isEmpty() && !origin.equals("null") && !origin.endsWith("://" + host) || origin.equals("null");
        boolean foreignSite = request.headers()
                .first(FETCH_SITE)
                .map(site -> site.equals("cross-site"))
                .orElse(false);
        if (foreignOrigin || foreignSite) {
            throw new Problem.Denied("Cross-origin request blocked", "Open the page from this server.");
        }
    }

    private Actor byHeader(String header) {
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return users.byToken(header.substring(7).trim());
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                if (colon > 0) {
                    return users.byPassword(pair.substring(0, colon), pair.substring(colon + 1));
                }
            } catch (IllegalArgumentException e) {
                throw new Problem.Unauthenticated("The Basic credentials are not base64");
            }
        }
        throw new Problem.Unauthenticated("Unknown authorization scheme (expected: Bearer or Basic)");
    }

    private boolean isAllowed(String name) {
        return LOCAL_NAMES.contains(name)
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
