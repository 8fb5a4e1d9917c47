package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.verdict.Reading;
import org.millwright.verdict.Served;

class ClockClausesTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    Path folder;

    private Database database;
    private SignalLine line;

    @BeforeEach
    void open() {
        database = OnDatabases.sqlite();
        line = new SignalLine(database, folder);
    }

    @AfterEach
    void close() {
        line.close();
        database.close();
    }

    private List<Alert> alerts(String clause) {
        return line.alerts().stream()
                .filter(alert -> alert.clause().text().equals(clause))
                .toList();
    }

    @Test
    void aStoppedFeedIsOneAlertThatEndsWhenItReturns() {
        SignalLine.Rows rows = SignalLine.rows(0, 300, 0, 0);
        line.answer(rows, "1");
        line.label(rows);
        line.clauses.turn();
        assertThat(line.alerts()).isEmpty();
        line.now += 2 * DAY + 1;
        line.clauses.turn();
        line.clauses.turn();
        line.now += DAY;
        line.clauses.turn();
        assertThat(alerts("feeds:predictions")).singleElement().satisfies(alert -> {
            assertThat(alert.isOpen()).isTrue();
            assertThat(alert.quiet()).isFalse();
            assertThat(alert.message()).contains("2 days ago (agreed: at most 2 days)");
        });
        assertThat(alerts("feeds:labels"))
                .as("nothing was predicted since the last outcomes")
                .isEmpty();

        line.answer(SignalLine.rows(1, 300, 0, 0), "1");
        line.clauses.turn();
        assertThat(alerts("feeds:predictions"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isFalse());
        line.now += 10 * DAY + 1;
        line.answer(SignalLine.rows(2, 300, 0, 0), "1");
        line.clauses.turn();
        assertThat(alerts("feeds:labels"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isTrue());
        line.label(SignalLine.rows(1, 300, 0, 0));
        line.clauses.turn();
        assertThat(alerts("feeds:labels"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isFalse());
        assertThat(line.line.actions().stream().filter("clause.judged"::equals).count())
                .as("verdicts are kept when they change")
                .isLessThan(15);
    }

    @Test
    void whatWasStoppedByHandIsNotMissed() {
        line.answer(SignalLine.rows(0, 300, 0, 0), "1");
        line.served = new Served(Optional.of("1"), true, SignalLine.START, 0, Double.NaN, 0, 0);
        line.now += 5 * DAY;
        line.clauses.turn();
        assertThat(alerts("feeds:predictions")).isEmpty();
    }

    @Test
    void ageOfModelAndDataIsHeldAgainstTheAgreement() {
        line.answer(SignalLine.rows(0, 300, 0, 0), "1");
        line.now = SignalLine.START + 85 * DAY;
        line.clauses.turn();
        assertThat(line.judgements("staleness:model"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.AT_RISK);
        line.now = SignalLine.START + 91 * DAY;
        line.clauses.turn();
        assertThat(alerts("staleness:model"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.message())
                        .contains("version 1 was registered 91 days ago (agreed: at most 90 days)"));
        assertThat(line.judgements("staleness:data"))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT);
        line.served = new Served(Optional.of("2"), false, line.now, 0, Double.NaN, 0, 0);
        line.clauses.turn();
        assertThat(alerts("staleness:model"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isFalse());
        assertThat(line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).readings())
                .extracting(reading -> reading.clause().text())
                .contains("staleness:model", "staleness:data", "feeds:predictions", "feeds:labels");
    }

    @Test
    void whatIsMeasuredIsThatOfNowNotOfTheLastChange() {
        line.answer(SignalLine.rows(0, 300, 0, 0), "1");
        line.now = SignalLine.START + 10 * DAY;
        line.clauses.turn();
        line.now += DAY / 2;
        assertThat(line.clauses.measured())
                .filteredOn(measured -> measured.clause().equals("staleness:model"))
                .singleElement()
                .satisfies(measured -> {
                    assertThat(measured.deployment()).isEqualTo(Line.DEPLOYMENT);
                    assertThat(measured.method()).isEqualTo("s");
                    assertThat(measured.value()).isEqualTo(10.5 * 86_400);
                    assertThat(measured.threshold()).isEqualTo(90 * 86_400);
                });
    }

    @Test
    void serviceMustBeBadForAWhile() {
        line.answer(SignalLine.rows(0, 300, 0, 0), "1");
        line.served = new Served(Optional.of("1"), false, SignalLine.START, 1_000, 80, 0, 3);
        line.clauses.turn();
        line.clauses.turn();
        assertThat(alerts("service:p99")).isEmpty();
        line.clauses.turn();
        assertThat(alerts("service:p99"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("answered in 80 ms (agreed: at most 50 ms)"));
        var load = new Served.Load(0.5, 2, 0.012, "EUR");
        line.served = new Served(Optional.of("1"), false, SignalLine.START, 1_000, 20, 0, 0, Optional.of(load));
        assertThat(line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).readings())
                .extracting(Reading::note)
                .contains(
                        "the requests of the last hour kept 0.5 of 2 processors busy",
                        "a thousand predictions of the last hour cost 0.012 EUR");
        line.clauses.turn();
        assertThat(alerts("service:p99"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isTrue());
        for (int i = 0; i < 5; i++) {
            line.clauses.turn();
        }
        assertThat(alerts("service:p99"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.isOpen()).isFalse());
        line.served = new Served(Optional.of("1"), false, SignalLine.START, 50, 900, 0.5, 0);
        for (int i = 0; i < 4; i++) {
            line.clauses.turn();
        }
        assertThat(alerts("service:errors")).as("50 requests say nothing").isEmpty();
        line.line.agree(SignalLine.AGREEMENT.replace(
                "errors-at-most: 0.01", "errors-at-most: 0.01, saturation-at-most: 0.2, cost-at-most: 1"));
        line.served = new Served(Optional.of("1"), false, SignalLine.START, 1_000, 20, 0, 0, Optional.of(load));
        for (int i = 0; i < 3; i++) {
            line.clauses.turn();
        }
        assertThat(alerts("service:saturation"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.message())
                        .contains("kept 0.5 of 2 processors busy (agreed: at most 0.2 of them)"));
        assertThat(alerts("service:cost")).isEmpty();
    }
}
