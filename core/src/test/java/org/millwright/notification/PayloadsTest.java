package org.millwright.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Subject;
import org.millwright.egress.Destinations;
import org.millwright.identity.Actor;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** What each kind of receiver gets, and where nothing is sent to. */
class PayloadsTest {
    private static final Duration GATHERED = Duration.ofSeconds(31);

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();
    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(OnDatabases.sqlite(), folder, true);
    }

    @AfterEach
    void close() {
        receiver.close();
        desk.close();
    }

    private Channel add(Target target) {
        return desk.add("board", target, Route.ALL, Duration.ZERO, "");
    }

    @Test
    void slackGetsBlocksWithEscapedTextAndLinks() {
        add(new Target.Slack(receiver.url("/services/T/B/secret")));
        Alert alert = desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);
        JsonNode json = receiver.all().getFirst().json();
        assertThat(json.path("text").asText()).isEqualTo("delays: drift alert raised");
        assertThat(json.at("/blocks/0/type").asText()).isEqualTo("header");
        assertThat(json.at("/blocks/0/text/type").asText()).isEqualTo("plain_text");
        assertThat(json.at("/blocks/1/text/type").asText()).isEqualTo("mrkdwn");
        assertThat(json.at("/blocks/1/text/text").asText())
                .contains("<https://ml.example.org/alerts/" + alert.id() + "|drift alert raised>")
                .contains("&lt;broken&gt; &amp; worse")
                .contains("`mw alert ack " + alert.id() + "`");
        assertThat(json.at("/blocks/2/elements/0/text").asText())
                .isEqualTo("<https://ml.example.org/deployments/delays#drift|Plots of delays>");
        assertThat(desk.channels.list(desk.mia).toString()).doesNotContain("secret");
    }

    @Test
    void whatConcernsNoDeploymentIsToldByItsOwnName() {
        desk.webhook("hook", receiver.url("/hook"));
        add(new Target.Slack(receiver.url("/services/T/B/secret")));
        Subject agreement = new Subject("agreement:delays");
        var of = new Alerts.Target("", "delays", "delays", "");
        desk.alerts.decisionDue(new Alerts.Asked(agreement.ref(), agreement, of, "mia", 2), "It waits");
        desk.alerts
                .list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true)
                .forEach(alert -> desk.notifications.look(alert.id()));
        desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);

        List<JsonNode> told = receiver.all().stream().map(Receiver.Seen::json).toList();
        assertThat(told)
                .extracting(json -> json.path("text").asText())
                .containsExactlyInAnyOrder(
                        "agreement delays: decision alert raised",
                        "agreement delays: decision alert raised",
                        "delays: drift alert raised",
                        "delays: drift alert raised");
        assertThat(told)
                .filteredOn(json -> json.has("subject"))
                .extracting(json -> json.path("subject").asText() + " "
                        + json.path("deployment").asText())
                .containsExactlyInAnyOrder("agreement:delays ", "deployment:delays delays");
        assertThat(told)
                .extracting(json -> json.at("/blocks/2/elements/0/text").asText())
                .contains("<https://ml.example.org/inbox|Inbox of agreement delays>");
    }

    @Test
    void teamsGetsAnAdaptiveCard() {
        add(new Target.Teams(receiver.url("/workflows/1")));
        Alert alert = desk.raise("delays", Clause.PERFORMANCE);
        desk.after(GATHERED);
        JsonNode json = receiver.all().getFirst().json();
        assertThat(json.path("type").asText()).isEqualTo("message");
        JsonNode attachment = json.path("attachments").get(0);
        assertThat(attachment.path("contentType").asText()).isEqualTo("application/vnd.microsoft.card.adaptive");
        JsonNode card = attachment.path("content");
        assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(card.path("version").asText()).isEqualTo("1.4");
        assertThat(card.at("/body/1/color").asText()).isEqualTo("Attention");
        assertThat(card.at("/body/2/text").asText()).contains("<broken> & worse");
        assertThat(card.at("/actions/0/type").asText()).isEqualTo("Action.OpenUrl");
        assertThat(card.at("/actions/0/url").asText()).endsWith("/alerts/" + alert.id());
    }

    @Test
    void alertmanagerIsToldAgainUntilTheAlertEnds() {
        add(new Target.Alertmanager(receiver.url("/am/"), "token"));
        Alert alert = desk.raise("delays", Clause.PERFORMANCE);
        desk.after(GATHERED);
        Receiver.Seen first = receiver.all().getFirst();
        assertThat(first.path()).isEqualTo("/am/api/v2/alerts");
        assertThat(first.headers().get("authorization")).isEqualTo("Bearer token");
        JsonNode told = first.json().get(0);
        assertThat(told.properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactlyInAnyOrder("labels", "annotations", "startsAt", "endsAt", "generatorURL");
        for (JsonNode texts : List.of(told.path("labels"), told.path("annotations"))) {
            texts.properties().forEach(entry -> {
                assertThat(entry.getKey()).matches("[a-zA-Z_][a-zA-Z0-9_]*");
                assertThat(entry.getValue().isTextual()).isTrue();
            });
        }
        assertThat(told.at("/labels/alertname").asText()).isEqualTo("MillwrightPerformance");
        assertThat(told.at("/labels/alert_id").asText()).isEqualTo(alert.id());
        assertThat(told.path("startsAt").asText()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(Instant.parse(told.path("endsAt").asText()))
                .isAfter(desk.clock.instant().plusSeconds(300));
        assertThat(told.path("generatorURL").asText()).isEqualTo("https://ml.example.org/alerts/" + alert.id());
        desk.acknowledge(alert);
        desk.after(Duration.ofMinutes(6));
        assertThat(receiver.all()).hasSize(2);
        JsonNode again = receiver.all().get(1).json().get(0);
        assertThat(again.path("labels")).isEqualTo(told.path("labels"));
        assertThat(again.path("startsAt")).isEqualTo(told.path("startsAt"));
        assertThat(Instant.parse(again.path("endsAt").asText()))
                .isAfter(Instant.parse(told.path("endsAt").asText()));
        desk.resolve(alert);
        desk.after(GATHERED);
        JsonNode last = receiver.all().getLast().json().get(0);
        assertThat(last.path("labels")).isEqualTo(told.path("labels"));
        assertThat(Instant.parse(last.path("endsAt").asText())).isBefore(desk.clock.instant());
        desk.after(Duration.ofDays(1));
        assertThat(receiver.all()).hasSize(3);
    }

    @Test
    void mailSaysTheSameInTextAndHtml() {
        add(new Target.Email(
                "127.0.0.1", 25, Target.Email.Tls.NONE, "", "", "mw@example.org", List.of("a@example.org")));
        Alert alert = desk.raise("delays", Clause.PERFORMANCE);
        desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);
        Mailer.Mail mail = desk.mails.getFirst();
        assertThat(mail.subject()).isEqualTo("[critical] delays: 2 changes of 2 alerts");
        assertThat(mail.text())
                .contains("[critical] performance alert raised", "n = 400", "Next: mw alert ack " + alert.id())
                .contains(
                        "https://ml.example.org/alerts/" + alert.id(),
                        "Plots: https://ml.example.org/deployments/delays");
        assertThat(mail.html()).contains("&lt;broken&gt; &amp; worse", "<a href=\"https://ml.example.org/alerts/");
    }

    @Test
    void innerAddressesAreRefusedUnlessTheOperatorNamedThemAlsoWhenTheNameTurnedLater() {
        for (String url : List.of(
                "https://10.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/latest", "https://localhost/x")) {
            assertThatThrownBy(() -> add(new Target.Slack(url)))
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageContaining("no public address");
        }
        assertThatThrownBy(() -> add(new Target.Slack("http://93.184.216.34/x")))
                .hasMessageContaining("expected: https");
        assertThatThrownBy(() -> add(new Target.Slack("ftp://93.184.216.34/x"))).hasMessageContaining("no host");
        assertThatThrownBy(() -> add(new Target.Slack("https://u:p@93.184.216.34/x")))
                .hasMessageContaining("password");
        assertThatThrownBy(() -> add(new Target.Email(
                        "10.0.0.1", 25, Target.Email.Tls.STARTTLS, "", "", "a@example.org", List.of("b@example.org"))))
                .hasMessageContaining("no public address");
        assertThatThrownBy(() -> add(new Target.Email(
                        "93.184.216.34", 25, Target.Email.Tls.NONE, "", "", "a@example.org", List.of("b@example.org"))))
                .hasMessageContaining("without TLS");
        add(new Target.Webhook(receiver.url("/hook"), "s"));
        desk.raise("delays", Clause.DRIFT);
        // What was a public address when the channel was made leads inside now.
        desk.open(new NotificationSettings(
                Optional.empty(), Destinations.PUBLIC, Duration.ZERO, Duration.ofSeconds(5), 4, Duration.ofSeconds(1)));
        desk.after(GATHERED);
        assertThat(receiver.all()).isEmpty();
        assertThat(desk.channels.deliveries(desk.mia, Optional.empty(), Optional.of(Delivery.State.FAILED), 5))
                .singleElement()
                .satisfies(dead -> assertThat(dead.error().orElseThrow()).contains("127.0.0.1"));
    }

    @Test
    void aHostIsNamedForOnePortOrForAll() {
        assertThat(new Destinations(Set.of("am.internal:9093")).isNamed("AM.internal", 9093))
                .isTrue();
        assertThat(new Destinations(Set.of("am.internal:9093")).isNamed("am.internal", 22))
                .isFalse();
        assertThat(new Destinations(Set.of("am.internal")).isNamed("am.internal", 22))
                .isTrue();
        assertThat(NotificationSettings.of(java.util.Map.of("MW_CHANNEL_HOSTS", "A.b:1, c"))
                        .destinations()
                        .inner())
                .containsExactlyInAnyOrder("a.b:1", "c");
        assertThatThrownBy(() -> NotificationSettings.of(java.util.Map.of("MW_BASE_URL", "ml.example.org")))
                .isInstanceOf(Problem.Invalid.class);
    }
}
