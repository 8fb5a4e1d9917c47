package org.millwright.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

/** Assets with many entries get their snapshots as entries come, also of entries that tell nothing about them. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class SnapshotsTest {
    private static final int ENTRIES = 2_400;

    private final Database database;
    private final Clock clock = Clock.systemUTC();

    @TempDir
    Path folder;

    private Ledger ledger;
    private History history;

    SnapshotsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        var ids = new Ids(clock);
        ledger = TestLedger.open(database, clock, ids, folder);
        history = new History(database, ledger, new Users(database, ledger, clock, ids).access(), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Of three entries one is about an alias, one about a window, one about something else. */
    private void fill() {
        database.write(() -> {
            note("project.requested", Json.object().put("owner", "ana"), "project:p");
            for (int i = 1; i < ENTRIES; i++) {
                switch (i % 3) {
                    case 0 ->
                        note(
                                "model.alias-set",
                                Json.object().put("alias", "a" + i % 7).put("version", i),
                                "model:m/" + i,
                                "model:m");
                    case 1 -> note("window.judged", Json.object(), "window:" + i, "deployment:d", "project:p");
                    default -> note("run.created", Json.object(), "run:" + i);
                }
            }
        });
    }

    private void note(String action, ObjectNode details, String... subjects) {
        ledger.append(Actor.LOCAL, action, List.of(subjects), details);
    }

    private Optional<HistoryStore.Snapshot> snapshot(String ref, long size) {
        return database.read(() -> new HistoryStore(database).before(ref, size));
    }

    @Test
    void noQuestionReadsMoreThanAFewEntriesOnceTheyAreSeen() {
        fill();
        var snapshots = new Snapshots(ledger, history);
        while (snapshots.step()) {
            // until all is seen
        }

        for (String ref : List.of("model:m", "project:p", "deployment:d")) {
            long size = snapshot(ref, ENTRIES).orElseThrow().size();
            assertThat(ledger.about(ref, size, ENTRIES, Set.of(), ENTRIES))
                    .as("entries about " + ref + " after its newest snapshot")
                    .hasSizeLessThan(History.PAGE);
        }
        assertThat(snapshot("run:2", ENTRIES)).isEmpty();
        for (long size : List.of(1L, 700L, 1_500L, (long) ENTRIES)) {
            for (String ref : List.of("model:m", "project:p")) {
                assertThat(history.after(Actor.LOCAL, ref, size).asset())
                        .as(ref + " after " + size)
                        .isEqualTo(State.nothing(ref).applyAll(ledger.about(ref, 0, size, Set.of(), ENTRIES)));
            }
        }
    }

    @Test
    void anotherServerGoesOnWhereItWas() {
        fill();
        new Snapshots(ledger, history).step();
        long marked = ledger.delivered("history");
        assertThat(marked).isBetween(1L, ENTRIES - 1L);

        var next = new Snapshots(ledger, history);
        assertThat(next.step()).isTrue();
        assertThat(ledger.delivered("history")).isEqualTo(2 * marked);
        assertThat(next.step()).as("too little is left for a page").isFalse();
    }
}
