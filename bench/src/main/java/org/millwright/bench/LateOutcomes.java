package org.millwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.monitor.Labels;
import org.millwright.monitor.Monitor;
import org.millwright.monitor.MonitorSettings;
import org.millwright.monitor.Overviews;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.retraining.Retrainings;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;
import org.millwright.web.api.MonitorRoutes;
import org.millwright.window.References;

/** A month of monitored predictions of two classes whose outcomes are not known yet, in the rooms that monitoring needs. */
final class LateOutcomes implements AutoCloseable {
    private static final int TOGETHER = 20_000;
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: bench
            purpose: Shows how fast outcomes are joined.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
            environment: {python: "3.11"}
            model: {task: classification, label: y, positive: late}
            """;
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: bench
            window: month
            estimate: false
            performance:
              - {metric: roc_auc, at-least: 0.6}
              - {metric: recall, at-least: 0.2, segment: {origin: JFK}}
            fairness:
              - {by: [origin]}
            investigate: mia
            """;

    private final Database database;
    private final Monitor monitor;
    private final WebServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<byte[]> bodies = new ArrayList<>();

    LateOutcomes(Path folder, int rows) {
        var clock = Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);
        var ids = new Ids(clock);
        database = Database.sqlite(folder.resolve("millwright.db"));
        var ledger = new Ledger(
                database,
                clock,
                ids,
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        var users = new Users(database, ledger, clock, ids);
        var projects = new Projects(database, ledger, users, clock);
        var agreements = new Agreements(database, ledger, users, projects, clock, ids);
        agree(users, projects, agreements);
        var alerts = new Alerts(database, ledger, users.access(), clock, ids);
        Frame sample = rows(1_000, new Random(1));
        Frame inputs = sample.select(List.of("origin"));
        var classes = sample.column(Reference.OUTPUT);
        var references = new References(
                (deployment, version) -> Optional.of(Reference.ofClasses(inputs, classes, classes, 0, 0)));
        var settings = new MonitorSettings(2 * TOGETHER, Duration.ofHours(1), 2L * rows);
        monitor = new Monitor(database, ledger, users.access(), projects, alerts, references, settings, clock, ids);
        var labels = new Labels(database, ledger, users.access(), monitor, clock, ids);
        var retrainings = new Retrainings(database, ledger, projects, agreements, monitor, references, alerts, clock);
        var overviews = new Overviews(database, projects, monitor, alerts);
        server = WebServer.start(
                new WebSettings("127.0.0.1", 0, false, Set.of()),
                users,
                ids,
                List.of(new MonitorRoutes(monitor, labels, overviews, retrainings, clock)),
                List.of(),
                List::of);
        predict(rows, clock.millis());
    }

    private static void agree(Users users, Projects projects, Agreements agreements) {
        Actor ana = person(users, "ana", Role.DATA_SCIENTIST);
        Actor mia = person(users, "mia", Role.ML_ENGINEER);
        Actor ben = person(users, "ben", Role.APPROVER);
        projects.request(ana, PROJECT);
        projects.approve(ben, "bench", "To measure");
        agreements.propose(ana, AGREEMENT);
        agreements.accept(mia, "bench", Optional.empty());
    }

    private static Actor person(Users users, String name, Role role) {
        User user = users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private static Frame rows(int count, Random random) {
        var origin = new String[count];
        var named = new String[count];
        var late = new double[count];
        for (int i = 0; i < count; i++) {
            origin[i] = List.of("EWR", "JFK", "LGA").get(random.nextInt(3));
            late[i] = random.nextDouble();
            named[i] = late[i] > 0.5 ? "late" : "on time";
        }
        return Frame.of(count)
                .strings("origin", origin)
                .strings(Reference.OUTPUT, named)
                .doubles(Scored.further(0), late)
                .doubles(Scored.further(1), Arrays.stream(late).map(p -> 1 - p).toArray())
                .build();
    }

    /** Has a month of predictions made, and writes their outcomes: period by period, in any order within one. */
    private void predict(int rows, long now) {
        var random = new Random(7);
        var numbers = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        long from = now - Duration.ofDays(59).toMillis();
        for (int start = 0; start < rows; start += TOGETHER) {
            int count = Math.min(TOGETHER, rows - start);
            var ids = new String[count];
            var times = new long[count];
            var none = new double[count];
            Arrays.fill(none, Double.NaN);
            for (int i = 0; i < count; i++) {
                ids[i] = "flight-" + (start + i);
                times[i] = from + (start + i) * Duration.ofDays(27).toMillis() / rows;
            }
            monitor.answered(new Scored("bench", "bench", "bench", "1", now, rows(count, random), none, ids, times));
            monitor.settle("bench");
        }
        for (int start = 0; start < rows; start += Labels.MOST) {
            var body = new StringBuilder("[");
            List<Integer> part = numbers.subList(start, Math.min(rows, start + Labels.MOST));
            Collections.shuffle(part, random);
            for (int number : part) {
                body.append(body.length() == 1 ? "" : ",")
                        .append("{\"id\":\"flight-")
                        .append(number)
                        .append("\",\"value\":\"")
                        .append(random.nextInt(4) == 0 ? "late" : "on time")
                        .append("\"}");
            }
            bodies.add(body.append(']').toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Sends all outcomes. */
    void send() {
        bodies.forEach(body -> ask("labels", HttpRequest.BodyPublishers.ofByteArray(body), "POST"));
    }

    void measure() {
        ask("monitor/performance", HttpRequest.BodyPublishers.noBody(), "GET");
    }

    private void ask(String path, HttpRequest.BodyPublisher body, String method) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/1/deployments/bench/" + path))
                .method(method, body)
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        server.close();
        monitor.close();
        database.close();
    }
}
