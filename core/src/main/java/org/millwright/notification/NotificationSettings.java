package org.millwright.notification;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;

/**
 * How alerts are sent.
 *
 * @param base URL under which people reach the pages; empty for where the server listens
 * @param destinations where channels may lead
 * @param gather how long the first news of a subject waits for others, to be one message
 * @param timeout for connecting to a receiver, and for each answer
 * @param tries how often a delivery is tried before it is given up
 * @param pause before the second try; it doubles with each, up to half an hour
 */
public record NotificationSettings(
        Optional<String> base,
        Destinations destinations,
        Duration gather,
        Duration timeout,
        int tries,
        Duration pause) {
    public static final NotificationSettings DEFAULT = new NotificationSettings(
            Optional.empty(),
            Destinations.PUBLIC,
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            10,
            Duration.ofSeconds(15));

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    /** {@code MW_BASE_URL} and {@code MW_CHANNEL_HOSTS}. */
    public static NotificationSettings of(Map<String, String> environment) {
        Optional<String> base = text(environment, "MW_BASE_URL").map(NotificationSettings::requireBase);
        Set<String> hosts = new LinkedHashSet<>();
        text(environment, "MW_CHANNEL_HOSTS")
                .ifPresent(list -> hosts.addAll(
                        Arrays.asList(list.toLowerCase(Locale.ROOT).strip().split("\\s*,\\s*"))));
        return new NotificationSettings(
                base, new Destinations(hosts), DEFAULT.gather(), DEFAULT.timeout(), DEFAULT.tries(), DEFAULT.pause());
    }

    Duration pause(int tries) {
        Duration pause = pause().multipliedBy(1L << Math.min(tries - 1, 16));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static String requireBase(String text) {
        try {
            URI uri = URI.create(text.strip());
            if (uri.getHost() != null && uri.getScheme().matches("https?") && uri.getRawQuery() == null) {
                return uri.toString().replaceFirst("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem.Invalid("MW_BASE_URL: '" + text + "' (expected: a URL such as https://ml.example.org)");
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
