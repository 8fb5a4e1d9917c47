package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.serving.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Json;
import org.millwright.notification.NotificationSettings;
import org.millwright.notification.Receiver;
import org.millwright.scorer.Scorer;
import org.millwright.scorer.ScorerBuilder;
import org.millwright.serving.TestBundles;

/** Sixty days in the life of a certificate, and what comes after: alerts, refusals, renewal; what serves never stops. */
class ExpiryTest {
    private static final Duration VALID = Duration.ofDays(60);

    private static final NotificationSettings SENDING = new NotificationSettings(
            Optional.of("https://ml.example.org"),
            new Destinations(Set.of("127.0.0.1")),
            Duration.ZERO,
            Duration.ofSeconds(5),
            3,
            Duration.ofSeconds(1));

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();

    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final Clock clock = ((InstantSource) () -> Instant.now().plus(later.get())).withZone(ZoneOffset.UTC);
    private PullServer server;

    @BeforeEach
    void serve() {
        server = PullServer.expiring(folder, 2, VALID, SENDING, clock);
        server.release(1);
        server.promote();
    }

    @AfterEach
    void stop() {
        server.close();
        receiver.close();
    }

    /** Starts the server again on a later day. */
    private void day(int day) {
        server.stop();
        later.set(Duration.ofDays(day));
        server.start();
    }

    private JsonNode open() {
        return Json.parse(server.get("ana", "alerts?state=open").body()).path("alerts");
    }

    private void awaitAlert(int threshold, String message) {
        await(() -> open().size() == 1 && open().at("/0/threshold").asInt() == threshold);
        assertThat(open().at("/0/clause").asText()).isEqualTo("certificate");
        assertThat(open().at("/0/message").asText()).startsWith("The certificate of delays/1 " + message);
    }

    @Test
    void itAlertsAheadAndBlocksOnlyWhatIsNewUntilItIsRenewed() {
        assertThat(server.page("ana", "/deployments/delays")).contains("may be deployed anew until");
        addChannel();
        day(35);
        awaitAlert(30, "expires on ");
        awaitTold("raised");
        assertThat(server.score().path("predictions")).hasSize(1);
        day(55);
        awaitAlert(7, "expires on ");
        day(61);
        awaitAlert(0, "expired on ");
        assertThat(server.score().path("predictions")).hasSize(1);
        assertThat(server.page("ana", "/deployments/delays"))
                .contains("Its certificate expired on", "mw model certify delays/1");
        assertThat(server.page("ana", "/models/delays/versions/1")).contains("verified now", "<dt>Expired</dt>");
        assertThat(server.page("ana", "/alerts/" + open().at("/0/id").asText())).contains("mw model certify delays/1");

        nothingNewIsDeployed();
        renew();
        server.release(2);
        JsonNode deployment = Json.parse(server.get("ana", "deployments/delays").body());
        assertThat(Instant.ofEpochMilli(deployment.path("validUntil").asLong()))
                .isAfter(clock.instant().plus(Duration.ofDays(360)));
        day(62);
        await(() -> open().isEmpty());
        awaitTold("resolved");
        assertThat(server.score().path("predictions")).hasSize(1);
    }

    private void addChannel() {
        var channel = Json.object()
                .put("name", "team")
                .put("kind", "webhook")
                .put("project", "delays")
                .put("url", receiver.url("/hook"));
        HttpResponse<String> added = server.ask("ana", "1/channels", channel);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    }

    /** Waits until the channel was told that an alert about the certificate was raised or resolved, and holds the page to it. */
    private void awaitTold(String event) {
        await(() -> receiver.taken().stream().anyMatch(seen -> told(seen, event).isPresent()));
        JsonNode alert = receiver.taken().stream()
                .flatMap(seen -> told(seen, event).stream())
                .findFirst()
                .orElseThrow();
        assertThat(alert.path("message").asText()).startsWith("The certificate of delays/1 ");
        assertThat(alert.path("url").asText())
                .isEqualTo("https://ml.example.org/alerts/" + alert.path("id").asText());
        String page = server.page("ana", "/alerts/" + alert.path("id").asText());
        assertThat(page).contains("Who was told", "<td>team</td>", event);
        assertThat(server.page("ana", "/channels")).contains("none fails", "webhook: http://127.0.0.1:");
        await(() -> server.page("ana", "/alerts").contains(">team</td>"));
    }

    private static Optional<JsonNode> told(Receiver.Seen seen, String event) {
        for (JsonNode alert : seen.json().path("alerts")) {
            if (alert.path("event").asText().equals(event)) {
                return Optional.of(alert);
            }
        }
        return Optional.empty();
    }

    private void nothingNewIsDeployed() {
        var release = Json.object().put("model", "delays").put("version", 2).put("deployment", "second");
        HttpResponse<String> refused = server.ask("ana", "1/releases", release);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("The certificate of model:delays/2 expired at", "mw model certify delays/2");
        HttpResponse<String> bundle = server.get("app", "models/delays/versions/1/bundle?new=true");
        assertThat(bundle.statusCode()).isEqualTo(422);
        assertThat(bundle.body()).contains("The certificate of model:delays/1 expired at");
        var champion =
                Json.object().put("name", "delays").put("alias", "champion").put("version", "2");
        HttpResponse<String> alias = server.ask("ana", "2.0/mlflow/registered-models/alias", champion);
        assertThat(alias.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(alias.body()).contains("The certificate of model:delays/2 expired at");
    }

    private void renew() {
        String path = "1/models/delays/versions/";
        assertThat(server.ask("ben", path + "1/certify", Json.object()).statusCode())
                .isEqualTo(403);
        for (int version = 1; version <= 2; version++) {
            HttpResponse<String> renewed = server.ask("ana", path + version + "/certify", Json.object());
            assertThat(renewed.statusCode()).as(renewed.body()).isEqualTo(200);
            JsonNode json = Json.parse(renewed.body());
            assertThat(json.path("validUntil").asLong())
                    .isGreaterThan(clock.instant().plus(Duration.ofDays(360)).toEpochMilli());
            assertThat(json.path("state").asText()).isEqualTo("certified");
        }
        assertThat(server.get("ana", "ledger?about=model:delays/1").body())
                .contains("model.version-recertified", "model.certificate-renewed");
        assertThat(server.page("ana", "/models/delays/versions/1")).contains("verified now", "<dt>Valid until</dt>");
    }

    @Test
    void applicationsGoOnToo() {
        Path cache = folder.resolve("cache");
        try (Scorer scorer = server.scorer("models:/delays@champion")
                .clock(clock)
                .cache(cache)
                .open()) {
            Optional<Instant> until = scorer.state().validUntil();
            assertThat(until.orElseThrow())
                    .isBetween(Instant.now(), Instant.now().plus(VALID));
            day(61);
            assertThat(scorer.refresh().isFine()).isTrue();
            assertThat(scorer.score(TestBundles.rows()).version()).isEqualTo("1");
            startsAgain(server.scorer("models:/delays@champion").cache(cache));
            startsAgain(server.scorer("models:/delays@champion"));

            assertThat(server.ask("ana", "1/models/delays/versions/1/certify", Json.object())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(scorer.refresh().validUntil().orElseThrow())
                    .isAfter(clock.instant().plus(Duration.ofDays(360)));
        }
    }

    private void startsAgain(ScorerBuilder builder) {
        try (Scorer scorer = builder.clock(clock).open()) {
            assertThat(scorer.score(TestBundles.rows()).version()).isEqualTo("1");
            assertThat(scorer.state().validUntil().orElseThrow()).isBefore(clock.instant());
        }
    }
}
