package org.millwright.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.alert.WindowKind;
import org.millwright.monitor.Line;
import org.millwright.outcome.Answers;
import org.millwright.outcome.PredictedRows;
import org.millwright.outcome.Target;
import org.millwright.window.WindowState;

class LossChangesTest {
    private static final String[] ORIGINS = {"EWR", "JFK", "LGA"};
    private static final int ROWS = 3_000;

    private static WindowState state(String month, String version, long labels) {
        return new WindowState("d", version, WindowKind.MONTH.at(Line.time(month)), labels, 0, 0, labels, 1);
    }

    /** A month whose errors are that many times as large: at JFK, and elsewhere. */
    private static LossChanges.Labelled month(String month, double jfk, double others, double shareOfJfk) {
        var random = new Random(month.hashCode());
        var rows = new PredictedRows();
        for (int i = 0; i < ROWS; i++) {
            String origin = random.nextDouble() < shareOfJfk ? "JFK" : ORIGINS[random.nextInt(2) * 2];
            double error = random.nextGaussian() * 10 * (origin.equals("JFK") ? jfk : others);
            double predicted = random.nextGaussian() * 5;
            long time = Line.time(month) + i * 800_000L;
            rows.add(time, predicted, null, null, "{\"origin\":\"" + origin + "\"}", null, predicted - error, null);
        }
        return LossChanges.Labelled.of(state(month, "1", ROWS), rows, Answers.numbers(rows, 0));
    }

    private static Optional<LossChange> change(LossChanges.Labelled now) {
        return LossChanges.of(now, month("2013-08", 1, 1, 0.33), List.of("origin", "carrier"));
    }

    @Test
    void theKindOfRowsWhoseErrorsGrewIsNamed() {
        LossChange change = change(month("2013-09", 2, 1, 0.33)).orElseThrow();
        assertThat(change.loss()).isEqualTo("mae");
        assertThat(change.windowBefore()).isEqualTo("2013-08");
        assertThat(change.now() - change.before()).isBetween(change.low(), change.high());
        assertThat(change.p()).isLessThan(1e-9);
        LossChange.Part part = change.parts().getFirst();
        assertThat(part.where()).isEqualTo("origin=JFK");
        assertThat(part.now() / part.before()).isCloseTo(2, within(0.2));
        assertThat(part.change()).isCloseTo(change.now() - change.before(), within(0.6));
        assertThat(part.p()).isLessThan(1e-6);
        assertThat(change.parts()).extracting(LossChange.Part::column).containsOnly("origin");
    }

    @Test
    void aRiseOfAllRowsAlikeIsNobodysInParticular() {
        LossChange change = change(month("2013-10", 1.5, 1.5, 0.33)).orElseThrow();
        assertThat(change.parts()).isEmpty();
    }

    @Test
    void chanceIsNoRiseAndFewOutcomesSayNothing() {
        assertThat(change(month("2013-11", 1, 1, 0.33))).isEmpty();
        var few = new PredictedRows();
        for (int i = 0; i < 50; i++) {
            few.add(Line.time("2013-12") + i, 0, null, null, null, null, 1_000, null);
        }
        var labelled = LossChanges.Labelled.of(state("2013-12", "1", 50), few, Answers.numbers(few, 0));
        assertThat(change(labelled)).isEmpty();
    }

    @Test
    void wrongClassesAreLossesToo() {
        LossChanges.Labelled before = classes("2013-08", 0.1, 0.1);
        LossChange change = LossChanges.of(classes("2013-09", 0.1, 0.4), before, List.of("origin"))
                .orElseThrow();
        assertThat(change.loss()).isEqualTo("error_rate");
        assertThat(change.parts().getFirst().where()).isEqualTo("prediction=late");
    }

    /** Two classes, of which either is wrong with a probability. */
    private static LossChanges.Labelled classes(String month, double early, double late) {
        var random = new Random(month.hashCode());
        var rows = new PredictedRows();
        for (int i = 0; i < ROWS; i++) {
            boolean said = random.nextBoolean();
            boolean wrong = random.nextDouble() < (said ? late : early);
            String truth = said != wrong ? "late" : "early";
            String segment = "{\"origin\":\"" + ORIGINS[i % 3] + "\"}";
            long time = Line.time(month) + i * 800_000L;
            rows.add(time, 0, said ? "late" : "early", null, segment, null, 0, truth);
        }
        var target = new Target(true, "late", List.of("early", "late"), "early");
        return LossChanges.Labelled.of(state(month, "1", ROWS), rows, Answers.classes(rows, target));
    }

    @Test
    void aWindowIsHeldAgainstTheOneBeforeOfItsVersionElseOfTheLeadingOne() {
        WindowState july = state("2013-07", "1", 500);
        WindowState august = state("2013-08", "2", 500);
        WindowState few = state("2013-09", "1", 20);
        WindowState now = state("2013-10", "1", 500);
        WindowState other = state("2013-10", "3", 500);
        List<WindowState> all = List.of(july, august, few, now, other);
        Set<String> leading = Set.of("2|" + august.window(), "1|" + now.window());
        assertThat(LossChanges.before(now, all, leading)).contains(july);
        assertThat(LossChanges.before(other, all, leading)).contains(august);
        assertThat(LossChanges.before(july, all, leading)).isEmpty();
    }
}
