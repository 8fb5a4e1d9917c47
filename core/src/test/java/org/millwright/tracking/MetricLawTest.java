package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.tracking.Tracking.ANA;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** Whatever is logged in whatever order by however many at once: histories are sets, the latest value is their greatest. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class MetricLawTest {
    private static final Comparator<Metric> HISTORY = Comparator.comparingLong(Metric::timestamp)
            .thenComparingLong(Metric::step)
            .thenComparingDouble(Metric::stored);
    private final Tracking room;

    MetricLawTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void historiesAndLatestValuesAreThoseOfAModel() {
        List<String> runs =
                IntStream.range(0, 5).mapToObj(i -> room.run("r" + i).id()).toList();
        List<List<Logged>> programs = IntStream.range(0, 12)
                .mapToObj(seed -> program(new Random(seed), runs))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            programs.forEach(program -> threads.submit(() -> program.forEach(this::log)));
        }
        for (String run : runs) {
            var model = new TreeMap<String, TreeSet<Metric>>();
            programs.stream()
                    .flatMap(List::stream)
                    .filter(logged -> logged.run().equals(run) && !logged.fails())
                    .flatMap(logged -> logged.metrics().stream())
                    .forEach(metric -> model.computeIfAbsent(metric.key(), key -> new TreeSet<>(HISTORY))
                            .add(metric));
            model.forEach((key, points) -> assertThat(
                            room.runs.history(ANA, run, key, 100_000, "").items())
                    .containsExactlyElementsOf(points));
            List<Metric> latest = model.values().stream()
                    .map(points -> points.stream().max(Metric.LATEST).orElseThrow())
                    .toList();
            assertThat(room.runs.get(ANA, run).metrics()).isEqualTo(latest);
        }
    }

    /** One request; those that fail bring a parameter that conflicts. */
    private record Logged(String run, List<Metric> metrics, boolean fails) {}

    private static List<Logged> program(Random random, List<String> runs) {
        var program = new ArrayList<Logged>();
        for (int i = 0; i < 60; i++) {
            var metrics = new ArrayList<Metric>();
            for (int j = random.nextInt(6); j >= 0; j--) {
                metrics.add(new Metric(
                        "m" + random.nextInt(4), random.nextInt(5) - 2, random.nextInt(6), random.nextInt(5) - 1));
            }
            program.add(new Logged(runs.get(random.nextInt(runs.size())), metrics, random.nextInt(8) == 0));
        }
        return program;
    }

    private void log(Logged logged) {
        if (logged.metrics().size() == 1 && !logged.fails()) {
            room.runs.logMetric(ANA, logged.run(), logged.metrics().getFirst());
            return;
        }
        try {
            Map<String, String> params = logged.fails() ? Map.of("p", Integer.toString(logged.hashCode())) : Map.of();
            room.runs.logParam(ANA, logged.run(), "p", "first");
            room.runs.log(ANA, logged.run(), Batch.of(logged.metrics(), params, Map.of()));
        } catch (Problem.Invalid e) {
            assertThat(logged.fails()).isTrue();
        }
    }

    @Test
    void whatFollowsInTheSameWorkSeesWhatWasLogged() {
        String run = room.run("r").id();
        room.database.write(() -> {
            room.runs.logMetric(ANA, run, new Metric("m", 3, 1, 1));
            assertThat(room.runs.get(ANA, run).metric("m")).contains(3.0);
            room.runs.update(ANA, run, Optional.of(RunStatus.FINISHED), Optional.of(5L), Optional.empty());
        });
        assertThat(room.ledger
                        .about("run:" + run)
                        .getLast()
                        .details()
                        .path("metrics")
                        .asText())
                .isEqualTo(RunRules.digest(List.of(new Metric("m", 3, 1, 1))));
    }

    @Test
    void aDeletedRunTakesNothingEvenAfterItWasRemembered() {
        String run = room.run("r").id();
        room.runs.logMetric(ANA, run, new Metric("m", 1, 1, 1));
        room.runs.delete(ANA, run);
        assertThat(failure(run)).contains("must be in the 'active' state");
        room.runs.restore(ANA, run);
        room.runs.logMetric(ANA, run, new Metric("m", 2, 2, 2));
        room.experiments.delete(
                ANA, room.experiments.create(ANA, "other", "", Map.of()).id());
        assertThat(room.runs.get(ANA, run).metric("m")).contains(2.0);
    }

    @Test
    void aRollbackTakesBackWhatWasRememberedInIt() {
        String run = room.run("r").id();
        try {
            room.database.write(() -> {
                room.runs.logMetric(ANA, run, new Metric("m", 9, 9, 9));
                room.runs.delete(ANA, run);
                room.runs.get(ANA, run);
                throw new Problem.Invalid("no");
            });
        } catch (Problem.Invalid e) {
            assertThat(e).hasMessage("no");
        }
        room.runs.logMetric(ANA, run, new Metric("m", 1, 1, 1));
        assertThat(room.runs.get(ANA, run).metric("m")).contains(1.0);
    }

    private String failure(String run) {
        try {
            room.runs.logMetric(ANA, run, new Metric("m", 1, 1, 1));
            return "";
        } catch (Problem.Invalid e) {
            return String.valueOf(e.getMessage());
        }
    }
}
