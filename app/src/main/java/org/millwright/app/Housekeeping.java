package org.millwright.app;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.millwright.tracking.ArtifactTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running server does by itself once a day: gives back the space of artifacts that people deleted. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration AGE = Duration.ofDays(1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("housekeeping").daemon().factory());

    Housekeeping(ArtifactTree files) {
        timer.scheduleWithFixedDelay(() -> collect(files), 10, 24 * 60, TimeUnit.MINUTES);
    }

    private static void collect(ArtifactTree files) {
        try {
            var collected = files.collect(AGE);
            if (collected.files() > 0) {
                LOG.info("Gave back {} bytes of {} deleted artifacts", collected.bytes(), collected.files());
            }
        } catch (RuntimeException e) {
            LOG.warn("Deleted artifacts were not collected; the next try is tomorrow", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
