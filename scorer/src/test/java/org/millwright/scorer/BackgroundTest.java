package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.remote.Pace;

class BackgroundTest {
    @TempDir
    Path folder;

    /** Runs what is planned when the test says so. */
    private static final class Planned extends ScheduledThreadPoolExecutor {
        private final List<Runnable> work = new ArrayList<>();
        private final List<Long> delays = new ArrayList<>();

        Planned() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            work.add(command);
            delays.add(unit.toMillis(delay));
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void next() {
            work.remove(0).run();
        }
    }

    @Test
    void looksByItselfAndWaitsLongerWhileTheSourceIsGone() throws Exception {
        var bundles = new SignedBundles(folder);
        Path place = folder.resolve("champion.zip");
        SignedBundles.put(bundles.version("1"), place);
        var planned = new Planned();
        try (Scorer scorer = bundles.scorer(place)
                .every(Duration.ofSeconds(10))
                .scheduler(planned)
                .open()) {
            SignedBundles.put(bundles.version("2"), place);
            planned.next();
            assertThat(scorer.state().version()).isEqualTo("2");
            java.nio.file.Files.delete(place);
            planned.next();
            planned.next();
            assertThat(scorer.state().problem()).isPresent();
            assertThat(scorer.state().version()).isEqualTo("2");
            SignedBundles.put(bundles.version("3"), place);
            planned.next();
            assertThat(scorer.state().version()).isEqualTo("3");
            assertThat(planned.delays.get(1)).isBetween(9_000L, 11_000L);
            assertThat(planned.delays.get(2)).isBetween(18_000L, 22_000L);
            assertThat(planned.delays.get(3)).isBetween(36_000L, 44_000L);
            assertThat(planned.delays.get(4)).isBetween(9_000L, 11_000L);
        } finally {
            planned.shutdownNow();
        }
        planned.next();
        assertThat(planned.work).isEmpty();
    }

    @Test
    void noWaitIsLongerThanFiveMinutesOrTheInterval() {
        var pace = new Pace(Duration.ofSeconds(30), new Random(1));
        assertThat(pace.millis(60)).isBetween(270_000L, 330_000L);
        assertThat(new Pace(Duration.ofHours(1), new Random(1)).millis(3)).isBetween(3_240_000L, 3_960_000L);
        assertThat(List.of(pace.millis(0), pace.millis(0), pace.millis(0))).doesNotHaveDuplicates();
    }
}
