package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.serving.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;
import org.millwright.notification.NotificationSettings;

/** Two hundred days without a review: an alert at what serves, until somebody looked. */
class LateReviewTest {
    @TempDir
    Path folder;

    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final Clock clock = ((InstantSource) () -> Instant.now().plus(later.get())).withZone(ZoneOffset.UTC);

    @Test
    void anAlertStandsUntilSomebodyLooked() {
        try (var server = PullServer.expiring(folder, 1, Duration.ofDays(290), NotificationSettings.DEFAULT, clock)) {
            server.release(1);
            server.promote();
            assertThat(alerts(server)).isEmpty();
            server.stop();
            later.set(Duration.ofDays(201));
            server.start();

            await(() -> alerts(server).size() == 1);
            assertThat(alerts(server).at("/0/clause").asText()).isEqualTo("review");
            assertThat(alerts(server).at("/0/message").asText())
                    .startsWith("The review of project delays was due on ")
                    .endsWith("mw project review delays --note …");
            assertThat(server.page("ana", "/projects/delays")).contains("review overdue since", "action=\"/sign-out\"");
            String alert = alerts(server).at("/0/id").asText();
            assertThat(server.page("ana", "/alerts/" + alert)).contains("Nobody looked for 200 days.");
            assertThat(server.score().path("predictions")).hasSize(1);

            server.post("ben", "projects/delays/reviews", Json.object().put("note", "Still harmless"));
            await(() -> alerts(server).isEmpty());
            assertThat(server.page("ana", "/projects/delays/request")).contains("Still harmless");
        }
    }

    private static JsonNode alerts(PullServer server) {
        return Json.parse(server.get("ana", "alerts?state=open").body()).path("alerts");
    }
}
