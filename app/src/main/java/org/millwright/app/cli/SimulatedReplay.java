package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.millwright.app.simulation.FaultReader;
import org.millwright.app.simulation.Injector;
import org.millwright.app.simulation.Losses;
import org.millwright.app.simulation.Observed;
import org.millwright.app.simulation.Observed.Seen;
import org.millwright.app.simulation.Plan;
import org.millwright.app.simulation.Row;
import org.millwright.app.simulation.Stretch;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.signing.Untrusted;

/** Lets event time pass for a deployment: its requests, its outcomes, its reactions, step by step. */
final class SimulatedReplay {
    private final Plan plan;
    private final Client client;
    private final String deployment;
    private final SimulatedRows source;
    private final SimulatedRequests requests;
    private final SimulatedReactions reactions;
    private final SimulatedWatch watch = new SimulatedWatch();
    private final Screen screen;
    private final String title;
    private final Optional<HeldModel> held;
    private final Losses losses;
    private final PriorityQueue<Arriving> arriving = new PriorityQueue<>(Comparator.comparingLong(Arriving::at)
            .thenComparing(one -> one.row().id()));
    private final PriorityQueue<Arriving> unlabelled = new PriorityQueue<>(Comparator.comparingLong(Arriving::at)
            .thenComparing(one -> one.row().id()));
    private final NavigableMap<Long, Long> sentBefore = new TreeMap<>();
    private final List<Observed.Refusal> refusals = new ArrayList<>();
    private final long start = System.nanoTime();
    private @Nullable Injector injector;
    private long sent;
    private long outcomes;

    /** A row that comes, or whose outcome becomes known, at a time. */
    private record Arriving(Row row, long at) {}

    /** @param held the version that production's answers are compared with */
    SimulatedReplay(
            Plan plan,
            Client client,
            String deployment,
            SimulatedRows source,
            Optional<Client> approver,
            Optional<HeldModel> held,
            Screen screen,
            String title) {
        this.plan = plan;
        this.client = client;
        this.deployment = deployment;
        this.source = source;
        this.held = held;
        this.screen = screen;
        this.title = title;
        this.requests = new SimulatedRequests(client, deployment, client.get("/v2/models/" + Client.part(deployment)));
        this.losses = new Losses(requests.answersNumbers() ? Losses.Kind.NUMBERS : Losses.Kind.CLASSES);
        String project = SimulatedReactions.deployment(client, deployment)
                .path("project")
                .asText();
        this.reactions =
                new SimulatedReactions(client, project, deployment, approver, what -> show(plan.begin(), what));
    }

    /** The version to hold; empty when it cannot be run here, with the reason told. */
    static Optional<HeldModel> hold(Client client, String deployment, Optional<Path> key, Path scratch, Screen screen) {
        JsonNode now = SimulatedReactions.deployment(client, deployment);
        String version = now.path("production")
                .asText(now.path("canary")
                        .path("version")
                        .asText(now.path("staged").path("version").asText()));
        if (key.isEmpty() || version.isEmpty()) {
            screen.line("  Without --trust KEY the first version cannot be compared with production.");
            return Optional.empty();
        }
        try {
            return Optional.of(HeldModel.of(client, now.path("model").asText(), version, key.get(), scratch));
        } catch (ModelFailure | Untrusted | Problem e) {
            screen.line("  Version " + version + " cannot be compared with production: " + e.getMessage());
            return Optional.empty();
        }
    }

    Observed run() {
        YearMonth next = plan.from();
        long last = plan.end() + plan.labelDelay().toMillis();
        for (long from = plan.begin(); from < last || !arriving.isEmpty() || !unlabelled.isEmpty(); ) {
            long to = plan.step().after(from);
            for (; next.compareTo(plan.to()) <= 0 && Stretch.begin(next.toString()) < to; next = next.plusMonths(1)) {
                load(next, from);
            }
            step(from, to);
            from = to;
        }
        screen.settle();
        return observed();
    }

    /** Rows answered before an event time. */
    LongUnaryOperator begun() {
        return time -> Optional.ofNullable(sentBefore.floorEntry(time))
                .map(Map.Entry::getValue)
                .orElse(0L);
    }

    private void load(YearMonth month, long now) {
        if (!screen.isTerminal()) {
            screen.line("  " + month + "  so far " + Texts.count(sent) + " rows, " + watch.alerts() + " alerts, "
                    + watch.releases() + " releases");
        }
        show(now, "bringing " + month);
        List<Row> rows = source.of(month);
        Injector known = injector;
        if (known == null) {
            check(rows);
            known = new Injector(plan.faults(), Injector.deviations(rows), plan.seed());
            injector = known;
        }
        for (Row clean : rows) {
            Row row = known.apply(clean);
            arriving.add(new Arriving(row, known.arrival(row)));
        }
        source.follow(month);
    }

    private void check(List<Row> rows) {
        if (rows.isEmpty()) {
            throw new Problem.Invalid("There is no row in " + plan.from(), "Give --from a month that has data.");
        }
        var columns = new HashSet<>(rows.getFirst().values().keySet());
        boolean numeric = rows.stream().allMatch(row -> row.label() == null || row.label() instanceof Number);
        FaultReader.check(plan.faults(), requests.numeric(), columns, numeric);
    }

