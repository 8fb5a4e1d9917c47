package org.millwright.notification;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Where a channel leads and what proves us there: kept sealed, as even a URL may be the secret. */
public sealed interface Target {
    int LONGEST = 1_000;

    /** Refuses what cannot be sent to, or may not. */
    void check(Destinations destinations);

    /** Where it leads, without what is secret. */
    String shown();

    Channel.Kind kind();

    /** One that is posted to at a URL. */
    sealed interface Posted extends Target {
        String url();

        @Override
        default void check(Destinations destinations) {
            destinations.requireUrl(url());
        }

        @Override
        default String shown() {
            return host(url());
        }
    }

    /** Posts signed JSON; {@code secret} signs it as Standard Webhooks do. */
    record Webhook(String url, String secret) implements Posted {
        public Webhook {
            requireHeader("secret", secret);
        }

        @Override
        public Channel.Kind kind() {
            return Channel.Kind.WEBHOOK;
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /** An incoming webhook of Slack, or of what takes the same. */
    record Slack(String url) implements Posted {
        @Override
        public Channel.Kind kind() {
            return Channel.Kind.SLACK;
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /** A workflow of Teams that is started by a webhook. */
    record Teams(String url) implements Posted {
        @Override
        public Channel.Kind kind() {
            return Channel.Kind.TEAMS;
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /** An Alertmanager, by its base URL; {@code token} goes as a bearer token when it is not empty. */
    record Alertmanager(String url, String token) implements Posted {
        public Alertmanager {
            requireHeader("token", token);
        }

        @Override
        public Channel.Kind kind() {
            return Channel.Kind.ALERTMANAGER;
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /** A mail server and whom it is to write to; no user means no sign-in. */
    record Email(String host, int port, Tls tls, String user, String password, String from, List<String> to)
            implements Target {
        private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>,;\"()]{1,64}@[^\\s@<>,;\"()]{1,253}");
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
        private static final int MOST = 50;

        /** How the connection is made secret. */
        public enum Tls {
            /** From the first byte. */
            IMPLICIT,
            /** By STARTTLS, which must succeed. */
            STARTTLS,
            /** Not at all: to hosts that the operator named only. */
            NONE
        }

        public Email {
            to = List.copyOf(to);
            requireHeader("user", user);
            requireHeader("password", password);
            if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
                throw new Problem.Invalid("smtp: '" + host + ":" + port + "' (expected: HOST:PORT)");
            }
            if (to.isEmpty() || to.size() > MOST) {
                throw new Problem.Invalid("to: " + to.size() + " addresses (expected: 1 to " + MOST + ")");
            }
            to.forEach(address -> requireAddress("to", address));
            requireAddress("from", from);
        }

        private static void requireAddress(String what, String address) {
            if (!ADDRESS.matcher(address).matches()) {
                throw new Problem.Invalid(what + ": '" + address + "' (expected: an address such as ops@example.org)");
            }
        }

        @Override
        public void check(Destinations destinations) {
            destinations.requireHost(host, port);
            if (tls == Tls.NONE && !destinations.isNamed(host, port)) {
                throw new Problem.Invalid(
                        "Mail to " + host
                                + " without TLS would be readable on its way (expected: starttls or implicit)",
                        "The operator may allow it: MW_CHANNEL_HOSTS=" + host + ":" + port);
            }
        }

        @Override
        public String shown() {
            return String.join(", ", to) + " by " + host + ":" + port;
        }

        @Override
        public Channel.Kind kind() {
            return Channel.Kind.EMAIL;
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /** As text to be sealed. */
    default String text() {
        return Json.write(this);
    }

    static Target read(Channel.Kind kind, String text) {
        JsonNode json = Json.parse(text);
        return switch (kind) {
            case WEBHOOK -> Json.convert(json, Webhook.class);
            case EMAIL -> Json.convert(json, Email.class);
            case SLACK -> Json.convert(json, Slack.class);
            case TEAMS -> Json.convert(json, Teams.class);
            case ALERTMANAGER -> Json.convert(json, Alertmanager.class);
        };
    }

    private static String host(String url) {
        URI uri = URI.create(url.strip());
        return uri.getScheme() + "://" + uri.getRawAuthority() + "/…";
    }

    private static void requireHeader(String what, String text) {
        if (text.length() > LONGEST || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new Problem.Invalid(
                    what + ": not " + "usable (expected: at most " + LONGEST + " printable ASCII characters)");
        }
    }
}
