package org.millwright.factory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class OutboxTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Database database;
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private Ledger ledger;

    OutboxTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        Clock clock = Clock.systemUTC();
        ledger = TestLedger.open(database, clock, new Ids(clock), folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void handlesWhatCameBeforeAndAfterItsStartInOrder() throws Exception {
        append("run.finished", "run:1");
        try (var outbox = outbox()) {
            outbox.start();
            append("run.other", "run:x");
            append("run.finished", "run:2");
            assertThat(outbox.awaitIdle(LONG)).isTrue();
        }
        assertThat(handled).containsExactly("run:1", "run:2");
    }

    @Test
    void closesBeforeItWasStarted() throws Exception {
        append("run.finished", "run:1");

        outbox().close();

        assertThat(handled).isEmpty();
    }

    @Test
    void goesOnAfterARestartWithoutHandlingAgain() throws Exception {
        append("run.finished", "run:1");
        try (var first = outbox()) {
            first.start();
            assertThat(first.awaitIdle(LONG)).isTrue();
        }
        append("run.finished", "run:2");
        try (var second = outbox()) {
            second.start();
            assertThat(second.awaitIdle(LONG)).isTrue();
        }
        assertThat(handled).containsExactly("run:1", "run:2");
    }

    @Test
    void passesWhatNobodyReactsToAndKeepsItsPlaceNowAndThen() throws Exception {
        try (var outbox = outbox()) {
            outbox.start();
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            append("run.other", "run:x");
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            assertThat(ledger.delivered("reactions")).isZero();
            append("run.finished", "run:1");
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            assertThat(ledger.delivered("reactions")).isEqualTo(2);
            database.write(() -> {
                for (int i = 0; i < 2_500; i++) {
                    ledger.append(Actor.LOCAL, "run.other", "run:" + i, Json.object());
                }
                return true;
            });
            append("run.finished", "run:2");
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            assertThat(ledger.delivered("reactions")).isEqualTo(2_503);
        }
        assertThat(handled).containsExactly("run:1", "run:2");
    }

    @Test
    void isIdleAlsoAfterWhatCameWhileItKeptItsPlace() throws Exception {
        try (var outbox = outbox()) {
            outbox.start();
            for (int round = 0; round < 40; round++) {
                append("run.finished", "run:" + round);
                for (int i = 0; i < 5; i++) {
                    append("run.other", "run:x");
                }
                assertThat(outbox.awaitIdle(LONG)).as("round " + round).isTrue();
                assertThat(outbox.waiting()).isZero();
            }
        }
        assertThat(handled).hasSize(40);
    }

    @Test
    void recordsAReactionThatKeepsFailingAndGoesOn() throws Exception {
        append("run.failed", "run:1");
        append("run.finished", "run:2");
        var tries = new AtomicInteger();
        try (var outbox = outbox().on("run.failed", entry -> {
            tries.incrementAndGet();
            throw new IllegalStateException("no");
        })) {
            outbox.start();
            assertThat(outbox.awaitIdle(LONG)).isTrue();
        }
        assertThat(tries).hasValue(4);
        assertThat(handled).containsExactly("run:2");
        assertThat(ledger.about("run:1")).extracting(entry -> entry.action()).contains("reaction.failed");
    }

    private Outbox outbox() {
        return new Outbox(database, ledger).on("run.finished", entry -> handled.add(entry.subject()));
    }

    private void append(String action, String subject) {
        database.write(() -> ledger.append(Actor.LOCAL, action, subject, Json.object()));
    }
}
