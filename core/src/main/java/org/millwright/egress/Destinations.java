package org.millwright.egress;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.millwright.kernel.Problem;

/**
 * Where the server may send to on someone's word: public addresses, and what the operator named.
 *
 * @param inner hosts of the own networks that may be reached, as {@code HOST} or {@code HOST:PORT}; {@code *} for all. Only
 *     they may be spoken to without TLS
 */
public record Destinations(Set<String> inner) {
    /** Public addresses only. */
    public static final Destinations PUBLIC = new Destinations(Set.of());

    private static final int MAX_URL = 2_000;

    public Destinations {
        inner = Set.copyOf(inner);
    }

    /** The URL, when it is one that may be sent to; its name is looked up, but need not be known yet. */
    public URI requireUrl(String text) {
        URI url = parsed(text);
        requireHost(url.getHost(), port(url));
        return url;
    }

    /** Refuses a host that may not be sent to; a name that is not known yet is looked up again with each sending. */
    public void requireHost(String host, int port) {
        try {
            address(host, port);
        } catch (UnknownHostException e) {
            // Looked up again with each sending.
        }
    }

    /** The address to connect to, checked just now: nothing is looked up again after this. */
    public InetAddress address(URI url) throws UnknownHostException {
        return address(url.getHost(), port(url));
    }

    /** The same for a host and a port. */
    public InetAddress address(String host, int port) throws UnknownHostException {
        InetAddress[] found = InetAddress.getAllByName(HttpPost.bare(host));
        if (!isNamed(host, port)) {
            for (InetAddress address : found) {
                if (!PublicAddress.is(address)) {
                    throw new Problem.Invalid(
                            "'" + host + "' resolves to " + address.getHostAddress()
                                    + ", which is no public address: it could reach inner systems",
                            "The operator may allow it: MW_CHANNEL_HOSTS=" + host + ":" + port);
                }
            }
        }
        return found[0];
    }

    /** Whether the operator named the host, for this port or for any. */
    public boolean isNamed(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return inner.contains("*") || inner.contains(name) || inner.contains(name + ":" + port);
    }

    private URI parsed(String text) {
        if (text.length() > MAX_URL) {
            throw new Problem.Invalid("The URL has " + text.length() + " characters (at most " + MAX_URL + ")");
        }
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new Problem.Invalid("The URL cannot be read: " + e.getReason() + " at character " + e.getIndex());
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || !scheme.matches("https?")) {
            throw new Problem.Invalid("The URL names no host to send to (expected: https://HOST/…)");
        }
        if (url.getRawUserInfo() != null) {
            throw new Problem.Invalid("A URL carries no user and password here", "Use the channel's own options.");
        }
        if (scheme.equals("http") && !isNamed(url.getHost(), port(url))) {
            throw new Problem.Invalid(
                    "http to '" + url.getHost() + "' would be readable on its way (expected: https)",
                    "The operator may allow it: MW_CHANNEL_HOSTS=" + url.getHost() + ":" + port(url));
        }
        return url;
    }

    private static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : "http".equalsIgnoreCase(url.getScheme()) ? 80 : 443;
    }
}
