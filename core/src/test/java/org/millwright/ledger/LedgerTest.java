package org.millwright.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
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

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class LedgerTest {
    private final Database database;

    @TempDir
    Path folder;

    private Ledger ledger;

    LedgerTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        var clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        ledger = TestLedger.open(database, clock, Ids.seeded(clock, 1), folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void entriesOfManyThreadsHaveNoGapsAndVerify() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                String subject = "run:" + i;
                threads.submit(() -> append(subject));
            }
        }
        var checkpoint = ledger.checkpoint();
        assertThat(ledger.from(0, 1000))
                .extracting(Entry::index)
                .containsExactlyElementsOf(LongStream.range(0, 200).boxed().toList());
        assertThat(ledger.verify().root()).isEqualTo(checkpoint.root());
    }

    @Test
    void findsEntriesByActionAndTheFirstOfAnAsset() {
        for (int i = 0; i < 7; i++) {
            append("run:" + i % 2);
        }
        database.write(() -> ledger.append(Actor.LOCAL, "run.deleted", "run:1", Json.object()));

        assertThat(ledger.acted("run.finished", 2, 7, 3))
                .extracting(Entry::index)
                .containsExactly(2L, 3L, 4L);
        assertThat(ledger.acted("run.finished", 5, 6, 10))
                .extracting(Entry::index)
                .containsExactly(5L);
        assertThat(ledger.acted("run.deleted", 0, ledger.size(), 10)).hasSize(1);
        assertThat(ledger.about("run:1", 2, ledger.size(), Set.of("run.finished"), 1))
                .extracting(Entry::index)
                .containsExactly(3L);
        assertThat(ledger.about("run:9", 0, ledger.size(), Set.of("run.finished"), 1))
                .isEmpty();
    }

    @Test
    void aRolledBackChangeLeavesNoTrace() {
        append("project:p");
        assertThatThrownBy(() -> database.write(() -> {
                    ledger.append(Actor.LOCAL, "project.approved", "project:p", Json.object());
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(ledger.about("project:p")).extracting(Entry::action).containsExactly("run.finished");
    }

    @Test
    void anEntryAlteredByHandIsNoticed() {
        appendAndSign(5);
        execute("update ledger_entry set leaf = replace(leaf, 'run:3', 'run:9') where idx = 3");
        assertThatThrownBy(ledger::verify).isInstanceOf(Altered.class).hasMessageContaining("Entry 3");
    }

    @Test
    void anAlteredEntryWhoseHashWasMadeToFitIsNoticed() {
        appendAndSign(5);
        String leaf = ledger.from(4, 1).getFirst().leaf().replace("run:4", "run:9");
        execute("update ledger_entry set leaf = ?, hash = ? where idx = 4", leaf, Merkle.leaf(leaf));
        execute("update ledger_subject set subject = 'run:9' where idx = 4");
        assertThatThrownBy(ledger::verify).isInstanceOf(Altered.class).hasMessageContaining("first 5 entries");
    }

    @Test
    void aShortenedLogIsNoticedThroughTheWitness() {
        appendAndSign(3);
        execute("delete from ledger_entry where idx = 2");
        execute("delete from ledger_checkpoint");
        assertThatThrownBy(ledger::verify).isInstanceOf(Altered.class).hasMessageContaining("shortened");
    }

    @Test
    void anEntryThatWasHiddenFromAHistoryIsNoticed() {
        appendAndSign(3);
        execute("delete from ledger_subject where subject = 'run:1'");
        assertThatThrownBy(ledger::verify)
                .isInstanceOf(Altered.class)
                .hasMessage("Entry 1 (run.finished) is found under [], its text is about [run:1]");
    }

    @Test
    void anEntryThatWasPutIntoAnothersHistoryIsNoticed() {
        appendAndSign(3);
        execute("insert into ledger_subject (subject, idx) values ('run:9', 1)");
        assertThatThrownBy(ledger::verify).isInstanceOf(Altered.class).hasMessageContaining("under [run:1, run:9]");
    }

    private void appendAndSign(int count) {
        for (int i = 0; i < count; i++) {
            append("run:" + i);
        }
        ledger.checkpoint();
    }

    private void append(String subject) {
        database.write(() -> ledger.append(Actor.LOCAL, "run.finished", subject, Json.object()));
    }

    private void execute(String sql, Object... values) {
        database.write(() -> database.dsl().execute(sql, values));
    }
}
