package org.millwright.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.alert.Raised;
import org.millwright.egress.Destinations;
import org.millwright.factory.Outbox;
import org.millwright.factory.Telling;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;

/** A server that is killed between an alert, its reaction and its delivery: every alert is told, none in two messages. */
class KillTest {
    private static final int ALERTS = 24;
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    /** The server that is killed: raises alerts up to a number, resolves every other one, and tells of them. */
    public static final class Victim {
        public static void main(String[] args) throws InterruptedException {
            Path folder = Path.of(args[0]);
            boolean fresh = Boolean.parseBoolean(args[2]);
            int alerts = Integer.parseInt(args[3]);
            Database database = Database.sqlite(folder.resolve("test.db"));
            var desk = new Desk(database, folder, fresh);
            desk.open(new NotificationSettings(
                    Optional.empty(),
                    new Destinations(Set.of("*")),
                    Duration.ZERO,
                    Duration.ofSeconds(5),
                    4,
                    Duration.ZERO));
            if (fresh) {
                desk.webhook("board", args[1]);
            }
            var outbox = new Outbox(database, desk.ledger);
            new Telling(desk.notifications, desk.deliverer).register(outbox);
            outbox.start();
            desk.deliverer.start();
            System.out.println("ready");
            List<Alert> known = desk.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), false);
            for (int i = known.size(); i < alerts; i++) {
                Alert alert =
                        Raised.raise(database, desk.ledger, desk.ids, desk.clock, "delays", "d" + i, Clause.DRIFT);
                if (i % 2 == 0) {
                    desk.alerts.resolve(desk.mia, alert.id(), "over");
                }
                System.out.println("raised " + i);
            }
            if (alerts < ALERTS) {
                Thread.currentThread().join(); // it goes on to tell until it is killed
            }
            outbox.awaitIdle(Duration.ofMinutes(1));
            while (desk
                            .channels
                            .deliveries(desk.mia, Optional.empty(), Optional.of(Delivery.State.SENT), 1_000)
                            .stream()
                            .mapToInt(delivery -> delivery.told().size())
                            .sum()
                    < events(desk)) {
                desk.turn();
            }
            System.out.println("done");
            System.exit(0);
        }

        private static int events(Desk desk) {
            return desk.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), false).stream()
                    .mapToInt(alert -> alert.isOpen() ? 1 : 2)
                    .sum();
        }
    }

    @Test
    void noAlertIsLostAndNoneIsInTwoMessages() throws IOException, InterruptedException {
        try (var receiver = new Receiver()) {
            for (int kill = 0; kill < KILLS; kill++) {
                int alerts = (kill + 1) * ALERTS / (KILLS + 1);
                Process victim = start(receiver.url("/hook"), kill == 0, alerts);
                try (var lines = lines(victim)) {
                    String until = "raised " + (alerts - 1);
                    String said = lines.readLine();
                    while (said != null && !said.equals(until)) {
                        said = lines.readLine();
                    }
                    assertThat(said).isEqualTo(until);
                } finally {
                    victim.destroyForcibly().waitFor();
                }
            }
            Process last = start(receiver.url("/hook"), false, ALERTS);
            try (var lines = lines(last)) {
                assertThat(lines.lines().toList()).last().isEqualTo("done");
            } finally {
                last.destroyForcibly().waitFor();
            }
            Map<String, Set<String>> messages = new HashMap<>();
            receiver.all().forEach(seen -> messages.put(seen.id(), told(seen.json())));
            var all = new ArrayList<String>();
            messages.values().forEach(all::addAll);
            assertThat(all).doesNotHaveDuplicates();
            assertThat(all).filteredOn(one -> one.endsWith(" raised")).hasSize(ALERTS);
            assertThat(all).filteredOn(one -> one.endsWith(" resolved")).hasSizeBetween(ALERTS / 2 - KILLS, ALERTS / 2);
        }
    }

    private static Set<String> told(JsonNode message) {
        var told = new HashSet<String>();
        message.path("alerts")
                .forEach(alert -> told.add(
                        alert.path("id").asText() + " " + alert.path("event").asText()));
        return told;
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private Process start(String url, boolean fresh, int alerts) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString(),
                        url,
                        Boolean.toString(fresh),
                        Integer.toString(alerts))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }
}
