package org.millwright.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** The key of the log: lost, rotated, another one put in its place; and checkpoints that lie elsewhere. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class LedgerKeysTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Actor EVA =
            new Actor("u-eva", "eva", Actor.Kind.PERSON, true, Set.of(Role.ADMIN), Optional.empty());

    private final Database database;

    @TempDir
    Path folder;

    private Ledger ledger;

    LedgerKeysTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        ledger = TestLedger.open(database, CLOCK, new Ids(CLOCK), folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRotatedKeyIsVouchedForByTheOneBefore() {
        append(3);
        String first = ledger.checkpoint().note();
        String old = ledger.verifierKey();

        ledger.keys().rotate(EVA, "Yearly");
        append(2);
        String last = ledger.checkpoint().note();

        assertThat(ledger.verifierKey()).isNotEqualTo(old);
        assertThat(VerifierKey.parse(old).verifies(first)).isTrue();
        assertThat(VerifierKey.parse(old).verifies(last)).isFalse();
        assertThat(VerifierKey.parse(ledger.verifierKey()).verifies(last)).isTrue();
        assertThat(ledger.keys().all()).containsExactly(old, ledger.verifierKey());
        assertThat(ledger.verify().keys())
                .extracting(KeyChain.Change::signed, KeyChain.Change::index)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(true, 3L));
        open();
        assertThat(ledger.keys().unsigned()).isEmpty();
        assertThat(ledger.verify().entries()).isEqualTo(6);
    }

    @Test
    void whatWasSignedByTheOldKeyAfterItsRotationIsNotBelieved() throws IOException {
        append(3);
        ledger.checkpoint();
        Path kept = folder.resolve("stolen");
        Files.copy(TestLedger.key(folder), kept);
        ledger.keys().rotate(EVA, "The old one was stolen");

        String forged = NoteKey.open(kept, "millwright")
                .sign("millwright\n4\n"
                        + SignedNote.parse(ledger.checkpoint().note()).root() + "\n");

        assertThatThrownBy(() -> ledger.verify(List.of(new Anchored("a forged anchor", forged))))
                .isInstanceOf(Altered.class)
                .hasMessageContaining("The signature of a forged anchor is not by millwright");
    }

    @Test
    void aLostKeyStopsSigningOnlyAndSaysWhatToDo() throws IOException {
        append(3);
        String first = ledger.checkpoint().note();
        String old = ledger.verifierKey();
        Files.delete(TestLedger.key(folder));
        open();
        append(1);

        assertThat(ledger.keys().unsigned()).hasValueSatisfying(problem -> {
            assertThat(problem)
                    .hasMessageContaining(
                            "does not hold the key " + VerifierKey.parse(old).fingerprint());
            assertThat(problem.next()).contains("backup").contains("mw ledger rotate-key --lost");
        });
        assertThatThrownBy(ledger::checkpoint).isInstanceOf(Problem.Refused.class);
        assertThatThrownBy(() -> ledger.keys().rotate(EVA, "r")).isInstanceOf(Problem.Refused.class);
        assertThatThrownBy(() -> ledger.keys().replaceLost(Actor.LOCAL, "Disk broke"))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> ledger.keys().replaceLost(EVA, " ")).isInstanceOf(Problem.Invalid.class);

        ledger.keys().replaceLost(EVA, "Disk broke");

        assertThat(ledger.keys().unsigned()).isEmpty();
        assertThat(VerifierKey.parse(old).verifies(first)).isTrue();
        assertThat(ledger.verify().keys()).extracting(KeyChain.Change::signed).containsExactly(false);
        Entry told = ledger.from(4, 1).getFirst();
        assertThat(told.action()).isEqualTo("ledger.key-replaced");
        assertThat(told.actor()).isEqualTo("u-eva");
        assertThatThrownBy(() -> ledger.keys().replaceLost(EVA, "Again")).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aRotationThatWasInterruptedIsFinished() throws IOException {
        append(1);
        ledger.checkpoint();
        Path key = TestLedger.key(folder);
        Path before = folder.resolve("before");
        Files.copy(key, before);
        ledger.keys().rotate(EVA, "Yearly");
        Files.move(key, folder.resolve("keys/ledger.key.next"));
        Files.move(before, key);

        open();
        append(1);
        ledger.checkpoint();

        assertThat(ledger.verify().entries()).isEqualTo(3);
    }

    @Test
    void aKeyThatNobodyVouchesForIsNotBelieved() {
        append(2);
        ledger.checkpoint();
        ledger.keys().rotate(EVA, "Yearly");
        var stranger = NoteKey.open(folder.resolve("stranger"), "millwright");
        var walk = new LogWalk(List.of());
        ledger.from(0, 10).forEach(walk::add);

        assertThatThrownBy(() -> walk.keys(stranger.open())).isInstanceOf(Altered.class);
        assertThat(walk.keys(VerifierKey.parse(ledger.keys().all().getFirst())).keys())
                .hasSize(2);
    }

    @Test
    void entriesRemovedFromTheEndAreFoundByWhatWasAnchored() {
        append(5);
        String anchored = ledger.checkpoint().note();
        execute("delete from ledger_entry where idx >= 3");
        execute("delete from ledger_subject where idx >= 3");
        execute("delete from ledger_node");
        execute("delete from ledger_checkpoint");
        rebuild(3);

        assertThatThrownBy(() -> new Ledger(
                                database,
                                CLOCK,
                                new Ids(CLOCK),
                                NoteKey.open(TestLedger.key(folder), "millwright"),
                                new Witness(folder.resolve("none")))
                        .verify(List.of(new Anchored("the anchor file:/notary (size 5)", anchored))))
                .isInstanceOf(Altered.class)
                .hasMessage("The log was shortened: the anchor file:/notary (size 5) signed 5 entries, 3 are here");
    }

    @Test
    void nothingIsAppendedWhereEntriesWereTakenAwayAndTheirHashesWereNot() {
        append(6);
        execute("delete from ledger_entry where idx >= 3");
        execute("delete from ledger_subject where idx >= 3");
        assertThatThrownBy(() -> append(1))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageStartingWith("The ledger was shortened: hashes of entries that are gone are still here");
        assertThat(ledger.size()).isEqualTo(3);
    }

    @Test
    void aShortenedLogIsNotSignedAnewAndSaysSoOnce() {
        append(5);
        ledger.checkpoint();
        ledger.keys().tellContradiction(EVA);
        assertThat(ledger.size()).isEqualTo(5);
        execute("delete from ledger_entry where idx >= 3");
        execute("delete from ledger_subject where idx >= 3");
        execute("delete from ledger_node");
        execute("delete from ledger_checkpoint");
        rebuild(3);

        open();
        assertThatThrownBy(ledger::checkpoint)
                .isInstanceOf(Problem.Refused.class)
                .hasMessage("The ledger cannot be signed: The log was shortened: 5 entries were signed, 3 are here");
        ledger.keys().tellContradiction(EVA);
        ledger.keys().tellContradiction(EVA);
        append(4);
        assertThat(ledger.about(ledger.subject())).extracting(Entry::action).containsExactly("ledger.contradicted");
        assertThat(ledger.keys().unsigned().map(Throwable::getMessage))
                .contains("The ledger cannot be signed: The first 5 entries are not those that were signed");
        assertThatThrownBy(() -> ledger.keys().replaceLost(EVA, "Cover it up")).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aClockThatIsSetBackIsToldAndTimesStillFindTheirPlace() {
        long noon = CLOCK.millis();
        at(noon, "run:1");
        at(noon + 10_000, "run:2");
        at(noon - 3_600_000, "run:3");
        at(noon - 3_500_000, "run:4");

        assertThat(ledger.from(0, 10))
                .extracting(Entry::action)
                .containsExactly(
                        "run.finished", "run.finished", "ledger.clock-set-back", "run.finished", "run.finished");
        assertThat(ledger.verify().wentBack())
                .containsExactly(new LogWalk.WentBack(2, noon - 3_600_000, noon + 10_000));
        assertThat(ledger.sizeAt(noon - 3_600_001)).isZero();
        assertThat(ledger.sizeAt(noon - 3_550_000)).isEqualTo(4);
        assertThat(ledger.sizeAt(noon)).isEqualTo(5);
    }

    @Test
    void timesFindTheirPlaceInALongLog() {
        long noon = CLOCK.millis();
        for (int i = 0; i < 20; i++) {
            at(noon + i * 1_000L, "run:" + i);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(ledger.sizeAt(noon + i * 1_000L)).isEqualTo(i + 1L);
            assertThat(ledger.sizeAt(noon + i * 1_000L - 1)).isEqualTo(i);
        }
    }

    private void at(long millis, String subject) {
        var clock = Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        ledger = TestLedger.open(database, clock, new Ids(clock), folder);
        database.write(() -> ledger.append(Actor.LOCAL, "run.finished", subject, Json.object()));
    }

    private void rebuild(int size) {
        List<Entry> entries = ledger.from(0, size);
        for (int i = 1; i < size; i += 2) {
            execute(
                    "insert into ledger_node (height, pos, hash) values (1, ?, ?)",
                    i / 2,
                    Merkle.node(entries.get(i - 1).hash(), entries.get(i).hash()));
        }
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            String subject = "run:" + i;
            database.write(() -> ledger.append(Actor.LOCAL, "run.finished", subject, Json.object()));
        }
    }

    private void execute(String sql, Object... values) {
        database.write(() -> database.dsl().execute(sql, values));
    }
}
