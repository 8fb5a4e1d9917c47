package org.millwright.registry;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.egress.PublicAddress;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Names;

/**
 * Where webhooks may go and how patiently.
 *
 * @param schemes schemes of URLs, such as https
 * @param privateAddresses whether addresses that are not public may be told; else nobody can reach inner systems through us
 * @param timeout for connecting, and for each answer
 * @param retries tries after the first one, when it met 429, 5xx or no answer
 * @param pause before the first retry; it doubles with each
 */
public record WebhookPolicy(
        Set<String> schemes, boolean privateAddresses, Duration timeout, int retries, Duration pause) {
    /** Only https to public addresses. */
    public static final WebhookPolicy DEFAULT =
            new WebhookPolicy(Set.of("https"), false, Duration.ofSeconds(30), 5, Duration.ofSeconds(1));

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MAX_URL = 500;

    public WebhookPolicy {
        schemes = Set.copyOf(schemes);
        if (!Set.of("http", "https").containsAll(schemes) || schemes.isEmpty()) {
            throw new Problem.Invalid("MLFLOW_WEBHOOK_ALLOWED_SCHEMES: " + String.join(",", new TreeSet<>(schemes))
                    + " (expected: http, https or both)");
        }
        if (retries < 0 || retries > 20) {
            throw new Problem.Invalid("MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES: " + retries + " (expected: 0 to 20)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new Problem.Invalid(
                    "MLFLOW_WEBHOOK_REQUEST_TIMEOUT: " + timeout.toSeconds() + " (expected: at least 1 second)");
        }
    }

    Duration pause(int tries) {
        Duration pause = pause().multipliedBy(1L << Math.min(tries - 1, 16));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** The URL, when it is one that may be told; its name is looked up, but need not be known yet. */
    URI requireUrl(String text) {
        URI url = parsed(text);
        try {
            requireAllowed(url.getHost(), InetAddress.getAllByName(bare(url.getHost())));
        } catch (UnknownHostException e) {
            // Looked up again with each delivery.
        }
        return url;
    }

    /** The address to connect to, checked just now: nothing is looked up again after this. */
    InetAddress address(URI url) throws UnknownHostException {
        InetAddress[] found = InetAddress.getAllByName(bare(url.getHost()));
        requireAllowed(url.getHost(), found);
        return found[0];
    }

    URI parsed(String text) {
        if (text.isBlank()) {
            throw new Problem.Invalid(
                    "Webhook URL cannot be empty or just whitespace: '" + Names.shortened(text) + "'");
        }
        Names.requireLength("url", text, MAX_URL);
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new Problem.Invalid("Invalid webhook URL '" + Names.shortened(text) + "': " + e.getReason());
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!schemes.contains(scheme)) {
            throw new Problem.Invalid("Invalid webhook URL scheme: '" + scheme + "'. Allowed schemes are: "
                    + String.join(", ", new TreeSet<>(schemes)) + ".");
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            throw new Problem.Invalid("Webhook URL must include a hostname: '" + Names.shortened(text) + "'");
        }
        if (url.getRawUserInfo() != null) {
            throw new Problem.Invalid("A webhook URL carries no user and password: use the secret's signature.");
        }
        return url;
    }

    private void requireAllowed(String host, InetAddress[] addresses) {
        for (InetAddress address : addresses) {
            if (!privateAddresses && !PublicAddress.is(address)) {
                throw new Problem.Invalid("Webhook URL must not resolve to a non-public IP address. '" + host
                        + "' resolves to " + address.getHostAddress() + ".");
            }
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The settings of MLflow for the same, with MLflow's meaning where they are given. */
    public static WebhookPolicy of(java.util.Map<String, String> environment) {
        String schemes = environment.getOrDefault("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "https");
        String priv = environment.getOrDefault("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", "false");
        return new WebhookPolicy(
                Set.copyOf(List.of(schemes.toLowerCase(Locale.ROOT).split("\\s*,\\s*"))),
                priv.equalsIgnoreCase("true") || priv.equals("1"),
                Duration.ofSeconds(number(environment, "MLFLOW_WEBHOOK_REQUEST_TIMEOUT", 30)),
                number(environment, "MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES", DEFAULT.retries()),
                DEFAULT.pause());
    }

    private static int number(java.util.Map<String, String> environment, String name, int fallback) {
        String text = environment.getOrDefault(name, Integer.toString(fallback));
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new Problem.Invalid(name + " is '" + text + "' (expected: a whole number)");
        }
    }
}