    private void step(long from, long to) {
        show(from, "replaying");
        JsonNode now = SimulatedReactions.deployment(client, deployment);
        boolean rollout = now.has("canary") || now.has("shadow") || !now.has("production");
        sentBefore.put(from, sent);
        send(due(arriving, to), rollout);
        label(to);
        Seen seen = new Seen(to, sent);
        if (sent > 0) {
            announce(to - plan.labelDelay().toMillis());
            reactions.settle();
            look(seen);
        }
        watch.production(
                SimulatedReactions.deployment(client, deployment)
                        .path("production")
                        .asText(),
                seen);
    }

    private void look(Seen seen) {
        try {
            watch.look(client.get("/api/1/deployments/" + Client.part(deployment) + "/monitor"), seen);
        } catch (Problem.NotFound e) {
            // the first rows are answered and not profiled yet: the next step sees them
        }
    }

    private static List<Row> due(PriorityQueue<Arriving> queue, long before) {
        var due = new ArrayList<Row>();
        for (Arriving next = queue.peek(); next != null && next.at() < before; next = queue.peek()) {
            due.add(next.row());
            queue.remove();
        }
        return due;
    }

    private void send(List<Row> rows, boolean alone) {
        long refusedBefore = requests.refused();
        requests.send(rows, alone);
        requests.send(rows.stream().filter(injector()::isTwice).toList(), alone);
        var answered = new ArrayList<Row>();
        for (Row row : rows) {
            if (requests.answer(row.id()) != null) {
                answered.add(row);
                unlabelled.add(new Arriving(
                        row, injector().arrival(row) + plan.labelDelay().toMillis()));
            }
        }
        sent += answered.size();
        if (requests.refused() > refusedBefore && !rows.isEmpty()) {
            refusals.add(new Observed.Refusal(
                    requests.refused() - refusedBefore,
                    requests.refusal(),
                    new Seen(rows.getLast().at(), sent)));
        }
    }

    private Injector injector() {
        Injector known = injector;
        if (known == null) {
            throw new IllegalStateException("no rows were loaded");
        }
        return known;
    }

    private void label(long to) {
        var known = new ArrayList<SimulatedRequests.Known>();
        var rows = new ArrayList<Row>();
        for (Arriving next = unlabelled.peek(); next != null && next.at() < to; next = unlabelled.peek()) {
            unlabelled.remove();
            Object outcome = next.row().label();
            if (outcome != null) {
                rows.add(next.row());
                if (injector().isLabelled(next.at())) {
                    known.add(new SimulatedRequests.Known(next.row(), outcome, next.at()));
                }
            }
        }
        requests.label(known);
        outcomes += known.size();
        compare(rows);
    }

    /** Loss is what really happened, also where outcomes were not sent. */
    private void compare(List<Row> rows) {
        List<@Nullable Object> other = held.map(model -> answers(model, rows)).orElseGet(() -> new ArrayList<>());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            Object answer = requests.answer(row.id());
            Object before = other.isEmpty() ? answer : other.get(i);
            if (answer != null && before != null && row.label() != null) {
                losses.add(row.at(), answer, before, row.label());
            }
        }
    }

    private List<@Nullable Object> answers(HeldModel model, List<Row> rows) {
        try {
            return model.answers(rows);
        } catch (InvalidInput e) {
            throw new Problem.Refused("The first version refuses rows that production answers: " + e.getMessage(), "");
        }
    }

    /** A feed of outcomes that stopped promises nothing. */
    private void announce(long time) {
        if (time > plan.begin()
                && injector().isLabelled(time + plan.labelDelay().toMillis() - 1)) {
            client.post(
                    "/api/1/deployments/" + Client.part(deployment) + "/watermark",
                    Json.object().put("time", Instant.ofEpochMilli(time).toString()));
        }
    }

    private void show(long at, String doing) {
        double done = Math.clamp((at - plan.begin()) / (double) (plan.end() - plan.begin()), 0.001, 1);
        long elapsed = System.nanoTime() - start;
        screen.live(List.of(String.format(
                Locale.ROOT,
                "  %s %s  %s  %,d rows  %d alerts  %d releases  %s left  %s",
                screen.busy(Texts.bar(done, 20)),
                title,
                Stretch.day(at),
                sent,
                watch.alerts(),
                watch.releases(),
                Texts.duration(Duration.ofNanos((long) (elapsed / done - elapsed))),
                doing)));
    }

    private Observed observed() {
        var problems = new ArrayDeque<>(reactions.problems());
        if (requests.failed() > 0) {
            problems.add(requests.failed() + " rows got no answer, first: " + requests.failure());
        }
        List<Losses.Span> windows = watch.windows();
        return new Observed(
                windows,
                watch.judged(),
                watch.notes(),
                watch.raised(),
                watch.retrained(client),
                watch.released(),
                refusals,
                new Observed.Totals(sent, outcomes, requests.refused(), requests.failed()),
                losses.kind(),
                losses.whole(),
                losses.by(windows),
                held.isPresent(),
                List.copyOf(problems));
    }
}
