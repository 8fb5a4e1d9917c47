package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;

/** The quiet rule, counted: how often a person is notified while nothing happens. */
class QuietTest {
    private static final int QUARTERS = 8;
    private static final int WEEKS = 13;

    @TempDir
    Path folder;

    /** Weeks of rows as in training, with every clause of an agreement: at most one notification a quarter for the model. */
    @Test
    void quartersWithoutDriftNotifyAtMostOnceEach() {
        try (Database database = OnDatabases.sqlite();
                SignalLine line = new SignalLine(database, folder)) {
            line.line.agree(SignalLine.AGREEMENT
                    .replace("model-at-most: 90d, data-at-most: 400d, ", "")
                    .replace("columns-share: 0.5", "columns-share: 0.5, multivariate: true")
                    .replace("at-most: 1.6", "at-most: 1.3")
                    .replace("estimate: true\n", """
                            estimate: true
                            fairness:
                              - {by: carrier}
                              - {by: carrier, measure: mean_error_difference, at-most: 0.3}
                            """));
            int[] told = new int[QUARTERS];
            int before = 0;
            for (int week = 0; week < QUARTERS * WEEKS; week++) {
                line.week(week, SignalLine.rows(week, 400, 0, 0), true);
                line.clauses.turn();
                int now = (int)
                        line.alerts().stream().filter(alert -> !alert.quiet()).count();
                told[week / WEEKS] += now - before;
                before = now;
            }
            assertThat(told).hasSize(QUARTERS);
            for (int quarter : told) {
                assertThat(quarter).isLessThanOrEqualTo(1);
            }
            assertThat(line.judgements("fairness:mean_error_difference:carrier"))
                    .as("gaps of small groups go beyond the limit by chance")
                    .hasSize(QUARTERS * WEEKS)
                    .extracting(Judgement::verdict)
                    .doesNotContain(Verdict.AT_RISK, Verdict.BROKEN);
            assertThat(line.judgements("performance")).hasSize(QUARTERS * WEEKS);
            assertThat(line.judgements("estimate:mae"))
                    .extracting(Judgement::verdict)
                    .doesNotContain(Verdict.INSUFFICIENT);
            assertThat(line.judgements("drift:multivariate"))
                    .hasSize(QUARTERS * WEEKS)
                    .filteredOn(judgement -> judgement.verdict() != Verdict.KEPT)
                    .as("one in 370 is expected")
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(line.signals.of(Actor.SYSTEM, Line.DEPLOYMENT).notes()).isEmpty();
        }
    }
}
