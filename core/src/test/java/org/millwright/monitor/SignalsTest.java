package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.drift.MultivariateDrift;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.scoring.Frame;
import org.millwright.scoring.performance.Estimated;
import org.millwright.signal.DataQuality;
import org.millwright.signal.Note;
import org.millwright.signal.Promised;
import org.millwright.verdict.Detections;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class SignalsTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Database database;

    @TempDir
    Path folder;

    private SignalLine line;

    SignalsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new SignalLine(database, folder);
    }

    @AfterEach
    void close() {
        line.close();
        database.close();
    }

    @Test
    void theEstimateForetellsWhatIsMeasuredLaterAndSaysWhy() {
        SignalLine.Rows usual = SignalLine.rows(0, 2_000, 0, 0);
        SignalLine.Rows hard = SignalLine.rows(1, 2_000, 1.5, 0);
        line.week(0, usual, true);
        line.week(1, hard, false);
        line.week(2, SignalLine.rows(2, 400, 0, 0), false);
        assertThat(line.judgements("estimate:mae"))
                .extracting(Judgement::verdict)
                .as("before any outcome of the second week")
                .containsExactly(Verdict.KEPT, Verdict.BROKEN);
        assertThat(line.judgements("performance")).hasSize(1);
        assertThat(line.alerts())
                .filteredOn(alert -> alert.clause().text().equals("estimate:mae"))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.quiet()).isFalse();
                    assertThat(alert.message()).contains("assumes no concept drift");
                });
        assertThat(line.alerts())
                .filteredOn(alert -> alert.clause().equals(Clause.DRIFT))
                .as("drift with an estimated loss is no mere note")
                .allMatch(alert -> !alert.quiet());

        line.label(hard);
        line.monitor.announce(line.line.ana, Line.DEPLOYMENT, SignalLine.START + 2 * SignalLine.WEEK);
        Signals.Overview overview = line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT);
        List<Double> measured =
                line.judgements("performance").stream().map(Judgement::measured).toList();
        for (int week = 0; week < 2; week++) {
            Estimated mae = overview.windows()
                    .get(week)
                    .estimates()
                    .orElseThrow()
                    .metrics()
                    .get("mae");
            assertThat(mae.value()).isCloseTo(measured.get(week), within(0.1 * measured.get(week)));
            assertThat(mae.signal()).isEqualTo(week == 0 ? Estimated.Signal.OK : Estimated.Signal.ALERT);
        }
        assertThat(measured.get(1)).isCloseTo(SignalLine.mae(hard), within(1e-9));
    }

    @Test
    void causesNameTheColumnTheRowsAndWhatChangedThen() {
        line.week(0, SignalLine.rows(0, 1_000, 0, 0), true);
        assertThat(line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).causes())
                .as("nothing moved")
                .isEmpty();
        line.now = SignalLine.START + SignalLine.WEEK + DAY;
        line.line.agree(SignalLine.AGREEMENT.replace("stuck-after: 2", "stuck-after: 3"));
        line.week(1, SignalLine.rows(1, 1_000, 1.5, 0), true);
        Signals.Causes causes =
                line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).causes().orElseThrow();
        assertThat(causes.window().start()).isEqualTo(SignalLine.START + SignalLine.WEEK);
        assertThat(causes.columns().getFirst().column()).isEqualTo("x");
        assertThat(causes.columns().getFirst().usage()).isEqualTo(1.1);
        assertThat(causes.error().orElseThrow().columns().getFirst().name()).isIn("x", "prediction");
        assertThat(causes.error().orElseThrow().segments().getFirst().where()).containsPattern("(x|prediction) > ");
        assertThat(causes.coincidences())
                .as("changes of the project, and nothing that the monitor wrote itself")
                .allMatch(found -> !found.action().equals("window.judged"));
    }

    @Test
    void driftWithoutALossIsANote() {
        line.week(0, SignalLine.rows(0, 600, 0, 0), true);
        line.week(1, SignalLine.rows(1, 600, -1.5, 0), true);
        line.line.agree(SignalLine.AGREEMENT.replace("quality: {stuck-after: 2, contract-at-most: 0.001}\n", ""));
        assertThat(line.judgements("drift")).extracting(Judgement::verdict).contains(Verdict.BROKEN);
        assertThat(line.alerts())
                .filteredOn(alert -> alert.clause().equals(Clause.DRIFT))
                .singleElement()
                .satisfies(alert -> assertThat(alert.quiet()).isTrue());
        assertThat(line.judgements("estimate:mae"))
                .extracting(Judgement::verdict)
                .containsOnly(Verdict.KEPT);
    }

    @Test
    void columnsThatHangTogetherOtherwiseAreANoteAndAClauseOnceAgreed() {
        line.week(0, SignalLine.rows(0, 600, 0, 0), true);
        line.week(1, SignalLine.tied(SignalLine.rows(1, 600, 0, 0)), true);
        line.week(2, SignalLine.rows(2, 60, 0, 0), true);
        Signals.Overview overview = line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT);
        assertThat(overview.windows())
                .extracting(window -> window.multivariate().orElseThrow().word())
                .containsExactly("normal", "drifted", "insufficient");
        MultivariateDrift drifted = overview.windows().get(1).multivariate().orElseThrow();
        assertThat(drifted.rows()).isEqualTo(600);
        assertThat(drifted.note()).contains("reconstruction error", "than in training");
        assertThat(line.judgements("drift"))
                .extracting(Judgement::verdict)
                .as("no column alone")
                .startsWith(Verdict.KEPT, Verdict.KEPT);
        assertThat(overview.causes().orElseThrow().multivariate()).contains(drifted);
        assertThat(line.alerts()).isEmpty();

        line.line.agree(SignalLine.AGREEMENT.replace("columns-share: 0.5", "columns-share: 0.5, multivariate: true"));
        line.monitor.announce(line.line.ana, Line.DEPLOYMENT, line.now + 1);
        assertThat(line.judgements("drift:multivariate"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.BROKEN, Verdict.INSUFFICIENT);
        assertThat(line.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.clause()).isEqualTo(Clause.MULTIVARIATE);
            assertThat(alert.quiet()).as("no loss").isTrue();
            assertThat(alert.measured()).isEqualTo(drifted.error().orElseThrow().value());
        });
        line.week(3, SignalLine.rows(3, 600, 0, 8), true);
        assertThat(line.alerts())
                .filteredOn(alert -> alert.clause().equals(Clause.MULTIVARIATE))
                .singleElement()
                .satisfies(alert -> assertThat(alert.quiet())
                        .as("told once there is a loss")
                        .isFalse());
    }

    @Test
    void errorsThatRiseAreNotedOnceWithTheirEvidence() {
        for (int week = 0; week < 3; week++) {
            line.week(week, SignalLine.rows(week, 800, 0, week == 2 ? 6 : 0), true);
        }
        List<Note> notes = line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).notes();
        assertThat(notes).extracting(Note::subject).containsExactlyInAnyOrder("adwin", "page-hinkley");
        for (Note note : notes) {
            assertThat(note.kind()).isEqualTo("concept-drift");
            assertThat(note.window().start()).isEqualTo(SignalLine.START + 2 * SignalLine.WEEK);
            assertThat(note.at())
                    .as("after the change, within a day")
                    .isBetween(
                            SignalLine.START + 2 * SignalLine.WEEK + SignalLine.WEEK / 2,
                            SignalLine.START + 2 * SignalLine.WEEK + SignalLine.WEEK / 2 + 2 * DAY);
            assertThat(note.details().path("after").asDouble())
                    .isGreaterThan(2 * note.details().path("before").asDouble());
        }
        int entries = line.line.ledger.about("deployment:" + Line.DEPLOYMENT).size();
        line.monitor.announce(line.line.ana, Line.DEPLOYMENT, SignalLine.START + 3 * SignalLine.WEEK);
        var again = new Detections(database, line.line.ledger, line.monitor.measures(), line.line.clock);
        again.examine(line.monitor.watched(Line.DEPLOYMENT));
        assertThat(line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).notes()).isEqualTo(notes);
        assertThat(line.line.ledger.about("deployment:" + Line.DEPLOYMENT)).hasSize(entries);
        assertThat(line.line.actions()).contains("concept-drift.noted");
        assertThat(line.alerts()).noneMatch(alert -> alert.message().contains("adwin"));
    }

    /** A week in which {@code x} is one value, 20 % of the carriers are missing and 10 % are new. */
    private static SignalLine.Rows bad(int week) {
        SignalLine.Rows rows = SignalLine.rows(week, 500, 0, 0);
        double[] x = new double[500];
        Arrays.fill(x, 0.5);
        String[] carrier = new String[500];
        for (int i = 0; i < 500; i++) {
            carrier[i] = i % 5 == 0 ? null : i % 10 == 1 ? "new" : "c1";
        }
        Frame inputs = Frame.of(500).doubles("x", x).strings("carrier", carrier).build();
        return new SignalLine.Rows(inputs, rows.predictions(), rows.outcomes(), rows.ids(), rows.times());
    }

    @Test
    void rowsThatAreFedWronglyBreakTheClausesOfQuality() {
        line.week(0, SignalLine.rows(0, 500, 0, 0), true);
        line.week(1, bad(1), true);
        line.week(2, bad(2), true);
        assertThat(line.judgements("quality:missing"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.BROKEN, Verdict.BROKEN);
        Judgement missing = line.judgements("quality:missing").get(1);
        assertThat(missing.measured()).isCloseTo(0.2, within(1e-9));
        assertThat(missing.note()).isEqualTo("carrier: 20 % of the rows have no value, in training 0 %");
        assertThat(line.judgements("quality:unseen").get(1).measured()).isCloseTo(0.1, within(1e-9));
        assertThat(line.judgements("quality:stuck"))
                .extracting(Judgement::verdict)
                .as("agreed: fewer than two windows")
                .containsExactly(Verdict.KEPT, Verdict.AT_RISK, Verdict.BROKEN);
        assertThat(line.judgements("quality:out-of-range"))
                .extracting(Judgement::verdict)
                .containsOnly(Verdict.KEPT);
        assertThat(line.judgements("staleness:outside-training"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.BROKEN, Verdict.BROKEN);
        DataQuality quality = line.signals
                .of(Actor.SYSTEM, Line.DEPLOYMENT)
                .windows()
                .get(1)
                .quality()
                .orElseThrow();
        assertThat(quality.findings())
                .extracting(finding -> finding.column() + " " + finding.kind().text())
                .containsExactlyInAnyOrder(
                        "x stuck", "carrier missing", "carrier unseen", "carrier contract", "carrier contract");
        assertThat(quality.outside()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void rowsThatBreakTheDataContractBreakItsClause() {
        line.week(0, SignalLine.rows(0, 500, 0, 0), true);
        line.week(1, bad(1), true);
        line.week(2, SignalLine.rows(2, 500, 6.5, 0), true);
        assertThat(line.judgements("quality:contract"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.BROKEN, Verdict.BROKEN);
        Judgement broken = line.judgements("quality:contract").get(1);
        assertThat(broken.measured()).isCloseTo(0.2, within(1e-9));
        assertThat(broken.note())
                .isEqualTo("carrier: 100 of 500 rows break carrier.required of the contract delays 2.0.0, table flights"
                        + " (error): expected a value (at most 0.1 %); 1 other rule is broken, too");
        assertThat(broken.details().path("broken").path(1).path("rule").asText())
                .isEqualTo("carrier.invalidValues");
        assertThat(line.alerts())
                .filteredOn(alert -> alert.clause().text().equals("quality:contract"))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.quiet()).isFalse();
                    assertThat(alert.message()).contains("carrier.required of the contract delays 2.0.0");
                });
        Promised promised = line.signals
                .of(Actor.SYSTEM, Line.DEPLOYMENT)
                .promised()
                .flatMap(window -> window.quality().flatMap(DataQuality::promised))
                .orElseThrow();
        assertThat(promised.rules())
                .extracting(rule -> rule.check().source().text() + " " + rule.tooMany())
                .containsExactly(
                        "flights: carrier.required false",
                        "flights: carrier.invalidValues false",
                        "flights: x.range true",
                        "flights: x.small true");
        assertThat(promised.reasons())
                .containsEntry("the model has no input 'x2'", List.of("flights: x2.type", "flights: x2.required"))
                .containsEntry("it counts the rows of a file", List.of("flights: rowCount"))
                .containsEntry(
                        "table flights promises something else of a column of that name", List.of("derived: x.type"));
        line.week(3, SignalLine.rows(3, 500, 5.2, 0), true);
        Judgement warned = line.judgements("quality:contract").get(3);
        assertThat(warned.verdict()).as("a rule that only warns").isEqualTo(Verdict.AT_RISK);
        assertThat(warned.note()).contains("x.small", "(warning)", "(at most 30 %)");
    }

    @Test
    void aColumnThatVanishesTurnsToTextOrIsInfiniteIsTold() {
        Frame odd = Frame.of(200)
                .strings("x", filled("12"))
                .strings("carrier", new String[200])
                .build();
        SignalLine.Rows rows = SignalLine.rows(0, 200, 0, 0);
        line.answer(new SignalLine.Rows(odd, rows.predictions(), rows.outcomes(), rows.ids(), rows.times()), "1");
        SignalLine.Rows next = SignalLine.rows(1, 200, 0, 0);
        double[] x = next.inputs().doubles("x").clone();
        x[0] = Double.POSITIVE_INFINITY;
        x[1] = Double.NEGATIVE_INFINITY;
        Frame infinite = Frame.of(200)
                .doubles("x", x.clone())
                .column("carrier", next.inputs().type(1), next.inputs().column(1))
                .build();
        line.answer(new SignalLine.Rows(infinite, next.predictions(), next.outcomes(), next.ids(), next.times()), "1");
        SignalLine.Rows last = SignalLine.rows(2, 200, 0, 0);
        Arrays.fill(x, Double.POSITIVE_INFINITY);
        Frame endless = Frame.of(200)
                .doubles("x", x)
                .column("carrier", last.inputs().type(1), last.inputs().column(1))
                .build();
        line.answer(new SignalLine.Rows(endless, last.predictions(), last.outcomes(), last.ids(), last.times()), "1");
        var windows = line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).windows();
        assertThat(windows.get(2).quality().orElseThrow().findings())
                .filteredOn(finding -> finding.column().equals("x"))
                .extracting(finding -> finding.kind().text() + ": " + finding.note())
                .as("infinite values were sent, and are beyond all that training had")
                .anyMatch(told -> told.startsWith("vanished: none of 200 rows has a finite value (200 are infinite);"))
                .anyMatch(told -> told.equals("infinite: 200 values are infinite, in training none was"))
                .anyMatch(told -> told.startsWith("out-of-range: 100 % of the rows are beyond training's "))
                .noneMatch(told -> told.contains("NaN"));
        assertThat(windows.get(0).quality().orElseThrow().findings())
                .extracting(finding -> finding.column() + " " + finding.kind().text())
                .as("a number that comes as text is judged as the number")
                .containsExactlyInAnyOrder(
                        "x vanished",
                        "x wrong-type",
                        "x contract",
                        "x contract",
                        "carrier vanished",
                        "carrier contract");
        assertThat(windows.get(1).quality().orElseThrow().findings())
                .extracting(finding -> finding.column() + " " + finding.kind().text() + " " + finding.share())
                .contains("x infinite 0.01");
        assertThat(windows.get(0).skew()).as("the first window of the version").isNotEmpty();
        assertThat(windows.get(1).skew()).isEmpty();
    }

    private static String[] filled(String text) {
        String[] texts = new String[200];
        Arrays.fill(texts, text);
        return texts;
    }

    @Test
    void aWindowThatRepeatsTheOneBeforeIsTold() {
        SignalLine.Rows rows = SignalLine.rows(0, 300, 0, 0);
        SignalLine.Rows next = SignalLine.rows(1, 300, 0, 0);
        line.answer(rows, "1");
        line.answer(
                new SignalLine.Rows(rows.inputs(), rows.predictions(), rows.outcomes(), next.ids(), next.times()), "1");
        var windows = line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).windows();
        assertThat(windows.get(0).quality().orElseThrow().findings()).isEmpty();
        assertThat(windows.get(1).quality().orElseThrow().findings())
                .extracting(finding -> finding.column() + " " + finding.kind().text())
                .containsExactly("x repeated");
    }

    @Test
    void aFewRowsSayNothing() {
        line.week(0, SignalLine.rows(0, 60, 3, 0), true);
        assertThat(line.judgements("quality:missing"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.INSUFFICIENT);
        assertThat(line.judgements("estimate:mae"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.INSUFFICIENT);
        assertThat(line.signals
                        .of(Actor.SYSTEM, Line.DEPLOYMENT)
                        .windows()
                        .getFirst()
                        .quality()
                        .orElseThrow()
                        .findings())
                .isEmpty();
        assertThat(line.alerts()).isEmpty();
    }
}
