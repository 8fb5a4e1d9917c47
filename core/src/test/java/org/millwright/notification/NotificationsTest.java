package org.millwright.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class NotificationsTest {
    private static final Duration GATHERED = Duration.ofSeconds(31);

    private final Database database;

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();
    private Desk desk;

    NotificationsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        desk = new Desk(database, folder, true);
    }

    @AfterEach
    void close() {
        receiver.close();
        desk.close();
    }

    /** What was told, message by message: {@code deployment: clause event, …}. */
    private List<String> told() {
        var told = new ArrayList<String>();
        for (Receiver.Seen seen : receiver.taken()) {
            var parts = new ArrayList<String>();
            seen.json()
                    .path("alerts")
                    .forEach(alert -> parts.add(alert.path("clause").asText() + " "
                            + alert.path("event").asText()));
            told.add(seen.json().path("deployment").asText() + ": " + String.join(", ", parts));
        }
        return told;
    }

    @Test
    void aWebhookIsSignedSoThatItsReceiverCanVerifyIt() throws Exception {
        byte[] key = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
        String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        desk.add("board", new Target.Webhook(receiver.url("/hook?team=a"), secret), Route.ALL, Duration.ZERO, "");
        Alert alert = desk.raise("delays", Clause.PERFORMANCE);
        desk.after(GATHERED);
        Receiver.Seen seen = receiver.all().getFirst();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = seen.id() + "." + seen.headers().get("webhook-timestamp") + "." + seen.body();
        assertThat(seen.headers().get("webhook-signature"))
                .isEqualTo("v1,"
                        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
        assertThat(seen.headers().get("webhook-timestamp"))
                .isEqualTo(Long.toString(desk.clock.instant().getEpochSecond()));
        JsonNode told = seen.json();
        assertThat(told.path("type").asText()).isEqualTo("millwright.alerts");
        assertThat(told.path("text").asText()).isEqualTo("delays: performance alert raised");
        JsonNode item = told.path("alerts").get(0);
        assertThat(item.path("id").asText()).isEqualTo(alert.id());
        assertThat(item.path("severity").asText()).isEqualTo("critical");
        assertThat(item.path("explanation").asText())
                .isEqualTo("skill was 0.0215, the limit is 0.2, n = 400. Raised 2026-01-01 12:00 UTC, for mia.");
        assertThat(item.path("next").asText()).isEqualTo("mw alert ack " + alert.id());
        assertThat(item.path("url").asText()).isEqualTo("https://ml.example.org/alerts/" + alert.id());
        assertThat(seen.body()).doesNotContain(secret);
        assertThat(database.read(() -> desk.channels
                        .store()
                        .sealed(desk.channels.list(desk.mia).getFirst().id())))
                .hasValueSatisfying(kept -> assertThat(kept.text()).doesNotContain("hook", "whsec"));
        assertThat(desk.channels.list(desk.mia).toString()).doesNotContain("hook?", "whsec");
    }

    @Test
    void alertsOfADeploymentAreOneMessageAndWhatFollowsIsTheNext() {
        desk.webhook("board", receiver.url("/hook"));
        Alert first = desk.raise("delays", Clause.PERFORMANCE);
        desk.after(Duration.ofSeconds(10));
        desk.raise("delays", Clause.DRIFT);
        desk.raise("fares", Clause.DRIFT);
        desk.after(Duration.ofSeconds(10));
        assertThat(told()).isEmpty();
        desk.after(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("delays: performance raised, drift raised");
        desk.after(Duration.ofSeconds(10));
        assertThat(told()).last().isEqualTo("fares: drift raised");
        desk.acknowledge(first);
        desk.after(GATHERED);
        desk.resolve(first);
        desk.notifications.look(first.id());
        desk.after(GATHERED);
        desk.after(Duration.ofDays(1));
        assertThat(told()).hasSize(4).endsWith("delays: performance acknowledged", "delays: performance resolved");
        assertThat(receiver.taken()).extracting(Receiver.Seen::id).doesNotHaveDuplicates();
        assertThat(desk.notifications.of(desk.mia, first).sentTo()).containsExactly("board");
        assertThat(desk.actions("channel:board"))
                .containsExactly(
                        "channel.added",
                        "notification.sent",
                        "notification.sent",
                        "notification.sent",
                        "notification.sent");
    }

    @Test
    void aReceiverThatFailsIsTriedAgainWithTheSameId() {
        desk.webhook("board", receiver.url("/hook"));
        receiver.answer(503, 500);
        Alert alert = desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);
        assertThat(desk.channels.get(desk.mia, "board").failing().orElseThrow().error())
                .contains("answered 503");
        assertThat(desk.notifications.failing()).containsExactlyEntriesOf(Map.of("board", true));
        desk.after(Duration.ofSeconds(14));
        assertThat(receiver.all()).hasSize(1);
        desk.after(Duration.ofSeconds(2));
        desk.resolve(alert);
        desk.after(GATHERED);
        assertThat(receiver.all()).extracting(Receiver.Seen::answered).containsExactly(503, 500, 200);
        assertThat(receiver.all())
                .extracting(Receiver.Seen::id)
                .containsOnly(receiver.all().getFirst().id());
        assertThat(desk.channels.get(desk.mia, "board").failing()).isEmpty();
        assertThat(desk.notifications.failing()).containsExactlyEntriesOf(Map.of("board", false));
        desk.turn();
        assertThat(told()).containsExactly("delays: drift raised", "delays: drift resolved");
    }

    @Test
    void whatIsGivenUpIsShownAndCanBeSentAgain() {
        desk.webhook("board", receiver.url("/hook"));
        receiver.answer(500, 500, 500, 500);
        desk.raise("delays", Clause.DRIFT);
        for (int i = 0; i < 6; i++) {
            desk.after(Duration.ofMinutes(2));
        }
        assertThat(receiver.all()).hasSize(4);
        List<Delivery> dead =
                desk.channels.deliveries(desk.mia, Optional.of("board"), Optional.of(Delivery.State.FAILED), 10);
        assertThat(dead).singleElement().satisfies(delivery -> {
            assertThat(delivery.tries()).isEqualTo(4);
            assertThat(delivery.error().orElseThrow()).contains("500");
            assertThat(delivery.told()).singleElement().asString().endsWith(" raised");
        });
        assertThat(desk.actions("channel:board")).containsExactly("channel.added", "notification.failed");
        assertThat(desk.channels.retry(desk.mia, "board")).isEqualTo(1);
        desk.turn();
        assertThat(told()).containsExactly("delays: drift raised");
        assertThat(receiver.all())
                .extracting(Receiver.Seen::id)
                .containsOnly(dead.getFirst().id());
    }

    @Test
    void whoDoesNotAnswerIsToldInWordsNotInJavas() throws Exception {
        int free;
        try (var nobody = new java.net.ServerSocket(0)) {
            free = nobody.getLocalPort();
        }
        desk.webhook("gone", "http://127.0.0.1:" + free + "/hook");
        desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);
        assertThat(desk.channels.get(desk.mia, "gone").failing().orElseThrow().error())
                .isEqualTo("no connection: connection refused");
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        desk.webhook("board", receiver.url("/hook"));
        receiver.answer(404);
        desk.raise("delays", Clause.DRIFT);
        desk.after(GATHERED);
        desk.after(Duration.ofHours(1));
        assertThat(receiver.all()).hasSize(1);
        assertThat(desk.channels.get(desk.mia, "board").failing().orElseThrow().error())
                .contains("404");
    }

    @Test
    void whatIsSilencedIsSentWhenTheSilenceEndsUnlessItIsOver() {
        desk.webhook("board", receiver.url("/hook"));
        var scope = new Silences.Scope(Optional.empty(), Optional.of("delays"), Optional.empty());
        desk.silences.start(desk.mia, scope, Duration.ofHours(2), "planned work");
        Alert open = desk.raise("delays", Clause.PERFORMANCE);
        Alert over = desk.raise("delays", Clause.DRIFT);
        desk.raise("other", Clause.DRIFT);
        desk.after(GATHERED);
        assertThat(told()).containsExactly("other: drift raised");
        assertThat(desk.notifications
                        .of(desk.mia, open)
                        .silenced()
                        .orElseThrow()
                        .reason())
                .isEqualTo("planned work");
        assertThat(desk.alerts.list(Actor.SYSTEM, Optional.of("delays"), Optional.empty(), true))
                .hasSize(2);
        desk.resolve(over);
        desk.after(Duration.ofHours(1));
        assertThat(told()).hasSize(1);
        desk.after(Duration.ofHours(1));
        assertThat(told()).hasSize(2).last().isEqualTo("delays: performance raised");
        assertThat(desk.notifications.of(desk.mia, over).told())
                .extracting(Told::state)
                .containsOnly("dropped");
        Silence again = desk.silences.start(desk.mia, scope, Duration.ofHours(2), "more work");
        desk.resolve(open);
        desk.after(GATHERED);
        assertThat(told()).hasSize(2);
        desk.silences.end(desk.mia, again.id());
        desk.turn();
        assertThat(told()).last().isEqualTo("delays: performance resolved");
        assertThat(desk.actions("silence:" + again.id())).containsExactly("silence.started", "silence.ended");
        assertThatThrownBy(() -> desk.silences.end(desk.mia, again.id())).isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> desk.silences.start(desk.mia, scope, Duration.ofHours(1), " "))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> desk.silences.start(desk.leo, scope, Duration.ofHours(1), "mine"))
                .isInstanceOf(Problem.Denied.class);
    }

    @Test
    void whatNobodyAcknowledgesGoesFurtherAndNoFurtherOnceSomebodyDoes() {
        desk.webhook("board", receiver.url("/hook"));
        Duration half = Duration.ofMinutes(30);
        desk.add("lead", new Target.Slack(receiver.url("/lead")), Route.ALL, half, "");
        desk.add("boss", new Target.Slack(receiver.url("/boss")), Route.ALL, Duration.ofHours(2), "");
        Alert ignored = desk.raise("delays", Clause.PERFORMANCE);
        Alert seen = desk.raise("other", Clause.PERFORMANCE);
        desk.after(GATHERED);
        desk.acknowledge(seen);
        desk.after(Duration.ofMinutes(28));
        assertThat(receiver.all()).noneMatch(one -> one.path().equals("/lead"));
        desk.after(Duration.ofMinutes(2));
        desk.after(GATHERED);
        assertThat(receiver.all())
                .filteredOn(one -> one.path().equals("/lead"))
                .singleElement()
                .satisfies(one -> assertThat(one.json().path("text").asText())
                        .isEqualTo("delays: performance alert not acknowledged"));
        assertThat(desk.actions(ignored.ref())).contains("alert.escalated");
        assertThat(desk.notifications.of(desk.mia, ignored).escalated()).isTrue();
        desk.acknowledge(ignored);
        desk.after(Duration.ofDays(1));
        desk.after(GATHERED);
        assertThat(receiver.all()).noneMatch(one -> one.path().equals("/boss"));
        assertThat(receiver.all())
                .filteredOn(one -> one.path().equals("/lead"))
                .last()
                .satisfies(one -> assertThat(one.json().path("text").asText())
                        .isEqualTo("delays: performance alert acknowledged by mia"));
        assertThat(desk.actions(seen.ref())).doesNotContain("alert.escalated");
    }

    @Test
    void whatNobodyLooksAfterInTheAgreedTimeIsSaidAgainAndGoesFurther() {
        desk.agree("drift: {method: psi}\ninvestigate: {who: mia, within: 2d}\n");
        desk.webhook("board", receiver.url("/hook"));
        desk.add("boss", new Target.Slack(receiver.url("/boss")), Route.ALL, Duration.ofDays(30), "");
        Alert ignored = desk.raise("delays", Clause.PERFORMANCE);
        Alert seen = desk.raise("other", Clause.PERFORMANCE);
        desk.after(GATHERED);
        desk.acknowledge(seen);
        desk.after(Duration.ofHours(47));
        assertThat(desk.actions(ignored.ref())).doesNotContain("alert.escalated");
        desk.after(Duration.ofHours(1));
        desk.after(GATHERED);
        assertThat(told()).filteredOn("delays: performance escalated"::equals).hasSize(1);
        assertThat(receiver.all()).filteredOn(one -> one.path().equals("/boss")).hasSize(1);
        assertThat(desk.actions(ignored.ref())).containsOnlyOnce("alert.escalated");
        assertThat(desk.actions(seen.ref())).doesNotContain("alert.escalated");
        desk.after(Duration.ofDays(3));
        desk.acknowledge(ignored);
        desk.after(GATHERED);
        assertThat(told()).filteredOn("delays: performance escalated"::equals).hasSize(1);
    }

    @Test
    void silenceDoesNotCountAsIgnoringAndAnEscalationInTheGatheringIsStoppedByAnAcknowledgement() {
        desk.add("lead", new Target.Webhook(receiver.url("/lead"), "s"), Route.ALL, Duration.ofMinutes(30), "");
        desk.silences.start(
                desk.mia,
                new Silences.Scope(Optional.of("delays"), Optional.empty(), Optional.of("drift")),
                Duration.ofHours(1),
                "planned work");
        desk.raise("delays", Clause.DRIFT);
        Alert performance = desk.raise("delays", Clause.PERFORMANCE);
        desk.after(Duration.ofMinutes(31));
        desk.acknowledge(performance);
        desk.after(Duration.ofMinutes(50));
        assertThat(told()).isEmpty();
        desk.after(Duration.ofMinutes(10));
        desk.after(GATHERED);
        assertThat(told()).containsExactly("delays: drift escalated");
        desk.resolve(performance);
        desk.after(GATHERED);
        assertThat(told()).hasSize(1);
    }

    @Test
    void aRouteChoosesByDeploymentClauseSeverityAndOwner() {
        var critical = new Route(List.of(), List.of(), List.of(), Optional.of(Severity.CRITICAL), List.of("mia"));
        var drift = new Route(List.of("delays"), List.of("a", "b"), List.of("drift"), Optional.empty(), List.of());
        desk.add("critical", new Target.Webhook(receiver.url("/critical"), "s"), critical, Duration.ZERO, "");
        desk.add("drift", new Target.Webhook(receiver.url("/drift"), "s"), drift, Duration.ZERO, "");
        desk.channels.add(
                desk.ops,
                new Channels.Request(
                        "all",
                        Optional.empty(),
                        new Target.Webhook(receiver.url("/all"), "s"),
                        new Route(List.of("fares"), List.of(), List.of(), Optional.empty(), List.of()),
                        Duration.ZERO,
                        Optional.empty()));
        desk.raise("a", Clause.PERFORMANCE);
        desk.raise("b", Clause.DRIFT);
        desk.raise("c", Clause.DRIFT);
        desk.after(GATHERED);
        assertThat(receiver.taken())
                .extracting(
                        one -> one.path() + " " + one.json().path("deployment").asText())
                .containsExactlyInAnyOrder("/critical a", "/drift b");
        assertThatThrownBy(() -> new Route(List.of(), List.of(), List.of("dirft"), Optional.empty(), List.of()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("expected: one of performance, estimate, drift");
    }

    @Test
    void inQuietHoursItWaitsForTheMorning() {
        desk.add(
                "board",
                new Target.Webhook(receiver.url("/hook"), "s"),
                Route.ALL,
                Duration.ZERO,
                "13:00-07:00 Europe/Berlin");
        desk.raise("delays", Clause.DRIFT);
        desk.after(Duration.ofHours(17));
        assertThat(told()).isEmpty();
        desk.after(Duration.ofHours(1));
        assertThat(told()).containsExactly("delays: drift raised");
        assertThatThrownBy(() -> QuietHours.parse("22-7")).hasMessageContaining("22:00-07:00 Europe/Berlin");
    }

    @Test
    void aChannelIsForItsProjectAndThoseOfAllProjectsForOperators() {
        Target target = new Target.Slack(receiver.url("/x"));
        Channel board = desk.webhook("board", receiver.url("/hook"));
        var global = new Channels.Request("all", Optional.empty(), target, Route.ALL, Duration.ZERO, Optional.empty());
        assertThatThrownBy(() -> desk.channels.add(desk.mia, global)).isInstanceOf(Problem.Denied.class);
        desk.channels.add(desk.ops, global);
        assertThatThrownBy(() -> desk.channels.add(desk.ops, global)).isInstanceOf(Problem.Conflict.class);
        var foreign =
                new Channels.Request("mine", Optional.of("fares"), target, Route.ALL, Duration.ZERO, Optional.empty());
        assertThatThrownBy(() -> desk.channels.add(desk.mia, foreign)).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> desk.channels.remove(desk.leo, "board")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> desk.channels.test(desk.leo, "board")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> desk.channels.get(desk.leo, "board")).isInstanceOf(Problem.Denied.class);
        assertThat(desk.channels.list(desk.leo)).isEmpty();
        assertThat(desk.channels.list(desk.mia)).containsExactly(board);
        desk.raise("delays", Clause.DRIFT);
        desk.channels.remove(desk.mia, "board");
        desk.after(GATHERED);
        assertThat(receiver.all()).extracting(Receiver.Seen::path).containsExactly("/x");
        assertThat(desk.webhook("board", receiver.url("/hook")).id()).isNotEqualTo(board.id());
    }

    @Test
    void aTrialSaysThatItIsOneAndWhatCameOfIt() {
        desk.webhook("board", receiver.url("/hook"));
        assertThat(desk.channels.test(desk.mia, "board").success()).isTrue();
        assertThat(receiver.all().getFirst().json().path("type").asText()).isEqualTo("millwright.test");
        receiver.answer(401);
        assertThat(desk.channels.test(desk.mia, "board")).isEqualTo(new Channels.Trial(false, "answered 401: ok"));
    }
}
