package org.millwright.monitor;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.dataset.Contract;
import org.millwright.dataset.LiveRules;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.lineage.Edges;
import org.millwright.outcome.Label;
import org.millwright.scoring.Frame;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.performance.LossEstimator;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;
import org.millwright.verdict.ClockClauses;
import org.millwright.verdict.Served;
import org.millwright.window.References;

/**
 * A deployment whose model errs three times as much where {@code x} is above 1, with an estimator that was learned on
 * held-out rows, and a clock that tests set.
 */
final class SignalLine implements AutoCloseable {
    static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: week
            performance: [{metric: mae, at-most: 1.6, min-labels: 100}]
            drift: {method: psi, warn: 0.1, alert: 0.25, columns-share: 0.5}
            quality: {stuck-after: 2, contract-at-most: 0.001}
            staleness: {model-at-most: 90d, data-at-most: 400d, outside-training-at-most: 0.05}
            service: {p99-at-most: 50ms, errors-at-most: 0.01}
            feeds: {predictions-within: 2d, labels-within: 10d}
            estimate: true
            investigate: mia
            """;
    static final long WEEK = 7 * 24 * 3600_000L;
    static final long START = Instant.parse("2025-01-06T00:00:00Z").toEpochMilli();

    final Line line;
    final Monitor monitor;
    final Labels labels;
    final ClockClauses clauses;
    final Signals signals;
    final Reference reference;
    long now = START;
    Served served = new Served(Optional.of("1"), false, START, 0, Double.NaN, 0, 0);

    SignalLine(Database database, Path folder) {
        line = new Line(database, folder);
        line.monitor.close();
        line.agree(AGREEMENT);
        reference = reference();
        var references = new References((deployment, version) -> Optional.of(reference));
        Clock clock = new SetClock();
        monitor = new Monitor(
                database,
                line.ledger,
                line.users.access(),
                line.projects,
                line.alerts,
                references,
                new MonitorSettings(50_000, Duration.ofHours(1), 1_000_000),
                clock,
                line.ids);
        labels = new Labels(database, line.ledger, line.users.access(), monitor, clock, line.ids);
        clauses =
                new ClockClauses(database, line.ledger, line.projects, line.alerts, references, name -> served, clock);
        signals = new Signals(database, line.ledger, line.projects, new Edges(database, clock), monitor, clauses);
    }

    private final class SetClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }
    }

    /** Rows of a week. */
    record Rows(Frame inputs, double[] predictions, double[] outcomes, String[] ids, long[] times) {}

    /**
     * Rows of a week.
     *
     * @param shift added to every {@code x}
     * @param wrong added to every error of the second half
     */
    static Rows rows(int week, int count, double shift, double wrong) {
        var random = new Random(1_000 + week);
        double[] x = new double[count];
        String[] carrier = new String[count];
        double[] predictions = new double[count];
        double[] outcomes = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = random.nextGaussian() + shift;
            carrier[i] = "c" + Math.min(5, (int) Math.abs(random.nextGaussian() * 3));
            predictions[i] = 3 * x[i];
            outcomes[i] = 3 * x[i] + random.nextGaussian() * (x[i] > 1 ? 3 : 1) + (i >= count / 2 ? wrong : 0);
        }
        long step = WEEK / count;
        return new Rows(
                Frame.of(count).doubles("x", x).strings("carrier", carrier).build(),
                predictions,
                outcomes,
                IntStream.range(0, count).mapToObj(i -> week + "-" + i).toArray(String[]::new),
                IntStream.range(0, count)
                        .mapToLong(i -> START + week * WEEK + i * step)
                        .toArray());
    }

    /** The same numbers and texts, but the texts by the numbers: what no column shows alone. */
    static Rows tied(Rows rows) {
        double[] x = rows.inputs().doubles("x");
        String[] carriers = new String[x.length];
        Arrays.setAll(carriers, i -> String.valueOf(rows.inputs().value(1, i)));
        Arrays.sort(carriers);
        int[] byNumber = IntStream.range(0, x.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> x[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        String[] tied = new String[x.length];
        for (int i = 0; i < tied.length; i++) {
            tied[byNumber[i]] = carriers[i];
        }
        return new Rows(
                Frame.of(x.length).doubles("x", x).strings("carrier", tied).build(),
                rows.predictions(),
                rows.outcomes(),
                rows.ids(),
                rows.times());
    }

    private static Reference reference() {
        Rows trained = rows(-60, 5_000, 0, 0);
        Rows held = rows(-59, 5_000, 0, 0);
        Reference reference =
                Reference.of(trained.inputs(), trained.predictions(), trained.outcomes(), START - 60 * WEEK, START - 1);
        var estimator = LossEstimator.fit(
                held.inputs(),
                held.outcomes(),
                held.predictions(),
                reference.baseline(),
                IntStream.range(0, 5_000).toArray());
        Reference learned = reference.reconstructedBy(Reconstruction.learn(reference.inputs(), trained.inputs())
                .map(apart ->
                        apart.limitedBy(held.inputs(), IntStream.range(0, 5_000).toArray()))
                .map(Reconstruction::toJson));
        return learned.with(CONTRACT.keptBy(trained.inputs()))
                .with(Optional.of(estimator.toJson()), Map.of("x", 1.1, "carrier", 0.01));
    }

    /** A contract of which training keeps all but one rule. */
    private static final ContractChecks CONTRACT =
            LiveRules.of(Contract.parse("contract.yaml", """
            apiVersion: v3.1.0
            kind: DataContract
            id: delays
            version: 2.0.0
            status: active
            schema:
              - name: flights
                properties:
                  - name: carrier
                    logicalType: string
                    required: true
                    quality:
                      - {metric: invalidValues, arguments: {validValues: [c0, c1, c2, c3, c4, c5]}, mustBe: 0}
                  - name: x
                    logicalType: number
                    logicalTypeOptions: {minimum: -9, maximum: 9}
                    quality: [{name: small, metric: invalidValues, arguments: {pattern: "^-?[0-4][.]"}, mustBeLessThan: 30, unit: percent, severity: warning}]
                  - {name: x2, logicalType: number, required: true}
                quality:
                  - {metric: rowCount, mustBe: 5000}
              - name: derived
                properties:
                  - {name: x, logicalType: integer}
            """).tables(), List.of("x", "carrier"));

    void answer(Rows rows, String version) {
        monitor.answered(new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                version,
                now,
                rows.inputs(),
                rows.predictions(),
                rows.ids(),
                rows.times()));
        monitor.settle(Line.DEPLOYMENT);
    }

    void label(Rows rows) {
        labels.receive(
                line.ana,
                Line.DEPLOYMENT,
                IntStream.range(0, rows.ids().length)
                        .mapToObj(i -> new Label(rows.ids()[i], rows.outcomes()[i], Math.min(rows.times()[i] + 1, now)))
                        .toList());
    }

    /** A week of answers and, unless they are late, of outcomes; the clock goes on to its end. */
    void week(int week, Rows rows, boolean labelled) {
        now = START + (week + 1) * WEEK;
        answer(rows, "1");
        if (labelled) {
            label(rows);
            monitor.announce(line.ana, Line.DEPLOYMENT, now);
        }
    }

    List<Judgement> judgements(String clause) {
        return line.judgements(Clause.of(clause));
    }

    List<Alert> alerts() {
        return line.alerts.list(Actor.SYSTEM, Optional.of(Line.DEPLOYMENT), Optional.empty(), false);
    }

    static double mae(Rows rows) {
        double[] errors = new double[rows.predictions().length];
        Arrays.setAll(errors, i -> Math.abs(rows.predictions()[i] - rows.outcomes()[i]));
        return Arrays.stream(errors).average().orElseThrow();
    }

    @Override
    public void close() {
        monitor.close();
    }
}
