package org.millwright.notification;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.millwright.egress.Destinations;
import org.millwright.egress.HttpPost;
import org.millwright.egress.Signature;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Sends a message to a target, once, to an address that is allowed at this moment. */
final class Sender {
    private static final Set<Integer> TRY_AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final String PREFIX = "whsec_";
    private static final int SHOWN = 200;

    private final Destinations destinations;
    private final Duration timeout;
    private final Mailer mailer;
    private final Clock clock;

    Sender(NotificationSettings settings, Mailer mailer, Clock clock) {
        this.destinations = settings.destinations();
        this.timeout = settings.timeout();
        this.mailer = mailer;
        this.clock = clock;
    }

    /** What came of it. */
    sealed interface Outcome {
        record Sent(String answer) implements Outcome {}

        /** It may work later; {@code pause} when the receiver said how much. */
        record Later(String why, Optional<Duration> pause) implements Outcome {}

        /** The same again would be refused again. */
        record Never(String why) implements Outcome {}
    }

    Outcome send(Target target, Message message) {
        try {
            return switch (target) {
                case Target.Webhook webhook -> webhook(webhook, message);
                case Target.Slack slack -> post(slack.url(), Payloads.slack(message), Map.of());
                case Target.Teams teams -> post(teams.url(), Payloads.teams(message), Map.of());
                case Target.Alertmanager manager -> fire(manager, message);
                case Target.Email email -> mail(email, message);
            };
        } catch (IOException e) {
            return new Outcome.Later(said(e), Optional.empty());
        } catch (Problem.Invalid e) {
            return new Outcome.Never(String.valueOf(e.getMessage()));
        }
    }

    private Outcome webhook(Target.Webhook webhook, Message message) throws IOException {
        long seconds = clock.millis() / 1_000;
        String body = Json.write(Payloads.webhook(message));
        return post(
                webhook.url(),
                body,
                Map.of(
                        "webhook-id",
                        message.id(),
                        "webhook-timestamp",
                        Long.toString(seconds),
                        "webhook-signature",
                        Signature.of(key(webhook.secret()), message.id(), seconds, body)));
    }

    private Outcome fire(Target.Alertmanager manager, Message message) throws IOException {
        String url = manager.url().strip().replaceFirst("/+$", "") + "/api/v2/alerts";
        return post(
                url,
                Firing.of(message, clock.millis()),
                manager.token().isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + manager.token()));
    }

    private Outcome mail(Target.Email email, Message message) throws IOException {
        email.check(destinations);
        String subject = (message.isTrial() ? "" : "[" + message.severity().text() + "] ") + message.headline();
        mailer.send(email, new Mailer.Mail(message.id(), subject, message.text(), Payloads.html(message)));
        return new Outcome.Sent("taken by " + email.host());
    }

    private Outcome post(String url, JsonNode body, Map<String, String> headers) throws IOException {
        return post(url, Json.write(body), headers);
    }

    private Outcome post(String text, String body, Map<String, String> headers) throws IOException {
        URI url = destinations.requireUrl(text);
        HttpPost.Answer answer =
                HttpPost.send(url, destinations.address(url), headers, body.getBytes(StandardCharsets.UTF_8), timeout);
        String said = "answered " + answer.status()
                + (answer.body().isBlank() ? "" : ": " + shortened(answer.body().strip()));
        if (answer.status() >= 200 && answer.status() < 300) {
            return new Outcome.Sent(said);
        }
        return TRY_AGAIN.contains(answer.status())
                ? new Outcome.Later(said, answer.retryAfter())
                : new Outcome.Never(said);
    }

    /** Standard Webhooks write a key as {@code whsec_} and base64; any other text is the key itself. */
    private static byte[] key(String secret) {
        if (secret.startsWith(PREFIX)) {
            try {
                return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                // The text itself, then.
            }
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    /** What went wrong, for people: whoever reads it knows the receiver, not Java. */
    private String said(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return shortened(
                switch (e) {
                    case SocketTimeoutException slow -> "no answer within " + timeout.toSeconds() + " s";
                    case ConnectException refused -> "no connection: " + message.toLowerCase(Locale.ROOT);
                    case UnknownHostException unknown -> "no address is known for " + message;
                    case SSLException untrusted -> "no secure connection: " + message;
                    default -> message.isEmpty() ? "the connection broke" : message;
                });
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
