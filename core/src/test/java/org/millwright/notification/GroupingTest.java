package org.millwright.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.kernel.OnDatabases;

/** Whatever happens to alerts, receivers and silences, in any order: no alert is told twice, and none is lost. */
class GroupingTest {
    private static final int DEPLOYMENTS = 3;

    private static Desk desk;
    private static Receiver receiver;
    private static int number;

    private final Map<String, Alert> open = new LinkedHashMap<>();
    private final List<Alert> raised = new ArrayList<>();
    private final Set<String> silenced = new HashSet<>();

    @BeforeContainer
    static void open() throws IOException {
        Path folder = Files.createTempDirectory("millwright-test");
        desk = new Desk(OnDatabases.sqlite(), folder, true);
        receiver = new Receiver();
    }

    @AfterContainer
    static void close() {
        receiver.close();
        desk.close();
    }

    @Property(tries = 40)
    void everyAlertIsToldOnceAndInOrder(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 99) Integer> steps) {
        String path = "/try-" + ++number;
        open.clear();
        raised.clear();
        silenced.clear();
        desk.webhook("board", receiver.url(path));
        steps.forEach(this::step);
        receiver.recover();
        for (int i = 0; i < 4; i++) {
            desk.after(Duration.ofHours(1));
            desk.channels.retry(desk.mia, "board");
        }
        check(path);
        open.values().forEach(alert -> desk.alerts.resolve(desk.mia, alert.id(), "next try"));
        desk.channels.remove(desk.mia, "board");
    }

    private void step(int step) {
        String deployment = "t" + number + "-" + step % DEPLOYMENTS;
        switch (step / 10) {
            case 0, 1, 2 -> raise(deployment, step % 2 == 0 ? Clause.DRIFT : Clause.PERFORMANCE);
            case 3 -> any(step).ifPresent(desk::acknowledge);
            case 4 ->
                any(step).ifPresent(alert -> {
                    desk.resolve(alert);
                    open.remove(alert.id());
                });
            case 5 -> silence(deployment, step);
            case 6 -> receiver.answer(step % 3 == 0 ? 404 : 503, 500);
            case 7 -> raised.forEach(alert -> desk.notifications.look(alert.id()));
            case 8 -> desk.after(Duration.ofSeconds(step * 7L));
            default -> desk.after(Duration.ofMinutes(step));
        }
    }

    private void raise(String deployment, Clause clause) {
        boolean known = open.values().stream()
                .anyMatch(alert ->
                        alert.deployment().equals(deployment) && alert.clause().equals(clause));
        if (!known) {
            Alert alert = desk.raise(deployment, clause);
            open.put(alert.id(), alert);
            raised.add(alert);
        }
    }

    private Optional<Alert> any(int step) {
        return open.values().stream().skip(step % Math.max(1, open.size())).findFirst();
    }

    private void silence(String deployment, int step) {
        silenced.add(deployment);
        desk.silences.start(
                desk.mia,
                new Silences.Scope(Optional.empty(), Optional.of(deployment), Optional.empty()),
                Duration.ofMinutes(1 + step),
                "a try");
    }

    private void check(String path) {
        Map<String, List<String>> messages = new LinkedHashMap<>();
        for (Receiver.Seen seen : receiver.all()) {
            if (seen.path().equals(path) && seen.answered() == 200) {
                var told = new ArrayList<String>();
                seen.json()
                        .path("alerts")
                        .forEach(alert -> told.add(alert.path("id").asText() + " "
                                + alert.path("event").asText()));
                assertThat(messages).doesNotContainKey(seen.id());
                messages.put(seen.id(), told);
            }
        }
        List<String> all = messages.values().stream().flatMap(List::stream).toList();
        assertThat(all).doesNotHaveDuplicates();
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            place.put(all.get(i), i);
        }
        for (Alert alert : raised) {
            boolean isOpen = open.containsKey(alert.id());
            boolean free = !silenced.contains(alert.deployment());
            String begin = alert.id() + " raised";
            String end = alert.id() + " resolved";
            if (isOpen || free) {
                assertThat(all).contains(begin);
            }
            assertThat(place.containsKey(end)).isEqualTo(!isOpen && place.containsKey(begin));
            if (place.containsKey(end)) {
                assertThat(place.get(begin)).isLessThan(place.get(end));
            }
        }
    }
}
