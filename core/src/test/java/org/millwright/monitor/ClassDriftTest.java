package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Entry;
import org.millwright.outcome.Label;
import org.millwright.outcome.Outcome;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;

/** Classes that are wrong more often than before are noticed, although no number is far off. */
class ClassDriftTest {
    private static final int ROWS = 2_000;
    private static final String PROJECT = Line.PROJECT.replace(
            "model: {task: regression, label: y}", "model: {task: classification, label: late, positive: late}");

    private final Database database = OnDatabases.sqlite();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        database.close();
    }

    /** @param change the row from which six of ten answers are wrong, one of ten before */
    private List<Entry> noted(int change) {
        var random = new Random(5);
        String[] truth = new String[ROWS];
        String[] said = new String[ROWS];
        String[] ids = new String[ROWS];
        long[] times = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            truth[i] = random.nextBoolean() ? "late" : "on time";
            boolean wrong = random.nextDouble() < (i < change ? 0.1 : 0.6);
            said[i] = wrong == truth[i].equals("late") ? "on time" : "late";
            ids[i] = "r" + i;
            times[i] = Line.time("2013-08") + i * 60_000L;
        }
        Frame inputs = Frame.of(ROWS)
                .doubles("x", random.doubles(ROWS).toArray())
                .strings(Reference.OUTPUT, said)
                .build();
        Vector classes = new Vector.Strings(truth);
        var line = new Line(
                database, folder, PROJECT, Reference.ofClasses(inputs.select(List.of("x")), classes, classes, 0, 0));
        double[] none = new double[ROWS];
        Arrays.fill(none, Double.NaN);
        line.monitor.answered(
                new Scored(Line.DEPLOYMENT, "delays", "delays", "1", line.clock.millis(), inputs, none, ids, times));
        var outcomes = new ArrayList<Label>();
        for (int i = 0; i < ROWS; i++) {
            outcomes.add(new Label(ids[i], Outcome.of(truth[i]), times[i] + 1));
        }
        line.labels.receive(line.ana, Line.DEPLOYMENT, outcomes);
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-09"));
        line.monitor.close();
        return line.ledger.about("deployment:" + Line.DEPLOYMENT).stream()
                .filter(entry -> entry.action().equals("concept-drift.noted"))
                .toList();
    }

    @Test
    void aRiseOfWrongClassesIsNoted() {
        assertThat(noted(1_000)).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.details().path("row").asInt()).isBetween(1_000, 1_300);
            assertThat(entry.details().path("after").asDouble()).isGreaterThan(0.25);
        });
    }

    @Test
    void withoutOneNothingIs() {
        assertThat(noted(ROWS)).isEmpty();
    }
}
