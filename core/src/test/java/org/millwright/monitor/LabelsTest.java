package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Label;
import org.millwright.outcome.LabelStore;
import org.millwright.outcome.Outcome;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.Performance;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.window.WindowState;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class LabelsTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;

    LabelsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
        line.monitor.answered(line.scored(Line.rows("2013-08", 300, 0, 0), "1"));
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    private Labels.Received send(Label... labels) {
        return line.labels.receive(line.ana, Line.DEPLOYMENT, List.of(labels));
    }

    private static Label label(String id, double value, long time) {
        return new Label(id, value, time);
    }

    private Performance performance() {
        return line.monitor
                .measures()
                .performance(
                        line.monitor.watched(Line.DEPLOYMENT), line.windows().getFirst());
    }

    @Test
    void performanceIsThatOfTheLibraryOverTheJoinedRows() {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 0);
        Labels.Received received =
                line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(rows).subList(0, 240));
        assertThat(received.joined()).isEqualTo(240);
        var expected = RegressionMetrics.of(
                java.util.Arrays.copyOf(rows.outcomes(), 240),
                java.util.Arrays.copyOf(rows.predictions(), 240),
                Line.REFERENCE.baseline());
        Performance performance = performance();
        assertThat(performance.n()).isEqualTo(240);
        assertThat(performance.coverage()).isEqualTo(0.8);
        assertThat(performance.metric("rmse").value()).isCloseTo(expected.rmse().value(), within(1e-12));
        assertThat(performance.metric("skill")).isEqualTo(expected.skill());
        assertThat(performance.metric("bias").value()).isCloseTo(expected.bias(), within(1e-12));
        assertThat(line.windows().getFirst().labels()).isEqualTo(240);
    }

    @Test
    void theSameLabelsAgainChangeNothing() {
        List<Label> labels = Line.labels(Line.rows("2013-08", 300, 0, 0));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels);
        Performance before = performance();
        Labels.Received again = line.labels.receive(line.ana, Line.DEPLOYMENT, labels);
        assertThat(again.duplicates()).isEqualTo(300);
        assertThat(again.joined()).isZero();
        assertThat(performance()).isEqualTo(before);
    }

    @Test
    void ofManyTogetherThoseThatAreKnownChangeNothing() {
        List<Label> labels = Line.labels(Line.rows("2013-08", 300, 0, 0));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels.subList(40, 100));
        List<Label> sent = new ArrayList<>(labels);
        sent.addAll(Line.labels(Line.rows("2013-09", 700, 0, 0)));
        Label other = label(labels.get(50).id(), 1e6, labels.get(50).time());
        sent.set(50, other);
        Collections.shuffle(sent, new Random(1));
        Labels.Received received = line.labels.receive(line.ana, Line.DEPLOYMENT, sent);
        assertThat(received.joined()).isEqualTo(240);
        assertThat(received.pending()).isEqualTo(700);
        assertThat(received.duplicates()).isEqualTo(59);
        assertThat(received.contradictions()).containsExactly(other.id());
        assertThat(line.windows().getFirst().labels()).isEqualTo(300);
        Map<String, LabelStore.Known> kept = database.read(() -> new LabelStore(database)
                .known(Line.DEPLOYMENT, sent.stream().map(Label::id).toList()));
        assertThat(kept).hasSize(1_000);
        assertThat(kept.get(other.id()).label()).isEqualTo(other);
        assertThat(kept.values()).filteredOn(LabelStore.Known::joined).hasSize(300);
        assertThat(performance().n()).isEqualTo(300);
    }

    @Test
    void ofTwoContradictingLabelsTheOneObservedLaterCounts() {
        assertThat(send(label("2013-08-1", 10, 2_000)).joined()).isEqualTo(1);
        Labels.Received older = send(label("2013-08-1", 99, 1_000));
        assertThat(older.contradicted()).isEqualTo(1);
        assertThat(older.contradictions()).containsExactly("2013-08-1");
        assertThat(outcome()).isEqualTo(10);
        send(label("2013-08-1", 20, 3_000), label("2013-08-1", 30, 3_000));
        assertThat(outcome()).isEqualTo(30);
        assertThat(database.read(() -> new LabelStore(database).contradicted(Line.DEPLOYMENT)))
                .isEqualTo(3);
    }

    private double outcome() {
        return database.read(() -> new OutcomeStore(database)
                .rows(Line.DEPLOYMENT, "1", 0, Long.MAX_VALUE, false)
                .outcomes()[0]);
    }

    @Test
    void labelsBeforeTheirPredictionWaitForIt() {
        Line.Rows september = Line.rows("2013-09", 50, 0, 0);
        Labels.Received early = line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(september));
        assertThat(early.pending()).isEqualTo(50);
        assertThat(early.unknown()).hasSize(10).contains("2013-09-0");
        line.monitor.answered(line.scored(september, "1"));
        line.monitor.answered(line.scored(september, "2"));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows()).extracting(WindowState::labels).containsExactly(0L, 50L, 50L);
        assertThat(database.read(() -> new LabelStore(database).pending(Line.DEPLOYMENT)))
                .isZero();
    }

    @Test
    void aLabelRepeatedInOneRequestCountsOnce() {
        Labels.Received received = send(label("2013-08-1", 10, 1), label("2013-08-1", 10, 1), label("x", 1, 1));
        assertThat(received)
                .isEqualTo(new Labels.Received(3, 1, 1, 1, 0, List.of("x"), List.of(), Map.of(), List.of()));
    }

    @Test
    void malformedLabelsAreRefusedAsAWhole() {
        assertThatThrownBy(() -> send(
                        label("2013-08-1", 1, 1),
                        label("", 1, 1),
                        label("b", Double.NaN, 1),
                        new Label("c", Outcome.of("late"), 1),
                        label("d", 1, 4_102_444_800_000L)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("label 1: id of 0 characters")
                .hasMessageContaining("label 2: value NaN")
                .hasMessageContaining("label 3: value is the text 'late' (expected: a finite number")
                .hasMessageContaining("label 4: time 2100-01-01T00:00:00Z lies in the future");
        assertThatThrownBy(() -> line.labels.receive(
                        line.ana, Line.DEPLOYMENT, Collections.nCopies(Labels.MOST + 1, label("a", 1, 1))))
                .isInstanceOf(Problem.TooLarge.class);
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows().getFirst().labels()).isZero();
    }

    @Test
    void whoMayNotLabelIsRefused() {
        assertThatThrownBy(() -> line.labels.receive(line.ben, "nope", List.of(label("a", 1, 1))))
                .isInstanceOf(Problem.NotFound.class);
        assertThatThrownBy(() -> line.labels.receive(line.ben, Line.DEPLOYMENT, List.of(label("a", 1, 1))))
                .isInstanceOf(Problem.Denied.class);
    }

    @Test
    void theLedgerTellsWhatCame() {
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(Line.rows("2013-08", 310, 0, 0)));
        var entry = line.ledger.about("deployment:" + Line.DEPLOYMENT).getFirst();
        assertThat(entry.action()).isEqualTo("labels.received");
        assertThat(entry.details().path("received").asInt()).isEqualTo(310);
        assertThat(entry.details().path("joined").asInt()
                        + entry.details().path("pending").asInt())
                .isEqualTo(310);
        assertThat(entry.actor()).isEqualTo(line.ana.id());
    }
}
